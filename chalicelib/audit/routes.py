"""``/audit``: the trail, for auditors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chalicelib.audit.model import Entry, Head
from chalicelib.audit.service import Trail
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.staff.policy import AUDITORS, Scope

MAX_N = 10**12


def _written_out(text: str) -> date:
    """Pydantic alone takes seconds since 1970 for a day, too."""
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone


Day = Annotated[date, BeforeValidator(_written_out)]


class AuditQuery(Body):
    day: Day | None = Field(default=None, description="On which it was written, UTC; default: today")
    actor: str | None = Field(default=None, max_length=128, description="User name, system, participant or unknown")
    alert: str | None = Field(default=None, pattern=r"^[0-9a-z]{10}$")
    after: int = Field(default=0, ge=0, le=MAX_N, description="The cursor of the page before")
    limit: int = Field(default=100, ge=1, le=200)


class AuditEntry(Body):
    """``hash`` is SHA-256 over the JSON of all other fields, sorted and without spaces."""

    day: str
    n: int
    id: str
    at: str = Field(description="When it happened; it was written a little later")
    action: str
    actor: str
    tenant: str
    subject: str = Field(description="Alert, area or organisation; or empty")
    facts: dict[str, str]
    address: str = Field(description="Of the network that a member of staff used, where known")
    prev: str
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> "AuditEntry":
        return cls(**entry.as_json())


class AuditPage(Body):
    entries: list[AuditEntry]
    cursor: int | None = Field(default=None, description="Send it as after; absent at the end. A page may be short")


class VerifyQuery(Body):
    until: Day | None = Field(
        default=None, description="Where the look before this one ended: the day before its since"
    )
    head: str | None = Field(
        default=None,
        pattern=r"^[0-9]{1,12}:[0-9a-f]{64}$",
        description="n:hash, as an earlier answer gave it; looked at only without until",
    )


class AuditFault(Body):
    day: str
    n: int
    code: str = Field(
        description="altered, broken, missing, doubled, added, replaced, missing_day or head_moved; see the runbook"
    )
    message: str


class AuditVerdict(Body):
    ok: bool
    entries: int
    since: str = Field(description="The first day that was looked at")
    complete: bool = Field(description="Whether that is the first there is; else look again, with until")
    head: str = Field(description="n:hash. Write it down somewhere else, and ask with it next time")
    faults: list[AuditFault]


@dataclass(frozen=True)
class AuditRoutes:
    trail: Callable[[], Trail]
    clock: Callable[[], Clock]

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/audit",
                self.page,
                "Who did what on a day",
                query=AuditQuery,
                reply=AuditPage,
                roles=AUDITORS,
                scope=Scope.NETWORK,
                told=asked_for,
            ),
            Endpoint(
                "GET",
                "/audit/verify",
                self.verify,
                "Whether the trail is whole",
                query=VerifyQuery,
                reply=AuditVerdict,
                roles=AUDITORS,
                scope=Scope.NETWORK,
                told=asked_for,
                raises=(Unavailable,),
            ),
        ]

    def page(self, call: Call[None]) -> AuditPage:
        asked: AuditQuery = call.query
        day = asked.day.isoformat() if asked.day else self.clock().now().date().isoformat()
        page = self.trail().page(day, actor=asked.actor, subject=asked.alert, after=asked.after, limit=asked.limit)
        return AuditPage(entries=[AuditEntry.of(entry) for entry in page.entries], cursor=page.cursor)

    def verify(self, call: Call[None]) -> AuditVerdict:
        asked: VerifyQuery = call.query
        until = asked.until.isoformat() if asked.until else "9"
        verdict = self.trail().verify(until, noted_head(asked.head) if asked.head else None)
        return AuditVerdict(
            ok=not verdict.faults,
            entries=verdict.entries,
            since=verdict.since,
            complete=verdict.complete,
            head=f"{verdict.head.n}:{verdict.head.hash}",
            faults=[AuditFault(day=it.day, n=it.n, code=it.code, message=it.message) for it in verdict.faults],
        )


def noted_head(text: str) -> Head:
    """``n:hash``, as a verdict gives it."""
    n, _, digest = text.partition(":")
    return Head(int(n), digest)


def asked_for(call: Call[Any]) -> dict[str, str]:
    """What was asked for, for the trail."""
    return {name: str(value) for name, value in call.query.model_dump(mode="json", exclude_none=True).items()}
