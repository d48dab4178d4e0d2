"""Puts a plan through the product: areas, counts of participants, and of each alert what sending would have left.

What is left are the alert itself, its tally in the ledger and its tips. Counting them is the product's own COUNT.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import product
from string import ascii_uppercase
from typing import Any

from bench.example_alert import example_content
from chalicelib.alerts.approval import Sight
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.target import Target
from chalicelib.areas.model import Area, CircleShape, Feature, Level, Point, PolygonShape
from chalicelib.channels.model import Channel
from chalicelib.delivery.messages import CountMessage
from chalicelib.delivery.model import AreaTally, Messages, Result, Span, Tally
from chalicelib.delivery.model import Plan as SendingPlan
from chalicelib.platform import ids
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import epoch
from chalicelib.reports.census_model import Participants, RowKey
from chalicelib.reports.model import NATION
from chalicelib.staff.mailing import Language, Mailing, Summary
from chalicelib.staff.model import Kind, Organisation
from chalicelib.tips.model import Tip, TipKind, tip_id
from chalicelib.wiring import System
from local.year.plan import (
    ACROSS,
    BY_EMAIL,
    BY_SMS,
    CASES,
    CLOSED_S,
    DISTRICTS,
    EACH,
    EARLIER,
    EARLIER_EMAIL,
    EARLIER_SMS,
    FEW,
    FIRST_S,
    INHABITANTS,
    LAST,
    LAST_S,
    MORE_FROM,
    NEIGHBOURHOODS,
    PARTICIPANTS,
    STOPPED,
    TIP_S,
    YEAR,
    Case,
    Plan,
    counted_days,
    matched,
)
from local.year.product import wake

ROOM, TEAM = "year-room", "year-team"
LANGUAGES: tuple[Language, Language] = ("nl", "en")  # of the summaries, by turns
TOGETHER = 100  # alerts that are counted together, as one batch of the queue
LIFE = timedelta(hours=4)
SPOT = CircleShape(Point(5.4, 52.8), 1_000)


def fill(system: System, plan: Plan) -> None:
    """Everything but the counts of alerts."""
    _areas(system, plan)
    _organisations(system, plan)
    _participants(system, plan)


def alerts(system: System, plan: Plan) -> None:
    """Every alert, counted."""
    combinations = list(product(range(len(plan.slots)), range(plan.municipalities), range(CASES)))
    for start in range(0, len(combinations), TOGETHER):
        made = [_alert(system, plan, *numbers) for numbers in combinations[start : start + TOGETHER]]
        now = system.parts.clock.now()
        system.count.recompute([Record(it, 1, now, CountMessage(alert=it, due=True)) for it in made])


def _areas(system: System, plan: Plan) -> None:
    system.areas.load(_features(plan))
    for municipality in range(plan.municipalities):
        code = plan.area(municipality)
        mailing = Mailing(frozenset({Summary.WEEKLY, Summary.MONTHLY}), LANGUAGES[municipality % 2])
        system.areas.put_municipality(code, True, (f"{code.lower()}@burgernet.example",), mailing)


def _features(plan: Plan) -> Iterator[Feature]:
    """Squares in a row; where they lie plays no part in counting."""
    for number in range(plan.municipalities):
        area, corner, name = plan.area(number), (5.0 + number / 20, 52.0), f"Jaargemeente {ascii_uppercase[number]}"
        yield _feature(
            area, name, Level.MUNICIPALITY, corner, 0.04, municipality=area, inhabitants=NEIGHBOURHOODS * INHABITANTS
        )
        for district in range(DISTRICTS):
            code = plan.district(number, district)
            yield _feature(
                code,
                f"Wijk {district + 1}",
                Level.DISTRICT,
                corner,
                0.01,
                municipality=area,
                inhabitants=EACH * INHABITANTS,
            )
        for place in range(NEIGHBOURHOODS):
            code, above = plan.neighbourhood(number, place), plan.district(number, place // EACH)
            within = {"municipality": area, "district": above, "inhabitants": INHABITANTS}
            yield _feature(code, f"Buurt {place + 1}", Level.NEIGHBOURHOOD, corner, 0.005, **within)


def _feature(code: str, name: str, level: Level, corner: tuple[float, float], side: float, **more: Any) -> Feature:
    west, south = corner
    east, north = west + side, south + side
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Feature(Area(code=code, name=name, level=level, year=YEAR, **more), PolygonShape(((ring,),)))


def _organisations(system: System, plan: Plan) -> None:
    half = tuple(plan.area(number) for number in range(plan.municipalities // 2))
    put = system.parts.organisations.put
    put(Organisation(ROOM, Kind.CONTROL_ROOM, "Meldkamer van het jaar", half))
    put(Organisation(TEAM, Kind.POLICE_TEAM, "Team van het jaar", (plan.district(0, 1), plan.district(0, 2))))


def _participants(system: System, plan: Plan) -> None:
    """As if everybody had signed up, some of them on 1 July; counted at the end of days, as SNAPSHOT does."""
    before = Participants(participants=EARLIER, home=EARLIER, sms=EARLIER_SMS, email=EARLIER_EMAIL)
    after = Participants(participants=PARTICIPANTS, home=PARTICIPANTS, sms=BY_SMS, email=BY_EMAIL)
    days = counted_days()
    _join(system, plan, "earlier", before)
    _count(system, (day for day in days if day < MORE_FROM))
    _join(system, plan, "later", after - before)
    _count(system, (day for day in days if day >= MORE_FROM))


def _join(system: System, plan: Plan, which: str, each: Participants) -> None:
    """So many in each neighbourhood, a municipality at a time."""
    for number in range(plan.municipalities):
        area = plan.area(number)
        rows = {RowKey(area, plan.neighbourhood(number, place)): each for place in range(NEIGHBOURHOODS)}
        whole = sum(rows.values(), Participants())
        forget = epoch(system.parts.clock.now() + timedelta(days=1))
        system.parts.census.count_changes(0, [f"{which}-{area}"], {**rows, RowKey(NATION, area): whole}, forget)


def _count(system: System, days: Iterable[date]) -> None:
    """On the morning after each."""
    wake(system, system.snapshots.run, (datetime.combine(day + timedelta(days=1), time(4), UTC) for day in days))


def _alert(system: System, plan: Plan, slot: int, municipality: int, number: int) -> str:
    case, parts = Case(number), system.parts
    index = (slot * plan.municipalities + municipality) * CASES + number
    at = datetime(YEAR, plan.slots[slot], case.day, municipality, slot % 2 * 30, tzinfo=UTC)
    name = ids.encode(index, 10)
    alert = _made(plan, name, municipality, case, at)
    parts.alerts.put(alert, 0, EventRecord(f"{name}e", at, "closed", "a"))
    parts.ledger.put_plan(name, MessageKind.CALL, SendingPlan(1, at))
    parts.ledger.put_tally(name, MessageKind.CALL, 0, _tally(plan, municipality, case, at))
    for tip in range(case.tips):
        moment = at + timedelta(seconds=case.seconds(TIP_S), milliseconds=tip)
        key = tip_id(moment, "0000000")
        parts.tips.add(Tip(id=key, alert=name, reply=f"r{tip}", kind=TipKind.SEEN, at=moment, text="Gezien"), 1)
    return name


def _made(plan: Plan, name: str, municipality: int, case: Case, at: datetime) -> Alert:
    """Approved and begun, and closed an hour or more later."""
    touched = [plan.area(municipality)] + ([plan.area(municipality + 1)] if case.number == 0 else [])
    target = Target.of({}, SPOT.to_json(), tuple(sorted(touched)))
    content = example_content(category=case.category, target=target)
    draft = Alert.draft(id=name, tenant=ROOM, content=content, by="a", at=at, life=LIFE)
    submitted = draft.submit(by="a", at=at)
    sight = Sight(typed="fewer than ten")
    approved = submitted.approve(by="b", seen=submitted.version, at=at, countdown=timedelta(0), sight=sight)
    running, end = approved.begin(at=at), at + timedelta(seconds=case.seconds(CLOSED_S))
    if case.result is None or case.contribution is None:
        return running
    if case.result.value == "unknown":
        return running.close_unanswered(at=end)
    return running.close(result=case.result, contribution=case.contribution, text=None, by="a", at=end)


def _tally(plan: Plan, municipality: int, case: Case, at: datetime) -> Tally:
    areas = {}
    for place in range(case.district * EACH, (case.district + 1) * EACH):
        if place != LAST:
            areas[plan.neighbourhood(municipality, place)] = _people(matched(place), stopped=case.number == STOPPED)
        elif case.number == LAST:
            sms = {Channel.SMS: Messages(FEW, FEW, 0, FEW, 2 * FEW, 80_000 * FEW)}
            areas[plan.neighbourhood(municipality, place)] = AreaTally(FEW, FEW, FEW, 0, sms)
    if case.number == 0:
        areas[plan.neighbourhood(municipality + 1, 0)] = _people(ACROSS, stopped=False)
    taken = Span(epoch(at) + case.seconds(FIRST_S), epoch(at) + case.seconds(LAST_S))
    people, asked, reached = (
        sum(getattr(it, name) for it in areas.values()) for name in ("people", "asked", "reached")
    )
    found = [(channel, it) for area in areas.values() for channel, it in area.messages.items()]
    messages = {channel: reduce(Messages.plus, (it for of, it in found if of is channel)) for channel, _ in found}
    texts = messages[Channel.SMS]
    return Tally(
        people,
        asked,
        reached,
        {channel: _results(it) for channel, it in messages.items()},
        areas,
        version=1,
        costs={Channel.SMS: (texts.priced, texts.parts, texts.micros)},
        taken=taken,
    )


def _results(messages: Messages) -> dict[Result, int]:
    not_told = messages.sent - messages.delivered - messages.failed
    return {Result.DELIVERED: messages.delivered, Result.FAILED: messages.failed, Result.SENT: not_told}


def _people(people: int, *, stopped: bool) -> AreaTally:
    asked = people * 3 // 5 if stopped else people
    sms, email = asked * 4 // 5, asked // 2
    heard = sms * 3 // 4
    messages = {
        Channel.SMS: Messages(sms, heard, sms // 8, heard, 2 * heard, 80_000 * heard),
        Channel.EMAIL: Messages(email, email * 4 // 5, email // 5),
    }
    return AreaTally(people, asked, asked * 9 // 10, people - asked, messages)
