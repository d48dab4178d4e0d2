"""Turning topics on and off, without an account."""

import pytest

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Area, Level
from chalicelib.channels.model import Device
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.counters import MemoryCounters
from chalicelib.platform.crowd import WINDOW_S, Crowd
from chalicelib.platform.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from chalicelib.platform.settings import PUSH_SERVICES
from chalicelib.platform.tokens import KeyedHash
from chalicelib.topics.model import Listener, listener_id
from chalicelib.topics.service import FLOOD, TopicService
from chalicelib.topics.store import Overtaken
from chalicelib.topics.store_memory import MemoryTopicStore
from tests.unit.delivery.conftest import START

DEVICE = Device("https://web.push.apple.com/push/one", "p", "a")
JOINED, OUTSIDE = "BU90010101", "GM9009"


class Areas:
    def get(self, code):
        if code not in (JOINED, OUTSIDE):
            raise NotFound("area_not_found", "There is no such area.")
        return Area(code, code, Level.NEIGHBOURHOOD, 2026, "GM9001", joined=code == JOINED)


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def store(clock):
    return MemoryTopicStore(clock)


def crowd(clock, most):
    return Crowd(MemoryCounters(), KeyedHash(b"k" * 32), clock, FLOOD, most)


@pytest.fixture
def service(store, clock):
    return TopicService(store, Areas(), PUSH_SERVICES, crowd(clock, most=3))


def test_who_listens_is_found_and_who_leaves_is_not(service, store):
    name = service.subscribe(DEVICE, [JOINED], Language.EN, "192.0.2.1")
    assert store.page(JOINED, "", 9).listeners == (Listener(name, DEVICE, Language.EN),)
    service.unsubscribe(name)
    assert store.page(JOINED, "", 9).listeners == ()


@pytest.mark.parametrize(
    ("endpoint", "code", "reason"),
    [
        ("https://attacker.example/push/one", JOINED, "push_service_unknown"),
        (DEVICE.endpoint, "BU90010199", "no_such_area"),
        (DEVICE.endpoint, OUTSIDE, "area_not_joined"),
    ],
)
def test_what_is_refused_leaves_nothing(service, store, endpoint, code, reason):
    with pytest.raises(InvalidInput) as refused:
        service.subscribe(Device(endpoint, "p", "a"), [JOINED, code], Language.NL, "192.0.2.1")
    assert refused.value.code == reason
    assert store.listeners == {}


def test_of_one_network_only_so_many_are_turned_on_and_each_may_be_turned_off(service, store, clock):
    for _ in range(3):
        service.subscribe(DEVICE, [JOINED], Language.NL, "192.0.2.1")
    with pytest.raises(TooManyRequests):
        service.subscribe(DEVICE, [JOINED], Language.NL, "192.0.2.9")
    for _ in range(9):
        service.unsubscribe(listener_id(DEVICE))
    assert store.listeners == {}
    service.subscribe(DEVICE, [JOINED], Language.NL, "198.51.100.1")
    clock.sleep(WINDOW_S)
    service.subscribe(DEVICE, [JOINED], Language.NL, "192.0.2.1")


def test_what_is_no_id_is_not_found(service):
    for wrong in ("", "x" * 32, "0" * 31, "0" * 33):
        with pytest.raises(NotFound):
            service.unsubscribe(wrong)
    service.unsubscribe("0" * 32)


def test_who_is_changed_by_others_all_the_while_is_told(service, store, clock):
    class Busy(MemoryTopicStore):
        def put(self, listener, areas):
            raise Overtaken

        def remove(self, listener):
            raise Overtaken

    busy = TopicService(Busy(clock), Areas(), PUSH_SERVICES, crowd(clock, most=9))
    for change in (
        lambda: busy.subscribe(DEVICE, [JOINED], Language.NL, "192.0.2.1"),
        lambda: busy.unsubscribe(listener_id(DEVICE)),
    ):
        with pytest.raises(Conflict):
            change()
