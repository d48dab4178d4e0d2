"""The waves of one alert: which begins when, and who decides."""

from datetime import timedelta

import pytest

from chalicelib.alerts.handover import Outbox, handed_over
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.waves import Hold, Waves
from chalicelib.platform.errors import Conflict

WAVES = Waves((300, 900), 5)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def alert(active):
    return active(waves=WAVES)


def refused(alert, *args, **options):
    with pytest.raises(Conflict) as conflict:
        alert.begin_wave(*args, **options)
    return conflict.value.code


def test_the_first_wave_begins_with_the_alert_and_the_next_has_its_time(alert):
    state = alert.wave_state
    assert (state.begun, state.next_at, state.held) == (1, alert.activated_at + 5 * MINUTES, None)


def test_who_does_not_ask_for_waves_has_none(active):
    alert = active()
    assert (alert.wave_state, alert.ring(1)) == (None, None)
    assert refused(alert, by_hand=True, at=alert.due) == "no_waves"


def test_waves_begin_one_by_one_and_the_last_has_no_next(alert):
    second = alert.begin_wave(2, by_hand=False, at=alert.due + 5 * MINUTES)
    third = second.begin_wave(3, by_hand=False, at=second.wave_state.next_at)
    assert (third.wave_state.begun, third.wave_state.next_at) == (3, None)
    assert refused(third, 4, by_hand=True, at=alert.due) == "no_wave_left"


def test_by_itself_no_wave_begins_before_its_time_or_out_of_turn_or_while_held(alert):
    at = alert.wave_state.next_at
    assert refused(alert, 2, by_hand=False, at=at - timedelta(milliseconds=1)) == "wave_not_due"
    assert refused(alert, 3, by_hand=False, at=at) == "wave_not_next"
    assert refused(alert.hold_waves(Hold.TIP, at=at), 2, by_hand=False, at=at) == "waves_held"


def test_a_dispatcher_begins_the_next_at_once_held_or_not_and_a_second_click_begins_no_other(alert):
    held = alert.hold_waves(Hold.DISPATCHER, at=alert.due)
    second = held.begin_wave(2, by_hand=True, at=alert.due + MINUTES)
    state = second.wave_state
    assert (state.begun, state.held, state.next_at) == (2, None, alert.due + 6 * MINUTES)
    assert state.tips_from == alert.due + MINUTES
    assert second.begin_wave(2, by_hand=True, at=alert.due + 2 * MINUTES) is second


def test_holding_twice_or_when_nothing_is_left_changes_nothing(alert):
    held = alert.hold_waves(Hold.TIP, at=alert.due)
    assert (held.wave_state.held, held.wave_state.next_at) == (Hold.TIP, None)
    assert held.hold_waves(Hold.DISPATCHER, at=alert.due) is held
    last = alert.begin_wave(by_hand=True, at=alert.due).begin_wave(by_hand=True, at=alert.due)
    assert last.hold_waves(Hold.DISPATCHER, at=alert.due) is last


def test_a_tip_holds_only_the_wave_that_it_was_looked_up_for(alert):
    second = alert.begin_wave(2, by_hand=True, at=alert.due)
    assert second.hold_waves(Hold.TIP, 2, at=alert.due) is second


def test_stop_and_close_end_the_waves(alert):
    stopped = alert.stop(by="anna", at=alert.due)
    assert stopped.wave_state.next_at is None
    assert refused(stopped, 2, by_hand=True, at=alert.due) == "stopped"
    closed = alert.close(result=Result.OTHER, contribution=Contribution.NONE, text=None, by="anna", at=alert.due)
    assert closed.wave_state.next_at is None
    assert refused(closed, 2, by_hand=True, at=alert.due) == "wrong_state"


def test_no_wave_begins_after_the_end_nor_is_one_promised(alert):
    assert refused(alert, 2, by_hand=True, at=alert.expires) == "expired"
    late = alert.begin_wave(2, by_hand=True, at=alert.expires - 5 * MINUTES)
    assert late.wave_state.next_at is None


def test_each_wave_but_the_first_comes_with_its_message(alert, approved):
    second = alert.begin_wave(2, by_hand=True, at=alert.due)
    outbox = handed_over(alert, second)
    assert outbox == Outbox(MessageKind.CALL, second.changed_at, 2)
    assert outbox.name == "call-2"
    assert handed_over(approved(waves=WAVES), alert) is None
    assert handed_over(alert, alert.hold_waves(Hold.TIP, at=alert.due)) is None
