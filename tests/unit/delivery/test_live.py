"""Whether a message may still go out. Stops, ends and updates are played in the tests of who asks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.alerts.messages import MessageKind
from chalicelib.delivery.live import why_not
from chalicelib.delivery.model import LaneState


@pytest.mark.parametrize(("late", "why"), [(timedelta(), None), (timedelta(seconds=1), LaneState.EXPIRED)])
def test_of_what_closed_by_itself_days_late_nobody_hears(active, clock, late, why):
    begun = active
    closed = begun.close_unanswered(at=begun.activated_at + timedelta(days=8) + late)
    assert why_not(closed, MessageKind.OUTCOME, clock.now()) is why
    by_somebody = replace(closed, closed_by="anna")
    assert why_not(by_somebody, MessageKind.OUTCOME, clock.now()) is None
