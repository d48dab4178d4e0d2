"""A list of alerts: what a row of it shows, newest first, a page at a time; and those of a while."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from chalicelib.alerts.approval import APPROVED_WITHIN
from chalicelib.alerts.cap import Status, StatusColour
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.content_codec import optional, plain
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Result
from chalicelib.alerts.states import State
from chalicelib.platform.clock import parse_rfc3339, rfc3339

EXAMINED = 200  # rows that one page of a filtered list looks at
PAGE = 100  # rows at a time, of those that are looked through
LET_OUT = frozenset({State.SCHEDULED, State.ACTIVE, State.CLOSED})
WRITTEN_BY_PEOPLE = "alert"  # the part of index by_created that is listed


@dataclass(frozen=True)
class Summary:
    """An alert as a list shows it. ``headline``: Dutch. ``municipalities``: codes of those that its area touches.

    ``ended_at``: when it was closed or cancelled. ``withdrawn``: what describes people was taken out of it;
    ``tips_withdrawn``: and of its tips.
    """

    id: str
    tenant: str
    kind: Kind
    category: Category
    status: Status
    headline: str
    state: State
    version: int
    created_at: datetime
    expires: datetime
    stopped: bool
    approved_at: datetime | None
    municipalities: tuple[str, ...]
    changed_at: datetime
    ended_at: datetime | None
    withdrawn: bool
    tips_withdrawn: bool
    break_glass: bool = False
    result: Result | None = None

    @property
    def colour(self) -> StatusColour:
        return self.status.colour


@dataclass(frozen=True)
class Page:
    """``cursor``: where the next page begins; None at the end. A filtered page may hold less than asked for."""

    alerts: tuple[Summary, ...]
    cursor: str | None


def list_of(alert: Alert) -> str:
    """In which part of the index it stands: what has an audience of its own is not in the way of a control room."""
    return alert.content.audience or WRITTEN_BY_PEOPLE


def created(alert: Alert) -> str:
    """Sorts by time and is unique: ``<rfc3339>#<id>``. With ``_`` for ``#`` it is the cursor of a page."""
    return f"{rfc3339(alert.created_at)}#{alert.id}"


def written(alert: Alert) -> str:
    return json.dumps(plain(summary_of(alert)))


def summary_of(alert: Alert) -> Summary:
    return Summary(
        id=alert.id,
        tenant=alert.tenant,
        kind=alert.kind,
        category=alert.category,
        status=alert.status,
        headline=alert.content.headline.nl,
        state=alert.state,
        version=alert.version,
        created_at=alert.created_at,
        expires=alert.expires,
        stopped=alert.stopped_at is not None,
        approved_at=alert.approved_at,
        municipalities=alert.municipalities,
        changed_at=alert.changed_at,
        ended_at=alert.ended_at,
        withdrawn=alert.withdrawn_at is not None,
        tips_withdrawn=alert.tips_withdrawn_at is not None,
        break_glass=alert.break_glass is not None,
        result=alert.result,
    )


def read(text: str) -> Summary:
    row = json.loads(text)
    return Summary(
        id=row["id"],
        tenant=row["tenant"],
        kind=Kind(row["kind"]),
        category=Category(row["category"]),
        status=Status(row["status"]),
        headline=row["headline"],
        state=State(row["state"]),
        version=row["version"],
        created_at=parse_rfc3339(row["created_at"]),
        expires=parse_rfc3339(row["expires"]),
        stopped=row["stopped"],
        approved_at=optional(parse_rfc3339, row.get("approved_at")),
        municipalities=tuple(row["municipalities"]),
        changed_at=parse_rfc3339(row.get("changed_at", row["expires"])),
        ended_at=optional(parse_rfc3339, row.get("ended_at")),
        withdrawn=row.get("withdrawn", False),
        tips_withdrawn=row.get("tips_withdrawn", False),
        break_glass=row.get("break_glass", False),
        result=optional(Result, row.get("result")),
    )


class Pages(Protocol):
    """``AlertStore`` is one."""

    def page(self, *, limit: int, cursor: str | None = None) -> Page: ...


def since(pages: Pages, moment: datetime) -> Iterator[Summary]:
    """Those that were begun at that moment or later, newest first."""
    cursor: str | None = None
    while True:
        page = pages.page(limit=PAGE, cursor=cursor)
        for summary in page.alerts:
            if summary.created_at < moment:
                return
            yield summary
        cursor = page.cursor
        if cursor is None:
            return


def approved_since(pages: Pages, moment: datetime) -> Iterator[Summary]:
    """Those that were let out at that moment or later, however old their draft was; the newest draft first."""
    for summary in since(pages, moment - APPROVED_WITHIN):
        if summary.state in LET_OUT and summary.approved_at and summary.approved_at >= moment:
            yield summary


Wanted: TypeAlias = Callable[[Summary], bool]


def examined(limit: int, wanted: Wanted | None) -> int:
    """How many rows a page of ``limit`` looks at."""
    return EXAMINED if wanted else limit


def page_of(rows: Iterable[tuple[str, Summary]], limit: int, wanted: Wanted | None) -> Page:
    """``rows``: at most ``examined`` of them, each with what ``created`` gave."""
    found: list[Summary] = []
    seen: list[str] = []
    for created_key, summary in rows:
        seen.append(created_key)
        if wanted is None or wanted(summary):
            found.append(summary)
        if len(found) == limit:
            break
    more = len(found) == limit or len(seen) == examined(limit, wanted)
    return Page(tuple(found), seen[-1].replace("#", "_") if more else None)
