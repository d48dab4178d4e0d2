"""Runs: what is sent, when it is missing, and what is noted of what arrives."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.alert_codec import read, written
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Audience
from chalicelib.alerts.states import State
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.model import Area, Feature, Level, Point, PolygonShape
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.canary.model import Addresses, Message
from chalicelib.canary.service import Canaries
from chalicelib.canary.store import MemoryCanaryStore
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Batch, BatchKey, Person, Plan, Result
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.platform.clock import ManualClock

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SQUARE = PolygonShape((((((5.0, 52.0), (5.1, 52.0), (5.1, 52.1), (5.0, 52.1), (5.0, 52.0)),)),))
MAIL = Addresses(email="canary@burgernet.example")
SLUISVEEN, MOLENDRECHT = Message("GM9001", Channel.EMAIL), Message("GM9002", Channel.EMAIL)


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def areas():
    service = AreaService(MemoryAreaStore(), (3.2, 50.7, 7.3, 53.7))
    service.load(
        Feature(Area(code=code, name=code, level=Level.MUNICIPALITY, year=2024, municipality=code, label=label), SQUARE)
        for code, label in (("GM9001", Point(5.05, 52.05)), ("GM9002", None), ("GM9003", None))
    )
    for code in ("GM9001", "GM9002"):
        service.put_municipality(code, True, ())
    return service


@pytest.fixture
def make(areas, clock):
    """With addresses of one's own; all else is there already."""
    parts = MemoryAlertStore(), areas, MemoryPlaceStore(), MemoryLedger(), MemoryCanaryStore(), clock

    def make(addresses=MAIL):
        return Canaries(*parts, addresses, 10)

    return make


def deliver(canaries, areas, result=Result.DELIVERED):
    """As the pipeline would: a batch of them, and what a receipt said."""
    alert = canaries.store.runs(1)[0].alert
    people = tuple(Person(f"canary{area.lower()}0", area, "nl", {Channel.EMAIL: "a@b.example"}) for area in areas)
    canaries.ledger.put_plan(alert, "call", Plan(1, NOW))
    batch = canaries.ledger.add(Batch.new(BatchKey(alert, "call", 0, 0), people))
    canaries.ledger.record(batch, Channel.EMAIL, dict.fromkeys(range(len(people)), result))
    canaries.note(canaries.alerts.get(alert))


def begun(canaries):
    """The alert of the newest run, active."""
    alert = canaries.alerts.get(canaries.store.runs(1)[0].alert)
    return alert.begin(at=canaries.clock.now())


def test_a_run_is_a_test_for_canaries_that_goes_out_now(make):
    canaries = make()
    assert canaries.run({"send": True}) == {"sent": 2, "missing": 0}
    alert = begun(canaries)
    assert (alert.status, alert.content.audience) == (Status.TEST, Audience.CANARIES)
    assert (alert.state, alert.municipalities) == (State.ACTIVE, ("GM9001", "GM9002"))
    assert alert.expires == NOW + timedelta(minutes=10)
    assert read(written(alert), alert.content.target.packed) == alert
    (outbox,) = canaries.alerts.outbox.values()
    assert (outbox.message, outbox.due) == ("call", NOW)


def test_it_stands_in_no_list_of_alerts(make):
    canaries = make()
    canaries.run({"send": True})
    assert canaries.alerts.page(limit=10).alerts == ()


def test_without_an_address_nothing_happens(make):
    canaries = make(Addresses())
    assert canaries.run({"send": True}) == {"sent": 0, "missing": 0}
    assert (canaries.alerts.rows, canaries.places.rows, canaries.store.runs(5)) == ({}, {}, [])


def test_each_channel_is_expected_of_each_municipality_that_takes_part(make):
    canaries = make(Addresses("canary@burgernet.example", "+31612345678"))
    canaries.run({"send": True})
    (run,) = canaries.store.runs(5)
    assert run.expected == {
        Message(area, channel) for area in ("GM9001", "GM9002") for channel in (Channel.SMS, Channel.EMAIL)
    }


def test_what_arrives_is_noted_once_with_the_time_it_took(make, clock):
    canaries = make()
    canaries.run({"send": True})
    clock.advance(seconds=7.25)
    deliver(canaries, ["GM9001"])
    clock.advance(seconds=30)
    canaries.note(canaries.alerts.get(canaries.store.runs(1)[0].alert))
    (told,) = canaries.told()
    assert told.arrived == {SLUISVEEN: timedelta(seconds=7.25)}


@pytest.mark.parametrize("result", [Result.SENT, Result.FAILED])
def test_taken_by_the_provider_is_not_arrived(make, clock, result):
    canaries = make()
    canaries.run({"send": True})
    deliver(canaries, ["GM9001", "GM9002"], result)
    clock.advance(minutes=10)
    assert canaries.run({}) == {"sent": 0, "missing": 2}


def test_what_has_not_arrived_in_time_is_missing_and_is_told_once(make, clock):
    canaries = make()
    canaries.run({"send": True})
    canaries.alerts.put(begun(canaries), 3, None)
    deliver(canaries, ["GM9001"])
    clock.advance(minutes=9, seconds=59)
    assert canaries.run({}) == {"sent": 0, "missing": 0}
    clock.advance(seconds=1)
    assert canaries.run({}) == {"sent": 0, "missing": 1}
    assert canaries.run({}) == {"sent": 0, "missing": 0}
    (told,) = canaries.told()
    assert (told.run.missing, told.run.judged_at) == ({MOLENDRECHT}, clock.now())
    assert canaries.alerts.get(told.run.alert).state is State.CLOSED


def test_what_comes_late_is_noted_and_was_missing(make, clock):
    canaries = make()
    canaries.run({"send": True})
    canaries.alerts.put(begun(canaries), 3, None)
    clock.advance(minutes=10)
    canaries.run({})
    clock.advance(minutes=5)
    deliver(canaries, ["GM9001", "GM9002"])
    (told,) = canaries.told()
    assert told.arrived == dict.fromkeys((SLUISVEEN, MOLENDRECHT), timedelta(minutes=15))
    assert told.run.missing == {SLUISVEEN, MOLENDRECHT}


def test_a_run_that_could_not_be_sent_is_missed_as_well(make, clock):
    canaries = make()
    canaries.run({"send": True})
    canaries.alerts.rows.clear()  # killed before the alert was written
    clock.advance(minutes=10)
    assert canaries.run({}) == {"sent": 0, "missing": 2}


def test_a_run_that_nobody_planned_is_cancelled_and_missed(make, clock):
    canaries = make()
    canaries.run({"send": True})
    clock.advance(minutes=10)
    assert canaries.run({}) == {"sent": 0, "missing": 2}
    (run,) = canaries.store.runs(5)
    assert canaries.alerts.get(run.alert).state is State.CANCELLED
    assert canaries.alerts.outbox == {}


def test_the_next_run_finds_the_same_canaries(make, clock):
    canaries = make()
    canaries.run({"send": True})
    keys = set(canaries.places.rows)
    clock.advance(hours=1)
    assert canaries.run({"send": True}) == {"sent": 2, "missing": 2}
    assert set(canaries.places.rows) == keys


def test_no_address_shows_where_they_are_printed():
    assert "canary" not in repr(MAIL)
