"""Whether a message may still go out. Stops, ends and updates are played in the tests of who asks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.alerts.late_outcome import with_outcome
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind, UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.text import Text
from chalicelib.delivery.live import Watch, why_not
from chalicelib.delivery.model import LaneState


@pytest.mark.parametrize(("late", "why"), [(timedelta(), None), (timedelta(seconds=1), LaneState.EXPIRED)])
def test_of_what_closed_by_itself_days_late_nobody_hears(active, clock, late, why):
    begun = active
    closed = begun.close_unanswered(at=begun.activated_at + timedelta(days=8) + late)
    assert why_not(closed, MessageKind.OUTCOME, clock.now()) is why
    by_somebody = replace(closed, closed_by="anna")
    assert why_not(by_somebody, MessageKind.OUTCOME, clock.now()) is None


class Counted(MemoryAlertStore):
    """``looks``: how often it was read."""

    looks = 0

    def get(self, alert_id):
        self.looks += 1
        return super().get(alert_id)


@pytest.fixture
def alerts():
    return Counted()


@pytest.fixture
def watch(active, alerts, clock):
    alerts.looks = 0
    return Watch(alerts, clock, MessageKind.CALL, active, clock.now())


def test_a_batch_that_takes_no_second_costs_no_look(watch, alerts, clock):
    for _ in range(9):
        clock.advance(seconds=0.11)
        assert not watch.over()
    assert alerts.looks == 0
    clock.advance(seconds=0.01)
    assert not watch.over()
    assert alerts.looks == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda alert, at: alert.stop(by="anna", at=at), LaneState.STOPPED),
        (lambda alert, at: alert.update(type=UpdateType.UPDATE, text=Text("Jas is rood."), by="anna", at=at), None),
    ],
)
def test_a_batch_is_over_within_a_second_of_a_stop_and_of_an_update(watch, active, clock, put, change, why):
    put(change(active, clock.now()))
    assert not watch.over()
    clock.advance(seconds=1)
    assert watch.over()
    assert watch.over(), "it stays over"
    assert watch.why_not() is why


def test_a_look_that_fails_ends_nothing(watch, alerts, clock):
    alerts.rows.clear()
    clock.advance(seconds=1)
    assert not watch.over()
    clock.at = watch.begun.expires
    assert watch.over()


def test_once_somebody_says_how_it_ended_nobody_is_told_that_we_do_not_know(active, clock):
    closed = active.close_unanswered(at=active.activated_at + timedelta(days=1))
    assert why_not(closed, LATE_OUTCOME, clock.now()) is LaneState.STOPPED
    found = {"result": Result.NONE, "contribution": Contribution.NONE, "text": None}
    known = with_outcome(closed, **found, by="anna", at=closed.closed_at + timedelta(hours=2))
    assert why_not(known, MessageKind.OUTCOME, clock.now()) is LaneState.STOPPED
    assert why_not(known, LATE_OUTCOME, clock.now()) is None


def test_an_outcome_that_is_known_too_late_to_be_told_stops_nothing_that_is_still_to_be_said(active, clock):
    closed = active.close_unanswered(at=active.activated_at + timedelta(days=1))
    found = {"result": Result.NONE, "contribution": Contribution.NONE, "text": None}
    known = with_outcome(closed, **found, by="anna", at=closed.closed_at + timedelta(days=7))
    assert why_not(known, MessageKind.OUTCOME, clock.now()) is None
    assert why_not(known, LATE_OUTCOME, clock.now()) is LaneState.STOPPED
