"""What counters promise to those who count at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.platform.counters import DynamoCounters, MemoryCounters

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def counters(backend):
    return MemoryCounters() if backend.name == "memory" else DynamoCounters(backend.table("counters"))


def test_each_name_is_counted_by_itself(counters):
    assert [counters.add(name, 60, NOW) for name in "aabab"] == [1, 2, 1, 3, 2]


def test_a_window_ends_and_the_next_begins_anew(counters):
    assert [counters.add("a", 60, NOW + seconds * MINUTE / 60) for seconds in (0, 59, 60, 119, 120)] == [1, 2, 1, 2, 1]


def test_windows_of_another_length_count_apart_where_they_begin_apart(counters):
    counters.add("a", 3_600, NOW)
    assert counters.add("a", 3_600, NOW + 30 * MINUTE) == 2
    assert counters.add("a", 3_600, NOW + 45 * MINUTE) == 1


def test_nobody_who_counts_at_the_same_time_is_missed(counters):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: counters.add("a", 60, NOW), range(40)))
    assert sorted(seen) == list(range(1, 41))
