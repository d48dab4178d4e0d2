"""Figures over the codes of other years: they add up, each alert once, and nothing small is found by joining them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.areas.codes import lineage
from chalicelib.areas.model import Area, Feature, Level
from chalicelib.areas.succession import Succession, Successor
from chalicelib.delivery.model import AreaTally
from chalicelib.platform.errors import Forbidden, NotFound
from chalicelib.reports.bodies import area_body, parts_body
from chalicelib.reports.census_model import Participants, RowKey
from chalicelib.reports.figures import AlertRow, Facts, Sums, Times, total
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.reports.history import History
from chalicelib.reports.model import Period
from chalicelib.reports.money_store import Share
from chalicelib.reports.months import Months
from chalicelib.reports.report import Place
from chalicelib.reports.suppression import SMALL
from chalicelib.reports.withheld import told_of
from chalicelib.staff.model import Kind, Organisation, Role, StaffMember
from tests.unit.reports.conftest import SQUARE
from tests.unit.reports.counted import alert

TODAY = date(2027, 5, 1)
THREE_YEARS = Period(date(2025, 1, 1), date(2027, 12, 31))
# 2026: two municipalities merge into a new one, two neighbourhoods into one; one is split within its district.
MERGER = [
    Successor(2026, "GM9001", "GM9005"),
    Successor(2026, "GM9002", "GM9005"),
    Successor(2026, "BU90010101", "BU90050101"),
    Successor(2026, "BU90010102", "BU90050102"),
    Successor(2026, "BU90010201", "BU90050201"),
    Successor(2026, "BU90010202", "BU90050201"),
    Successor(2026, "BU90020101", "BU90050301"),
    Successor(2026, "BU90020101", "BU90050302"),
    Successor(2026, "BU90020102", "BU90050102"),
]
OLD = sorted({it.old for it in MERGER if it.old.startswith("BU")})
NEW = sorted({it.new for it in MERGER if it.new.startswith("BU")})


PLACE = Place("GM9001", "Sluisveen", "municipality")


def opened(year, month=3):
    return datetime(year, month, 10, 12, tzinfo=UTC)


def history(figures, *successors):
    known = Succession(successors or MERGER)
    return History(figures, lambda: known)


def read(figures, period=THREE_YEARS, partition="GM9005", *, of=MERGER):
    return history(figures, *of).read(partition, period, TODAY)


def sums(past, code="GM9005"):
    return reduce(Sums.plus, (row.sums[code] for row in past.rows if code in row.sums), Sums())


def test_a_merged_municipality_has_the_history_of_both_and_an_alert_in_both_counts_once():
    figures = MemoryFiguresStore()
    alert(figures, opened(2025), "0000000ab1", Times(5, 60), BU90010101=40, BU90020102=50)
    alert(figures, opened(2025, 4), "0000000ab2", BU90020102=30)
    alert(figures, opened(2026), "0000000ab3", BU90050102=20)
    alert(figures, opened(2027), "0000000ab4", BU90050301=10)
    past = read(figures)
    assert [row.month for row in past.rows] == ["2025-03", "2025-04", "2026-03", "2027-03"]
    assert (sums(past).alerts, sums(past).people, sums(past).tips) == (4, 150, 8)
    assert sums(past, "BU90050102").people == 100
    assert past.rows[0].alerts["0000000ab1"].times == Times(5, 60)


def test_what_was_counted_under_old_codes_after_the_change_is_told_too():
    figures = MemoryFiguresStore()
    alert(figures, datetime(2026, 1, 3, tzinfo=UTC), "0000000ab1", BU90010101=40)
    alert(figures, opened(2026), "0000000ab2", BU90050101=30)
    assert (sums(read(figures)).alerts, sums(read(figures), "BU90050101").people) == (2, 70)


def test_what_was_split_is_told_of_the_district_and_not_of_its_parts(service, areas, figures):
    areas.load_successors([Successor(2026, "BU90010101", "BU90010101"), Successor(2026, "BU90010101", "BU90010109")])
    alert(figures, opened(2025), "0000000ab1", BU90010101=40, BU90010102=50)
    alert(figures, opened(2026), "0000000ab2", BU90010101=30, BU90010109=20)
    years = date(2025, 1, 1), date(2026, 12, 31)
    part = service.over(replace(PLACE, code="BU90010101"), Period(*years))
    assert (part.figures, part.comparable_from) == (None, 2026)
    assert service.over(replace(PLACE, code="BU90010101"), Period(date(2026, 1, 1), years[1])).figures.people == 30
    whole = service.over(replace(PLACE, code="WK900101"), Period(*years))
    assert (whole.figures.people, whole.comparable_from) == (140, None)


def test_a_code_that_another_area_had_before_brings_none_of_its_figures():
    swapped = [Successor(2026, "BU90010101", "BU90010102"), Successor(2026, "BU90010102", "BU90010101")]
    figures = MemoryFiguresStore()
    alert(figures, opened(2025), "0000000ab1", BU90010101=40, BU90010102=50)
    alert(figures, opened(2026), "0000000ab2", BU90010101=10, BU90010102=20)
    past = read(figures, partition="GM9001", of=swapped)
    assert (sums(past, "BU90010101").people, sums(past, "BU90010102").people) == (60, 60)


def test_a_neighbourhood_that_went_to_a_neighbour_leaves_both_municipalities_as_they_were_told():
    moved = [Successor(2026, "BU90010101", "BU90020109")]
    figures = MemoryFiguresStore()
    alert(figures, opened(2025), "0000000ab1", BU90010101=3, BU90010102=50, BU90020101=20)
    assert sums(read(figures, partition="GM9001", of=moved), "GM9001").people == 53
    assert sums(read(figures, partition="GM9002", of=moved), "GM9002").people == 20
    assert "BU90020109" not in read(figures, partition="GM9002", of=moved).rows[0].sums
    assert Succession(moved).comparable_from("BU90020109", 2025) == 2026


def test_nothing_is_read_but_months_where_no_code_changed_or_since():
    class Months_(MemoryFiguresStore):
        def alerts(self, *given):
            raise AssertionError(given)

    figures = Months_()
    read(figures, partition="GM9007")
    read(figures, Period(date(2027, 1, 1), date(2027, 12, 31)))


PEOPLE = st.dictionaries(st.sampled_from(OLD), st.integers(0, 12), max_size=6)
LATER = st.dictionaries(st.sampled_from(NEW), st.integers(0, 12), max_size=5)


def counted(before, after):
    """Rows and months of alerts in 2025 under the old codes, in 2026 under the new."""
    figures, rows = MemoryFiguresStore(), []
    for number, (year, people) in enumerate([*((2025, it) for it in before), *((2026, it) for it in after)]):
        facts = Facts(f"{number:010d}", opened(year), "Actual", "alert", "robbery", "Immediate", tips=1)
        by_partition = {}
        for code, count in people.items():
            by_partition.setdefault(lineage(code)[-1], {})[code] = AreaTally(count, count, count)
        for area, some in by_partition.items():
            row = AlertRow(area, facts, Times(), some, 1)
            figures.put_alert(row)
            Months(figures).include(row)
            rows.append(row)
    return figures, rows


@given(st.lists(PEOPLE, max_size=4), st.lists(LATER, max_size=3))
def test_before_and_after_a_merger_add_up(before, after):
    figures, rows = counted(before, after)
    past = read(figures, Period(date(2025, 1, 1), date(2026, 12, 31)))
    alerts = {row.facts.alert for row in rows}
    everybody = sum(sum(it.people for it in row.people.values()) for row in rows)
    assert (sums(past).alerts, sums(past).people) == (len(alerts), everybody)
    districts = total(row.sums for row in past.rows)
    below = sum(some.people for code, some in districts.items() if code.startswith("WK"))
    assert below == everybody
    months = history(figures).months("GM9005", "2025-01", "2026-12")
    assert months == past.months
    listed = list(history(figures).alerts("GM9005", opened(2025, 1), opened(2026, 12)))
    assert [row.facts.alert for row in listed] == sorted(alerts)


@given(st.lists(PEOPLE, min_size=1, max_size=3))
def test_who_kept_the_figures_of_before_finds_nothing_small_in_those_that_are_joined(before):
    """Each joined figure that is told is a sum of figures that were told then, so it says nothing that they did not."""
    figures, _ = counted(before, [])
    year = Period(date(2025, 1, 1), date(2025, 12, 31))
    then = {it: told_of(figures.months(it, "2025-01", "2025-12")).areas | {it} for it in ("GM9001", "GM9002")}
    raw = total(row.sums for it in then for row in figures.months(it, "2025-01", "2025-12"))
    past, today = read(figures, year), Succession(MERGER).today
    joined = total(row.sums for row in past.rows)
    for area in past.told.areas & joined.keys():
        inside = {code for code in OLD if area in lineage(today(code, 2025) or "")}
        parts = [
            code
            for codes in then.values()
            for code in codes & raw.keys()
            if {it for it in OLD if code in lineage(it)} <= inside
        ]
        largest = [code for code in parts if not any(other in lineage(code)[1:] for other in parts)]
        assert sum(raw[code].people for code in largest) == joined[area].people
        assert joined[area].people >= SMALL or joined[area].people == 0 or area == "GM9005" or _alone(area, inside)


def _alone(area, inside):
    """A district that is all of its municipality of then is told like that one, however small."""
    return area.startswith("WK") and inside >= {code for code in OLD if code.startswith("BU9002")}


def test_a_joined_area_of_which_a_part_was_held_back_is_held_back_though_it_is_large():
    figures = MemoryFiguresStore()
    alert(figures, opened(2025), BU90010101=60, BU90010102=30, BU90010201=3, BU90010202=40)
    past = read(figures, Period(date(2025, 1, 1), date(2025, 12, 31)))
    assert sums(past, "BU90050201").people == 43
    assert not past.told.area("BU90050201")
    assert past.told.area("BU90050101")
    # After the change the rule looks at what is one now.
    alert(figures, opened(2026), "0000000abd", BU90050101=60, BU90050201=43)
    assert read(figures, Period(date(2026, 1, 1), date(2026, 12, 31))).told.area("BU90050201")


def test_a_merged_municipality_s_analyst_sees_one_history(service, areas, figures, counts, organisations, money):
    merged = Area("GM9005", "Sluisdrecht", Level.MUNICIPALITY, 2026, "GM9005")
    areas.load([Feature(merged, SQUARE)])
    areas.load_successors(MERGER)
    organisations.put(Organisation("GM9005", Kind.MUNICIPALITY, "Sluisdrecht", ("GM9005",)))
    eva = StaffMember("eva", frozenset({Role.ANALYST}), "GM9005")
    alert(figures, opened(2025), "0000000ab1", BU90010101=40, BU90020101=50)
    alert(figures, opened(2026), "0000000ab2", BU90050101=20, BU90050302=10)
    people = {
        RowKey("GM9005", "BU90050101"): Participants(participants=20),
        RowKey("GM9001", "BU90010101"): Participants(participants=30),  # not moved yet
        RowKey("NL", "GM9005"): Participants(participants=20),
        RowKey("NL", "GM9001"): Participants(participants=30),
    }
    counts.count_changes(0, ["e1"], people, 0)
    money.put_share(Share("GM9001", "0000000ab1", opened(2025), 100, real=True, version=1))
    money.put_share(Share("GM9005", "0000000ab2", opened(2026), 10, real=True, version=1))
    years = date(2025, 1, 1), date(2026, 12, 31)
    dashboard = service.dashboard(eva, "GM9005", *years)
    assert (dashboard.whole.figures.alerts, dashboard.whole.figures.people) == (2, 120)
    assert [it.code for it in dashboard.months] == ["2025-03", "2026-03"]
    parts = {it.code: it for it in parts_body(service.parts(eva, "GM9005", *years)).parts}
    assert (parts["BU90050101"].people.matched, parts["BU90050101"].participants.participants) == (60, 50)
    assert parts["WK900503"].people.matched == 60
    assert (parts["BU90050302"].alerts, parts["BU90050302"].comparable_from) == (None, 2026)
    report = service.read(eva, "GM9005", *years)
    assert (report.cost.cents, report.participants.participants) == (110, 50)
    assert area_body(report).comparable_from is None


def test_a_municipality_that_has_ended_is_told_of_as_it_was(service, areas, figures, organisations):
    areas.load([Feature(Area("GM9005", "Sluisdrecht", Level.MUNICIPALITY, 2026, "GM9005"), SQUARE)])
    areas.load([Feature(Area("BU90010101", "Kade", Level.NEIGHBOURHOOD, 2025, "GM9001", "WK900101"), SQUARE)])
    areas.load_successors(MERGER)
    organisations.put(Organisation("GM9005", Kind.MUNICIPALITY, "Sluisdrecht", ("GM9005",)))
    eva = StaffMember("eva", frozenset({Role.ANALYST}), "GM9005")
    for code in ("GM9001", "GM9002", "BU90010101"):
        areas.store.end(code, 2026)
    alert(figures, opened(2025), "0000000ab1", BU90010101=40, BU90010102=50, BU90020101=50)
    alert(figures, datetime(2026, 1, 2, tzinfo=UTC), "0000000ab2", BU90010101=30, BU90010102=30)
    year = date(2025, 1, 1), date(2025, 12, 31)
    report = area_body(service.read(eva, "GM9001", *year))
    assert (report.area.name, report.area.until, report.people.matched) == ("Sluisveen", 2026, 90)
    assert report.participants.growth is None
    parts = service.parts(eva, "GM9001", *year).parts
    assert [(it.code, it.name, it.figures.people) for it in parts] == [
        ("BU90010101", "Kade", 40),
        ("BU90010102", "BU90010102", 50),
        ("WK900101", "WK900101", 90),
    ]
    assert service.read(eva, "BU90010101", *year).figures.people == 40
    assert [it.code for it in service.months(eva, "GM9001", *year).parts] == ["2025-03"]
    # What was counted under its code later is told with what it lies in, and below it nowhere else.
    assert service.read(eva, "GM9001", date(2025, 1, 1), date(2026, 12, 31)).figures.people == 150
    assert service.parts(eva, "GM9001", date(2025, 1, 1), date(2026, 12, 31)).parts == ()
    with pytest.raises(NotFound):
        areas.get("GM9001")
    with pytest.raises(Forbidden):
        service.read(replace(eva, tenant="T1", roles=frozenset({Role.POLICE_TEAM})), "GM9001", *year)


def test_a_control_room_sees_what_lay_in_its_municipalities_under_other_codes(service, areas, figures, organisations):
    areas.load([Feature(Area("GM9005", "Sluisdrecht", Level.MUNICIPALITY, 2026, "GM9005"), SQUARE)])
    areas.load_successors(MERGER)
    organisations.put(Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", ("GM9005",)))
    anna = StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")
    alert(figures, opened(2025), "0000000ab1", BU90010101=40, BU90020101=50, BU77010101=9)
    report = service.read(anna, "MK90", date(2025, 1, 1), date(2025, 12, 31))
    assert (report.figures.alerts, report.figures.people) == (1, 90)
    assert [it.figures.people for it in service.parts(anna, "MK90", date(2025, 1, 1)).parts] == [90]


def test_a_police_team_of_a_split_neighbourhood_is_told_from_when_on(service, areas, figures, organisations):
    areas.load_successors([Successor(2026, "BU90010101", "BU90010101"), Successor(2026, "BU90010101", "BU90010109")])
    organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team Oost", ("BU90010101",)))
    tom = StaffMember("tom", frozenset({Role.POLICE_TEAM}), "T1")
    alert(figures, opened(2025), "0000000ab1", BU90010101=40, BU90010102=50)
    alert(figures, opened(2026), "0000000ab2", BU90010101=30, BU90010102=20)
    report = service.read(tom, "T1", date(2025, 1, 1))
    assert (report.figures, report.comparable_from) == (None, 2026)
    assert service.parts(tom, "T1", date(2025, 1, 1)).parts[0].comparable_from == 2026
    assert service.read(tom, "T1").figures.people == 30
