"""Turns: who waits, for how long, and what is not used."""

from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import pairwise
from random import Random

import pytest

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import BATCH_SIZE
from chalicelib.delivery.pace import MemoryPace, Promised
from chalicelib.delivery.pacing import (
    AHEAD_US,
    BEGUN_US,
    FIRST_US,
    HOLD_US,
    OTHER_US,
    SECOND_US,
    Pacer,
    Turn,
)
from chalicelib.platform.clock import ManualClock, epoch_us

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
NOW = epoch_us(START)
FIRE, CHILD = "0000000fir", "0000000chd"


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
    turn = Pacer(pace, clock, Channel.SMS, rate).take(FIRE, 200, patience_s=0)
    assert turn == Turn(lot, NOW, round(SECOND_US / rate), clock)
    assert pace.standing(Channel.SMS).until_us == NOW + lot * turn.gap_us


def test_turns_wait_for_each_other(pacer, clock):
    assert [pacer.take(FIRE, 20, patience_s=9).begin_us - NOW for _ in range(3)] == [0, SECOND_US, 2 * SECOND_US]
    assert epoch_us(clock.now()) == NOW + 2 * SECOND_US


def test_nobody_gets_a_turn_that_begins_far_ahead(pacer, pace):
    while isinstance(pacer.ask(FIRE, 20), Turn):
        pass
    assert AHEAD_US < pace.standing(Channel.SMS).until_us - NOW <= AHEAD_US + SECOND_US


@pytest.mark.parametrize(
    ("ahead_us", "alert", "how"),
    [
        (AHEAD_US, FIRE, {}),
        (BEGUN_US, FIRE, {"begun": True}),
        (OTHER_US, CHILD, {}),
        (OTHER_US, CHILD, {"begun": True}),
        (FIRST_US, FIRE, {"first": True}),
        (FIRST_US, FIRE, {"first": True, "begun": True}),
        (FIRST_US, CHILD, {"first": True}),
    ],
)
def test_how_far_ahead_a_turn_may_begin_says_who_goes_first(pacer, pace, ahead_us, alert, how):
    pace.clocks[Channel.SMS] = Promised(NOW + ahead_us + 1, FIRE)
    assert isinstance(pacer.ask(alert, 20, **how), float)
    pacer.crowded = False
    pace.clocks[Channel.SMS] = Promised(NOW + ahead_us, FIRE)
    assert isinstance(pacer.ask(alert, 20, **how), Turn)


def test_whoever_waits_in_a_lower_rank_asks_after_all_of_a_higher_one(pace, clock):
    """Every wait ends within half a second, and the ranks are as far apart."""
    for rate in (0.5, 20, 1_000):
        pace.clocks[Channel.SMS] = Promised(NOW + 10 * SECOND_US, FIRE)
        first, last = (Pacer(pace, clock, Channel.SMS, rate, chance=lambda at=at: at) for at in (0.0, 1.0))
        ranks = [(FIRE, {"first": True}), (CHILD, {}), (FIRE, {"begun": True}), (FIRE, {})]
        waits = [(first.ask(alert, 20, **how), last.ask(alert, 20, **how)) for alert, how in ranks]
        assert all(latest <= earliest for (_, latest), (earliest, _) in pairwise(waits))


@pytest.mark.parametrize(("rate", "fire", "child"), [(14, 20, 1), (20, 50, 1), (1_000, 80, 20)])
def test_alerts_that_are_sent_at_the_same_time_take_turns_however_many_senders_each_has(pace, clock, rate, fire, child):
    dice = Random(1)
    alerts = [FIRE] * fire + [CHILD] * child
    waiting = [(alert, Pacer(pace, clock, Channel.SMS, rate, dice.random)) for alert in alerts]
    asks = [(NOW, number) for number in range(len(waiting))]
    had = []
    while len(had) < 100:
        at, number = heappop(asks)
        clock.sleep(max(at - epoch_us(clock.now()), 0) / SECOND_US)
        alert, pacer = waiting[number]
        if isinstance(turn := pacer.ask(alert, pacer.lot), float):
            heappush(asks, (at + round(turn * SECOND_US), number))
        else:
            had.append(alert)
            heappush(asks, (turn.begin_us + turn.messages * turn.gap_us, number))
    assert had[20:].count(CHILD) >= 35


def test_who_waits_asks_again_when_there_may_be_room_and_before_the_clock_runs_dry(pacer, pace, clock):
    pace.clocks[Channel.SMS] = Promised(NOW + 3 * SECOND_US, FIRE)
    wait = pacer.ask(FIRE, 20)
    assert 2 <= wait < 3
    clock.sleep(wait)
    assert isinstance(pacer.ask(FIRE, 20), Turn)


def test_who_has_no_patience_left_gets_nothing_and_has_reserved_nothing(pacer, pace, clock):
    pace.clocks[Channel.SMS] = Promised(NOW + 60 * SECOND_US, FIRE)
    assert pacer.take(FIRE, 20, patience_s=4) is None
    assert (clock.now(), pace.standing(Channel.SMS).until_us) == (START, NOW + 60 * SECOND_US)


def test_while_it_is_crowded_a_look_comes_before_the_write(pacer, pace):
    pace.clocks[Channel.SMS] = Promised(NOW + 60 * SECOND_US, FIRE)
    for _ in range(5):
        pacer.ask(FIRE, 20)
    assert pace.writes == 1


def test_what_a_turn_did_not_use_is_given_back(pacer, pace):
    turn = pacer.take(FIRE, 20, patience_s=0)
    pacer.give_back(turn, 20)
    assert pace.standing(Channel.SMS).until_us == NOW + SECOND_US
    pacer.give_back(turn, 5)
    assert pace.standing(Channel.SMS).until_us == NOW + SECOND_US // 4


def test_where_the_provider_is_full_everybody_waits_a_moment_and_together_no_longer_than_one(pacer, pace):
    for _ in range(10):
        pacer.slow_down()
    assert pace.standing(Channel.SMS).until_us == NOW + HOLD_US
