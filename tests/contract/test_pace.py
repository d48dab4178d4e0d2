"""What a shared clock promises to those who send at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.pace import DynamoPace, Full, Latest, MemoryPace, Promised

NOW, SECOND = 1_795_464_900_000_000, 1_000_000
SMS, EMAIL = Channel.SMS, Channel.EMAIL
FIRE, CHILD = "0000000fir", "0000000chd"


@pytest.fixture
def pace(backend):
    if backend.name == "memory":
        return MemoryPace()
    return DynamoPace(backend.table("pace"))


def by(latest_us):
    return Latest(latest_us, latest_us)


def test_turns_follow_each_other(pace):
    begins = [pace.reserve(SMS, FIRE, length, NOW, by(NOW + 9 * SECOND)) for length in (SECOND, SECOND, 3)]
    assert begins == [NOW, NOW + SECOND, NOW + 2 * SECOND]
    assert pace.standing(SMS) == Promised(NOW + 2 * SECOND + 3, FIRE)


def test_each_channel_has_a_clock_of_its_own(pace):
    assert [pace.reserve(channel, FIRE, SECOND, NOW, by(NOW)) for channel in (SMS, EMAIL)] == [NOW, NOW]
    assert pace.standing(SMS) == Promised(NOW + SECOND, FIRE)


def test_time_in_which_nobody_sent_is_gone(pace):
    pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW))
    assert pace.reserve(SMS, FIRE, SECOND, NOW + 60 * SECOND, by(NOW + 60 * SECOND)) == NOW + 60 * SECOND


def test_a_turn_that_would_begin_too_late_is_not_reserved(pace):
    pace.reserve(SMS, FIRE, 5 * SECOND, NOW, by(NOW))
    with pytest.raises(Full) as full:
        pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW + 4 * SECOND))
    assert full.value.early_us == SECOND
    assert pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW + 5 * SECOND)) == NOW + 5 * SECOND


def test_what_is_given_back_is_the_next_ones(pace):
    pace.reserve(SMS, FIRE, 5 * SECOND, NOW, by(NOW))
    pace.give_back(SMS, 3 * SECOND, NOW)
    assert pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW + 2 * SECOND)) == NOW + 2 * SECOND


def test_what_is_given_back_after_its_time_changes_nothing(pace):
    pace.give_back(SMS, SECOND, NOW)
    assert pace.standing(SMS) == Promised(0, "")
    pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW))
    pace.give_back(SMS, SECOND, NOW + SECOND)
    assert pace.standing(SMS) == Promised(NOW + SECOND, FIRE)


def test_a_hold_keeps_everybody_until_then_and_never_moves_the_clock_back(pace):
    for until in (NOW + 2 * SECOND, NOW + 2 * SECOND, NOW + SECOND):
        pace.hold(SMS, until)
    assert pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW + 2 * SECOND)) == NOW + 2 * SECOND


def test_senders_at_the_same_time_never_get_the_same_turn(pace):
    with ThreadPoolExecutor(8) as pool:
        begins = list(pool.map(lambda _: pace.reserve(SMS, FIRE, SECOND, NOW, by(NOW + 99 * SECOND)), range(40)))
    assert sorted(begins) == [NOW + n * SECOND for n in range(40)]


def test_who_did_not_have_the_last_turn_may_have_one_that_begins_later(pace):
    latest = Latest(NOW + SECOND, NOW + 2 * SECOND)
    pace.reserve(SMS, FIRE, 2 * SECOND, NOW, latest)
    with pytest.raises(Full) as full:
        pace.reserve(SMS, FIRE, SECOND, NOW, latest)
    assert full.value.early_us == SECOND
    assert pace.reserve(SMS, CHILD, SECOND, NOW, latest) == NOW + 2 * SECOND
    assert pace.standing(SMS) == Promised(NOW + 3 * SECOND, CHILD)
    for alert, early_us in ((CHILD, 2 * SECOND), (FIRE, SECOND)):
        with pytest.raises(Full) as full:
            pace.reserve(SMS, alert, SECOND, NOW, latest)
        assert full.value.early_us == early_us


def test_whose_turn_was_last_is_known_also_after_a_return_a_hold_and_an_idle_time(pace):
    latest = Latest(NOW + SECOND, NOW + 2 * SECOND)
    pace.reserve(SMS, FIRE, 2 * SECOND, NOW, latest)
    pace.give_back(SMS, SECOND, NOW)
    assert pace.standing(SMS) == Promised(NOW + SECOND, FIRE)
    pace.hold(SMS, NOW + 2 * SECOND)
    assert pace.standing(SMS) == Promised(NOW + 2 * SECOND, FIRE)
    later = NOW + 60 * SECOND
    pace.reserve(SMS, CHILD, SECOND, later, by(later))
    pace.reserve(SMS, CHILD, SECOND, later + 60 * SECOND, by(later + 60 * SECOND))
    assert pace.standing(SMS) == Promised(later + 61 * SECOND, CHILD)


def test_a_hold_before_the_first_turn_is_of_no_alert(pace):
    pace.hold(SMS, NOW + SECOND)
    assert pace.standing(SMS) == Promised(NOW + SECOND, "")
    assert pace.reserve(SMS, FIRE, SECOND, NOW, Latest(NOW, NOW + SECOND)) == NOW + SECOND
