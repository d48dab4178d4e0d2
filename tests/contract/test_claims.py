"""A claim gives the batch and the alert as it was after the lane was taken, whichever way the two are read."""

from dataclasses import replace

import pytest

from bench.example_alert import START, active_alert
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.store import DynamoAlertStore, MemoryAlertStore
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.delivery.changes import Busy
from chalicelib.delivery.claims import Claim, DynamoClaims, MemoryClaims
from chalicelib.delivery.model import Batch, BatchKey, LaneState, Person
from chalicelib.delivery.store import DynamoLedger
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import NotFound
from chalicelib.platform.ids import random_id

pytestmark = pytest.mark.transactions  # alerts are put in one

SMS, EMAIL = Channel.SMS, Channel.EMAIL


@pytest.fixture
def active():
    return active_alert(CircleShape(Point(5.2, 52.5), 400))


@pytest.fixture
def claims(backend):
    if backend.name == "memory":
        return MemoryClaims(MemoryLedger(), MemoryAlertStore())
    ledger = DynamoLedger(backend.table("deliveries"), ManualClock(START))
    return DynamoClaims(ledger, DynamoAlertStore(backend.table("alerts")))


@pytest.fixture
def key(claims, active):
    claims.alerts.put(active, 0, EventRecord(random_id(), active.created_at, "begun", "system"))
    key = BatchKey(active.id, MessageKind.CALL, 3, 12)
    people = (
        Person("p1", "BU90010101", "nl", {SMS: "+31611111111", EMAIL: "een@burgernet.example"}),
        Person("p2", "BU90010102", "en", {SMS: "+31622222222"}),
    )
    claims.ledger.add(Batch.new(key, people))
    return key


def test_a_claim_gives_the_batch_as_the_ledger_then_has_it_and_the_alert(claims, key, active):
    batch, alert = claims.take(key, SMS, 1_000, 500)
    assert alert == active
    assert [person.contacts for person in batch.people] == [{SMS: "+31611111111"}, {SMS: "+31622222222"}]
    standing = claims.ledger.get(key)
    assert (batch.lanes, batch.version) == (standing.lanes, standing.version)
    assert standing.lanes[SMS].state is LaneState.CLAIMED


def test_a_lane_is_taken_once_until_its_lease_ends(claims, key):
    claims.take(key, SMS, 1_000, 500)
    with pytest.raises(Busy) as busy:
        claims.take(key, SMS, 1_400, 500)
    assert busy.value.free_at_ms == 1_500
    assert claims.take(key, EMAIL, 1_400, 500)
    assert claims.take(key, SMS, 1_501, 500).batch.lanes[SMS].taken_over


def test_where_there_is_nothing_to_do_nothing_is_claimed(claims, key):
    claims.ledger.record(claims.take(key, SMS, 1_000, 500).batch, SMS, {}, LaneState.DONE)
    assert claims.take(key, SMS, 9_000, 500) is None
    assert claims.take(key, Channel.VOICE, 1_000, 500) is None
    assert claims.take(replace(key, number=13), SMS, 1_000, 500) is None


def test_an_alert_that_is_not_there_is_an_error(claims, key):
    elsewhere = replace(key, alert="0000000abd")
    claims.ledger.add(replace(claims.ledger.get(key), key=elsewhere))
    with pytest.raises(NotFound):
        claims.take(elsewhere, SMS, 1_000, 500)


def test_the_alert_is_looked_at_after_the_lane_was_taken(claims, key, active, monkeypatch):
    """Whoever stops an alert before a lane is taken is always heard."""
    seen = []

    def changed(self, *given):
        taken = real(self, *given)
        seen.append(taken is not None)
        claims.alerts.put(
            replace(active, version=active.version + 1),
            active.version,
            EventRecord(random_id(), active.created_at, "stopped", "ines"),
        )
        return taken

    kind = type(claims.ledger)
    name = "take" if kind is DynamoLedger else "claim"
    real = getattr(kind, name)
    monkeypatch.setattr(kind, name, changed)
    claim = claims.take(key, SMS, 1_000, 500)
    assert isinstance(claim, Claim)
    assert (seen, claim.alert.version) == ([True], active.version + 1)
