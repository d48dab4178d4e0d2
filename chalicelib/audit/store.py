"""Tables ``audit``, where entries are only ever added, and ``audit_heads``, which knows where the chain ends.

A transaction adds entries, moves the head under the condition that nobody else did, and marks each deed as written.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.audit.model import DayHead, Entry, Head
from chalicelib.platform.once import marks

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = "now"


class HeadMoved(Exception):
    """Somebody else has added to the chain in the meantime."""


class Written(Exception):
    """Some deeds stand in the chain already; nothing was added. ``ids``: theirs."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(f"{len(ids)} deeds")
        self.ids = frozenset(ids)


class AuditStore(Protocol):
    def head(self) -> Head: ...

    def append(self, entries: Sequence[Entry], after: Head, *, known: int, kept: int) -> None:
        """Add entries of one day behind ``after``, all or none.

        ``known``: until when a deed told again is recognised; ``kept``: until when an entry is; both epoch seconds.

        Raises:
            HeadMoved, Written.
        """
        ...

    def entries(self, day: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        """Of a day, by number, behind ``after``."""
        ...

    def days(self, until: str = "9") -> list[DayHead]:
        """Days to ``until`` on which something was written, the latest first."""
        ...


@dataclass(frozen=True)
class DynamoAuditStore:
    """``marks``: the table whose rows end by themselves."""

    client: "Callable[[], DynamoDBClient]"
    table: str
    heads: str
    marks: str

    def head(self) -> Head:
        key = {"k": {"S": NOW}, "d": {"S": NOW}}
        row: Any = self.client().get_item(TableName=self.heads, Key=key, ConsistentRead=True).get("Item")
        return Head(int(row["n"]["N"]), row["hash"]["S"], row["day"]["S"]) if row else Head()

    def append(self, entries: Sequence[Entry], after: Head, *, known: int, kept: int) -> None:
        ids = [entry.id for entry in entries]
        actions = marks(self.marks, "audit", ids, known) + [self._put(entry, kept) for entry in entries]
        actions += [self._move(entries[-1], after), self._day(entries)]
        try:
            self.client().transact_write_items(TransactItems=actions)
        except ClientError as error:
            reasons: Any = error.response.get("CancellationReasons", [])
            failed = [number for number, reason in enumerate(reasons) if reason.get("Code") in _LOST]
            if not failed:
                raise
            if again := [ids[n] for n in failed if n < len(ids) and reasons[n]["Code"] == _CONDITION]:
                raise Written(again) from error
            raise HeadMoved from error

    def entries(self, day: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        found: list[Entry] = []
        query: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "d = :day AND n > :after",
            "ExpressionAttributeValues": {":day": {"S": day}, ":after": {"N": str(after)}},
            "ConsistentRead": True,
            **({"Limit": limit} if limit else {}),
        }
        while True:
            page = self.client().query(**query)
            found += [_read(row) for row in page["Items"]]
            if "LastEvaluatedKey" not in page or (limit and len(found) >= limit):
                return found
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def days(self, until: str = "9") -> list[DayHead]:
        pages = (
            self.client()
            .get_paginator("query")
            .paginate(
                TableName=self.heads,
                KeyConditionExpression="k = :day AND d <= :until",
                ExpressionAttributeValues={":day": {"S": "day"}, ":until": {"S": until}},
                ScanIndexForward=False,
                ConsistentRead=True,
            )
        )
        rows: Any = [row for page in pages for row in page["Items"]]
        return [DayHead(row["d"]["S"], int(row["first"]["N"]), int(row["n"]["N"]), row["hash"]["S"]) for row in rows]

    def _put(self, entry: Entry, kept: int) -> dict[str, Any]:
        texts = ("id", "at", "action", "actor", "tenant", "subject", "address", "prev", "hash")
        item = {
            "d": {"S": entry.day},
            "n": {"N": str(entry.n)},
            "facts": {"S": json.dumps(dict(entry.facts))},
            "ttl": {"N": str(kept)},
            **{name: {"S": getattr(entry, name)} for name in texts},
        }
        return {"Put": {"TableName": self.table, "Item": item, "ConditionExpression": "attribute_not_exists(n)"}}

    def _move(self, last: Entry, after: Head) -> dict[str, Any]:
        return {
            "Put": {
                "TableName": self.heads,
                "Item": {"k": {"S": NOW}, "d": {"S": NOW}, **_end(last), "day": {"S": last.day}},
                "ConditionExpression": "n = :before" if after.n else "attribute_not_exists(n)",
                **({"ExpressionAttributeValues": {":before": {"N": str(after.n)}}} if after.n else {}),
            }
        }

    def _day(self, entries: Sequence[Entry]) -> dict[str, Any]:
        return {
            "Update": {
                "TableName": self.heads,
                "Key": {"k": {"S": "day"}, "d": {"S": entries[0].day}},
                "UpdateExpression": "SET n = :n, #hash = :hash, #first = if_not_exists(#first, :first)",
                "ExpressionAttributeNames": {"#hash": "hash", "#first": "first"},
                "ExpressionAttributeValues": {
                    ":n": {"N": str(entries[-1].n)},
                    ":hash": {"S": entries[-1].hash},
                    ":first": {"N": str(entries[0].n)},
                },
            }
        }


_CONDITION = "ConditionalCheckFailed"
_LOST = {_CONDITION, "TransactionConflict"}  # DynamoDB: codes of CancellationReasons


def _end(entry: Entry) -> dict[str, Any]:
    return {"n": {"N": str(entry.n)}, "hash": {"S": entry.hash}}


def _read(row: Any) -> Entry:
    texts = {name: row[name]["S"] for name in row.keys() - {"d", "n", "facts", "ttl"}}
    return Entry(**texts, day=row["d"]["S"], n=int(row["n"]["N"]), facts=json.loads(row["facts"]["S"]))


@dataclass
class MemoryAuditStore:
    """The twin."""

    rows: dict[tuple[str, int], Entry] = field(default_factory=dict)
    by_day: dict[str, DayHead] = field(default_factory=dict)
    end: Head = field(default_factory=Head)
    written: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock, repr=False)

    def head(self) -> Head:
        return self.end

    def append(self, entries: Sequence[Entry], after: Head, *, known: int, kept: int) -> None:
        with self.lock:
            if again := [entry.id for entry in entries if entry.id in self.written]:
                raise Written(again)
            if self.end.n != after.n:
                raise HeadMoved
            first, last = entries[0], entries[-1]
            self.rows |= {(entry.day, entry.n): entry for entry in entries}
            self.written |= {entry.id for entry in entries}
            begun = self.by_day.get(first.day)
            self.by_day[first.day] = DayHead(first.day, begun.first if begun else first.n, last.n, last.hash)
            self.end = Head(last.n, last.hash, last.day)

    def entries(self, day: str, *, after: int = 0, limit: int | None = None) -> list[Entry]:
        found = sorted((key[1], entry) for key, entry in self.rows.items() if key[0] == day and key[1] > after)
        return [entry for _, entry in found][:limit]

    def days(self, until: str = "9") -> list[DayHead]:
        return [self.by_day[day] for day in sorted(self.by_day, reverse=True) if day <= until]
