"""What every report store promises."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.platform import aws
from chalicelib.reports.model import AlertFigures
from chalicelib.reports.store import DynamoReportStore, MemoryReportStore

OPENED = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ROW = AlertFigures("GM9001", "0000000abc", OPENED, "Actual", "alert", "robbery", 10, 8, 7, None, None, 2, 5)
SINCE, UNTIL = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryReportStore()
    return DynamoReportStore(lambda: aws.client("dynamodb"), backend.table("reports"))


def test_figures_are_read_back(store):
    closed = replace(ROW, break_glass=True, alert="0000000abd", result="suspect_arrested", contribution="direct")
    store.put_alert(ROW)
    store.put_alert(closed)
    assert list(store.alerts("GM9001", SINCE, UNTIL)) == [ROW, closed]


def test_older_figures_never_replace_newer_ones(store):
    store.put_alert(replace(ROW, version=6, reached=8))
    store.put_alert(ROW)
    assert [row.reached for row in store.alerts("GM9001", SINCE, UNTIL)] == [8]


def test_a_period_is_half_open_and_an_area_stands_alone(store):
    for alert, opened in [("0000000ab1", SINCE), ("0000000ab2", UNTIL)]:
        store.put_alert(replace(ROW, alert=alert, opened=opened))
    store.put_alert(replace(ROW, area="GM90010", break_glass=True))
    assert [row.alert for row in store.alerts("GM9001", SINCE, UNTIL)] == ["0000000ab1"]


def test_a_summary_is_claimed_once_until_its_lease_ends_and_never_once_sent(store):
    assert store.claim_summary("GM9001", "2026-W47", 1_000, 300)
    assert not store.claim_summary("GM9001", "2026-W47", 1_300, 300)
    assert store.claim_summary("GM9001", "2026-W47", 1_301, 300)
    store.summary_sent("GM9001", "2026-W47")
    assert not store.claim_summary("GM9001", "2026-W47", 9_999, 300)
    assert store.claim_summary("GM9001", "2026-W48", 1_000, 300)
