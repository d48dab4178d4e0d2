"""What alerts add up to, in closed form."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.reports import figures_rows
from chalicelib.reports.figures import AlertRow, Facts, MonthRow, Sums, Times, combined, medians

OPENED = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
FACTS = Facts("0000000abc", OPENED, "Actual", "alert", "robbery", "Immediate", tips=2)
SMS = AreaTally(10, 8, 7, 1, {Channel.SMS: Messages(8, 7, 1, 2, 4, 320_000)})
MAIL = AreaTally(5, 5, 5, 0, {Channel.EMAIL: Messages(5, 5)})
ROW = AlertRow("GM9001", FACTS, Times(3, 40, 95), {"BU90010101": SMS, "BU90010201": MAIL}, 5)


def test_an_alert_counts_once_in_every_area_that_it_touches():
    sums = ROW.sums()
    assert {code: (some.alerts, some.people, some.tips) for code, some in sums.items()} == {
        "GM9001": (1, 15, 2),
        "WK900101": (1, 10, 2),
        "BU90010101": (1, 10, 2),
        "WK900102": (1, 5, 2),
        "BU90010201": (1, 5, 2),
    }
    assert sums["GM9001"].messages == {**SMS.messages, **MAIL.messages}


def test_the_nation_has_a_row_of_municipalities():
    row = replace(ROW, area="NL", people={"GM9001": SMS, "GM9002": AreaTally()})
    assert {code: (some.alerts, some.people) for code, some in row.sums().items()} == {
        "NL": (1, 10),
        "GM9001": (1, 10),
        "GM9002": (1, 0),
    }


def test_a_month_adds_up_its_real_alerts_alone():
    second = replace(FACTS, alert="0000000abd", result="suspect_arrested", contribution="direct", break_glass=True)
    rows = [ROW, replace(ROW, facts=second), replace(ROW, facts=replace(FACTS, alert="x", status="Exercise"))]
    month = MonthRow.of("GM9001", "2026-11", 1, rows)
    sums = month.sums["WK900101"]
    assert (sums.alerts, sums.open, sums.break_glass, sums.closed, sums.successes) == (2, 1, 1, 1, 1)
    assert (sums.by_category, sums.by_urgency) == ({"robbery": 2}, {"Immediate": 2})
    assert (sums.results, sums.contributions) == ({"suspect_arrested": 1}, {"direct": 1})
    assert sums.messages == {Channel.SMS: Messages(16, 14, 2, 4, 8, 640_000)}
    assert set(month.alerts) == {"0000000abc", "0000000abd"}


@pytest.mark.parametrize(
    ("kind", "result", "closed", "successes"),
    [
        ("alert", None, 0, 0),
        ("alert", "none", 1, 0),
        ("alert", "other", 1, 0),
        ("alert", "missing_person_found", 1, 1),
        ("alert", "property_recovered", 1, 1),
        ("inquiry", "suspect_arrested", 0, 0),
    ],
)
def test_only_what_an_urgent_alert_was_sent_for_is_a_success(kind, result, closed, successes):
    sums = Sums.of(replace(FACTS, kind=kind, result=result), SMS)
    assert (sums.closed, sums.successes) == (closed, successes)


@pytest.mark.parametrize(
    ("kind", "result", "contribution", "helped", "reached"),
    [
        ("alert", "suspect_arrested", "direct", 1, 7),
        ("alert", "property_recovered", "indirect", 1, 7),
        ("alert", "missing_person_found", "none", 0, 7),
        ("alert", "none", "direct", 0, 7),
        ("prevention", "other", "direct", 0, 0),
    ],
)
def test_participants_helped_where_a_success_has_a_part_of_theirs(kind, result, contribution, helped, reached):
    sums = Sums.of(replace(FACTS, kind=kind, result=result, contribution=contribution), SMS)
    assert (sums.helped, sums.reached_urgent, sums.reached) == (helped, reached, 7)


def test_an_alert_in_several_areas_of_an_organisation_counts_once():
    next_door = replace(ROW, area="GM9002", people={"BU90020101": MAIL})
    elsewhere = replace(ROW, facts=replace(FACTS, alert="0000000abd"), area="GM9002", people={"BU90020201": SMS})
    sums, times = combined([ROW, next_door, elsewhere], frozenset({"WK900101", "BU90010201", "BU90020101"}))
    assert (sums.alerts, sums.people, sums.tips, times) == (1, 20, 2, [ROW.times])
    sums, _ = combined([ROW, next_door, elsewhere], frozenset({"GM9002"}))
    assert (sums.alerts, sums.people) == (2, 15)
    assert combined([ROW], frozenset({"GM9009"})) == (Sums(), [])


def test_a_municipality_that_an_alert_touched_is_counted_though_nobody_lives_there():
    row = replace(ROW, people={})
    assert combined([row], frozenset({"GM9001"}))[0].alerts == 1
    assert combined([row], frozenset({"WK900101"}))[0].alerts == 0


def test_medians_are_of_those_that_there_are():
    times = [Times(2, 10), Times(4, 30, 7), Times(9, None, 8)]
    assert medians(times) == Times(4, 20, 8, None)
    assert medians([]) == Times()


def test_a_month_of_many_alerts_survives_its_row():
    month = MonthRow.of("GM9001", "2026-11", 3, [ROW, replace(ROW, facts=replace(FACTS, alert="0000000abd"))])
    assert figures_rows.read_month(figures_rows.month_row(month)) == month


def test_the_month_of_an_alert_is_a_dutch_one():
    assert replace(FACTS, opened=datetime(2026, 10, 31, 23, 30, tzinfo=UTC)).month == "2026-11"
    assert replace(FACTS, opened=datetime(2026, 6, 30, 22, 30, tzinfo=UTC)).month == "2026-07"
