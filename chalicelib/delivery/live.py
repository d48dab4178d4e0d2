"""Stop means stop: the one place that says whether a message may still go out."""

from datetime import datetime

from chalicelib.alerts.model import Alert, MessageKind, State
from chalicelib.delivery.model import LaneState


def why_not(alert: Alert, message: MessageKind, now: datetime) -> LaneState | None:
    """None where the message may go out, else the state in which its lanes end."""
    if message is MessageKind.OUTCOME:
        return None if alert.state is State.CLOSED else LaneState.STOPPED
    if alert.state is not State.ACTIVE or alert.stopped_at is not None:
        return LaneState.STOPPED
    return LaneState.EXPIRED if now >= alert.expires else None
