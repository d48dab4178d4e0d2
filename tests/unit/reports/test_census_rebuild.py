"""Whatever comes between, and in whatever order: the counts end as the participants are."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.participants.changes import changing, joining, leaving
from chalicelib.participants.items import ParticipantItem
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.roll import enrolled
from chalicelib.participants.store_memory import MemoryParticipantStore, MemoryRoll, MemorySignUpStore
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.once import REMEMBERED
from chalicelib.reports.census import Census
from chalicelib.reports.census_model import NOBODY, Generations, Participants, counted_in, without_nobody
from chalicelib.reports.census_rebuild import AT_ONCE, TOO_OLD, Recensus
from chalicelib.reports.census_store import Overtaken
from chalicelib.reports.census_store_memory import MemoryCensusStore
from tests.made import NOW
from tests.unit.reports.people import NAMES, record, somebody

AREAS = ("BU90010101", "BU90010102", "BU90020101")


class World:
    """Participants, the records of their stream that wait, and what counts them. ``between``: runs before any call."""

    def __init__(self):
        self.clock = ManualClock(NOW)
        self.participants = MemoryParticipantStore(MemoryPlaceStore(), MemorySignUpStore())
        self.waiting, self.passed = [], []
        self.between = lambda: None
        self.store = Interrupted(MemoryCensusStore(), self)
        self.roll = Interrupted(MemoryRoll(self.participants), self)
        self.census = Census(self.roll, self.store, self.clock)
        self.recensus = Recensus(self.roll, self.store, self.clock, page=1)
        self.left = Counter()

    def change(self, name, areas, paused):
        """Come, change or, where there are no areas, leave; who comes back is somebody else."""
        self.clock.advance(seconds=1)
        person = f"{name[:-2]}{self.left[name]:02d}"
        before = self.participants.rows.get(person)
        if before is None and not areas:
            return
        wanted = somebody(*areas, name=person, paused=paused)
        if not areas:
            step = leaving(before)
            self.left[name] += 1
        elif before:
            step = changing(before, replace(before, places=wanted.places, paused=paused), self.clock.now())
        else:
            step = joining(replace(wanted, version=0), self.clock.now())
        self.participants.commit([step])
        self.waiting.append(record(step.before, step.after))

    def deliver(self, index):
        """One of the records that wait; they need not come in order."""
        if self.waiting:
            one = self.waiting.pop(index % len(self.waiting))
            self.passed.append(one)
            self.census.count({"Records": [one]})

    def repeat(self, index):
        if self.passed:
            self.census.count({"Records": [self.passed[index % len(self.passed)]]})

    def rebuild(self):
        """One page of it."""
        try:
            generations = self.recensus.begin()
            self.recensus.step(generations)
        except Overtaken:
            pass  # another run was quicker

    def later(self):
        """When the stream can tell nothing any more of what has been."""
        if not self.waiting:
            self.clock.advance(seconds=REMEMBERED.total_seconds())
            self.passed.clear()

    def settle(self):
        while self.waiting:
            self.deliver(0)

    def told(self):
        store = self.store.inner
        return without_nobody(
            {(key.partition, key.area): it for (of, key), it in store.rows.items() if of == store.standing.told}
        )

    def true(self):
        sums = {}
        for who in self.participants.rows.values():
            for key, people in counted_in(enrolled(ParticipantItem.of(who).serialize())).items():
                sums[tuple(key)] = sums.get(tuple(key), NOBODY) + people
        return sums


class Interrupted:
    """Something else may happen before each call."""

    def __init__(self, inner, world):
        self.inner, self._world = inner, world

    def __getattr__(self, name):
        method = getattr(self.inner, name)

        def call(*args, **kwargs):
            self._world.between()
            return method(*args, **kwargs)

        return call


MOVES = st.one_of(
    st.tuples(
        st.just("change"),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(AREAS), max_size=2, unique=True),
        st.booleans(),
    ),
    st.tuples(st.just("deliver"), st.integers(0, 9)),
    st.tuples(st.just("repeat"), st.integers(0, 9)),
    st.tuples(st.just("rebuild")),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(MOVES, st.just(("later",))), max_size=40), st.lists(MOVES, max_size=40))
def test_changes_and_rebuilds_in_any_order_between_any_two_steps_end_exact(moves, between):
    world = World()

    def interrupt():
        if between:
            name, *arguments = between.pop()
            getattr(world, name)(*arguments)

    world.between = interrupt
    for name, *arguments in moves:
        getattr(world, name)(*arguments)
    world.settle()
    assert world.told() == world.true()
    while world.store.inner.standing.making is not None:
        world.rebuild()
    world.settle()
    assert world.told() == world.true()


@settings(max_examples=200, deadline=None)
@given(st.lists(MOVES, max_size=30), st.dictionaries(st.sampled_from(AREAS), st.integers(1, 9)), st.integers(0, 30))
def test_a_rebuild_sets_right_what_was_lost_and_what_was_never_there(moves, wrong, lost):
    world = World()
    for number, (name, *arguments) in enumerate(moves):
        getattr(world, name)(*arguments)
        if number == lost and world.waiting:
            del world.waiting[0]
    world.settle()
    if world.store.inner.standing.making is None and world.store.inner.standing.told == 0:
        world.store.inner.rows |= {
            (0, key): Participants(home=number)
            for area, number in wrong.items()
            for key in [next(iter(counted_in(enrolled(ParticipantItem.of(somebody(area)).serialize()))))]
        }
        assert world.recensus.run({})["done"]
        world.settle()
        assert world.told() == world.true()


def test_after_a_rebuild_changes_are_counted_together_again_once_the_stream_can_tell_of_nothing_older():
    world = World()
    for name in NAMES:
        world.change(name, [AREAS[0]], False)
    world.settle()
    assert world.recensus.run({}) == {"done": True, "counted": 3, "corrected": 0}
    world.clock.advance(seconds=2 * 86_400)
    for name in NAMES:
        world.change(name, [AREAS[1]], False)
    calls = Counter()
    world.between = lambda: calls.update(calls=1)
    world.census.count({"Records": world.waiting})
    assert calls["calls"] == 3  # which set, who was taken in, one transaction
    assert world.told() == world.true()


def test_a_rebuild_says_in_how_many_rows_something_else_was_told():
    world = World()
    world.change(NAMES[0], [AREAS[0]], False)
    world.waiting.clear()
    assert world.recensus.run({}) == {"done": True, "counted": 1, "corrected": 2}
    assert world.recensus.run({})["corrected"] == 0


def test_a_rebuild_stops_in_time_and_goes_on_where_it_was():
    world = World()
    for name in NAMES:
        world.change(name, [AREAS[0]], False)
    world.settle()
    world.between = lambda: world.clock.advance(seconds=AT_ONCE.total_seconds() / 8)
    first = world.recensus.run({})
    assert (first["done"], first["counted"]) == (False, 1)
    world.between = lambda: None
    assert world.recensus.run({}) == {"done": True, "counted": 2, "corrected": 0}


def test_one_that_was_left_too_long_is_begun_anew_and_its_rows_go():
    world = World()
    world.change(NAMES[0], [AREAS[0]], False)
    world.settle()
    begun = world.recensus.begin()
    world.recensus.step(begun)
    world.clock.advance(seconds=TOO_OLD.total_seconds())
    assert world.recensus.begin().making == begun.making + 1
    assert world.recensus.run({})["done"]
    assert {generation for generation, _ in world.store.inner.rows} == {0, 1, 2}
    world.recensus.begin()
    assert {generation for generation, _ in world.store.inner.rows} == {2}


def test_two_who_rebuild_at_once_do_not_go_past_each_other():
    world = World()
    generations = world.recensus.begin()
    world.recensus.step(generations)
    with pytest.raises(Overtaken):
        world.recensus.step(generations)
    assert world.store.inner.standing == Generations(
        told=1, guarded_until=world.store.inner.standing.guarded_until, revision=2
    )
    assert timedelta(days=1) < timedelta(seconds=world.store.inner.standing.guarded_until - NOW.timestamp())
