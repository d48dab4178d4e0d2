"""Day by day and month by month: what adds up, what is told of participants, and of which areas nothing is."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.areas.succession import Successor
from chalicelib.platform.errors import InvalidInput
from chalicelib.reports.bodies import parts_body
from chalicelib.reports.census_model import CHANNELS, Participants, RowKey, Snapshot
from chalicelib.reports.figures import NOTHING, Sums, Times
from chalicelib.reports.money_store import Share
from chalicelib.reports.series import DAYS_AT_ONCE
from chalicelib.reports.spending import Spent
from chalicelib.reports.table import BOM, as_csv
from chalicelib.staff.model import Kind, Organisation, Role, StaffMember
from tests.unit.reports.conftest import SQUARE
from tests.unit.reports.counted import MAY, alert

ANALYST = StaffMember("eva", frozenset({Role.ANALYST}), "GM9001")
DISPATCHER = StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")
TEAM = StaffMember("tom", frozenset({Role.POLICE_TEAM}), "T1")
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
WHOLE = [(ANALYST, "GM9001"), (ANALYST, "NL"), (DISPATCHER, "MK90")]
NEIGHBOURHOODS = ("BU90010101", "BU90010102", "BU90020101")

began = st.integers(0, 32 * 24 * 60).map(
    lambda minutes: datetime(2026, 4, 30, 12, tzinfo=UTC) + timedelta(minutes=minutes)
)
found = st.dictionaries(st.sampled_from(NEIGHBOURHOODS), st.integers(2, 60), min_size=1)


def share(code, name, opened, cents, *, real=True):
    return Share(code, name, opened, cents, real=real, version=1)


def people(number):
    return Participants(participants=number, home=number, work=1, sms=number, paused=2)


def keep(counts, day, number, code="GM9001"):
    """``number`` of people in a municipality after a day, and in the nation."""
    counts.keep(Snapshot(code, day, 2024, {f"BU{code[2:]}0101": people(number)}))
    counts.keep(Snapshot("NL", day, 2024, {code: people(number)}))


@pytest.mark.parametrize(("member", "code"), WHOLE)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alerts=st.lists(st.tuples(began, found, st.integers(0, 500)), max_size=12))
def test_days_add_up_to_the_month_and_each_says_what_it_would_alone(service, figures, money, alerts, member, code):
    figures.rows.clear()
    figures.by_month.clear()
    money.kept.clear()
    for number, (opened, areas, cents) in enumerate(alerts):
        alert(figures, opened, f"{number:010d}", Times(number, 10 * number), **areas)
        money.put_share(share("GM9001", f"{number:010d}", opened, cents, real=number % 3 > 0))
    days = service.days(member, code, FIRST, LAST).parts
    months = {it.code: it for it in service.months(member, code, FIRST, LAST).parts}
    whole = service.read(member, code, FIRST, LAST)
    assert reduce(Sums.plus, (it.figures for it in days)) == whole.figures
    assert set(months) == ({"2026-05"} if whole.figures.alerts or whole.cost.cents else set())
    assert all(it.figures == whole.figures for it in months.values())
    assert sum(it.cost.cents for it in days) == whole.cost.cents
    assert sum(it.cost.exercises for it in days) == whole.cost.exercises
    for it in days:
        alone = service.read(member, code, it.period.first, it.period.last)
        assert (it.figures, it.times) == (alone.figures, alone.times)
        assert it.cost == replace(alone.cost, budget=None)


def test_a_day_is_a_dutch_day_and_one_without_alerts_is_told_too(service, figures):
    alert(figures, datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    days = service.days(ANALYST, "GM9001", date(2026, 6, 30), date(2026, 7, 2)).parts
    assert [(it.code, it.figures.alerts) for it in days] == [("2026-06-30", 0), ("2026-07-01", 1), ("2026-07-02", 0)]
    assert (days[0].figures, days[0].times) == (NOTHING, Times())


def test_days_are_of_this_month_unless_somebody_says_otherwise_and_none_is_to_come(service):
    assert [it.code for it in service.days(ANALYST, "GM9001").parts][::23] == ["2026-11-01", "2026-11-24"]
    assert [it.code for it in service.days(ANALYST, "GM9001", last=date(2026, 2, 2)).parts] == [
        "2026-02-01",
        "2026-02-02",
    ]
    assert service.days(ANALYST, "GM9001", date(2026, 12, 1), date(2026, 12, 9)).parts == ()


def test_three_months_of_days_can_be_asked_for_and_no_more(service):
    last = FIRST + timedelta(days=DAYS_AT_ONCE - 1)
    assert len(service.days(ANALYST, "GM9001", FIRST, last).parts) == DAYS_AT_ONCE
    for member, code in (*WHOLE, (TEAM, "T1")):
        with pytest.raises(InvalidInput, match="period_too_long"):
            service.days(member, code, FIRST, last + timedelta(days=1))


@pytest.mark.parametrize("code", ["WK900101", "BU90010101"])
def test_below_a_municipality_no_day_is_told_of(service, figures, counts, areas, code):
    areas.load([Feature(Area(code, "Haven", Level.DISTRICT, 2024, "GM9001"), SQUARE)])
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    keep(counts, MAY.date(), 50)
    assert service.days(ANALYST, code, FIRST, LAST).parts == ()
    assert service.months(ANALYST, code, FIRST, LAST).parts == ()


@pytest.mark.parametrize("codes", [("WK900101",), ("GM9001", "WK900201")])
def test_of_an_organisation_with_less_than_whole_municipalities_no_day_is_told(service, figures, organisations, codes):
    organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team Oost", codes))
    alert(figures, MAY, BU90010101=40, BU90020101=50)
    assert service.days(TEAM, "T1", FIRST, LAST).parts == ()
    assert service.months(TEAM, "T1", FIRST, LAST).parts == ()


def test_a_day_tells_how_many_took_part_at_its_end_and_nothing_of_what_they_chose(service, counts):
    keep(counts, date(2026, 5, 2), 40)
    days = service.days(ANALYST, "GM9001", FIRST, date(2026, 5, 3)).parts
    assert [it.participants and it.participants.participants for it in days] == [None, 40, None]
    told = parts_body(service.days(ANALYST, "GM9001", FIRST, date(2026, 5, 3))).model_dump(exclude_none=True)["parts"]
    assert told[1]["participants"] == {"participants": 40, "by_channel": dict.fromkeys(CHANNELS)}


def test_a_month_tells_who_took_part_when_it_ended_and_this_month_who_does_now(service, counts):
    keep(counts, date(2026, 10, 30), 30)
    keep(counts, date(2026, 10, 31), 40)
    counts.count_changes(0, ["e1"], {RowKey("GM9001", "BU90010101"): people(50)}, 0)
    months = service.months(ANALYST, "GM9001", date(2026, 9, 1), date(2026, 12, 31)).parts
    assert [(it.code, it.participants.participants, it.participants.work) for it in months] == [
        ("2026-10", 40, 1),
        ("2026-11", 50, 1),
    ]
    today = date(2026, 11, 24)
    assert [it.participants.participants for it in service.days(ANALYST, "GM9001", today, today).parts] == [50]


def test_participants_of_a_control_room_are_those_of_its_municipalities(service, counts):
    rows = {"GM9001": people(40), "GM9002": people(3), "GM7701": people(9)}
    counts.keep(Snapshot("NL", FIRST, 2024, rows))
    (day,) = service.days(DISPATCHER, "MK90", FIRST, FIRST).parts
    assert day.participants.participants == 43
    (day,) = service.days(ANALYST, "NL", FIRST, FIRST).parts
    assert day.participants.participants == 52


def test_before_two_municipalities_became_one_their_participants_are_added_up(service, counts, areas):
    counts.keep(Snapshot("NL", date(2025, 12, 31), 2025, {"GM9001": people(40), "GM9003": people(9)}))
    for code, number in (("GM9001", 40), ("GM9003", 9)):
        counts.keep(Snapshot(code, date(2025, 12, 31), 2025, {f"BU{code[2:]}0101": people(number)}))
    keep(counts, date(2026, 1, 1), 50)
    areas.load([Feature(Area("GM9001", "Sluisveen", Level.MUNICIPALITY, 2026, "GM9001"), SQUARE)])
    areas.store.load_successors([Successor(2026, "GM9003", "GM9001")])
    days = service.days(ANALYST, "GM9001", date(2025, 12, 31), date(2026, 1, 1)).parts
    assert [it.participants.participants for it in days] == [49, 50]


def test_of_a_municipality_that_was_split_off_no_participants_are_told_from_before(service, counts, areas):
    keep(counts, date(2025, 12, 31), 40)
    areas.load([Feature(Area("GM9001", "Sluisveen", Level.MUNICIPALITY, 2027, "GM9001"), SQUARE)])
    areas.store.load_successors([Successor(2027, "GM9009", "GM9001"), Successor(2027, "GM9009", "GM9002")])
    (day,) = service.days(ANALYST, "GM9001", date(2025, 12, 31), date(2025, 12, 31)).parts
    assert day.participants is None


def test_each_day_stands_in_a_table_under_the_whole(service, figures, counts, money):
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    money.put_share(share("GM9001", "0000000abc", MAY, 1_234))
    keep(counts, MAY.date(), 40)
    report, days = service.read(ANALYST, "GM9001", FIRST, LAST), service.days(ANALYST, "GM9001", FIRST, LAST)
    assert days.parts[9].cost == Spent(1_234, 0)
    whole, *rows = csv.DictReader(io.StringIO(as_csv(report, days, ";").removeprefix(BOM)), delimiter=";")
    assert [row["code"] for row in rows] == 31 * ["GM9001"]
    names = ("first_day", "last_day", "participants", "sms_failed", "spared", "seconds_to_last_message", "cost_cents")
    assert [rows[9][name] for name in names] == ["2026-05-10", "2026-05-10", "40", "2", "4", "60", "1234"]
    assert (whole["last_day"], whole["alerts"], whole["cost_cents"]) == ("2026-05-31", "1", "1234")
    assert (rows[10]["alerts"], rows[10]["participants"], rows[10]["participants_sms"]) == ("0", "", "")
