"""People and places per cell, from the records of the participants' stream, and set right from the places."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas import geohash
from chalicelib.areas.model import Point
from chalicelib.participants.cells import CellKey, Heads, MemoryCellStore
from chalicelib.participants.changes import changing, joining, leaving
from chalicelib.participants.headcount import Headcount, change_of
from chalicelib.participants.items import ParticipantItem
from chalicelib.participants.model import Contact, ContactKind, Place, PlaceKind
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.recount import Recount
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.once import TRANSACTION, lots
from tests.made import NOW, images, participant

HOME, WORK, SHED = Point(5.2, 52.5), Point(5.3, 52.5), Point(5.2, 52.5001)
AREAS = {HOME: "BU90010101", WORK: "BU90020101", SHED: "BU90010101"}


def somebody(*points, paused=False, name="somebody0000"):
    return participant(
        id=name,
        contacts=(Contact(ContactKind.PHONE, f"+3161234{name[-4:]}"),),
        places=tuple(
            Place(PlaceKind.HOME, point, AREAS[point], AREAS[point][:6].replace("BU", "GM")) for point in points
        ),
        paused=paused,
    )


def record(event_id, old=None, new=None):
    return {"eventID": event_id, "dynamodb": images(old, new)}


def standing(cells):
    return {key: heads for rows in cells.rows.values() for key, heads in rows.items() if heads != Heads()}


@pytest.fixture
def cells():
    return MemoryCellStore()


@pytest.fixture
def headcount(cells):
    return Headcount(cells, ManualClock(NOW))


def test_the_first_place_counts_apart_from_the_others_in_a_small_and_in_a_large_cell(headcount, cells):
    headcount.count({"Records": [record("e1", new=somebody(HOME, WORK))]})
    expected = {}
    for length in (5, 7):
        expected[CellKey(geohash.encode(*HOME, length), "BU90010101")] = Heads(1, 0)
        expected[CellKey(geohash.encode(*WORK, length), "BU90020101")] = Heads(0, 1)
    assert standing(cells) == expected


@pytest.mark.parametrize("gone", [None, somebody(HOME, WORK, paused=True)])
def test_who_leaves_or_pauses_counts_no_more(headcount, cells, gone):
    joined = somebody(HOME, WORK)
    headcount.count({"Records": [record("e1", new=joined), record("e2", old=joined, new=gone)]})
    assert standing(cells) == {}


def test_a_change_that_moves_nobody_is_nothing_to_count():
    assert change_of(record("e1", somebody(HOME), somebody(HOME))["dynamodb"]) == {}


def test_records_that_come_again_in_another_lot_are_counted_once(headcount, cells):
    first, second = record("e1", new=somebody(HOME)), record("e2", new=somebody(HOME))
    headcount.count({"Records": [first]})
    headcount.count({"Records": [first, second]})
    assert set(standing(cells).values()) == {Heads(2, 0)}


def test_the_largest_change_of_one_participant_fits_in_a_transaction():
    def image(number, lat):
        places = [Place(PlaceKind.HOME, Point(5 + n, lat), f"BU{number}{n:03d}0101", "GM9000") for n in range(5)]
        return ParticipantItem.of(replace(somebody(), places=tuple(places))).serialize()

    moved = {"OldImage": image(9, 52), "NewImage": image(8, 51)}
    ((ids, sums),) = lots([("e1", change_of(moved))])
    assert len(ids) + len(sums) <= TRANSACTION


WHEREABOUTS = st.lists(st.sampled_from([HOME, WORK, SHED]), max_size=3, unique=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["anna00000001", "bram00000002"]), WHEREABOUTS, st.booleans()), max_size=6))
def test_whatever_people_do_the_running_counts_are_what_a_recount_finds(moves):
    clock, places, cells = ManualClock(NOW), MemoryPlaceStore(), MemoryCellStore()
    store = MemoryParticipantStore(places, MemorySignUpStore())
    headcount = Headcount(cells, clock)
    for number, (name, points, paused) in enumerate(moves):
        clock.advance(seconds=1)
        before = store.rows.get(name)
        if not points:
            if not before:
                continue
            step = leaving(before)
        elif before:
            after = replace(before, places=somebody(*points).places, paused=paused)
            step = changing(before, after, clock.now())
        else:
            step = joining(somebody(*points, paused=paused, name=name), clock.now())
        store.commit([step])
        headcount.count({"Records": [record(f"e{number}", step.before, step.after)]})
    recount = Recount(places, cells, clock, (5.1, 52.4, 5.4, 52.6))
    assert recount.run({})["corrected"] == 0


def test_a_recount_sets_right_what_was_lost_and_what_was_never_there():
    clock, places, cells = ManualClock(NOW), MemoryPlaceStore(), MemoryCellStore()
    store = MemoryParticipantStore(places, MemorySignUpStore())
    store.commit([joining(somebody(HOME, WORK), NOW)])
    ghost = CellKey(geohash.encode(*HOME, 7), "BU90019999")
    cells.correct(ghost, Heads(), Heads(7, 7))
    recount = Recount(places, cells, clock, (5.1, 52.4, 5.4, 52.6))
    elsewhere = Recount(places, cells, clock, (4.1, 52.4, 4.4, 52.6))
    assert elsewhere.run({})["corrected"] == 0
    assert recount.run({"within": geohash.encode(*HOME, 5)}) == {"counted": 1, "corrected": 3}
    recount.run({})
    fresh = MemoryCellStore()
    Headcount(fresh, clock).count({"Records": [record("e1", new=somebody(HOME, WORK))]})
    assert standing(cells) == standing(fresh)
