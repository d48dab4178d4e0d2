"""What a shared clock promises to those who send at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.pace import DynamoPace, Full, MemoryPace

NOW, SECOND = 1_795_464_900_000_000, 1_000_000
SMS, EMAIL = Channel.SMS, Channel.EMAIL


@pytest.fixture
def pace(backend):
    if backend.name == "memory":
        return MemoryPace()
    return DynamoPace(backend.table("pace"))


def test_turns_follow_each_other(pace):
    begins = [pace.reserve(SMS, length, NOW, NOW + 9 * SECOND) for length in (SECOND, SECOND, 3)]
    assert begins == [NOW, NOW + SECOND, NOW + 2 * SECOND]
    assert pace.standing(SMS) == NOW + 2 * SECOND + 3


def test_each_channel_has_a_clock_of_its_own(pace):
    assert [pace.reserve(channel, SECOND, NOW, NOW) for channel in (SMS, EMAIL)] == [NOW, NOW]
    assert pace.standing(Channel.SMS) == NOW + SECOND


def test_time_in_which_nobody_sent_is_gone(pace):
    pace.reserve(SMS, SECOND, NOW, NOW)
    assert pace.reserve(SMS, SECOND, NOW + 60 * SECOND, NOW + 60 * SECOND) == NOW + 60 * SECOND


def test_a_turn_that_would_begin_too_late_is_not_reserved(pace):
    pace.reserve(SMS, 5 * SECOND, NOW, NOW)
    with pytest.raises(Full) as full:
        pace.reserve(SMS, SECOND, NOW, NOW + 4 * SECOND)
    assert full.value.free_us == NOW + 5 * SECOND
    assert pace.reserve(SMS, SECOND, NOW, NOW + 5 * SECOND) == NOW + 5 * SECOND


def test_what_is_given_back_is_the_next_ones(pace):
    pace.reserve(SMS, 5 * SECOND, NOW, NOW)
    pace.give_back(SMS, 3 * SECOND, NOW)
    assert pace.reserve(SMS, SECOND, NOW, NOW + 2 * SECOND) == NOW + 2 * SECOND


def test_what_is_given_back_after_its_time_changes_nothing(pace):
    pace.give_back(SMS, SECOND, NOW)
    assert pace.standing(SMS) == 0
    pace.reserve(SMS, SECOND, NOW, NOW)
    pace.give_back(SMS, SECOND, NOW + SECOND)
    assert pace.standing(SMS) == NOW + SECOND


def test_a_hold_keeps_everybody_until_then_and_never_moves_the_clock_back(pace):
    for until in (NOW + 2 * SECOND, NOW + 2 * SECOND, NOW + SECOND):
        pace.hold(SMS, until)
    assert pace.reserve(SMS, SECOND, NOW, NOW + 2 * SECOND) == NOW + 2 * SECOND


def test_senders_at_the_same_time_never_get_the_same_turn(pace):
    with ThreadPoolExecutor(8) as pool:
        begins = list(pool.map(lambda _: pace.reserve(SMS, SECOND, NOW, NOW + 99 * SECOND), range(40)))
    assert sorted(begins) == [NOW + n * SECOND for n in range(40)]
