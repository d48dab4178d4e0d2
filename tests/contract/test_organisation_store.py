"""What every store of organisations promises."""

from dataclasses import replace

import pytest

from chalicelib.platform import aws
from chalicelib.staff.mailing import Mailing
from chalicelib.staff.model import Kind, Organisation
from chalicelib.staff.store import DynamoOrganisationStore, MemoryOrganisationStore

ROOM = Organisation(
    "MK90",
    Kind.CONTROL_ROOM,
    "Meldkamer Noord",
    ("GM9001", "GM9002"),
    ("chief@a.example",),
    ("room@a.example",),
    Mailing(frozenset(), "en"),
)
TEAM = Organisation("T1", Kind.POLICE_TEAM, "Basisteam Oost", ())


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryOrganisationStore()
    return DynamoOrganisationStore(backend.table("organisations"), lambda: aws.client("dynamodb"))


def test_an_organisation_is_read_back(store):
    store.put(ROOM)
    store.put(TEAM)
    assert (store.find("MK90"), store.find("T1"), store.find("mk90")) == (ROOM, TEAM, None)


def test_the_last_one_stands(store):
    store.put(ROOM)
    smaller = Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", ("GM9001",))
    store.put(smaller)
    assert store.all() == [smaller]


def test_all_come_by_id(store):
    for organisation in (TEAM, ROOM):
        store.put(organisation)
    assert store.all() == [ROOM, TEAM]


@pytest.mark.transactions
def test_areas_change_alone_and_only_from_what_they_were(store):
    store.put(ROOM)
    assert store.set_areas("MK90", ["GM9005"], had=ROOM.areas)
    assert not store.set_areas("MK90", ["GM9006"], had=ROOM.areas)
    assert not store.set_areas("MK91", ["GM9006"], had=())
    assert store.all() == [replace(ROOM, areas=("GM9005",))]
