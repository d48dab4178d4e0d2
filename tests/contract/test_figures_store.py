"""What every store of figures promises."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.platform import aws
from chalicelib.reports.figures import AlertRow, Facts, Line, MonthRow, Times
from chalicelib.reports.figures_store import BATCH, DynamoFiguresStore, MemoryFiguresStore

OPENED = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
FACTS = Facts("0000000abc", OPENED, "Actual", "alert", "robbery", "Immediate", tips=2)
PEOPLE = {"BU90010101": AreaTally(10, 8, 7, 1, {Channel.SMS: Messages(8, 7, 1, 2, 4, 320_000)})}
ROW = AlertRow("GM9001", FACTS, Times(3, 40, 95), PEOPLE, 5)
SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryFiguresStore()
    return DynamoFiguresStore(lambda: aws.client("dynamodb"), backend.table("reports"))


def of(facts):
    return replace(ROW, facts=facts)


def standing(store):
    return list(store.alerts("GM9001", SINCE, UNTIL))


def test_figures_are_read_back(store):
    closed = replace(
        FACTS, alert="0000000abd", result="suspect_arrested", contribution="direct", break_glass=True, tips=0
    )
    rows = [ROW, replace(of(closed), times=Times(closing=900), people={})]
    for row in rows:
        store.put_alert(row)
    assert standing(store) == rows


@pytest.mark.parametrize("version", [4, 5])
def test_only_newer_figures_replace_those_that_stand(store, version):
    store.put_alert(ROW)
    store.put_alert(replace(ROW, version=version, people={}))
    assert standing(store) == [ROW]
    newer = replace(ROW, version=6, people={})
    store.put_alert(newer)
    assert standing(store) == [newer]


def test_a_row_is_swapped_only_for_the_one_that_was_seen(store):
    assert not store.swap_alert(FACTS, "GM9001", 5, ROW)
    assert store.swap_alert(FACTS, "GM9001", None, ROW)
    assert not store.swap_alert(FACTS, "GM9001", None, ROW)
    assert not store.swap_alert(FACTS, "GM9001", 4, None)
    older = replace(ROW, version=3)
    assert store.swap_alert(FACTS, "GM9001", 5, older)
    assert standing(store) == [older]
    assert store.swap_alert(FACTS, "GM9001", 3, None)
    assert standing(store) == []


def test_a_period_is_half_open_and_an_area_stands_alone(store):
    for alert, opened in [("0000000ab1", SINCE), ("0000000ab2", UNTIL)]:
        store.put_alert(of(replace(FACTS, alert=alert, opened=opened)))
    store.put_alert(replace(ROW, area="GM90010"))
    assert [row.facts.alert for row in standing(store)] == ["0000000ab1"]


def test_versions_of_more_rows_than_one_request_takes(store):
    areas = [f"GM{number:04d}" for number in range(BATCH + 20)]
    for number, area in enumerate(areas[:-5]):
        store.put_alert(replace(ROW, area=area, version=number + 1))
    assert store.versions(FACTS, areas) == {area: number + 1 for number, area in enumerate(areas[:-5])}


def test_a_month_is_written_only_after_the_version_before_it(store):
    first = MonthRow.of("GM9001", "2026-11", 1, [ROW])
    assert store.month("GM9001", "2026-11") is None
    assert not store.put_month(replace(first, version=2))
    assert store.put_month(first)
    assert not store.put_month(first)
    assert store.month("GM9001", "2026-11") == first
    assert first.alerts == {FACTS.alert: Line(5, ROW.times)}
    second = MonthRow.of("GM9001", "2026-11", 2, [])
    assert store.put_month(second)
    assert store.month("GM9001", "2026-11") == second


def test_months_come_in_order_and_of_one_area(store):
    for area, month in [("GM9001", "2026-11"), ("GM9001", "2025-12"), ("GM9001", "2026-02"), ("NL", "2026-03")]:
        store.put_month(MonthRow.of(area, month, 1, [ROW]))
    store.put_alert(ROW)
    assert [row.month for row in store.months("GM9001", "2026-01", "2026-11")] == ["2026-02", "2026-11"]


def test_a_count_that_is_put_off_is_so_until_it_is_taken_up(store):
    assert store.due("0000000abc") == 0
    store.put_off("0000000abc", 1_000)
    store.put_off("0000000abc", 2_000)
    assert (store.due("0000000abc"), store.due("0000000abd")) == (2_000, 0)
    store.take_up("0000000abc")
    store.take_up("0000000abc")
    assert store.due("0000000abc") == 0
