"""What must come out, by multiplication. Nothing of the product that counts is used here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from local.year.plan import (
    ACROSS,
    BY_EMAIL,
    BY_SMS,
    CASES,
    EACH,
    FEW,
    LAST,
    PARTICIPANTS,
    STOPPED,
    YEAR,
    Case,
    Plan,
    matched,
)

Figures = Counter[str]

_SUCCESSES = ("suspect_arrested", "missing_person_found", "property_recovered")


def nation(plan: Plan, slots: int | None = None) -> Figures:
    """Of all slots, or of so many: each alert once, with the people on both sides of the border."""
    return _times(_plus(_alerts(range(CASES)), _people()), plan.municipalities * _slots(plan, slots))


def municipality(plan: Plan, slots: int | None = None) -> Figures:
    """Its own alerts, and the first case of the municipality before it."""
    return _times(_plus(_alerts(range(CASES)), _alerts([0]), _people()), _slots(plan, slots))


def control_room(plan: Plan, slots: int | None = None) -> Figures:
    """Of the first half of the municipalities: one border lets alerts in."""
    half = plan.municipalities // 2
    inside = _times(_plus(_alerts(range(CASES)), _people()), half)
    return _times(_plus(inside, _alerts([0])), _slots(plan, slots))


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


def days(plan: Plan, first: date, last: date) -> Figures:
    """Of a municipality, from one day to another, as ``municipality`` has it of a whole month."""
    found: Figures = Counter()
    for month, slots in Counter(plan.slots).items():
        cases = [case for case in range(CASES) if first <= date(YEAR, month, Case(case).day) <= last]
        there = [_there(case, place) for case in cases for place in _places(case)]
        coming = [_alerts([0]), _told(ACROSS)] if 0 in cases else []
        found = _plus(found, _times(_plus(_alerts(cases), *there, *coming), slots))
    return found


def participants(neighbourhoods: int) -> Figures:
    people = {
        "participants.participants": PARTICIPANTS,
        "participants.home": PARTICIPANTS,
        "participants.places": PARTICIPANTS,
        "participants.by_channel.sms": BY_SMS,
        "participants.by_channel.email": BY_EMAIL,
    }
    return _times(Counter(people), neighbourhoods)


def times() -> Mapping[str, int]:
    """Medians of the nation, where each case is as frequent as any other: 9.5 more than of the first case, rounded."""
    return {"times.first_message": 40, "times.last_message": 695, "times.first_tip": 130, "times.closing": 3_600}


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


def _people() -> Figures:
    """Of all cases of a municipality in a slot, those over its border with it: as many come from the other side."""
    inside = (_there(case, place) for case in range(CASES) for place in _places(case))
    return _plus(*inside, _told(ACROSS))


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
