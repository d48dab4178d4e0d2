"""What a request leaves in the trail that no table tells of: who was refused, who looked, who changed a setting."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.audit.messages import AuditMessage, same_id
from chalicelib.platform.clock import Clock, epoch, rfc3339
from chalicelib.platform.counters import Counters
from chalicelib.platform.http import Call, Endpoint
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues

UNKNOWN, PARTICIPANT = "unknown", "participant"
MINUTE_S = 60
LOOK = timedelta(minutes=15)  # somebody who keeps looking is told of so often
_SUBJECT = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True)
class Witness:
    """Implements ``platform.http.Witness``."""

    queues: Queues
    counters: Counters
    clock: Clock
    _looks: dict[str, None] = field(default_factory=dict, repr=False)

    def asked(self, endpoint: Endpoint, call: Call[Any], facts: Mapping[str, str]) -> None:
        """Tell of a request before it is answered: who cannot be told of gets nothing. The same look soon is once."""
        now = self.clock.now()
        actor = call.staff.get("user", PARTICIPANT)
        subject = _subject(call.path)
        told = same_id(actor, endpoint.name, subject, call.request_id, rfc3339(now))
        if endpoint.method == "GET" and call.staff:
            what = [f"{name}={facts[name]}" for name in sorted(facts) if name != "after"]  # the next page is the same
            told = same_id(actor, endpoint.name, subject, str(epoch(now) // int(LOOK.total_seconds())), *what)
            if told in self._looks:
                return
        self._send(
            AuditMessage(
                id=told,
                at=rfc3339(now),
                action=endpoint.name,
                actor=actor,
                tenant=call.staff.get("tenant", ""),
                subject=subject,
                facts={name: str(fact) for name, fact in facts.items()},
                address=call.staff.get("address", ""),
            )
        )
        if len(self._looks) > 1_000:
            self._looks.clear()
        self._looks[told] = None

    def refused(self, endpoint: Endpoint, staff: Mapping[str, str], path: Mapping[str, str], code: str) -> None:
        """Tell of a member of staff who was refused something. Must not change the answer."""
        self._count(
            f"{staff.get('user', UNKNOWN)} {endpoint.name} {code}",
            action="refused",
            actor=staff.get("user", UNKNOWN),
            tenant=staff.get("tenant", ""),
            subject=_subject(path),
            facts={"route": f"{endpoint.method} {endpoint.path}", "why": code},
            address=staff.get("address", ""),
        )

    def sign_in_refused(self, why: str) -> None:
        """Tell of a token that nobody believed. Must not change the answer."""
        self._count(why, action="sign_in_refused", actor=UNKNOWN, facts={"why": why})

    def _count(self, what: str, *, facts: dict[str, str], **deed: str) -> None:
        """A flood fills no trail: of the same in one minute the 1st, 10th, 100th, ... is told, as which it was."""
        now = self.clock.now()
        minute = rfc3339(now)[:16]
        try:
            seen = self.counters.add(f"refused#{same_id(what)}", MINUTE_S, now)
            if re.fullmatch("10*", str(seen)):
                facts["times"] = str(seen)
                self._send(AuditMessage(id=same_id(minute, what, str(seen)), at=rfc3339(now), facts=facts, **deed))
        except Exception:
            logger.exception("audit.refusal_not_told")

    def _send(self, message: AuditMessage) -> None:
        self.queues.send(QueueName.AUDIT, [message.body()])


def _subject(path: Mapping[str, str]) -> str:
    """What the request is about; what cannot be an id of ours stays out."""
    given = next((path[name] for name in ("alert", "code", "id") if name in path), "")
    return given if _SUBJECT.fullmatch(given) else ""
