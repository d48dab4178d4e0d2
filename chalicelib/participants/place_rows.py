"""A row of table ``places``: one place of one participant, with all that sending to it needs.

    c    geohash of 5 characters
    k    geohash of 12 # participant # rank . version
    x    this place, then the participant's others in their order: longitude and latitude each
    d    from when it counts (epoch ms), language, smallest known area around it, some letters, and the text of each
         letter in their order, between spaces: s for a phone number for SMS, v for one to call, b for one for both, m
         for a mail address, where that channel is chosen and its contact verified; p for push, which has no text, since
         its devices are found by the reference; last w for the wishes of who has some: see ``wishes``
    u    until when it counts (epoch ms); ttl: a day after it

A row never changes but to end; a change is a new row with the participant's next version. So an alert that was
approved before a change still finds what was true then. 110 to 180 bytes, as DynamoDB counts them (names and keys
too), with contacts as they are stored: sealed, see ``sealing``.
Few attributes, because each costs a matcher about 0.3 µs to read: see docs/decisions/0010.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from msgspec import Struct

from chalicelib.areas import geohash
from chalicelib.areas.geometry import Position
from chalicelib.areas.model import Point
from chalicelib.participants.wishes import read_wishes
from chalicelib.platform.flat_dynamo import Binary, Number, Text

PARTITION_CHARACTERS = 5
KEY_CHARACTERS = 12
DECIMALS = 7
SCALE = 10**DECIMALS
ENDED_ROWS_KEPT_S = 24 * 3600
PHONE, VOICE, EMAIL, PUSH = "s", "v", "m", "p"
BOTH = "b"  # PHONE and VOICE
WISHES = "w"
ORDER = PHONE + VOICE + BOTH + EMAIL + PUSH + WISHES
FROM, LANGUAGE, NEIGHBOURHOOD, LETTERS, TEXTS = range(5)  # of a line between its spaces

_INTEGERS, _FLOATS = struct.Struct(">ii"), struct.Struct(">dd")
_integers_at, _floats_at = _INTEGERS.unpack_from, _FLOATS.unpack_from

Item = dict[str, Any]


class PlaceRow(NamedTuple):
    """One place of one participant. Safe to print.

    ``participant``: id and version of the links, as ``Participant.reference``. ``rank``: 0 is the first place.
    ``earlier``, ``later``: the participant's other places, those of lower rank and those of higher. So each row knows
    by which place somebody is asked. ``wishes``: packed, empty for most people.
    ``phone``: for SMS; ``voice``: the number to call, the same one where both are there. ``push``: to their devices.
    ``neighbourhood``: code of the smallest known area. Times are epoch milliseconds, the end exclusive.
    """

    participant: str
    rank: int
    point: Point
    earlier: tuple[Point, ...]
    phone: str | None
    email: str | None
    language: str
    neighbourhood: str
    valid_from_ms: int
    valid_until_ms: int | None = None
    version: int = 1
    later: tuple[Point, ...] = ()
    wishes: str = ""
    voice: str | None = None
    push: bool = False

    def __repr__(self) -> str:
        return f"PlaceRow({self.participant} {self.rank}.{self.version})"

    @property
    def key(self) -> tuple[str, str]:
        """Partition key and sort key."""
        cell = geohash.encode(*self.point, KEY_CHARACTERS)
        return cell[:PARTITION_CHARACTERS], f"{cell}#{self.participant}#{self.rank}.{self.version}"


class FoundPlace(Struct, frozen=True, gc=False):
    """A row as a query gives it, of which a matcher reads millions: nothing is unpacked until somebody asks for it.

    Its fields are the attributes of the same names. Safe to print.
    """

    k: Text
    x: Binary
    d: Text
    u: Number | None = None

    def __repr__(self) -> str:
        return f"FoundPlace({self.participant} {self.rank}.{self.version})"

    @property
    def key(self) -> str:
        """The sort key."""
        return self.k.text

    @property
    def line(self) -> str:
        """Times, facts and contacts, between spaces."""
        return self.d.text

    @property
    def participant(self) -> str:
        return self.k.text.split("#")[1]

    @property
    def valid_until_ms(self) -> int | None:
        return int(self.u.digits) if self.u else None

    def valid_at(self, moment_ms: int) -> bool:
        if self.valid_until_ms is not None and self.valid_until_ms <= moment_ms:
            return False
        return self.valid_from_ms <= moment_ms

    @property
    def valid_from_ms(self) -> int:
        return int(self.line[: self.line.index(" ")])

    @property
    def neighbourhood(self) -> str:
        return self.facts()[1]

    @property
    def first(self) -> bool:
        """Whether it is the participant's first place: no earlier ones."""
        return "#0." in self.key

    @property
    def rank(self) -> int:
        return int(self.key[self.key.rindex("#") + 1 : self.key.rindex(".")])

    @property
    def version(self) -> int:
        return int(self.key.rpartition(".")[2])

    @property
    def points(self) -> tuple[Point, ...]:
        """This place, then the others in their order."""
        size = len(self.x.content)
        count = size // _FLOATS.size if size % _INTEGERS.size else size // _INTEGERS.size
        return tuple([Point(*self.position(number)) for number in range(count)])

    def position(self, number: int = 0) -> Position:
        """One of the points, without the rest."""
        packed = self.x.content
        if len(packed) % 8:
            lon, lat = _floats_at(packed, 1 + number * _FLOATS.size)
            return lon, lat
        lon, lat = _integers_at(packed, number * 8)
        return lon / SCALE, lat / SCALE

    def positions_before(self) -> list[Position]:
        """Of the places of lower rank."""
        rank = self.rank
        if rank == 1:
            return [self.position(1)]
        return [self.position(number) for number in range(1, rank + 1)]

    @property
    def point(self) -> Point:
        return Point(*self.position())

    @property
    def earlier(self) -> tuple[Point, ...]:
        return self.points[1 : self.rank + 1]

    @property
    def later(self) -> tuple[Point, ...]:
        return self.points[self.rank + 1 :]

    @property
    def wishes(self) -> str:
        return self.facts()[2].get(WISHES, "")

    @property
    def canary(self) -> bool:
        """Whether it is nobody's: see ``Wishes``."""
        parts = self.line.split(" ")
        return parts[LETTERS].endswith(WISHES) and read_wishes(parts[-1]).canary

    def facts(self) -> tuple[str, str, dict[str, str]]:
        """Language, neighbourhood, contacts by letter: ``PHONE``, ``VOICE``, ``EMAIL``, ``PUSH``; wishes by theirs."""
        parts = self.line.split(" ")
        contacts = {letter: parts[number] if number else self.participant for letter, number in texts(parts[LETTERS])}
        if BOTH in contacts:
            contacts[PHONE] = contacts[VOICE] = contacts.pop(BOTH)
        return parts[LANGUAGE], parts[NEIGHBOURHOOD], contacts

    @property
    def row(self) -> PlaceRow:
        """All of it, unpacked."""
        language, neighbourhood, listed = self.facts()
        return PlaceRow(
            self.participant,
            self.rank,
            self.point,
            self.earlier,
            listed.get(PHONE),
            listed.get(EMAIL),
            language,
            neighbourhood,
            self.valid_from_ms,
            self.valid_until_ms,
            self.version,
            self.later,
            self.wishes,
            listed.get(VOICE),
            PUSH in listed,
        )


def rounded(point: Point) -> Point:
    """To 7 decimals, about a centimetre: what a place is kept to."""
    return Point(round(point[0], DECIMALS), round(point[1], DECIMALS))


def encode(row: PlaceRow) -> Item:
    """The row in DynamoDB's JSON, binary as bytes."""
    c, k = row.key
    use = BOTH if row.phone and row.voice else PHONE if row.phone else VOICE
    listed = ((use, row.phone or row.voice), (EMAIL, row.email), (WISHES, row.wishes))
    given = {letter: text for letter, text in listed if text}
    letters = "".join(sorted([*given, *[PUSH] * row.push], key=ORDER.index))
    facts = (str(row.valid_from_ms), row.language, row.neighbourhood, letters, *given.values())
    item: Item = {
        "c": {"S": c},
        "k": {"S": k},
        "x": {"B": _packed((row.point, *row.earlier, *row.later))},
        "d": {"S": " ".join(facts)},
    }
    if row.valid_until_ms is not None:
        item["u"] = {"N": str(row.valid_until_ms)}
        item["ttl"] = {"N": str(ttl_of(row.valid_until_ms))}
    return item


def found(row: PlaceRow) -> FoundPlace:
    """What a query would give."""
    item = encode(row)
    until = Number(item["u"]["N"]) if "u" in item else None
    return FoundPlace(Text(item["k"]["S"]), Binary(item["x"]["B"]), Text(item["d"]["S"]), until)


def texts(letters: str) -> Iterator[tuple[str, int]]:
    """Each letter of a line, and which part of the line is its text; 0 for push, which has none."""
    number = TEXTS
    for letter in letters:
        if letter == PUSH:
            yield letter, 0
        else:
            yield letter, number
            number += 1


def ttl_of(ended_ms: int) -> int:
    """When the table may forget an ended row: epoch seconds."""
    return ended_ms // 1000 + ENDED_ROWS_KEPT_S


def _packed(points: Iterable[Point]) -> bytes:
    """Two 4-byte integers a point, in 10^-7 degrees, where that is exact; else a byte and two 8-byte floats a point."""
    numbers = [degrees for point in points for degrees in point]
    scaled = [round(degrees * SCALE) for degrees in numbers]
    if all(number / SCALE == degrees for number, degrees in zip(scaled, numbers, strict=True)):
        return struct.pack(f">{len(scaled)}i", *scaled)
    return struct.pack(f">x{len(numbers)}d", *numbers)
