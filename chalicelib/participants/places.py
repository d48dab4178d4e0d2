"""Table ``places``: one row per place, found by geohash, with all that sending to it needs.

    c    geohash of 5 characters
    k    geohash of 12 # participant # rank . version
    x y  longitude and latitude, degrees, 7 decimals
    e    earlier places of the participant: longitude and latitude, 10^-7 degrees, two 4-byte integers each
    p m  phone and e-mail address, where that channel is chosen and its contact verified
    l    language
    b    smallest known area around it
    f u  epoch ms from which, and until which, it counts; ttl: a day after u

A row never changes but to end; a change is a new row with the participant's next version. So an alert that was
approved before a change still finds what was true then. 100 to 150 bytes, as DynamoDB counts them (names and keys too).
"""

import base64
import struct
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from chalicelib.areas import geohash
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.model import Point
from chalicelib.participants.flat_query import FlatQuery

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION_CHARACTERS = 5
KEY_CHARACTERS = 12
AFTER_ALL = "~"  # sorts after '#' and every character of a geohash
DECIMALS = 7
SCALE = 10**DECIMALS
ENDED_ROWS_KEPT_S = 24 * 3600
WRITE = 25  # DynamoDB: rows per BatchWriteItem

Item = dict[str, Any]


class PlaceRow(NamedTuple):
    """One place of one participant. Safe to print.

    ``participant``: id and version of the links, as ``Participant.reference``. ``rank``: 0 is the first place.
    ``earlier``: the places of lower rank; who draws an area counts a row only if none of these lies in it.
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

    def __repr__(self) -> str:
        return f"PlaceRow({self.participant} {self.rank}.{self.version})"

    @property
    def key(self) -> tuple[str, str]:
        """Partition key and sort key."""
        cell = geohash.encode(*self.point, KEY_CHARACTERS)
        return cell[:PARTITION_CHARACTERS], f"{cell}#{self.participant}#{self.rank}.{self.version}"


def rounded(point: Point) -> Point:
    """To 7 decimals, about a centimetre: what a row can hold."""
    return Point(round(point[0], DECIMALS), round(point[1], DECIMALS))


def encode(row: PlaceRow) -> Item:
    """The row in DynamoDB's JSON, binary as bytes. The points must have been rounded."""
    c, k = row.key
    item: Item = {
        "c": {"S": c},
        "k": {"S": k},
        "x": {"N": f"{row.point[0]:.{DECIMALS}f}"},
        "y": {"N": f"{row.point[1]:.{DECIMALS}f}"},
        "l": {"S": row.language},
        "b": {"S": row.neighbourhood},
        "f": {"N": str(row.valid_from_ms)},
    }
    if row.earlier:
        numbers = [round(degrees * SCALE) for point in row.earlier for degrees in point]
        item["e"] = {"B": struct.pack(f">{len(numbers)}i", *numbers)}
    if row.phone:
        item["p"] = {"S": row.phone}
    if row.email:
        item["m"] = {"S": row.email}
    if row.valid_until_ms is not None:
        item["u"] = {"N": str(row.valid_until_ms)}
        item["ttl"] = {"N": str(ttl_of(row.valid_until_ms))}
    return item


def decode(item: Mapping[str, Any]) -> PlaceRow:
    """The row of DynamoDB's JSON as it came over the wire, binary in base 64."""
    _, participant, tail = item["k"]["S"].split("#")
    rank, _, version = tail.partition(".")
    return PlaceRow(
        participant,
        int(rank),
        Point(float(item["x"]["N"]), float(item["y"]["N"])),
        _points(item["e"]["B"]) if "e" in item else (),
        item["p"]["S"] if "p" in item else None,
        item["m"]["S"] if "m" in item else None,
        item["l"]["S"],
        item["b"]["S"],
        int(item["f"]["N"]),
        int(item["u"]["N"]) if "u" in item else None,
        int(version),
    )


def _points(text: str) -> tuple[Point, ...]:
    return tuple(Point(lon / SCALE, lat / SCALE) for lon, lat in struct.iter_unpack(">ii", base64.b64decode(text)))


def ttl_of(ended_ms: int) -> int:
    """When the table may forget an ended row: epoch seconds."""
    return ended_ms // 1000 + ENDED_ROWS_KEPT_S


@dataclass
class ReadStats:
    """What reading cost so far. ``units``: read units, as DynamoDB billed them."""

    queries: int = 0
    pages: int = 0
    items: int = 0
    units: float = 0.0


class PlaceStore(Protocol):
    """Changes are written by ``ParticipantStore``, in one transaction with the participant."""

    @property
    def stats(self) -> ReadStats: ...

    def within(self, key_range: KeyRange) -> Iterator[PlaceRow]:
        """Every row in the range in the order of the keys, ended and not yet valid ones too."""
        ...

    def load(self, rows: Iterable[PlaceRow]) -> None:
        """Write rows without their participants: for benchmarks and generated towns."""
        ...


@dataclass(frozen=True)
class DynamoPlaceStore:
    """``client`` writes; the reading goes through ``FlatQuery``."""

    table: str
    client: "Callable[[], DynamoDBClient]"
    query: FlatQuery = field(default_factory=FlatQuery)
    stats: ReadStats = field(default_factory=ReadStats)

    def within(self, key_range: KeyRange) -> Iterator[PlaceRow]:
        self.stats.queries += 1
        for page in self.query.pages(
            {
                "TableName": self.table,
                "KeyConditionExpression": "c = :c AND k BETWEEN :first AND :last",
                "ExpressionAttributeValues": {
                    ":c": {"S": key_range.partition},
                    ":first": {"S": key_range.first},
                    ":last": {"S": key_range.last + AFTER_ALL},
                },
                "ReturnConsumedCapacity": "TOTAL",
            }
        ):
            self.stats.pages += 1
            self.stats.items += page["Count"]
            self.stats.units += page.get("ConsumedCapacity", {}).get("CapacityUnits", 0.0)
            yield from map(decode, page["Items"])

    def load(self, rows: Iterable[PlaceRow]) -> None:
        requests: list[Any] = [{"PutRequest": {"Item": encode(row)}} for row in rows]
        while requests:
            now, requests = requests[:WRITE], requests[WRITE:]
            answer = self.client().batch_write_item(RequestItems={self.table: now})
            requests += answer["UnprocessedItems"].get(self.table, [])


@dataclass
class MemoryPlaceStore:
    """The twin: keys in order per partition, rows as the table would give them back."""

    stats: ReadStats = field(default_factory=ReadStats)
    rows: dict[tuple[str, str], PlaceRow] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)

    def within(self, key_range: KeyRange) -> Iterator[PlaceRow]:
        keys = self.keys.get(key_range.partition, [])
        found = keys[bisect_left(keys, key_range.first) : bisect_right(keys, key_range.last + AFTER_ALL)]
        self.stats.queries += 1
        self.stats.pages += 1
        self.stats.items += len(found)
        return iter([self.rows[key_range.partition, key] for key in found])

    def load(self, rows: Iterable[PlaceRow]) -> None:
        for row in rows:
            self.put(row)

    def put(self, row: PlaceRow) -> None:
        partition, key = row.key
        if (partition, key) not in self.rows:
            insort(self.keys.setdefault(partition, []), key)
        self.rows[partition, key] = row._replace(
            point=rounded(row.point), earlier=tuple(rounded(point) for point in row.earlier)
        )

    def end(self, partition: str, key: str, ended_ms: int) -> None:
        self.rows[partition, key] = self.rows[partition, key]._replace(valid_until_ms=ended_ms)

    def drop(self, partition: str, key: str) -> None:
        """Gone; where it was gone already, nothing changes."""
        if self.rows.pop((partition, key), None):
            self.keys[partition].remove(key)
