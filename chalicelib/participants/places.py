"""Table ``places``: who lives or works where, found by geohash. What lies in a row: ``place_rows``."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.areas.cover import KeyRange
from chalicelib.participants.place_rows import FoundPlace, PlaceRow, encode, found
from chalicelib.platform.flat_dynamo import FlatDynamo, reader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

read_places = reader(FoundPlace)
AFTER_ALL = "~"  # sorts after '#' and every character of a geohash
WRITE = 25  # DynamoDB: rows per BatchWriteItem


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

    def within(self, key_range: KeyRange, limit: int | None = None) -> Iterator[FoundPlace]:
        """Every row in the range in the order of the keys, ended and not yet valid ones too; at most ``limit``."""
        ...

    def load(self, rows: Iterable[PlaceRow]) -> None:
        """Write rows without their participants: for benchmarks and generated towns."""
        ...


@dataclass(frozen=True)
class DynamoPlaceStore:
    """``client`` writes; the reading goes through ``FlatDynamo``."""

    table: str
    client: "Callable[[], DynamoDBClient]"
    query: FlatDynamo = field(default_factory=FlatDynamo)
    stats: ReadStats = field(default_factory=ReadStats)

    def within(self, key_range: KeyRange, limit: int | None = None) -> Iterator[FoundPlace]:
        pages = self._pages(key_range, {"Limit": limit} if limit else {})
        return islice(chain.from_iterable(pages), limit)

    def _pages(self, key_range: KeyRange, more: Mapping[str, int]) -> Iterator[list[FoundPlace]]:
        request = {
            "TableName": self.table,
            "KeyConditionExpression": "c = :c AND k BETWEEN :first AND :last",
            "ProjectionExpression": "k, x, d, u",
            "ExpressionAttributeValues": {
                ":c": {"S": key_range.partition},
                ":first": {"S": key_range.first},
                ":last": {"S": key_range.last + AFTER_ALL},
            },
            "ReturnConsumedCapacity": "TOTAL",
            **more,
        }
        self.stats.queries += 1
        for page in self.query.pages(request, read_places):
            self.stats.pages += 1
            self.stats.items += page.count
            self.stats.units += page.consumed_capacity.capacity_units
            yield page.items

    def load(self, rows: Iterable[PlaceRow]) -> None:
        requests: list[Any] = [{"PutRequest": {"Item": encode(row)}} for row in rows]
        while requests:
            now, requests = requests[:WRITE], requests[WRITE:]
            answer = self.client().batch_write_item(RequestItems={self.table: now})
            requests += answer["UnprocessedItems"].get(self.table, [])


@dataclass
class MemoryPlaceStore:
    """The twin: keys in order per partition."""

    stats: ReadStats = field(default_factory=ReadStats)
    rows: dict[tuple[str, str], PlaceRow] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)

    def within(self, key_range: KeyRange, limit: int | None = None) -> Iterator[FoundPlace]:
        keys = self.keys.get(key_range.partition, [])
        between = keys[bisect_left(keys, key_range.first) : bisect_right(keys, key_range.last + AFTER_ALL)][:limit]
        self.stats.queries += 1
        self.stats.pages += 1
        self.stats.items += len(between)
        return iter([found(self.rows[key_range.partition, key]) for key in between])

    def load(self, rows: Iterable[PlaceRow]) -> None:
        for row in rows:
            self.put(row)

    def put(self, row: PlaceRow) -> None:
        partition, key = row.key
        if (partition, key) not in self.rows:
            insort(self.keys.setdefault(partition, []), key)
        self.rows[partition, key] = row

    def end(self, partition: str, key: str, ended_ms: int) -> None:
        self.rows[partition, key] = self.rows[partition, key]._replace(valid_until_ms=ended_ms)

    def drop(self, partition: str, key: str) -> None:
        """Gone; where it was gone already, nothing changes."""
        if self.rows.pop((partition, key), None):
            self.keys[partition].remove(key)
