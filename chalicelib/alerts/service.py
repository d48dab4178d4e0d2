"""Decides what happens to an alert: each change is a pure move of the model, written with its event in one go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.alerts.approval import BLIND, WINDOW, Sight
from chalicelib.alerts.content import Content
from chalicelib.alerts.handover import Outbox, handed_over
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.jurisdiction import Jurisdiction
from chalicelib.alerts.late_outcome import is_told, with_outcome
from chalicelib.alerts.listing import Page
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind, UpdateType, update_name
from chalicelib.alerts.model import SYSTEM, Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.preview import Preview, check_length, check_update, preview
from chalicelib.alerts.reminders import Patience, Step, facts, taken
from chalicelib.alerts.states import State
from chalicelib.alerts.store import MAX_ROW_BYTES, AlertStore, size_of
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Language, Text
from chalicelib.alerts.waves import Hold
from chalicelib.alerts.withdrawal import proof, withdrawn, without_tips
from chalicelib.areas.model import Area, Point, Shape
from chalicelib.platform.clock import Clock, rfc3339
from chalicelib.platform.errors import Conflict, InvalidInput
from chalicelib.platform.ids import random_id
from chalicelib.platform.observe import count, logger
from chalicelib.staff.model import StaffMember

ALERT_ID = 10  # characters: the reply link has room for no more
BROKEN = "glass_broken"  # the event that leads to the supervisors
OUTCOME_ADDED = "outcome_added"  # the event that leads to whoever read that nobody knew
FORWARD = {State.SUBMITTED, State.SCHEDULED}  # on its way out: looked at again, regions change too
TRIES = 5  # a change that lost a race is decided again on what is there now


class AreaResolver(Protocol):
    """What alerts need of areas; ``AreaService`` is one."""

    def resolve(self, spec: Mapping[str, Any]) -> Shape:
        """The shape that an area stands for. Raises ``InvalidInput``."""
        ...

    def municipalities_in(self, shape: Shape) -> Iterable[Area]: ...

    def check_point(self, point: Point, field: str) -> None:
        """Raises ``InvalidInput`` where no incident can be."""
        ...


@dataclass(frozen=True)
class AlertService:
    """``countdown_s``: from approval to the first message. ``alert_hours``: how long an alert is live by default.

    ``reply_url``: as long as a real one, for previews. ``window``: how long a submission waits for its approval.
    Whatever a member of staff asks for is held to ``jurisdiction``.
    """

    store: AlertStore
    areas: AreaResolver
    clock: Clock
    countdown_s: int
    alert_hours: int
    reply_url: str
    jurisdiction: Jurisdiction
    new_id: Callable[[int], str] = random_id
    window: timedelta = WINDOW

    def shape(self, area: Mapping[str, Any]) -> Shape:
        """Raises ``InvalidInput``."""
        return self.areas.resolve(area)

    def target(self, area: Mapping[str, Any]) -> Target:
        """Where an area lies: its shape and the municipalities it touches. Raises ``InvalidInput``."""
        shape = self.shape(area)
        municipalities = tuple(sorted(area.code for area in self.areas.municipalities_in(shape)))
        return Target.of(area, shape.to_json(), municipalities)

    def check_area(self, member: StaffMember, target: Target, incident: Point | None) -> None:
        """Raises ``InvalidInput`` where the member may not ask people."""
        self.jurisdiction.check_area(member, target.municipalities, incident)

    def sketch(self, content: Content, member: StaffMember) -> Alert:
        """The draft as it would be created, and refused; nothing is kept."""
        self._check_point(content)
        self.check_area(member, content.target, content.incident_point)
        alert = Alert.draft(
            id=self.new_id(ALERT_ID),
            tenant=member.tenant,
            content=content,
            by=member.user,
            at=self._now(),
            life=timedelta(hours=self.alert_hours),
        )
        self._check_size(alert)
        return alert

    def create(self, content: Content, member: StaffMember) -> Alert:
        alert = self.sketch(content, member)
        self.store.put(alert, 0, self._event(alert, "created", member))
        return alert

    def edit(self, alert_id: str, change: Callable[[Content], Content], member: StaffMember, seen: int) -> Alert:
        """``change`` turns the content that stands into the new one. ``seen``: the version the editor started from.

        A submission or an approval is void then, and the history says so.
        """
        void: dict[str, str] = {}

        def edited(alert: Alert, now: datetime) -> Alert:
            after = alert.edit(change(alert.content), by=member.user, seen=seen, at=now)
            if after.state is not alert.state:
                void["void"] = alert.state
            self._check_point(after.content)
            self._check_size(after)
            return after

        return self._change(alert_id, "edited", member, edited, lambda _: void)

    def submit(self, alert_id: str, member: StaffMember) -> Alert:
        return self._change(
            alert_id,
            "submitted",
            member,
            lambda alert, now: alert.submit(by=member.user, at=now, window=self.window),
            lambda alert: {"digest": alert.submitted_digest or ""} | _override(alert),
        )

    def approve(self, alert_id: str, member: StaffMember, seen: int, sight: Sight = BLIND) -> Alert:
        """Start the countdown. Raises ``SelfApproval`` for whoever wrote or submitted it."""
        return self._change(
            alert_id,
            "approved",
            member,
            lambda alert, now: alert.approve(by=member.user, seen=seen, at=now, countdown=self._countdown, sight=sight),
            _let_out,
        )

    def break_glass(self, alert_id: str, member: StaffMember, seen: int, reason: str, sight: Sight) -> Alert:
        """Start the countdown without a second person; its event leads to the supervisors."""
        return self._change(
            alert_id,
            BROKEN,
            member,
            lambda alert, now: alert.let_out_alone(
                by=member.user, reason=reason, seen=seen, at=now, countdown=self._countdown, sight=sight
            ),
            lambda alert: {"reason": reason} | _let_out(alert),
        )

    @property
    def _countdown(self) -> timedelta:
        return timedelta(seconds=self.countdown_s)

    def return_to_draft(self, alert_id: str, member: StaffMember, reason: str) -> Alert:
        """Undo the submission, or the countdown while it runs."""
        return self._change(
            alert_id,
            "returned",
            member,
            lambda alert, now: alert.return_to_draft(reason=reason, at=now),
            lambda _: {"reason": reason},
        )

    def stop(self, alert_id: str, member: StaffMember) -> Alert:
        """Nothing more goes out: an active alert stays open until it is closed, any other is cancelled."""
        return self._change(
            alert_id,
            "stopped",
            member,
            lambda alert, now: alert.stop(by=member.user, at=now),
            lambda alert: {"state": alert.state},
        )

    def close(
        self, alert_id: str, member: StaffMember, result: Result, contribution: Contribution, text: Text | None
    ) -> Alert:
        """Close with the outcome, which starts the message to everybody who was asked."""

        def closed(alert: Alert, now: datetime) -> Alert:
            after = alert.close(result=result, contribution=contribution, text=text, by=member.user, at=now)
            check_length(after, MessageKind.OUTCOME, self.reply_url)
            return after

        return self._change(
            alert_id,
            "closed",
            member,
            closed,
            lambda _: {"result": result, "contribution": contribution},
        )

    def add_outcome(
        self, alert_id: str, member: StaffMember, result: Result, contribution: Contribution, text: Text | None
    ) -> Alert:
        """Say how an alert ended that closed by itself; who was asked hears it where that is not too late."""

        def known(alert: Alert, now: datetime) -> Alert:
            after = with_outcome(alert, result=result, contribution=contribution, text=text, by=member.user, at=now)
            if is_told(after):
                check_length(after, LATE_OUTCOME, self.reply_url)
            return after

        return self._change(
            alert_id,
            OUTCOME_ADDED,
            member,
            known,
            lambda alert: {"result": result, "contribution": contribution, "told": "yes" if is_told(alert) else "no"},
        )

    def update(self, alert_id: str, member: StaffMember, type_: UpdateType, text: Text) -> Alert:
        """Tell those who were asked, and whoever still will be, what has changed."""

        def updated(alert: Alert, now: datetime) -> Alert:
            after = alert.update(type=type_, text=text, by=member.user, at=now)
            if after is not alert:
                check_update(after, self.reply_url)
            return after

        return self._change(
            alert_id,
            "updated",
            member,
            updated,
            lambda alert: {"message": update_name(len(alert.updates)), "type": type_},
        )

    def take_step(self, alert_id: str, step: Step, patience: Patience) -> bool:
        """What is due because nobody closes it. False: it is not, or somebody else has done it or closed it."""
        mine = False

        def moved(alert: Alert, now: datetime) -> Alert:
            nonlocal mine
            after = taken(alert, step, now, patience)
            mine = after is not alert
            return after

        self._change(alert_id, step, None, moved, facts)
        return mine

    def withdraw(self, alert_id: str) -> Alert:
        """Take out what describes people, and from which networks staff asked for what; the audit trail keeps those.

        Raises:
            Conflict: ``not_over``, as ``withdrawal.withdrawn``.
        """
        proven = {"digest": ""}

        def without(alert: Alert, now: datetime) -> Alert:
            proven["digest"] = proof(alert)
            return withdrawn(alert, now)

        self.store.forget_addresses(alert_id)  # first: who is killed in between comes back for all of it
        return self._change(alert_id, "withdrawn", None, without, lambda _: dict(proven))

    def withdraw_tips(self, alert_id: str) -> Alert:
        """Remember that its tips hold no texts and places any more."""
        return self._change(alert_id, "tips_withdrawn", None, without_tips)

    def begin(self, alert_id: str) -> Alert:
        """The countdown is over: scheduled becomes active. Already active: the alert as it is.

        What was approved too long ago goes back to draft instead.

        Raises:
            Conflict: ``not_scheduled`` (undone, stopped, closed, too late) or ``not_due`` (still counting).
        """
        moved = False

        def lapsed(alert: Alert, now: datetime) -> Alert:
            nonlocal moved
            after = alert.lapse(at=now)
            moved = after is not alert
            return after

        self._change(alert_id, "lapsed", None, lapsed, lambda _: {"void": State.SCHEDULED})
        if moved:  # not by an earlier message: an operator is called once
            logger.error("alert.lapsed", alert=alert_id)
            count("ApprovalsLapsed")
        return self._change(alert_id, "activated", None, lambda alert, now: alert.begin(at=now))

    def begin_wave(self, alert_id: str, member: StaffMember, wave: int | None) -> Alert:
        """Ask the next ring now, held or not. ``wave``: nothing changes if that one has begun already."""
        return self._begin_wave(alert_id, member, wave, by_hand=True)

    def begin_due_wave(self, alert_id: str, wave: int) -> Alert:
        """The time of a wave has come. Raises ``Conflict`` as ``Alert.begin_wave``."""
        return self._begin_wave(alert_id, None, wave, by_hand=False)

    def _begin_wave(self, alert_id: str, member: StaffMember | None, wave: int | None, *, by_hand: bool) -> Alert:
        return self._change(
            alert_id,
            "wave_started",
            member,
            lambda alert, now: alert.begin_wave(wave, by_hand=by_hand, at=now),
            lambda alert: {"wave": str(alert.wave_state.begun)} if alert.wave_state else {},
        )

    def hold_waves(self, alert_id: str, member: StaffMember) -> Alert:
        """No wave begins by itself any more."""
        return self._hold_waves(alert_id, member, Hold.DISPATCHER, None)

    def hold_for_tip(self, alert_id: str, wave: int) -> Alert:
        """A tip came in: unless somebody began it by hand, the next wave waits for a decision."""
        return self._hold_waves(alert_id, None, Hold.TIP, wave)

    def _hold_waves(self, alert_id: str, member: StaffMember | None, why: Hold, wave: int | None) -> Alert:
        return self._change(
            alert_id,
            "waves_held",
            member,
            lambda alert, now: alert.hold_waves(why, wave, at=now),
            lambda _: {"why": why},
        )

    def get(self, alert_id: str) -> Alert:
        """Whoever asks."""
        return self.store.get(alert_id)

    def read(self, alert_id: str, member: StaffMember) -> Alert:
        """Raises ``NotFound``: no such alert, or none that this member sees."""
        alert = self.store.get(alert_id)
        self.jurisdiction.check_sees(member, alert)
        return alert

    def page(self, member: StaffMember, *, limit: int, cursor: str | None = None, state: State | None = None) -> Page:
        """What the member sees, newest first."""
        shows = self.jurisdiction.view(member).shows
        return self.store.page(
            limit=limit, cursor=cursor, wanted=lambda alert: state in (None, alert.state) and shows(alert)
        )

    def events(self, alert_id: str, *, after: str | None, limit: int) -> list[EventRecord]:
        return self.store.events(alert_id, after=after, limit=limit)

    def preview(self, alert: Alert) -> Mapping[Language, Preview]:
        return preview(alert, self.reply_url)

    def _change(
        self,
        alert_id: str,
        event: str,
        member: StaffMember | None,
        move: Callable[[Alert, datetime], Alert],
        facts: Callable[[Alert], Mapping[str, str]] = lambda _: {},
    ) -> Alert:
        """``member``: who asks for it; None: the system itself."""
        races_lost = 0
        while True:
            before = self.store.get(alert_id)
            if member:
                self.jurisdiction.check_acts(member, before)
            after = move(before, self._now())
            if after is before:
                return before
            if member and (after.content != before.content or after.state in FORWARD):
                self.check_area(member, after.content.target, after.incident_point)
            handed = handed_over(before, after)
            if member and isinstance(handed, Outbox):
                self.jurisdiction.check_any(member)
            record = self._event(after, event, member, facts(after))
            try:
                self.store.put(after, before.version, record, handed)
            except Conflict:
                races_lost += 1
                if races_lost == TRIES:
                    raise
            else:
                return after

    def _event(
        self, alert: Alert, type_: str, member: StaffMember | None, facts: Mapping[str, str] | None = None
    ) -> EventRecord:
        by, address = (member.user, member.address) if member else (SYSTEM, "")
        return EventRecord(self.new_id(16), alert.changed_at, type_, by, facts or {}, address)

    def _check_point(self, content: Content) -> None:
        if content.incident_point:
            self.areas.check_point(content.incident_point, "incident_point")

    def _check_size(self, alert: Alert) -> None:
        check_length(alert, MessageKind.CALL, self.reply_url)
        if size_of(alert) > MAX_ROW_BYTES:
            raise InvalidInput.of("area", "area_too_detailed", "The borders of this area are too long to keep.")

    def _now(self) -> datetime:
        """As fine as stored times show, so that what we return is what a reader will get."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _let_out(alert: Alert) -> dict[str, str]:
    """Facts of its history: when, what exactly, and what whoever let it out knew of its reach."""
    facts = {
        "due": rfc3339(alert.due) if alert.due else None,
        "digest": alert.approved_digest,
        "reach": alert.approved_reach,
        "beyond_limits": alert.limits_reason,
    }
    return {name: fact for name, fact in facts.items() if fact} | _override(alert)


def _override(alert: Alert) -> dict[str, str]:
    """A fact of its history: why people are asked whom it does not suit now."""
    return {"override": alert.content.override.reason} if alert.content.override else {}
