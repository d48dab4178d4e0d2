"""Places are found anew where boundaries changed, and nowhere else."""

from dataclasses import replace

import pytest

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.participants.changes import changing, leaving
from chalicelib.participants.relocation import Relocation
from chalicelib.participants.store_memory import MemoryRoll


@pytest.fixture
def move(house):
    def move(changed=lambda code: True, store=None, after=None, size=10):
        house.clock.advance(seconds=60)
        roll = MemoryRoll(house.participants)
        return Relocation(roll, store or house.participants, house.areas, house.clock).page(after, size, changed)

    return move


@pytest.fixture
def merged(house):
    """The municipality where they live has another code now."""
    old = house.areas.store.features["GM9001"]
    for code in [*house.areas.store.features]:
        house.areas.end(code, 2026)
    area = Area("GM9005", "Lindedam", Level.MUNICIPALITY, 2026, "GM9005")
    house.areas.load([Feature(area, old.shape)])


def test_a_place_lies_in_the_area_that_is_there_now(house, move, request):
    house.joined()
    before = house.only_participant()
    assert move() == (0, None)
    request.getfixturevalue("merged")
    assert move() == (1, None)
    after = house.only_participant()
    assert [(place.area, place.municipality) for place in after.places] == [("GM9005", "GM9005")] * len(before.places)
    assert [place.point for place in after.places] == [place.point for place in before.places]
    assert {row.neighbourhood for row in house.valid_rows().values()} == {"GM9005"}
    assert after.version == before.version + 1
    assert move() == (0, None)
    assert house.only_participant() == after


def test_who_has_no_place_where_anything_changed_is_not_looked_at(house, move, request):
    house.joined()
    before = house.only_participant()
    request.getfixturevalue("merged")
    asked = []
    assert move(lambda code: asked.append(code) or False) == (0, None)
    assert asked == [place.area for place in before.places]
    assert house.only_participant() == before


def test_a_place_that_lies_nowhere_now_stays_as_it_was(house, move):
    house.joined()
    before = house.only_participant()
    for code in [*house.areas.store.features]:
        house.areas.end(code, 2026)
    assert move() == (0, None)
    assert house.only_participant() == before


def test_a_change_of_their_own_that_comes_first_is_kept(house, move, request):
    house.joined()
    request.getfixturevalue("merged")

    def pause():
        before = house.only_participant()
        house.participants.commit([changing(before, replace(before, paused=True), house.clock.now())])

    assert move(store=house.overtaken(pause)) == (1, None)
    after = house.only_participant()
    assert (after.paused, after.places[0].area) == (True, "GM9005")


def test_who_left_meanwhile_is_no_trouble(house, move, request):
    house.joined()
    request.getfixturevalue("merged")

    def leave():
        house.participants.commit([leaving(house.only_participant())])

    assert move(store=house.overtaken(leave)) == (0, None)
    assert not house.participants.rows


def test_people_come_in_pages(house, move, request):
    house.joined()
    request.getfixturevalue("merged")
    moved, after = move(size=1)
    assert (moved, after) == (1, house.only_participant().id)
    assert move(after=after) == (0, None)
