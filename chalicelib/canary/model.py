"""A canary: an address of ours in each municipality that takes part, asked by tests and by nothing else.

It is no participant. It has a row in table ``places``, so that the matcher finds it as it finds everybody, and stands
in no census, no count per cell and no report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.areas.model import Area, Point, PolygonShape
from chalicelib.channels.model import Channel
from chalicelib.participants.place_rows import PlaceRow, rounded
from chalicelib.participants.wishes import Wishes
from chalicelib.platform.clock import epoch_ms

HALF_A_SIDE = 0.00002  # degrees: a few metres
ROW_LASTS = timedelta(days=2)  # each run renews it; where a municipality has left, it ends by itself
WISHES = Wishes(exercises=True, canary=True)
LINK_VERSION = "0"


@dataclass(frozen=True)
class Addresses:
    """Where the canaries' messages go; empty: not on that channel. Safe to print."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Those whose receipts say that a message arrived."""
        given = {Channel.SMS: self.phone, Channel.EMAIL: self.email}
        return tuple(channel for channel, address in given.items() if address)

    def email_of(self, code: str) -> str | None:
        """A subaddress (RFC 5233) for each municipality, so that a mailbox shows whose is missing."""
        if not self.email:
            return None
        local, _, domain = self.email.rpartition("@")
        return f"{local}+{code.lower()}@{domain}"


@dataclass(frozen=True)
class Canary:
    """``area``: code of its municipality."""

    area: str
    point: Point

    @property
    def reference(self) -> str:
        """As a participant's: 12 characters, and a version of links, which it does not have."""
        return f"canary{self.area.lower()}{LINK_VERSION}"

    def row(self, addresses: Addresses, now: datetime) -> PlaceRow:
        """A row written anew stands in place of the one before, and is never without validity between the two."""
        return PlaceRow(
            participant=self.reference,
            rank=0,
            point=self.point,
            earlier=(),
            phone=addresses.phone or None,
            email=addresses.email_of(self.area),
            language="nl",
            neighbourhood=self.area,
            valid_from_ms=0,
            valid_until_ms=epoch_ms(now + ROW_LASTS),
            wishes=WISHES.packed,
        )


def canaries(municipalities: Iterable[Area]) -> Iterator[Canary]:
    """One for each whose place is known."""
    for area in municipalities:
        if area.label:
            yield Canary(area.code, rounded(area.label))
        elif area.bounds:
            west, south, east, north = area.bounds
            yield Canary(area.code, rounded(Point((west + east) / 2, (south + north) / 2)))


def around(flock: Iterable[Canary]) -> PolygonShape:
    """The area of their alert: a few square metres around each, so that hardly anybody else's place is even read."""
    return PolygonShape(tuple(_square(canary.point) for canary in flock))


def _square(point: Point) -> tuple[tuple[tuple[float, float], ...], ...]:
    west, east = point.lon - HALF_A_SIDE, point.lon + HALF_A_SIDE
    south, north = point.lat - HALF_A_SIDE, point.lat + HALF_A_SIDE
    return (((west, south), (east, south), (east, north), (west, north), (west, south)),)


@dataclass(frozen=True, order=True)
class Message:
    """One that has to arrive: to the canary of a municipality, on a channel."""

    area: str
    channel: Channel


@dataclass(frozen=True)
class Run:
    """A test that was sent. ``judged_at``: when it was looked at for good; what had not come by then is ``missing``."""

    alert: str
    sent_at: datetime
    expected: frozenset[Message]
    judged_at: datetime | None = None
    missing: frozenset[Message] = frozenset()
