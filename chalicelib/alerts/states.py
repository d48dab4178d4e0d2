"""The states of an alert's life, and which move leads where.

draft ─► submitted ─► scheduled ─► active ─► closed          once active there is no way back
  ▲          │            │
  └──────────┴────────────┘ returned, with a reason: this is how a countdown is undone; edited; or too late to begin
Submitted and scheduled hold for a quarter of an hour each: then it must be submitted again.
draft, submitted and scheduled can be stopped for good: cancelled. A stopped active alert stays active and asks nobody
more; those who were asked can still be told what has changed, and it must be closed with an outcome. Where nobody does,
it closes by itself (``reminders``); how it ended can still be added then (``late_outcome``).
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Move(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    BREAK_GLASS = "break the glass"
    LAPSE = "let it lapse"
    RETURN = "return"
    BEGIN = "begin"
    STOP = "stop"
    UPDATE = "update"
    WAVE = "begin a wave"
    HOLD = "hold its waves"
    REMIND = "remind of"
    CLOSE = "close"
    ADD_OUTCOME = "add the outcome of"
    WITHDRAW = "withdraw what describes people of"


TRANSITIONS: Mapping[tuple[State, Move], State] = {
    (State.DRAFT, Move.EDIT): State.DRAFT,
    # Whatever somebody has read or approved, an edit makes it another alert.
    (State.SUBMITTED, Move.EDIT): State.DRAFT,
    (State.SCHEDULED, Move.EDIT): State.DRAFT,
    (State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Move.SUBMIT): State.SUBMITTED,  # once nobody approved it in time
    (State.SUBMITTED, Move.APPROVE): State.SCHEDULED,
    (State.SUBMITTED, Move.BREAK_GLASS): State.SCHEDULED,
    (State.SCHEDULED, Move.LAPSE): State.DRAFT,
    (State.SUBMITTED, Move.RETURN): State.DRAFT,
    (State.SCHEDULED, Move.RETURN): State.DRAFT,
    (State.SCHEDULED, Move.BEGIN): State.ACTIVE,
    # Who presses stop wants that nothing goes out, whatever the state has become by then: so it never fails here.
    (State.DRAFT, Move.STOP): State.CANCELLED,
    (State.SUBMITTED, Move.STOP): State.CANCELLED,
    (State.SCHEDULED, Move.STOP): State.CANCELLED,
    (State.ACTIVE, Move.STOP): State.ACTIVE,
    (State.ACTIVE, Move.UPDATE): State.ACTIVE,
    (State.ACTIVE, Move.WAVE): State.ACTIVE,
    (State.ACTIVE, Move.HOLD): State.ACTIVE,
    (State.ACTIVE, Move.REMIND): State.ACTIVE,
    (State.ACTIVE, Move.CLOSE): State.CLOSED,
    (State.CLOSED, Move.ADD_OUTCOME): State.CLOSED,
    (State.DRAFT, Move.WITHDRAW): State.CANCELLED,
    (State.SUBMITTED, Move.WITHDRAW): State.CANCELLED,
    # Long after its time: it never began, or nobody and nothing closed it.
    (State.SCHEDULED, Move.WITHDRAW): State.CANCELLED,
    (State.ACTIVE, Move.WITHDRAW): State.ACTIVE,
    (State.CLOSED, Move.WITHDRAW): State.CLOSED,
    (State.CANCELLED, Move.WITHDRAW): State.CANCELLED,
}
