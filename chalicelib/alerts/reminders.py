"""What becomes of an alert that nobody closes: its control room is reminded, then its supervisors, and then it closes.

So everybody who was asked hears that it is over, and no alert stays open. One that was stopped is open too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.alerts.model import SYSTEM, Alert
from chalicelib.alerts.states import Move, State
from chalicelib.platform.clock import rfc3339

LONGEST = timedelta(hours=168)  # that an operator may let an alert stay open
LATE = timedelta(days=1)


class Step(StrEnum):
    """In their order; each is an event of the history, by this name."""

    REMIND = "reminded"
    ESCALATE = "escalated"
    CLOSE = "closed"


@dataclass(frozen=True)
class Patience:
    """How long an alert may be open before its control room is reminded, its supervisors are, and it closes."""

    room: timedelta
    supervisors: timedelta
    end: timedelta


def closes_at(alert: Alert, patience: Patience) -> datetime:
    """When an active alert closes by itself: never before its own time is over, whatever the patience."""
    return max((alert.activated_at or alert.created_at) + patience.end, alert.expires)


def closed_in_silence(alert: Alert) -> bool:
    """Whether it closed by itself so late that who was asked hears nothing: after days of a fault, say.

    That something of last week is over helps nobody, and by then its words may have been withdrawn.
    """
    if alert.closed_by != SYSTEM or alert.closed_at is None or alert.activated_at is None:
        return False
    return alert.closed_at > max(alert.activated_at + LONGEST, alert.expires) + LATE


def next_step(alert: Alert, now: datetime, patience: Patience) -> Step | None:
    """What is due now. Once it closes, nobody is reminded of it any more."""
    if alert.state is not State.ACTIVE or alert.activated_at is None:
        return None
    if now >= closes_at(alert, patience):
        return Step.CLOSE
    is_open = now - alert.activated_at
    if alert.reminded_at is None:
        return Step.REMIND if is_open >= patience.room else None
    if alert.escalated_at is None:
        return Step.ESCALATE if is_open >= patience.supervisors else None
    return None


def taken(alert: Alert, step: Step, at: datetime, patience: Patience) -> Alert:
    """The alert after a step that is due. Another one is, or none: nothing changes."""
    if next_step(alert, at, patience) is not step:
        return alert
    match step:
        case Step.REMIND:
            return alert.moved(Move.REMIND, at, reminded_at=at)
        case Step.ESCALATE:
            return alert.moved(Move.REMIND, at, escalated_at=at)
        case Step.CLOSE:
            return alert.close_unanswered(at=at)


def facts(after: Alert) -> Mapping[str, str]:
    """What the history says of a step."""
    if after.result and after.contribution:
        return {"result": after.result, "contribution": after.contribution}
    return {"open_since": rfc3339(after.activated_at)} if after.activated_at else {}
