"""What every roll promises: everybody once, as they are now."""

from dataclasses import replace

import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.items import ParticipantItem
from chalicelib.participants.model import ChannelChoice, Contact, ContactKind, Place, PlaceKind
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.roll import DynamoRoll, Enrolled
from chalicelib.participants.store_memory import MemoryParticipantStore, MemoryRoll, MemorySignUpStore
from chalicelib.platform import aws
from tests.made import participant

HOME = Place(PlaceKind.HOME, Point(5.09, 52.03), "BU03560101", "GM0356", "Marktplein 1, Nieuwegein")
WORK = Place(PlaceKind.WORK, Point(5.09, 52.02), "GM0356", "GM0356")
JAN = participant(
    chosen=frozenset({ChannelChoice.SMS, ChannelChoice.EMAIL}),
    contacts=(Contact(ContactKind.PHONE, "+31612345678"),),
    places=(HOME, WORK),
    version=3,
)
ENROLLED = Enrolled(JAN.id, 3, True, ("sms",), (("BU03560101", "home"), ("GM0356", "work")))


@pytest.fixture
def roll(backend):
    """A roll, and what puts participants on it."""
    if backend.name == "memory":
        store = MemoryParticipantStore(MemoryPlaceStore(), MemorySignUpStore())
        return MemoryRoll(store), lambda who: store.rows.update({who.id: who})
    table = backend.table("participants")

    def client():
        return aws.client("dynamodb")

    return DynamoRoll(client, table), lambda who: client().put_item(
        TableName=table, Item=ParticipantItem.of(who).serialize()
    )


def test_somebody_is_found_as_they_are_now(roll):
    roll, put = roll
    assert roll.find(JAN.id) is None
    put(JAN)
    assert roll.find(JAN.id) == ENROLLED
    put(replace(JAN, paused=True, version=4))
    assert roll.find(JAN.id) == replace(ENROLLED, active=False, version=4)


def test_page_by_page_everybody_comes_once(roll):
    roll, put = roll
    assert roll.page(None, 2) == ([], None)
    names = {f"0123456789a{n}" for n in range(5)}
    for name in names:
        put(replace(JAN, id=name))
    found, (page, after) = [], roll.page(None, 2)
    while after is not None:
        assert len(page) == 2
        found += page
        page, after = roll.page(after, 2)
    found += page
    assert sorted(found, key=lambda it: it.id) == [replace(ENROLLED, id=name) for name in sorted(names)]
