"""What every report store promises."""

import pytest

from chalicelib.platform import aws
from chalicelib.reports.store import KEPT_S, DynamoReportStore, MemoryReportStore


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryReportStore()
    return DynamoReportStore(lambda: aws.client("dynamodb"), backend.table("reports"))


def test_a_summary_is_claimed_once_until_its_lease_ends_and_never_once_sent(store):
    assert store.claim_summary("GM9001", "2026-W47", 1_000, 300)
    assert not store.claim_summary("GM9001", "2026-W47", 1_300, 300)
    assert store.claim_summary("GM9001", "2026-W47", 1_301, 300)
    assert not store.was_sent("GM9001", "2026-W47")
    store.summary_sent("GM9001", "2026-W47", 1_302)
    assert store.was_sent("GM9001", "2026-W47")
    assert not store.claim_summary("GM9001", "2026-W47", 9_999, 300)
    assert store.claim_summary("GM9001", "2026-W48", 1_000, 300)
    assert not store.was_sent("GM9001", "2026-W49")


def test_that_a_summary_was_sent_is_forgotten_two_years_later(store):
    assert store.claim_summary("GM9001", "2026", 1_000, 300)
    store.summary_sent("GM9001", "2026", 1_100)
    assert not store.claim_summary("GM9001", "2026", 1_100 + KEPT_S, 300)
    assert store.claim_summary("GM9001", "2026", 1_101 + KEPT_S, 300)
    assert not store.was_sent("GM9001", "2026")


def test_a_summary_that_was_sent_without_a_claim_is_forgotten_too(store):
    store.summary_sent("GM9001", "2026", 1_100)
    assert not store.claim_summary("GM9001", "2026", 1_101, 300)
    assert store.claim_summary("GM9001", "2026", 1_101 + KEPT_S, 300)
