"""Turns: who waits, for how long, and what is not used."""

from datetime import UTC, datetime

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import BATCH_SIZE
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import AHEAD_US, FIRST_US, HOLD_US, SECOND_US, Pacer, Turn
from chalicelib.platform.clock import ManualClock, epoch_us

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
NOW = epoch_us(START)


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def pace():
    return MemoryPace()


@pytest.fixture
def pacer(pace, clock):
    return Pacer(pace, clock, Channel.SMS, rate=20, chance=lambda: 0.5)


@pytest.mark.parametrize(
    ("rate", "lot"), [(0.5, 1), (1, 1), (14, 14), (20, 20), (200, BATCH_SIZE), (1_000, BATCH_SIZE)]
)
def test_a_turn_holds_a_seconds_messages_at_most_a_batch(pace, clock, rate, lot):
    turn = Pacer(pace, clock, Channel.SMS, rate).take(200, patience_s=0)
    assert turn == Turn(lot, NOW, round(SECOND_US / rate), clock)
    assert pace.standing(Channel.SMS) == NOW + lot * turn.gap_us


def test_turns_wait_for_each_other(pacer, clock):
    assert [pacer.take(20, patience_s=9).begin_us - NOW for _ in range(3)] == [0, SECOND_US, 2 * SECOND_US]
    assert epoch_us(clock.now()) == NOW + 2 * SECOND_US


def test_nobody_gets_a_turn_that_begins_far_ahead(pacer, pace):
    while isinstance(pacer.ask(20), Turn):
        pass
    assert AHEAD_US < pace.standing(Channel.SMS) - NOW <= AHEAD_US + SECOND_US


def test_what_goes_first_gets_a_turn_where_others_wait(pacer, pace):
    pace.clocks[Channel.SMS] = NOW + AHEAD_US + 1
    assert isinstance(pacer.ask(20), float)
    assert isinstance(pacer.ask(20, first=True), Turn)
    pace.clocks[Channel.SMS] = NOW + FIRST_US + 1
    assert isinstance(pacer.ask(20, first=True), float)


def test_who_waits_asks_again_when_there_may_be_room_and_before_the_clock_runs_dry(pacer, pace, clock):
    pace.clocks[Channel.SMS] = NOW + 3 * SECOND_US
    wait = pacer.ask(20)
    assert 2 <= wait < 3
    clock.sleep(wait)
    assert isinstance(pacer.ask(20), Turn)


def test_who_has_no_patience_left_gets_nothing_and_has_reserved_nothing(pacer, pace, clock):
    pace.clocks[Channel.SMS] = NOW + 60 * SECOND_US
    assert pacer.take(20, patience_s=4) is None
    assert (clock.now(), pace.standing(Channel.SMS)) == (START, NOW + 60 * SECOND_US)


def test_while_it_is_crowded_a_look_comes_before_the_write(pacer, pace):
    pace.clocks[Channel.SMS] = NOW + 60 * SECOND_US
    for _ in range(5):
        pacer.ask(20)
    assert pace.writes == 1


def test_what_a_turn_did_not_use_is_given_back(pacer, pace):
    turn = pacer.take(20, patience_s=0)
    pacer.give_back(turn, 20)
    assert pace.standing(Channel.SMS) == NOW + SECOND_US
    pacer.give_back(turn, 5)
    assert pace.standing(Channel.SMS) == NOW + SECOND_US // 4


def test_where_the_provider_is_full_everybody_waits_a_moment_and_together_no_longer_than_one(pacer, pace):
    for _ in range(10):
        pacer.slow_down()
    assert pace.standing(Channel.SMS) == NOW + HOLD_US
