"""Stop means stop: the one place that says whether a message may still go out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.alerts.late_outcome import last_word
from chalicelib.alerts.messages import MessageKind, kind_of, update_number
from chalicelib.alerts.model import Alert
from chalicelib.alerts.reminders import closed_in_silence
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore
from chalicelib.delivery.model import LaneState
from chalicelib.platform.clock import Clock
from chalicelib.platform.observe import logger

LOOK = timedelta(seconds=1)


def why_not(alert: Alert, message: str, now: datetime) -> LaneState | None:
    """None where the message may go out, else the state in which its lanes end."""
    kind = kind_of(message)
    if kind is MessageKind.OUTCOME:
        # Only the newest counts: once somebody says how it ended, nobody is told that we do not know.
        if alert.state is not State.CLOSED or message != last_word(alert):
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


@dataclass
class Watch:
    """An alert while one of its batches is being sent. It is looked at again every second, so a quick batch never is.

    ``begun``: as it was when the batch was claimed, at ``looked_at``. ``alert``: as it was at the last look.
    """

    alerts: AlertStore
    clock: Clock
    message: str
    begun: Alert
    looked_at: datetime
    alert: Alert = field(init=False)

    def __post_init__(self) -> None:
        self.alert = self.begun

    def over(self) -> bool:
        """Whether to leave the batch: its message may not go out any more, or an update has come.

        Who is left waits for whoever claims the batch next, and gets the call with the update in it.
        """
        now = self.clock.now()
        if now - self.looked_at >= LOOK:
            self._look(now)
        return len(self.alert.updates) > len(self.begun.updates) or self.why_not() is not None

    def why_not(self) -> LaneState | None:
        """As of the last look."""
        return why_not(self.alert, self.message, self.clock.now())

    def _look(self, now: datetime) -> None:
        self.looked_at = now
        try:
            self.alert = self.alerts.get(self.begun.id)
        except Exception:  # to fail here would hold the batch until the lease ends, which helps no stop and no update
            logger.exception("send.not_looked", alert=self.begun.id)
