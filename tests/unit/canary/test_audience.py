"""Canaries and people never get each other's messages, and neither counts among the other."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Audience, Category, Kind, Occasion
from chalicelib.areas.cover import cover
from chalicelib.areas.model import CircleShape, Point
from chalicelib.canary.model import Addresses, Canary, around
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Person
from chalicelib.delivery.question import answers, question
from chalicelib.participants.cells import MemoryCellStore
from chalicelib.participants.place_rows import PlaceRow, found
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.recount import Recount
from chalicelib.participants.wishes import Day, Hours, Topic, Wishes
from chalicelib.platform.clock import ManualClock

NOW = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)
SPOTS = [Point(5.2 + column * 0.01, 52.5 + row * 0.01) for column in range(3) for row in range(3)]
NIGHT = (Hours(frozenset(Day), 22 * 60, 7 * 60),)
ADDRESSES = Addresses("canary@burgernet.example", "+31612345678")
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(SPOTS),
        st.builds(
            Wishes,
            st.frozensets(st.sampled_from(Topic)),
            st.booleans(),
            st.sampled_from([(), (NIGHT,)]),
        ),
    ),
    max_size=8,
)
CANARIES = st.sets(st.sampled_from(SPOTS), min_size=1).map(
    lambda spots: [Canary(f"GM{9000 + number}", spot) for number, spot in enumerate(sorted(spots))]
)
OCCASIONS = st.builds(
    Occasion, st.just(Kind.ALERT), st.sampled_from(list(Category)[:6]), st.sampled_from(Status), st.booleans()
)
SHAPES = st.builds(CircleShape, st.sampled_from(SPOTS), st.sampled_from([30.0, 900.0, 4_000.0]))


def row_of(number, spot, wishes):
    return PlaceRow(f"{number:013}", 0, spot, (), f"+316{number:08}", None, "nl", "BU90010101", 0, wishes=wishes.packed)


def asked(places, shape, occasion):
    put = question(shape, (Channel.SMS, Channel.EMAIL), occasion, NOW)
    return sorted(answers(put, cover(shape), places), key=str)


def stores(people, flock):
    """With the people alone, with the canaries alone, with both."""
    crowd = [row_of(number, *somebody) for number, somebody in enumerate(people)]
    birds = [canary.row(ADDRESSES, NOW) for canary in flock]
    for rows in (crowd, birds, [*crowd, *birds]):
        store = MemoryPlaceStore()
        store.load(rows)
        yield store


@given(PEOPLE, CANARIES, OCCASIONS, SHAPES)
def test_no_alert_of_people_asks_or_counts_a_canary(people, flock, occasion, shape):
    crowd, birds, both = stores(people, flock)
    assert asked(both, shape, occasion) == asked(crowd, shape, occasion)
    assert asked(birds, shape, occasion) == []


@given(PEOPLE, CANARIES, OCCASIONS, SHAPES)
def test_what_is_for_canaries_asks_and_counts_nobody_else(people, flock, occasion, shape):
    test = Occasion(occasion.kind, occasion.category, Status.TEST, audience=Audience.CANARIES)
    crowd, birds, both = stores(people, flock)
    assert asked(crowd, shape, test) == []
    assert asked(both, shape, test) == asked(birds, shape, test)
    inside = [canary for canary in flock if shape.contains(canary.point)]
    assert {answer.participant for answer in asked(both, shape, test)} == {canary.reference for canary in inside}


@given(CANARIES)
def test_the_area_of_their_alert_holds_every_canary_and_nobody_across_the_street(flock):
    shape = around(flock)
    assert all(shape.contains(canary.point) for canary in flock)
    assert not any(shape.contains(Point(canary.point.lon + 0.0001, canary.point.lat)) for canary in flock)
    _, birds, _ = stores([], flock)
    people = asked(birds, shape, Occasion(Kind.ALERT, None, Status.TEST, audience=Audience.CANARIES))
    wanted = [
        Person(
            canary.reference,
            canary.area,
            "nl",
            {Channel.SMS: "+31612345678", Channel.EMAIL: f"canary+{canary.area.lower()}@burgernet.example"},
        )
        for canary in flock
    ]
    assert sorted(people, key=lambda it: it.participant) == sorted(wanted, key=lambda it: it.participant)


def test_a_recount_leaves_canaries_out():
    _, birds, _ = stores([], [Canary("GM9001", SPOTS[0])])
    cells = MemoryCellStore()
    recount = Recount(birds, cells, ManualClock(NOW), (5.1, 52.4, 5.4, 52.6))
    assert recount.run({})["corrected"] == 0


@pytest.mark.parametrize("code", ["GM9001", "GM0003"])
def test_a_canary_is_known_by_a_reference_as_long_as_a_participant_s(code):
    row = Canary(code, SPOTS[0]).row(ADDRESSES, NOW)
    assert len(row.participant) == 13
    assert found(row).canary
    assert not found(row_of(1, SPOTS[0], Wishes(frozenset({Topic.ROBBERY}), exercises=True))).canary
