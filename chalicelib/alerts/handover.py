"""What a change of an alert means for delivery: a message that it must start, or no longer start."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.late_outcome import is_told
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind, update_name
from chalicelib.alerts.model import Alert
from chalicelib.alerts.states import State


@dataclass(frozen=True)
class Outbox:
    """A message that delivery must start, written together with the change that causes it."""

    message: str
    due: datetime
    wave: int = 1

    @property
    def name(self) -> str:
        """Unique within the alert."""
        return self.message if self.wave == 1 else f"{self.message}-{self.wave}"


@dataclass(frozen=True)
class Withdrawal:
    """A message that delivery must no longer start."""

    message: str


def handed_over(before: Alert | None, after: Alert) -> Outbox | Withdrawal | None:
    """What a change means for delivery."""
    if before is None:
        return None
    if len(after.updates) > len(before.updates):
        return Outbox(update_name(len(after.updates)), after.updates[-1].at)
    if before.wave_state and after.wave_state and before.wave_state.begun < after.wave_state.begun:
        return Outbox(MessageKind.CALL, after.changed_at, after.wave_state.begun)
    if after.outcome_at and before.outcome_at is None and is_told(after):
        return Outbox(LATE_OUTCOME, after.outcome_at)
    if before.state is after.state:
        return None
    if after.state is State.SCHEDULED and after.due:
        return Outbox(MessageKind.CALL, after.due)
    if before.state is State.SCHEDULED and after.state is not State.ACTIVE:
        return Withdrawal(MessageKind.CALL)
    if after.state is State.CLOSED and after.closed_at:
        return Outbox(MessageKind.OUTCOME, after.closed_at)
    return None
