"""What every census store promises."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.platform import aws
from chalicelib.platform.once import AlreadyCounted
from chalicelib.reports.census_model import Generations, Participants, RowKey, Snapshot
from chalicelib.reports.census_store import DynamoCensusStore, Overtaken
from chalicelib.reports.census_store_memory import MemoryCensusStore

HERE, NATION = RowKey("GM9001", "BU90010101"), RowKey("NL", "GM9001")
TTL = 2_000_000_000
TWO, ONE = Participants(participants=2, home=2, work=1, sms=2, push=1), Participants(paused=1)


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryCensusStore()
    reports, marks = backend.table("reports"), backend.table("idempotency")
    return DynamoCensusStore(lambda: aws.client("dynamodb"), reports, marks)


def test_where_nobody_was_counted_there_are_no_rows(store):
    assert store.people("GM9001") == {}
    assert store.generations() == Generations()


@pytest.mark.transactions
def test_changes_are_counted_once(store):
    store.count_changes(0, ["p.1", "q.1"], {HERE: TWO, NATION: TWO}, TTL)
    with pytest.raises(AlreadyCounted):
        store.count_changes(0, ["q.1", "r.1"], {HERE: ONE}, TTL)
    store.count_changes(0, ["r.1"], {HERE: ONE - TWO}, TTL)
    assert store.people("GM9001") == {"BU90010101": ONE}
    assert store.people("NL") == {"GM9001": TWO}


@pytest.mark.transactions
def test_everybody_is_taken_in_once_and_it_is_known_at_which_version(store):
    store.take_in(1, {"p": 3, "q": 12}, {HERE: TWO}, TTL)
    with pytest.raises(AlreadyCounted):
        store.take_in(1, {"q": 13, "r": 1}, {HERE: ONE}, TTL)
    store.take_in(1, {"s": 1}, {}, TTL)
    assert store.taken_in(1, ["p", "q", "r", "s", "p"]) == {"p": 3, "q": 12, "s": 1}
    assert (store.people("GM9001", 1), store.people("GM9001")) == ({"BU90010101": TWO}, {})


@pytest.mark.transactions
def test_generations_stand_apart_and_the_one_that_is_told_can_change(store):
    for generation, people in ((0, TWO), (1, ONE), (11, ONE)):
        store.count_changes(generation, ["p.1"], {HERE: people, NATION: people}, TTL)
        assert store.taken_in(generation, ["p"]) == {}
    assert store.people("GM9001") == {"BU90010101": TWO}
    store.move(Generations(), Generations(told=1))
    assert store.people("GM9001") == {"BU90010101": ONE}
    store.drop_before("GM9001", 1)
    assert [store.people("GM9001", generation) for generation in (0, 1, 11)] == [{}] + 2 * [{"BU90010101": ONE}]
    assert store.people("NL", 0) == {"GM9001": TWO}


def test_generations_move_on_only_from_where_they_are(store):
    making = store.move(Generations(), Generations(making=1, began=1_800_000_000, cursor="anna"))
    assert store.generations() == making == Generations(0, 0, 1, 1_800_000_000, "anna", revision=1)
    with pytest.raises(Overtaken):
        store.move(Generations(), Generations(making=2))
    told = store.move(making, replace(making, told=1, guarded_until=1_900_000_000, making=None, cursor=None))
    assert store.generations() == told


def snapshot(day, **numbers):
    return Snapshot("GM9001", day, 2026, {"BU90010101": Participants(**numbers)})


def test_of_a_day_the_first_snapshot_stands(store):
    first, last = snapshot(date(2026, 11, 1), participants=1), snapshot(date(2026, 11, 30), participants=2)
    for it in (last, first, snapshot(date(2026, 11, 1), participants=9), snapshot(date(2026, 12, 1), home=3)):
        store.keep(it)
    assert store.day("GM9001", date(2026, 11, 1), date(2026, 11, 29)) == first
    assert store.day("GM9001", date(2026, 11, 1), date(2026, 11, 30)) == last
    assert store.day("GM9001", date(2026, 10, 1), date(2026, 10, 31)) is None
    assert store.day("GM9002", date(2026, 1, 1), date(2026, 12, 31)) is None
    assert store.on("GM9001", [date(2026, 11, day) for day in (1, 2, 30)]) == {first.day: first, last.day: last}
    assert store.on("GM9001", []) == {}
