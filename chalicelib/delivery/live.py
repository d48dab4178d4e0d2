"""Stop means stop: the one place that says whether a message may still go out."""

from datetime import datetime

from chalicelib.alerts.messages import MessageKind, kind_of, update_number
from chalicelib.alerts.model import Alert, State
from chalicelib.alerts.reminders import closed_in_silence
from chalicelib.delivery.model import LaneState


def why_not(alert: Alert, message: str, now: datetime) -> LaneState | None:
    """None where the message may go out, else the state in which its lanes end."""
    kind = kind_of(message)
    if kind is MessageKind.OUTCOME:
        if alert.state is not State.CLOSED:
            return LaneState.STOPPED
        return LaneState.EXPIRED if closed_in_silence(alert) else None
    if kind is MessageKind.UPDATE:
        # Also after a stop: who was asked wrongly must hear it. Only the newest one counts.
        if alert.state is not State.ACTIVE or update_number(message) < len(alert.updates):
            return LaneState.STOPPED
        return LaneState.EXPIRED if now >= alert.expires else None
    if alert.state is not State.ACTIVE or alert.stopped_at is not None:
        return LaneState.STOPPED
    return LaneState.EXPIRED if now >= alert.expires else None
