"""What must come out, by multiplication. Nothing of the product that counts is used here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from statistics import median

from local.year.plan import (
    ACROSS,
    BY_EMAIL,
    BY_SMS,
    CASES,
    CLOSED_S,
    EACH,
    EARLIER,
    EARLIER_EMAIL,
    EARLIER_SMS,
    EMAIL_MICROS,
    FEW,
    FIRST_S,
    INHABITANTS,
    LAST,
    LAST_S,
    MORE_FROM,
    PARTICIPANTS,
    SMS_PART_MICROS,
    STOPPED,
    TIP_S,
    YEAR,
    Case,
    Plan,
    counted_days,
    matched,
)

Figures = Counter[str]
Cases = Sequence[int]
EVERY = range(CASES)
NOW = date(YEAR + 1, 1, 15)

_SUCCESSES = ("suspect_arrested", "missing_person_found", "property_recovered")


def nation(plan: Plan, slots: int | None = None, cases: Cases = EVERY) -> Figures:
    """Of all slots, or of so many: each alert once, with the people on both sides of the border."""
    return _times(_plus(_alerts(cases), _people(cases)), plan.municipalities * _slots(plan, slots))


def municipality(plan: Plan, slots: int | None = None, cases: Cases = EVERY) -> Figures:
    """Its own alerts, and the first case of the municipality before it."""
    return _times(_plus(_alerts(cases), _alerts(_coming(cases)), _people(cases)), _slots(plan, slots))


def control_room(plan: Plan, slots: int | None = None, cases: Cases = EVERY) -> Figures:
    """Of the first half of the municipalities: one border lets alerts in."""
    half = plan.municipalities // 2
    inside = _times(_plus(_alerts(cases), _people(cases)), half)
    return _times(_plus(inside, _alerts(_coming(cases))), _slots(plan, slots))


def district(plan: Plan, number: int) -> Figures:
    cases = range(number * EACH, (number + 1) * EACH)
    coming = [_alerts([0]), _told(ACROSS)] if number == 0 else []
    some = [_there(case, place) for case in cases for place in cases]  # five cases, five neighbourhoods
    return _times(_plus(_alerts(cases), *some, *coming), len(plan.slots))


def neighbourhood(plan: Plan, number: int) -> Figures:
    first = number // EACH * EACH
    cases = [LAST] if number == LAST else range(first, first + EACH)
    coming = [_alerts([0]), _told(ACROSS)] if number == 0 else []
    return _times(_plus(_alerts(cases), *(_there(case, number) for case in cases), *coming), len(plan.slots))


def team(plan: Plan) -> Figures:
    """Of the second and third district of the first municipality; no alert is sent to both."""
    return _plus(district(plan, 1), district(plan, 2))


def below(figures: Figures) -> Figures:
    """Who was spared, which messages failed and how many parts they had is not told below a municipality."""
    return Counter({it: number for it, number in figures.items() if not it.endswith((".spared", ".failed", ".parts"))})


def days(plan: Plan, first: date, last: date) -> Figures:
    """Of a municipality, from one day to another, as ``municipality`` has it of a whole month."""
    months = Counter(plan.slots).items()
    return _plus(*(municipality(plan, slots, _between(month, first, last)) for month, slots in months))


def times_of_days(plan: Plan, first: date, last: date) -> Figures:
    """As ``times``, of the alerts that ``days`` counts."""
    months = Counter(plan.slots).items()
    return times([it for month, slots in months for it in _touching(_between(month, first, last)) * slots])


def on_day(day: date) -> Cases:
    return _between(day.month, day, day)


def participants(neighbourhoods: int, after: date = NOW) -> Figures:
    """Of so many neighbourhoods, when a day was over."""
    number, sms, email = _each(after)
    people = {
        "participants.participants": number,
        "participants.home": number,
        "participants.places": number,
        "participants.by_channel.sms": sms,
        "participants.by_channel.email": email,
    }
    rate = Counter({"participants.per_thousand": 1_000 * number // INHABITANTS})
    return _plus(_times(Counter(people), neighbourhoods), rate)


def growth(neighbourhoods: int, first: date, last: date) -> Figures:
    """Over a period; none where it begins before anybody was counted."""
    eve = first - timedelta(days=1)
    if eve < counted_days()[0]:
        return Counter()
    before, after = (_each(day)[0] * neighbourhoods for day in (eve, last))
    told = {"before": before, "after": after, "net": after - before}
    return Counter({f"participants.growth.{name}": number for name, number in told.items()})


def times(cases: Sequence[int]) -> Figures:
    """Medians over these cases, as often as each is named: in whole seconds, a half to the even one."""
    some = list(map(Case, cases))
    found = {
        "first_message": [it.seconds(FIRST_S) for it in some],
        "last_message": [it.seconds(LAST_S) for it in some],
        "first_tip": [it.seconds(TIP_S) for it in some if it.tips],
        "closing": [it.seconds(CLOSED_S) for it in some if it.result],
    }
    return Counter({f"times.{name}": round(median(seconds)) for name, seconds in found.items() if seconds})


def times_below(figures: Figures, cases: Sequence[int]) -> Figures:
    """As ``times``, of what lies in a municipality: not told of fewer than five alerts."""
    return times(cases) if figures["alerts.total"] >= 5 else Counter()


def of_nation(cases: Cases = EVERY) -> list[int]:
    """The cases whose alerts touch it, for ``times``: each as often as any other."""
    return list(cases)


def of_municipality(cases: Cases = EVERY) -> list[int]:
    return _touching(cases)


def of_district(number: int) -> list[int]:
    return _touching(range(number * EACH, (number + 1) * EACH))


def of_neighbourhood(number: int) -> list[int]:
    if number == LAST:
        return [LAST]
    own = list(_places(number))
    return own + (_coming(own) if number == 0 else [])


def of_control_room(plan: Plan, cases: Cases = EVERY) -> list[int]:
    return list(cases) * (plan.municipalities // 2) + _coming(cases)


def of_team() -> list[int]:
    return list(range(EACH, 3 * EACH))


def _each(after: date) -> tuple[int, int, int]:
    return (PARTICIPANTS, BY_SMS, BY_EMAIL) if after >= MORE_FROM else (EARLIER, EARLIER_SMS, EARLIER_EMAIL)


def _between(month: int, first: date, last: date) -> list[int]:
    return [case for case in EVERY if first <= date(YEAR, month, Case(case).day) <= last]


def _touching(cases: Cases) -> list[int]:
    """A municipality."""
    return [*cases, *_coming(cases)]


def _coming(cases: Cases) -> list[int]:
    """Over a border."""
    return [0] if 0 in cases else []


def _alerts(cases: Iterable[int]) -> Figures:
    found: Figures = Counter()
    for case in map(Case, cases):
        found["alerts.total"] += 1
        found["alerts.by_kind.alert"] += 1
        found["alerts.by_urgency.Immediate"] += 1
        found[f"alerts.by_category.{case.category}"] += 1
        found["tips"] += case.tips
        if case.result is None:
            found["alerts.open"] += 1
        else:
            found["success.closed"] += 1
            found[f"results.{case.result}"] += 1
            found[f"contributions.{case.contribution}"] += 1
        found["success.successes"] += case.result in _SUCCESSES
    return found


def _people(cases: Cases) -> Figures:
    """Of these cases of a municipality in a slot, those over its border with it: as many come from the other side, and
    with them as much of the cost.
    """
    inside = (_there(case, place) for case in cases for place in _places(case))
    across = (_told(ACROSS) for _ in _coming(cases))
    return _plus(*inside, *across, Counter({"cost.cents": sum(map(_cents, cases))}))


def _cents(case: int) -> int:
    """What an alert costs in all: every SMS has two parts. Rounded up once."""
    told = _plus(*(_there(case, place) for place in _places(case)), *(_told(ACROSS) for _ in _coming([case])))
    micros = SMS_PART_MICROS * 2 * told["messages.sms.sent"] + EMAIL_MICROS * told["messages.email.sent"]
    return -(-micros // 10_000)


def _places(case: int) -> range:
    return range(case // EACH * EACH, (case // EACH + 1) * EACH)


def _there(case: int, place: int) -> Figures:
    if place == LAST:
        few = {"people.matched": FEW, "people.asked": FEW, "people.reached": FEW}
        sms = {"messages.sms.sent": FEW, "messages.sms.delivered": FEW, "messages.sms.parts": 2 * FEW}
        return Counter({**few, **sms} if case == LAST else {})
    return _told(matched(place), stopped=case == STOPPED)


def _told(people: int, *, stopped: bool = False) -> Figures:
    """Nine of ten who are asked are reached; four of five have an SMS, every other one an e-mail."""
    asked = people * 3 // 5 if stopped else people
    sms, email = asked * 4 // 5, asked // 2
    return Counter(
        {
            "people.matched": people,
            "people.asked": asked,
            "people.reached": asked * 9 // 10,
            "people.spared": people - asked,
            "messages.sms.sent": sms,
            "messages.sms.delivered": sms * 3 // 4,
            "messages.sms.failed": sms // 8,
            "messages.sms.parts": sms * 3 // 4 * 2,
            "messages.email.sent": email,
            "messages.email.delivered": email * 4 // 5,
            "messages.email.failed": email // 5,
        }
    )


def _plus(*parts: Figures) -> Figures:
    found: Figures = Counter()
    for part in parts:
        found.update(part)
    return found


def _times(figures: Figures, factor: int) -> Figures:
    return Counter({name: number * factor for name, number in figures.items()})


def _slots(plan: Plan, slots: int | None) -> int:
    return len(plan.slots) if slots is None else slots
