"""What every store of counts per cell promises."""

import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.cells import CellKey, DynamoCellStore, Heads, MemoryCellStore, cells_of
from chalicelib.platform import aws
from chalicelib.platform.once import AlreadyCounted

TTL = 2_000_000_000
NEAR, FAR = CellKey("u178kbb", "BU90010101"), CellKey("u178kzz", "BU90010102")
BESIDE = CellKey("u178kbb", "BU90010102")


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryCellStore()
    return DynamoCellStore(lambda: aws.client("dynamodb"), backend.table("cells"), backend.table("idempotency"))


@pytest.mark.transactions
def test_changes_are_counted_once(store):
    store.count_changes(["e1", "e2"], {NEAR: Heads(2, 1), FAR: Heads(0, 3)}, TTL)
    with pytest.raises(AlreadyCounted):
        store.count_changes(["e2", "e3"], {NEAR: Heads(1, 0)}, TTL)
    store.count_changes(["e3"], {NEAR: Heads(-1, 0), BESIDE: Heads(1, 1)}, TTL)
    assert list(store.within("u178k")) == [(NEAR, Heads(1, 1)), (BESIDE, Heads(1, 1)), (FAR, Heads(0, 3))]


@pytest.mark.transactions
def test_a_cell_where_nobody_is_any_more_is_left_out(store):
    store.count_changes(["e1"], {NEAR: Heads(1, 0)}, TTL)
    store.count_changes(["e2"], {NEAR: Heads(-1, 0)}, TTL)
    assert list(store.within("u178k")) == []


def test_a_range_holds_the_cells_between_its_ends_and_their_parts(store):
    cells = [CellKey(cell, "BU90010101") for cell in ("u178j", "u178k", "u178m")]
    for key in cells:
        store.correct(key, Heads(), Heads(1, 0))
    assert [key for key, _ in store.within("u17", "u178k", "u178k")] == cells[1:2]
    assert [key for key, _ in store.within("u17", "u178k", "u178m")] == cells[1:]
    assert [key for key, _ in store.within("u17")] == cells
    assert list(store.within("u16")) == []


def test_a_correction_needs_what_it_saw(store):
    assert store.correct(NEAR, Heads(), Heads(2, 1))
    assert not store.correct(NEAR, Heads(), Heads(9, 9))
    assert not store.correct(NEAR, Heads(1, 1), Heads(9, 9))
    assert list(store.within("u178k")) == [(NEAR, Heads(2, 1))]
    assert store.correct(NEAR, Heads(2, 1), Heads())
    assert list(store.within("u178k")) == []
    assert store.correct(NEAR, Heads(), Heads(0, 1))
    assert list(store.within("u178k")) == [(NEAR, Heads(0, 1))]


def test_a_place_counts_in_the_cells_that_hold_it():
    place = Point(5.2, 52.5)
    home, work = cells_of(place, "BU90010101", 0), cells_of(place, "BU90010101", 3)
    assert [(key.cell, key.partition) for key in home] == [("u17dw", "u17"), ("u17dwm6", "u17dw")]
    assert set(home.values()) == {Heads(1, 0)}
    assert set(work.values()) == {Heads(0, 1)}
    assert home.keys() == work.keys()
