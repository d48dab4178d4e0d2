"""Table ``cells``: how many participants and places there are per geohash cell, for estimates of large areas.

    c    geohash of the cell, without its last two characters
    k    geohash of the cell, of 5 or 7 characters # smallest known area
    f    participants whose first place lies here
    o    other places here

A cell is split where areas meet in it, so that estimates add up per neighbourhood. Only who can be asked counts: not
who paused. The sums run along with the participants' stream (``headcount``); ``recount`` sets them right.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from botocore.exceptions import ClientError

from chalicelib.areas import geohash
from chalicelib.areas.model import Point
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo, read_items
from chalicelib.platform.once import TRANSACTION, AlreadyCounted, counted_before, marks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LENGTHS = (5, 7)  # of the geohashes that are counted
ABOVE = 2  # characters from a cell to the partition in which it is counted
AFTER_ALL = "~"


@dataclass(frozen=True)
class Heads:
    """``first``: participants whose first place it is; ``other``: places of those who live elsewhere too."""

    first: int = 0
    other: int = 0

    def __add__(self, more: "Heads") -> "Heads":
        return Heads(self.first + more.first, self.other + more.other)


class CellKey(NamedTuple):
    """The part of a cell that lies in an area. ``area``: code of the smallest known area of its places."""

    cell: str
    area: str

    @property
    def partition(self) -> str:
        return self.cell[:-ABOVE]


Deltas = Mapping[CellKey, Heads]


def cells_of(point: Point, area: str, rank: int) -> dict[CellKey, Heads]:
    """What a place adds to each cell that holds it. ``rank``: 0 is a participant's first place."""
    heads = Heads(first=1) if rank == 0 else Heads(other=1)
    return {CellKey(geohash.encode(*point, length), area): heads for length in LENGTHS}


class CellStore(Protocol):
    def within(self, partition: str, first: str = "", last: str = AFTER_ALL) -> Iterator[tuple[CellKey, Heads]]:
        """The cells below a partition from ``first`` to ``last``, by key; those where nobody is are left out."""
        ...

    def count_changes(self, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        """Add to the cells, once per change. ``ttl``: until when a repeated change must be recognised, epoch seconds.

        Raises:
            AlreadyCounted: one of the changes was seen before.
        """
        ...

    def correct(self, key: CellKey, before: Heads, after: Heads) -> bool:
        """Put ``after`` in the place of ``before``; False where something else stands there."""
        ...


@dataclass(frozen=True)
class DynamoCellStore:
    """``marks``: the table whose rows end by themselves, where counted changes are remembered."""

    client: "Callable[[], DynamoDBClient]"
    table: str
    marks: str
    query: FlatDynamo = field(default_factory=FlatDynamo)

    def within(self, partition: str, first: str = "", last: str = AFTER_ALL) -> Iterator[tuple[CellKey, Heads]]:
        request = {
            "TableName": self.table,
            "KeyConditionExpression": "c = :c AND k BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":c": {"S": partition},
                ":first": {"S": first or partition},
                ":last": {"S": last + AFTER_ALL},
            },
        }
        for page in self.query.pages(request, read_items):
            for item in page.items:
                heads = Heads(int(item["f"]["N"]), int(item["o"]["N"]))
                if heads != Heads():
                    yield CellKey(*item["k"]["S"].split("#")), heads

    def count_changes(self, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        sums: list[Any] = [
            {
                "Update": {
                    "TableName": self.table,
                    "Key": _key(key),
                    "UpdateExpression": "ADD f :first, o :other",
                    "ExpressionAttributeValues": _values(heads),
                }
            }
            for key, heads in deltas.items()
        ]
        try:
            self.client().transact_write_items(TransactItems=marks(self.marks, "cells", changes, ttl) + sums)
        except ClientError as error:
            if counted_before(error):
                raise AlreadyCounted from error
            raise

    def correct(self, key: CellKey, before: Heads, after: Heads) -> bool:
        as_before = "f = :f AND o = :o"
        condition = {
            "TableName": self.table,
            "Key": _key(key),
            "ConditionExpression": as_before if before != Heads() else f"attribute_not_exists(c) OR ({as_before})",
        }
        expected = {":f": {"N": str(before.first)}, ":o": {"N": str(before.other)}}
        client: Any = self.client()
        try:
            if after == Heads():
                client.delete_item(**condition, ExpressionAttributeValues=expected)
            else:
                client.update_item(
                    **condition,
                    UpdateExpression="SET f = :first, o = :other",
                    ExpressionAttributeValues={**expected, **_values(after)},
                )
        except ClientError as error:
            only_condition_failed(error)
            return False
        return True


def _key(key: CellKey) -> Any:
    return {"c": {"S": key.partition}, "k": {"S": f"{key.cell}#{key.area}"}}


def _values(heads: Heads) -> Any:
    return {":first": {"N": str(heads.first)}, ":other": {"N": str(heads.other)}}


@dataclass
class MemoryCellStore:
    """The twin."""

    rows: dict[str, dict[CellKey, Heads]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def within(self, partition: str, first: str = "", last: str = AFTER_ALL) -> Iterator[tuple[CellKey, Heads]]:
        for key, heads in sorted(self.rows.get(partition, {}).items()):
            if first <= key.cell <= last + AFTER_ALL and heads != Heads():
                yield key, heads

    def count_changes(self, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        if len(changes) + len(deltas) > TRANSACTION:
            raise ValueError(f"a transaction takes {TRANSACTION} actions")
        if self.seen.intersection(changes):
            raise AlreadyCounted
        self.seen.update(changes)
        for key, heads in deltas.items():
            rows = self.rows.setdefault(key.partition, {})
            rows[key] = rows.get(key, Heads()) + heads

    def correct(self, key: CellKey, before: Heads, after: Heads) -> bool:
        rows = self.rows.setdefault(key.partition, {})
        if rows.get(key, Heads()) != before:
            return False
        rows[key] = after
        return True
