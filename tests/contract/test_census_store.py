"""What every census store promises."""

import pytest

from chalicelib.platform import aws
from chalicelib.platform.once import AlreadyCounted
from chalicelib.reports.census_model import Participants
from chalicelib.reports.census_store import DynamoCensusStore, MemoryCensusStore


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryCensusStore()
    reports, marks = backend.table("reports"), backend.table("idempotency")
    return DynamoCensusStore(lambda: aws.client("dynamodb"), reports, marks)


def test_an_area_nobody_counted_has_no_participants(store):
    assert store.participants("GM9001") == Participants(0, 0)


@pytest.mark.transactions
def test_changes_are_counted_once(store):
    store.count_changes(["e1", "e2"], {"GM9001": Participants(2, 3), "NL": Participants(2, 3)}, 2_000_000_000)
    with pytest.raises(AlreadyCounted):
        store.count_changes(["e2", "e3"], {"GM9001": Participants(2, 2)}, 2_000_000_000)
    store.count_changes(["e3"], {"GM9001": Participants(-1, -1)}, 2_000_000_000)
    assert store.participants("GM9001") == Participants(1, 2)
    assert store.participants("NL") == Participants(2, 3)
