"""So many from a network, of what anybody may do."""

import pytest

from chalicelib.platform.clock import ManualClock
from chalicelib.platform.counters import MemoryCounters
from chalicelib.platform.crowd import WINDOW_S, Crowd, Flood
from chalicelib.platform.errors import TooManyRequests
from chalicelib.platform.tokens import KeyedHash
from tests.unit.delivery.conftest import START


def test_each_flood_each_subject_and_each_network_is_counted_apart():
    counters, clock, keyed = MemoryCounters(), ManualClock(START), KeyedHash(b"k" * 32)
    tips = Crowd(counters, keyed, clock, Flood("tip", "TipsRefused", "too_many", "Later."), most=1)
    topics = Crowd(counters, keyed, clock, Flood("topic", "TopicsRefused", "too_many_too", "Later."), most=1)
    tips.admit("192.0.2.1", "one")
    with pytest.raises(TooManyRequests) as refused:
        tips.admit("192.0.2.9", "one")
    assert refused.value.code == "too_many"
    tips.admit("192.0.2.1", "two")
    tips.admit("198.51.100.1", "one")
    topics.admit("192.0.2.1")
    with pytest.raises(TooManyRequests, match="Later"):
        topics.admit("192.0.2.1")
    clock.sleep(WINDOW_S)
    topics.admit("192.0.2.1")
    assert not any("192.0.2" in name for name, _ in counters.counted)
