"""Alerts over HTTP."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from chalicelib.alerts.approvals import Approvals
from chalicelib.alerts.bodies import (
    AlertChanges,
    AlertQuery,
    Approval,
    BreakGlass,
    Closing,
    EventQuery,
    NewAlert,
    NewUpdate,
    Return,
    WaveOrder,
)
from chalicelib.alerts.budget import Warnings
from chalicelib.alerts.budget_watch import BudgetWatch
from chalicelib.alerts.jurisdiction import alert_not_found
from chalicelib.alerts.model import Alert
from chalicelib.alerts.replies import AlertEvents, AlertPage, AlertReply
from chalicelib.alerts.service import ALERT_ID, AlertService
from chalicelib.alerts.states import State
from chalicelib.platform import ids
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.http import Call, Endpoint
from chalicelib.staff.access import staff_of
from chalicelib.staff.model import Role
from chalicelib.staff.policy import CONTROL_ROOM, DISPATCHERS, Scope

POLL_MS, IDLE_POLL_MS = 2_000, 10_000
MOVING = {State.SCHEDULED, State.ACTIVE}
_ID = re.compile(rf"[{ids.ALPHABET}]{{{ALERT_ID}}}")


class ProgressReader(Protocol):
    def progress(self, alert_id: str, messages: Iterable[str]) -> Mapping[str, Any]:
        """How far delivery of these messages is: plain JSON."""
        ...


class PostsReader(Protocol):
    def posts(self, alert: Alert) -> Mapping[str, Any] | None:
        """What is posted for everybody to read, by social network: plain JSON; None where nothing is."""
        ...


@dataclass(frozen=True)
class AlertRoutes:
    service: Callable[[], AlertService]
    progress: Callable[[], ProgressReader]
    approvals: Callable[[], Approvals]
    posts: Callable[[], PostsReader]
    budgets: Callable[[], BudgetWatch]

    def endpoints(self) -> list[Endpoint]:
        def change(
            path: str, handle: Callable[[Call[Any]], AlertReply], summary: str, roles: frozenset[Role], body: Any = None
        ) -> Endpoint:
            return Endpoint(
                "POST",
                path,
                handle,
                summary,
                body=body,
                reply=AlertReply,
                roles=roles,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound, Conflict),
            )

        one = "/alerts/{alert}"
        return [
            Endpoint(
                "POST",
                "/alerts",
                self.create,
                "Draft an alert",
                NewAlert,
                None,
                AlertReply,
                201,
                roles=DISPATCHERS,
                scope=Scope.OWN_ALERTS,
            ),
            Endpoint(
                "GET",
                "/alerts",
                self.page,
                "Alerts, newest first",
                None,
                AlertQuery,
                AlertPage,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
            ),
            Endpoint(
                "GET",
                one,
                self.get,
                "One alert",
                reply=AlertReply,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound,),
            ),
            Endpoint(
                "PATCH",
                one,
                self.edit,
                "Change a draft; what was submitted or approved goes back to draft",
                AlertChanges,
                reply=AlertReply,
                roles=DISPATCHERS,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound, Conflict),
            ),
            change(f"{one}/submit", self.submit, "Ask for approval", DISPATCHERS),
            change(f"{one}/approve", self.approve, "Start the countdown, as a second person", CONTROL_ROOM, Approval),
            change(
                f"{one}/break-glass",
                self.break_glass,
                "Start the countdown without a second person, where a life cannot wait; supervisors are told",
                CONTROL_ROOM,
                BreakGlass,
            ),
            change(f"{one}/return", self.give_back, "Back to draft; undoes the countdown", CONTROL_ROOM, Return),
            change(f"{one}/stop", self.stop, "Ask nobody more", CONTROL_ROOM),
            Endpoint(
                "POST",
                f"{one}/updates",
                self.update,
                "Tell those who were asked, and whoever still will be, what has changed",
                NewUpdate,
                None,
                AlertReply,
                201,
                roles=CONTROL_ROOM,
                scope=Scope.OWN_ALERTS,
                raises=(NotFound, Conflict),
            ),
            change(f"{one}/waves", self.waves, "Begin the next wave now, or hold the waves", DISPATCHERS, WaveOrder),
            change(
                f"{one}/close",
                self.close,
                "Close with the outcome, which all who were asked hear",
                DISPATCHERS,
                Closing,
            ),
            change(
                f"{one}/outcome",
                self.add_outcome,
                "Say how an alert ended that closed by itself; within six days all who were asked hear it",
                DISPATCHERS,
                Closing,
            ),
            Endpoint(
                "GET",
                f"{one}/events",
                self.events,
                "What happened since, and when to ask again",
                query=EventQuery,
                reply=AlertEvents,
                roles=CONTROL_ROOM,
                scope=Scope.SEEN_ALERTS,
                raises=(NotFound,),
            ),
        ]

    def create(self, call: Call[NewAlert]) -> AlertReply:
        service = self.service()
        content = call.body.content(service.target(call.body.area))
        return self._reply(service.create(content, staff_of(call.staff)))

    def page(self, call: Call[None]) -> AlertPage:
        asked: AlertQuery = call.query
        return AlertPage.of(
            self.service().page(staff_of(call.staff), limit=asked.limit, cursor=asked.cursor, state=asked.state)
        )

    def get(self, call: Call[None]) -> AlertReply:
        return self._reply(self.service().read(alert_id(call), staff_of(call.staff)))

    def edit(self, call: Call[AlertChanges]) -> AlertReply:
        service, body = self.service(), call.body
        changes = body.changes(service.target(body.area) if body.area is not None else None)
        return self._reply(
            service.edit(
                alert_id(call), lambda content: replace(content, **changes), staff_of(call.staff), body.version
            )
        )

    def submit(self, call: Call[None]) -> AlertReply:
        alert = self.service().submit(alert_id(call), staff_of(call.staff))
        return self._reply(alert, self.budgets().of(alert))

    def approve(self, call: Call[Approval]) -> AlertReply:
        body = call.body
        out = self.approvals().approve(alert_id(call), staff_of(call.staff), body.version, body.reach, body.reason)
        return self._reply(out.alert, out.budget)

    def break_glass(self, call: Call[BreakGlass]) -> AlertReply:
        body = call.body
        out = self.approvals().break_glass(alert_id(call), staff_of(call.staff), body.version, body.reach, body.reason)
        return self._reply(out.alert, out.budget)

    def give_back(self, call: Call[Return]) -> AlertReply:
        return self._reply(self.service().return_to_draft(alert_id(call), staff_of(call.staff), call.body.reason))

    def stop(self, call: Call[None]) -> AlertReply:
        return self._reply(self.service().stop(alert_id(call), staff_of(call.staff)))

    def update(self, call: Call[NewUpdate]) -> AlertReply:
        body = call.body
        return self._reply(self.service().update(alert_id(call), staff_of(call.staff), body.type, body.text.value()))

    def waves(self, call: Call[WaveOrder]) -> AlertReply:
        service, one, member = self.service(), alert_id(call), staff_of(call.staff)
        if call.body.action == "hold":
            return self._reply(service.hold_waves(one, member))
        return self._reply(service.begin_wave(one, member, call.body.wave))

    def close(self, call: Call[Closing]) -> AlertReply:
        body = call.body
        text = body.text.value() if body.text else None
        return self._reply(
            self.service().close(alert_id(call), staff_of(call.staff), body.result, body.contribution, text)
        )

    def add_outcome(self, call: Call[Closing]) -> AlertReply:
        body = call.body
        text = body.text.value() if body.text else None
        return self._reply(
            self.service().add_outcome(alert_id(call), staff_of(call.staff), body.result, body.contribution, text)
        )

    def events(self, call: Call[None]) -> AlertEvents:
        asked: EventQuery = call.query
        alert = self.service().read(alert_id(call), staff_of(call.staff))
        events = AlertEvents.listed(self.service().events(alert.id, after=asked.after, limit=asked.limit))
        return AlertEvents(
            events=events,
            state=alert.state,
            version=alert.version,
            status=alert.status,
            colour=alert.status.colour,
            break_glass=alert.break_glass is not None,
            progress=self._progress(alert),
            cursor=events[-1].cursor if events else asked.after or "",
            next_poll_ms=POLL_MS if alert.state in MOVING else IDLE_POLL_MS,
        )

    def _reply(self, alert: Alert, budget: Warnings = None) -> AlertReply:
        preview, posts = self.service().preview(alert), self.posts().posts(alert)
        return AlertReply.of(alert, preview, posts, self._progress(alert), budget)

    def _progress(self, alert: Alert) -> dict[str, Any] | None:
        return dict(self.progress().progress(alert.id, alert.messages)) if alert.activated_at else None


def alert_id(call: Call[Any]) -> str:
    """Of the path. Raises ``NotFound`` where it cannot be one."""
    given = call.path["alert"]
    if not _ID.fullmatch(given):
        raise alert_not_found()
    return given
