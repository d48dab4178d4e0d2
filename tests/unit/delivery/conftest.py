"""A street of Sluisveen, an alert over the west half of it, and everything of delivery in memory."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.example_alert import approved_alert, example_content
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.model import Point, PolygonShape
from chalicelib.delivery.message_ids import MemoryMessageIds
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.model import Contact, ContactKind
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import MemoryQueues
from tests.made import participant

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
AREA = PolygonShape((((((5.19, 52.49), (5.21, 52.49), (5.21, 52.51), (5.19, 52.51), (5.19, 52.49)),)),))


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def alerts():
    return MemoryAlertStore()


@pytest.fixture
def ledger():
    return MemoryLedger()


@pytest.fixture
def places():
    return MemoryPlaceStore()


@pytest.fixture
def participants(places):
    return MemoryParticipantStore(places, MemorySignUpStore())


@pytest.fixture
def somebody():
    return _somebody


def _somebody(name, phone="+31612345678", email=None):
    """A participant as they are now; their id is the name, filled up."""
    contacts = [(ContactKind.EMAIL, email), (ContactKind.PHONE, phone)]
    return participant(
        id=name.ljust(12, "0"), contacts=tuple(Contact(kind, text) for kind, text in contacts if text), created_at=START
    )


@pytest.fixture
def queues():
    return MemoryQueues()


@pytest.fixture
def message_ids():
    return MemoryMessageIds()


@pytest.fixture
def place():
    return _place


def _place(participant, rank=0, lon=5.2001, lat=52.5001, earlier=(), *, phone="+31612345678", email=None, **changes):
    row = PlaceRow(
        participant=participant,
        rank=rank,
        point=Point(lon, lat),
        earlier=tuple(earlier),
        phone=phone,
        email=email,
        language="nl",
        neighbourhood="BU90010101",
        valid_from_ms=0,
    )
    return row._replace(**changes)


@pytest.fixture
def put(alerts):
    """Writes an alert as its newest version."""

    def put(alert):
        standing = alerts.get(alert.id).version if alert.id in alerts.rows else 0
        alerts.put(alert, standing, EventRecord(f"e{alert.version}", alert.changed_at, "changed", "test"))
        return alert

    return put


@pytest.fixture
def scheduled(put):
    return put(approved_alert(example_content(AREA), at=START, countdown=timedelta(seconds=10))[1])


@pytest.fixture
def active(put, scheduled, clock):
    clock.advance(seconds=10)
    return put(scheduled.begin(at=clock.now()))


@pytest.fixture
def close():
    def close(alert, at):
        return alert.close(
            result=Result.MISSING_PERSON_FOUND, contribution=Contribution.DIRECT, text=None, by="anna", at=at
        )

    return close
