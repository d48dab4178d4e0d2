"""What every store of canaries' runs promises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.canary.model import Message, Run
from chalicelib.canary.store import DynamoCanaryStore, MemoryCanaryStore
from chalicelib.channels.model import Channel

NOW = datetime(2026, 11, 24, 8, 0, 0, 123_000, tzinfo=UTC)
MAIL, TEXT = Message("GM9001", Channel.EMAIL), Message("GM9001", Channel.SMS)
RUN = Run("0000000abc", NOW, frozenset({MAIL, TEXT}))


@pytest.fixture
def store(backend):
    table = backend.table("canaries")
    return MemoryCanaryStore() if backend.name == "memory" else DynamoCanaryStore(table)


def test_runs_are_read_back_the_newest_first(store):
    runs = [replace(RUN, alert=f"000000000{n}", sent_at=NOW + timedelta(hours=n)) for n in range(4)]
    for run in runs:
        store.put(run)
    assert store.runs(3) == runs[:0:-1]


def test_what_was_found_stands_in_place_of_the_run_before(store):
    store.put(RUN)
    judged = replace(RUN, judged_at=NOW + timedelta(minutes=10), missing=frozenset({TEXT}))
    store.put(judged)
    assert store.runs(5) == [judged]


def test_what_arrives_counts_once(store):
    assert store.arrived(RUN.alert) == {}
    assert store.arrive(RUN, MAIL, timedelta(seconds=4.5678))
    assert not store.arrive(RUN, MAIL, timedelta(seconds=9))
    assert store.arrive(RUN, TEXT, timedelta(seconds=8))
    assert store.arrived(RUN.alert) == {MAIL: timedelta(milliseconds=4567), TEXT: timedelta(seconds=8)}


def test_runs_keep_their_arrivals_apart(store):
    store.arrive(RUN, MAIL, timedelta(seconds=4))
    assert store.arrived("0000000abd") == {}
    assert store.runs(5) == []
