"""A tip: what somebody who was asked saw, did not see, or knows; and what the control room made of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Point
from chalicelib.platform import ids
from chalicelib.platform.clock import rfc3339

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
TIME_CHARACTERS, CHANCE_CHARACTERS = 9, 7
ID_CHARACTERS = TIME_CHARACTERS + CHANCE_CHARACTERS
MOST_PHOTOS = 3  # with one tip


class TipKind(StrEnum):
    """What was answered. ``info``: not seen, but something worth knowing."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"
    INFO = "info"


class TipStatus(StrEnum):
    """What the control room made of it."""

    NEW = "new"
    READ = "read"
    USEFUL = "useful"
    NOT_USEFUL = "not_useful"


@dataclass(frozen=True, kw_only=True)
class Tip:
    """``reply``: the reference of the link it came by (``alerts.reply``); who that is, a dispatcher does not see.

    ``id`` sorts by ``at`` and holds it. ``contact_me``: may be called back. ``note``: of the control room.
    ``photos_due``: how many photos were to follow; ``photos``: the numbers, from 1, of those that came.
    """

    id: str
    alert: str
    reply: str
    kind: TipKind
    at: datetime
    text: str | None = None
    place: Point | None = None
    seen_at: datetime | None = None
    contact_me: bool = False
    language: Language = Language.NL
    photos_due: int = 0
    photos: tuple[int, ...] = ()
    status: TipStatus = TipStatus.NEW
    note: str | None = None
    triaged_by: str | None = None
    triaged_at: datetime | None = None


@dataclass(frozen=True)
class Triage:
    """``note``: None leaves the one that stands."""

    status: TipStatus
    note: str | None
    by: str
    at: datetime


def matters(kind: TipKind, status: TipStatus) -> bool:
    """Whether a tip may lead somewhere: while it does, nobody else needs to be asked."""
    return kind is not TipKind.NOT_SEEN and status is not TipStatus.NOT_USEFUL


def tip_id(at: datetime, chance: str) -> str:
    """16 characters of the id alphabet: milliseconds since 1970, then ``chance``, 7 characters."""
    return ids.encode((at - _EPOCH) // _MILLISECOND, TIME_CHARACTERS) + chance


def sort_key(tip: str) -> str:
    """``<rfc3339>#<id>``: where a tip of that id stands among its alert's."""
    return f"{rfc3339(_EPOCH + ids.decode(tip[:TIME_CHARACTERS]) * _MILLISECOND)}#{tip}"
