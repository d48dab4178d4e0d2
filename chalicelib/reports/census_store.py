"""Table ``reports``: participants per area."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.once import TRANSACTION, AlreadyCounted, counted_before, marks
from chalicelib.reports.census_model import Participants

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Deltas = Mapping[str, Participants]


class CensusStore(Protocol):
    def participants(self, area: str) -> Participants: ...

    def count_changes(self, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        """Add to the areas, once per change. ``ttl``: until when a repeated change must be recognised, epoch seconds.

        Raises:
            AlreadyCounted: one of the changes was seen before.
        """
        ...


@dataclass(frozen=True)
class DynamoCensusStore:
    """``marks``: the table whose rows end by themselves, where counted changes are remembered."""

    client: "Callable[[], DynamoDBClient]"
    table: str
    marks: str

    def participants(self, area: str) -> Participants:
        answer = self.client().get_item(
            TableName=self.table, Key={"area": {"S": area}, "sk": {"S": "participants"}}, ConsistentRead=True
        )
        row = answer.get("Item", {})
        return Participants(*(int(row.get(name, {"N": "0"})["N"]) for name in ("participants", "places")))

    def count_changes(self, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        sums: list[Any] = [
            {
                "Update": {
                    "TableName": self.table,
                    "Key": {"area": {"S": area}, "sk": {"S": "participants"}},
                    "UpdateExpression": "ADD participants :participants, places :places",
                    "ExpressionAttributeValues": {
                        ":participants": {"N": str(delta.participants)},
                        ":places": {"N": str(delta.places)},
                    },
                }
            }
            for area, delta in deltas.items()
        ]
        try:
            self.client().transact_write_items(TransactItems=marks(self.marks, "census", changes, ttl) + sums)
        except ClientError as error:
            if counted_before(error):
                raise AlreadyCounted from error
            raise


@dataclass
class MemoryCensusStore:
    """The twin."""

    counted: dict[str, Participants] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def participants(self, area: str) -> Participants:
        return self.counted.get(area, Participants())

    def count_changes(self, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        if len(changes) + len(deltas) > TRANSACTION:
            raise ValueError(f"a transaction takes {TRANSACTION} actions")
        if self.seen.intersection(changes):
            raise AlreadyCounted
        self.seen.update(changes)
        for area, delta in deltas.items():
            before = self.participants(area)
            self.counted[area] = Participants(before.participants + delta.participants, before.places + delta.places)
