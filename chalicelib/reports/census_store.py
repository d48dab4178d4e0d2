"""Table ``reports``: participants per area.

| area | sk | holds |
|---|---|---|
| municipality | ``people#<set>#<smallest area>`` | the numbers, each an attribute |
| ``NL`` | ``people#<set>#<municipality>`` | the same of a whole municipality |
| ``NL`` | ``census`` | which set is told, and how far the making of another has come |
| both | ``day#2026-11-30`` | what was counted at the end of a day |

What is above a smallest area is a sum of such rows, made when it is read. Marks lie in the table ``idempotency``:
``census#<set>#<participant>.<version>`` of a change that was added, ``census#<set>#<participant>`` of somebody who was
taken in as a whole, with ``v``, the version at which.
"""

from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import FlatDynamo, read_items
from chalicelib.platform.once import AlreadyCounted, counted_before, marks
from chalicelib.reports import census_rows as rows
from chalicelib.reports.census_model import Generations, Participants, RowKey, Snapshot

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ATTEMPTS = 5

Deltas = Mapping[RowKey, Participants]


class CensusStore(Protocol):
    def generations(self) -> Generations: ...

    def move(self, before: Generations, after: Generations) -> Generations:
        """Put ``after`` in the place of ``before``, with the next revision.

        Raises:
            Overtaken: something else stands there.
        """
        ...

    def people(self, partition: str, generation: int | None = None) -> dict[str, Participants]:
        """The rows of a municipality, or of the nation, by code. None: of the generation that is told."""
        ...

    def count_changes(self, generation: int, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        """Add to the rows, once per change. ``ttl``: until when a repeated change must be recognised, epoch seconds.

        Raises:
            AlreadyCounted: one of the changes was seen before; nothing is added.
        """
        ...

    def take_in(self, generation: int, versions: Mapping[str, int], deltas: Deltas, ttl: int) -> None:
        """Add people as a whole, by participant the version at which, once per participant.

        Raises:
            AlreadyCounted: one of them was taken in before; nothing is added.
        """
        ...

    def taken_in(self, generation: int, participants: Iterable[str]) -> dict[str, int]:
        """At which version those of them were taken in who were. Strongly consistent."""
        ...

    def drop_before(self, partition: str, generation: int) -> None:
        """Remove the rows of all earlier generations from a partition."""
        ...

    def keep(self, snapshot: Snapshot) -> None:
        """Of a day: the first one stands."""
        ...

    def day(self, partition: str, first: date, last: date) -> Snapshot | None:
        """The latest snapshot of those days."""
        ...

    def on(self, partition: str, days: Collection[date]) -> dict[date, Snapshot]:
        """The snapshots of those days, where there are any."""
        ...


class Overtaken(Exception):
    """Somebody else moved the generations on meanwhile."""


@dataclass(frozen=True)
class DynamoCensusStore:
    """``marks``: the table whose rows end by themselves. ``query.pause`` waits between tries."""

    client: "Callable[[], DynamoDBClient]"
    table: str
    marks: str
    query: FlatDynamo = field(default_factory=FlatDynamo)

    def generations(self) -> Generations:
        answer = self.client().get_item(TableName=self.table, Key=rows.STATE, ConsistentRead=True)
        return rows.read_generations(answer.get("Item", {}))

    def move(self, before: Generations, after: Generations) -> Generations:
        moved = replace(after, revision=before.revision + 1)
        try:
            self.client().put_item(
                TableName=self.table,
                Item=rows.STATE | rows.written(moved),
                ConditionExpression="revision = :r" + ("" if before.revision else " OR attribute_not_exists(sk)"),
                ExpressionAttributeValues={":r": {"N": str(before.revision)}},
            )
        except ClientError as error:
            only_condition_failed(error)
            raise Overtaken from error
        return moved

    def people(self, partition: str, generation: int | None = None) -> dict[str, Participants]:
        number = self.generations().told if generation is None else generation
        items = self._query(partition, rows.people_sk(number, ""), rows.people_sk(number, rows.LAST))
        return {item["sk"]["S"].split("#")[2]: rows.read_people(item) for item in items}

    def count_changes(self, generation: int, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        self._count(marks(self.marks, f"census#{generation}", changes, ttl), generation, deltas)

    def take_in(self, generation: int, versions: Mapping[str, int], deltas: Deltas, ttl: int) -> None:
        actions = marks(self.marks, f"census#{generation}", list(versions), ttl)
        for action, version in zip(actions, versions.values(), strict=True):
            action["Put"]["Item"]["v"] = {"N": str(version)}
        self._count(actions, generation, deltas)

    def taken_in(self, generation: int, participants: Iterable[str]) -> dict[str, int]:
        keys = [{"id": {"S": f"census#{generation}#{participant}"}} for participant in dict.fromkeys(participants)]
        items = self.query.get_many(self.marks, keys)
        return {item["id"]["S"].split("#")[2]: int(item["v"]["N"]) for item in items}

    def drop_before(self, partition: str, generation: int) -> None:
        for item in self._query(partition, "people#", "people#" + rows.LAST):
            if int(item["sk"]["S"].split("#")[1]) < generation:
                self.client().delete_item(TableName=self.table, Key={name: item[name] for name in ("area", "sk")})

    def keep(self, snapshot: Snapshot) -> None:
        try:
            self.client().put_item(
                TableName=self.table,
                Item=rows.written_snapshot(snapshot),
                ConditionExpression="attribute_not_exists(sk)",
            )
        except ClientError as error:
            only_condition_failed(error)

    def day(self, partition: str, first: date, last: date) -> Snapshot | None:
        if found := self.on(partition, [last]):
            return found[last]
        asked = self._asked(partition, f"day#{first}", f"day#{last}")
        answer = self.client().query(**asked, ScanIndexForward=False, Limit=1)
        return next(map(rows.read_snapshot, answer["Items"]), None)

    def on(self, partition: str, days: Collection[date]) -> dict[date, Snapshot]:
        found = self.query.get_many(self.table, (rows.day_key(partition, day) for day in days))
        return {snapshot.day: snapshot for snapshot in map(rows.read_snapshot, map(_unwrapped, found))}

    def _query(self, partition: str, first: str, last: str) -> list[Any]:
        pages = self.query.pages(self._asked(partition, first, last), read_items)
        return [item for page in pages for item in page.items]

    def _asked(self, partition: str, first: str, last: str) -> Any:
        return {
            "TableName": self.table,
            "KeyConditionExpression": "area = :area AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {":area": {"S": partition}, ":first": {"S": first}, ":last": {"S": last}},
            "ConsistentRead": True,
        }

    def _count(self, actions: list[Any], generation: int, deltas: Deltas) -> None:
        sums: list[Any] = [
            {"Update": {"TableName": self.table, "Key": rows.people_key(generation, key), **rows.addition(people)}}
            for key, people in deltas.items()
        ]
        for attempt in range(ATTEMPTS):
            try:
                self.client().transact_write_items(TransactItems=actions + sums)
            except ClientError as error:
                if counted_before(error):
                    raise AlreadyCounted from error
                # Everybody adds to the rows of municipalities: who comes in between is done in a moment.
                if attempt + 1 == ATTEMPTS or not _contended(error):
                    raise
                self.query.pause(0.05 * 2**attempt)
            else:
                return


def _unwrapped(item: Any) -> Any:
    """What came as plain JSON, with the numbers as bytes again."""
    return {**item, "p": {"B": b64decode(item["p"]["B"])}}


def _contended(error: ClientError) -> bool:
    reasons: Any = error.response.get("CancellationReasons", [])
    return any(reason.get("Code") == "TransactionConflict" for reason in reasons)
