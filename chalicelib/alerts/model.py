"""An alert, and the moves of its life as pure functions (``states``): each gives the alert as it is afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.alerts.approval import BLIND, DRAFT_LIFE, WINDOW, Sight
from chalicelib.alerts.cap import Status, StatusColour
from chalicelib.alerts.content import Category, Content, Kind, check
from chalicelib.alerts.content_codec import digest
from chalicelib.alerts.messages import LATE_OUTCOME, MAX_UPDATES, MessageKind, Update, UpdateType, update_name
from chalicelib.alerts.outcome import Contribution, Result, check_outcome
from chalicelib.alerts.states import TRANSITIONS, Move, State
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Hold, Waves, WaveState
from chalicelib.areas.model import Point
from chalicelib.areas.rings import Ring
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import Conflict, Forbidden

LAPSED = "Too long ago to begin: submit it again."
SYSTEM = "system"  # who does what nobody asked for just then
TICK = timedelta(milliseconds=1)  # the finest difference that stored times show

# What a submission or an approval leaves behind, as it is without one.
_UNSUBMITTED: Mapping[str, None] = dict.fromkeys(
    (
        "submitted_at",
        "submitted_by",
        "submitted_digest",
        "approval_until",
        "approved_at",
        "approved_by",
        "approved_version",
        "approved_digest",
        "approved_reach",
        "limits_reason",
        "break_glass",
        "due",
    )
)


class SelfApproval(Forbidden):
    def __init__(self) -> None:
        super().__init__("self_approval", "Who wrote or submitted an alert cannot approve it.")


def version_changed() -> Conflict:
    return Conflict("version_changed", "Somebody changed this alert in the meantime. Read it again.")


@dataclass(frozen=True, kw_only=True)
class Alert:
    """``authors``: who created, edited or submitted it. ``changed_at`` grows with every version.

    ``life``: how long it is live unless the content says otherwise. ``due``: when the countdown is over.
    ``submitted_digest``: the hash of what was submitted. ``approval_until``: how long that, then its approval, holds.
    ``approved_version`` is the version that the approver saw, ``approved_digest`` the hash of its content,
    ``approved_reach`` the code of the band that they typed, ``limits_reason`` why it may go beyond the limits.
    ``break_glass``: why one person let it out alone, as ``approved_by``; None: it was approved by a second one.
    ``outcome_at``, ``outcome_by``: of an outcome that was added after it had closed by itself.
    ``reminded_at``, ``escalated_at``: when its control room, and its supervisors, were reminded that it is open.
    """

    id: str
    tenant: str
    content: Content
    authors: tuple[str, ...]
    created_at: datetime
    created_by: str
    changed_at: datetime
    expires: datetime
    life: timedelta
    state: State = State.DRAFT
    version: int = 1
    submitted_at: datetime | None = None
    submitted_by: str | None = None
    submitted_digest: str | None = None
    approval_until: datetime | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    approved_version: int | None = None
    approved_digest: str | None = None
    approved_reach: str | None = None
    limits_reason: str | None = None
    break_glass: str | None = None
    due: datetime | None = None
    activated_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    returned_reason: str | None = None
    result: Result | None = None
    contribution: Contribution | None = None
    outcome_text: Text | None = None
    outcome_at: datetime | None = None
    outcome_by: str | None = None
    updates: tuple[Update, ...] = ()
    wave_state: WaveState | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    withdrawn_at: datetime | None = None
    tips_withdrawn_at: datetime | None = None

    @classmethod
    def draft(cls, *, id: str, tenant: str, content: Content, by: str, at: datetime, life: timedelta) -> "Alert":  # noqa: A002
        """Raises ``InvalidInput`` where the content does not hold together."""
        check(content, at, life)
        return cls(
            id=id,
            tenant=tenant,
            content=content,
            authors=(by,),
            created_at=at,
            created_by=by,
            changed_at=at,
            expires=content.expires or at + life,
            life=life,
        )

    @property
    def kind(self) -> Kind:
        return self.content.kind

    @property
    def category(self) -> Category:
        return self.content.category

    @property
    def status(self) -> Status:
        return self.content.status

    @property
    def colour(self) -> StatusColour:
        return self.status.colour

    @property
    def channels(self) -> tuple[Channel, ...]:
        return self.content.channels

    @property
    def municipalities(self) -> tuple[str, ...]:
        return self.content.target.municipalities

    @property
    def shape(self) -> dict[str, Any]:
        """What ``areas.model.shape_from_json`` reads. Unpacked at every call."""
        return self.content.target.shape

    @property
    def ended_at(self) -> datetime | None:
        """When it was closed or cancelled."""
        return self.closed_at or self.cancelled_at

    @property
    def incident_point(self) -> Point | None:
        return self.content.incident_point

    @property
    def note(self) -> str | None:
        """CAP's ``note``: what must be known of it at first sight. Of an exercise, which one it is."""
        if self.break_glass:
            return f"Let out by {self.approved_by} alone, without a second person: {self.break_glass}"
        return None if self.status is Status.ACTUAL else f"{self.status} {self.id}"

    @property
    def messages(self) -> tuple[str, ...]:
        """The names of all its messages that there may be, in the order in which people get them."""
        updates = map(update_name, range(1, len(self.updates) + 1))
        late = (LATE_OUTCOME,) if self.outcome_at else ()
        return (MessageKind.CALL, *updates, MessageKind.OUTCOME, *late)

    def edit(self, content: Content, *, by: str, seen: int, at: datetime) -> "Alert":
        """``seen``: the version that the editor started from. A submission or a countdown is void then.

        Raises:
            Conflict: it has changed since, has begun, or would turn from an exercise into the real thing.
            InvalidInput: the content does not hold together.
        """
        self._same_version(seen)
        self._next(Move.EDIT)
        if content.status is not self.status:
            raise Conflict("status_fixed", "What began as an exercise, a test or the real thing stays that.")
        check(content, at, self.life)
        if content == self.content:
            return self
        return self.moved(
            Move.EDIT,
            at,
            **_UNSUBMITTED,
            content=content,
            authors=self._authors_and(by),
            expires=content.expires or at + self.life,
        )

    def submit(self, *, by: str, at: datetime, window: timedelta = WINDOW) -> "Alert":
        """Ask a second person. ``window``: how long they have; once it is over, it can be submitted again.

        Raises:
            Conflict: not a draft, ``draft_too_old``, or ``expired`` before it could go out.
        """
        if self.state is State.SUBMITTED and not self._too_late(at):
            if self.submitted_by == by:
                return self
            raise Conflict("wrong_state", "This alert is submitted already, and waits for its approval.")
        self._next(Move.SUBMIT)
        if at > self.created_at + DRAFT_LIFE:
            raise Conflict("draft_too_old", f"This was begun more than {DRAFT_LIFE.days} days ago: write a new one.")
        self._not_expired(at)
        return self.moved(
            Move.SUBMIT,
            at,
            authors=self._authors_and(by),
            submitted_at=at,
            submitted_by=by,
            submitted_digest=digest(self.content),
            approval_until=at + window,
            returned_reason=None,
        )

    def approve(self, *, by: str, seen: int, at: datetime, countdown: timedelta, sight: Sight = BLIND) -> "Alert":
        """Start the countdown for exactly what the approver saw: version ``seen``.

        Raises:
            Conflict: it has changed since, is not submitted, was submitted too long ago (``submission_expired``),
                would have expired when it is due, or ``limit_reason_missing``.
            InvalidInput: ``reach_missing``, ``reach_wrong``; only of a live alert.
            SelfApproval: ``by`` had a hand in it.
        """
        if self._let_out(by, seen):
            return self
        self._next(Move.APPROVE)
        if by in self.authors:
            raise SelfApproval
        return self._scheduled(Move.APPROVE, by, seen, at, countdown, sight)

    def let_out_alone(
        self, *, by: str, reason: str, seen: int, at: datetime, countdown: timedelta, sight: Sight = BLIND
    ) -> "Alert":
        """Break the glass: start the countdown without a second person, because a life cannot wait for one.

        Raises as ``approve``, and ``Conflict`` ``not_life_threatening``.
        """
        if self._let_out(by, seen) and self.break_glass == reason:
            return self
        self._next(Move.BREAK_GLASS)
        if not (self.status is Status.ACTUAL and self.content.life_threatening):
            raise Conflict("not_life_threatening", "Only what threatens a life may go out without a second person.")
        sight = replace(sight, reason=sight.reason or reason)
        return self._scheduled(Move.BREAK_GLASS, by, seen, at, countdown, sight, break_glass=reason)

    def _let_out(self, by: str, seen: int) -> bool:
        return self.state is State.SCHEDULED and (self.approved_by, self.approved_version) == (by, seen)

    def _scheduled(
        self, move: Move, by: str, seen: int, at: datetime, countdown: timedelta, sight: Sight, **more: Any
    ) -> "Alert":
        self._same_version(seen)
        if self._too_late(at) or self.approval_until is None or self.submitted_at is None:
            raise Conflict("submission_expired", "This was submitted too long ago. Submit it again.")
        if self.submitted_digest != digest(self.content):
            raise Conflict("not_as_submitted", "This is not what was submitted.")
        due = at + countdown
        self._not_expired(due)
        if self.status is Status.ACTUAL:
            sight.check()
            more |= {"approved_reach": sight.band.code, "limits_reason": sight.reason if sight.beyond else None}
        return self.moved(
            move,
            at,
            approved_at=at,
            approved_by=by,
            approved_version=seen,
            approved_digest=digest(self.content),
            approval_until=max(at + (self.approval_until - self.submitted_at), due),
            due=due,
            expires=self.content.expires or due + self.life,
            **more,
        )

    def return_to_draft(self, *, reason: str, at: datetime) -> "Alert":
        """Undo the submission or the countdown. Its authors stay authors."""
        self._next(Move.RETURN)
        return self.moved(Move.RETURN, at, **_UNSUBMITTED, returned_reason=reason)

    def lapse(self, *, at: datetime) -> "Alert":
        """Back to draft where it was approved too long ago to begin now. Otherwise nothing changes."""
        if self.state is not State.SCHEDULED or not self._too_late(at):
            return self
        return self.moved(Move.LAPSE, at, **_UNSUBMITTED, returned_reason=LAPSED)

    def begin(self, *, at: datetime) -> "Alert":
        """The countdown is over. Already active: nothing changes.

        Raises:
            Conflict: ``not_scheduled`` (undone, stopped, closed), ``not_due``, ``approval_expired`` or
                ``not_as_approved``.
        """
        if self.state is State.ACTIVE:
            return self
        if self.state is not State.SCHEDULED or self.due is None:
            raise Conflict("not_scheduled", f"An alert that is {self.state} has no countdown.")
        if at < self.due:
            raise Conflict("not_due", "The countdown is still running.")
        if self._too_late(at):
            raise Conflict("approval_expired", "This was approved too long ago to begin now.")
        alone = self.approved_by in self.authors and self.break_glass is None
        if alone or self.approved_digest != digest(self.content):
            raise Conflict("not_as_approved", "This is not what a second person approved.")
        waves = self.content.waves
        first = WaveState(begun=1, next_at=at + waves.pause, tips_from=at) if waves else None
        return self.moved(Move.BEGIN, at, activated_at=at, wave_state=first)

    def ring(self, wave: int) -> Ring | None:
        """Where the people of a wave are; None: everywhere in the area."""
        waves, point = self.content.waves, self.incident_point
        return waves.ring(wave, point) if waves and point else None

    def begin_wave(self, wave: int | None = None, *, by_hand: bool, at: datetime) -> "Alert":
        """The next wave begins. A wave that has begun already: nothing changes. None: whichever is next.

        Raises:
            Conflict: ``no_waves``, ``stopped``, ``expired``, not active, or as ``WaveState.begin``.
        """
        waves, state = self._waves()
        wave = state.begun + 1 if wave is None else wave
        if wave <= state.begun:
            return self
        self._next(Move.WAVE)
        if self.stopped_at:
            raise Conflict("stopped", "This alert was stopped: nothing more goes out.")
        if at >= self.expires:
            raise Conflict("expired", "The time of this alert is over.")
        begun = state.begin(wave, waves, by_hand=by_hand, at=at, until=self.expires)
        return self.moved(Move.WAVE, at, wave_state=begun)

    def hold_waves(self, why: Hold, wave: int | None = None, *, at: datetime) -> "Alert":
        """No wave begins by itself any more. ``wave``: only if that is the next. Held, or none left: nothing changes.

        Raises:
            Conflict: ``no_waves``, or not active.
        """
        _, state = self._waves()
        if state.next_at is None or wave not in (None, state.begun + 1):
            return self
        return self.moved(Move.HOLD, at, wave_state=replace(state, next_at=None, held=why))

    def stop(self, *, by: str, at: datetime) -> "Alert":
        """Nothing more goes out. Again: nothing changes."""
        if self.state is State.CANCELLED or self.stopped_at:
            return self
        if self._next(Move.STOP) is State.ACTIVE:
            return self.moved(Move.STOP, at, stopped_at=at, stopped_by=by, wave_state=self._no_more_waves())
        return self.moved(Move.STOP, at, cancelled_at=at, cancelled_by=by, due=None)

    def update(self, *, type: UpdateType, text: Text, by: str, at: datetime) -> "Alert":  # noqa: A002
        """Tell those who were asked what has changed, also after a stop. The newest once more: nothing changes.

        Raises:
            Conflict: not active, ``expired``, or ``too_many_updates``.
        """
        self._next(Move.UPDATE)
        if self.updates and (self.updates[-1].type, self.updates[-1].text, self.updates[-1].by) == (type, text, by):
            return self
        if at >= self.expires:
            raise Conflict("expired", "Its time is over. Close it: everybody who was asked hears the outcome.")
        if len(self.updates) == MAX_UPDATES:
            raise Conflict("too_many_updates", f"An alert has at most {MAX_UPDATES} updates.")
        return self.moved(Move.UPDATE, at, updates=(*self.updates, Update(type, text, at, by)))

    def close(self, *, result: Result, contribution: Contribution, text: Text | None, by: str, at: datetime) -> "Alert":
        """Close with the outcome that everybody who was asked will hear. The same again: nothing changes.

        Raises:
            Conflict: ``already_closed`` with another outcome, or not active.
            InvalidInput: as ``check_outcome``.
        """
        if self.state is State.CLOSED:
            if (self.result, self.contribution, self.outcome_text) != (result, contribution, text):
                raise Conflict("already_closed", "This alert was closed with another outcome.")
            return self
        self._next(Move.CLOSE)
        check_outcome(self.kind, self.category, result, contribution)
        return self._closed(result, contribution, by, at, outcome_text=text)

    def close_unanswered(self, *, at: datetime) -> "Alert":
        """Nobody said how it ended: so everybody who was asked hears that it has. Raises ``Conflict``: not active."""
        return self._closed(Result.UNKNOWN, Contribution.UNKNOWN, SYSTEM, at)

    def _closed(self, result: Result, contribution: Contribution, by: str, at: datetime, **more: Any) -> "Alert":
        return self.moved(
            Move.CLOSE,
            at,
            **more,
            result=result,
            contribution=contribution,
            closed_at=at,
            closed_by=by,
            wave_state=self._no_more_waves(),
            withdrawn_at=None,  # what its outcome says of people goes in its own time
        )

    def _waves(self) -> tuple[Waves, WaveState]:
        if self.content.waves is None:
            raise Conflict("no_waves", "This alert asks everybody at once.")
        if self.wave_state is None:
            raise Conflict("wrong_state", f"This alert is {self.state}; its waves begin when it is active.")
        return self.content.waves, self.wave_state

    def _no_more_waves(self) -> WaveState | None:
        return replace(self.wave_state, next_at=None) if self.wave_state else None

    def _next(self, move: Move) -> State:
        state = TRANSITIONS.get((self.state, move))
        if state is None:
            allowed = ", ".join(sorted({state for state, other in TRANSITIONS if other is move}))
            raise Conflict("wrong_state", f"This alert is {self.state}; to {move} it must be: {allowed}.")
        return state

    def moved(self, move: Move, at: datetime, **changes: Any) -> "Alert":
        """As a move leaves it. Raises ``Conflict`` where its state does not allow that."""
        return replace(
            self,
            state=self._next(move),
            version=self.version + 1,
            changed_at=max(at, self.changed_at + TICK),
            **changes,
        )

    def _same_version(self, seen: int) -> None:
        if seen != self.version:
            raise version_changed()

    def _too_late(self, at: datetime) -> bool:
        """Whether what was submitted or approved no longer holds."""
        return self.approval_until is not None and at > self.approval_until

    def _not_expired(self, at: datetime) -> None:
        if self.content.expires and self.content.expires <= at:
            raise Conflict("expired", "Its time is over before it could go out.")

    def _authors_and(self, by: str) -> tuple[str, ...]:
        return self.authors if by in self.authors else (*self.authors, by)
