"""Table ``reports``: a row per alert and municipality, one for the nation, and a row per month of each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.clock import rfc3339
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.reports import figures_rows as rows
from chalicelib.reports.figures import AlertRow, Facts, MonthRow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 100  # DynamoDB: keys per BatchGetItem
FORGOTTEN_S = 24 * 3600  # a mark that is over says nothing


class FiguresStore(Protocol):
    """Reads are strongly consistent."""

    def put_alert(self, row: AlertRow) -> None:
        """Keep the row unless one of its version, or a newer one, stands."""
        ...

    def swap_alert(self, facts: Facts, area: str, standing: int | None, row: AlertRow | None) -> bool:
        """Put ``row``, or delete, where the row of version ``standing`` stands, or none; False where it does not."""
        ...

    def versions(self, facts: Facts, areas: Iterable[str]) -> dict[str, int]:
        """By area, the version of the alert's row; areas without one are left out."""
        ...

    def alerts(self, area: str, since: datetime, until: datetime) -> Iterator[AlertRow]:
        """Alerts that began in ``[since, until)``, oldest first."""
        ...

    def month(self, area: str, month: str) -> MonthRow | None: ...

    def put_month(self, row: MonthRow) -> bool:
        """Keep it where the version before it stands, or none does and it is the first; False where not."""
        ...

    def months(self, area: str, first: str, last: str) -> list[MonthRow]:
        """From the first to the last, included, in order; those in which nothing began may be missing."""
        ...

    def due(self, alert: str) -> int:
        """Until when the count of an alert is put off, epoch seconds; 0: it is not."""
        ...

    def put_off(self, alert: str, until: int) -> None: ...

    def take_up(self, alert: str) -> None:
        """It is put off no more."""
        ...


@dataclass(frozen=True)
class DynamoFiguresStore:
    client: "Callable[[], DynamoDBClient]"
    table: str

    def put_alert(self, row: AlertRow) -> None:
        self._put(rows.alert_row(row), "attribute_not_exists(v) OR v < :v", row.version)

    def swap_alert(self, facts: Facts, area: str, standing: int | None, row: AlertRow | None) -> bool:
        condition = "attribute_not_exists(v)" if standing is None else "v = :v"
        if row is not None:
            return self._put(rows.alert_row(row), condition, standing)
        try:
            self.client().delete_item(
                TableName=self.table,
                Key=rows.alert_key(area, facts),
                ConditionExpression="v = :v",
                ExpressionAttributeValues={":v": {"N": str(standing)}},
            )
        except ClientError as error:
            only_condition_failed(error)
            return False
        return True

    def versions(self, facts: Facts, areas: Iterable[str]) -> dict[str, int]:
        keys = [rows.alert_key(area, facts) for area in areas]
        found: dict[str, int] = {}
        while keys:
            answer: Any = self.client().batch_get_item(
                RequestItems={
                    self.table: {
                        "Keys": keys[:BATCH],
                        "ConsistentRead": True,
                        "ProjectionExpression": "area, v",
                    }
                }
            )
            keys = [*keys[BATCH:], *answer.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys", [])]
            found |= {row["area"]["S"]: int(row["v"]["N"]) for row in answer["Responses"].get(self.table, [])}
        return found

    def alerts(self, area: str, since: datetime, until: datetime) -> Iterator[AlertRow]:
        found = self._query(area, f"alert#{rfc3339(since)}", f"alert#{rfc3339(until)}")
        return map(rows.read_alert, found)

    def month(self, area: str, month: str) -> MonthRow | None:
        row = self._get(rows.month_key(area, month))
        return rows.read_month(row) if row else None

    def put_month(self, row: MonthRow) -> bool:
        before = row.version - 1
        condition = "v = :v" if before else "attribute_not_exists(v)"
        return self._put(rows.month_row(row), condition, before or None)

    def months(self, area: str, first: str, last: str) -> list[MonthRow]:
        return [rows.read_month(row) for row in self._query(area, f"month#{first}", f"month#{last}")]

    def due(self, alert: str) -> int:
        row = self._get(_due_key(alert))
        return int(row["due"]["N"]) if row else 0

    def put_off(self, alert: str, until: int) -> None:
        # Whoever takes it up removes it; where that never happens, it ends by itself.
        self._put({**_due_key(alert), "due": {"N": str(until)}, "ttl": {"N": str(until + FORGOTTEN_S)}})

    def take_up(self, alert: str) -> None:
        self.client().delete_item(TableName=self.table, Key=_due_key(alert))

    def _get(self, key: rows.Row) -> rows.Row | None:
        answer: Any = self.client().get_item(TableName=self.table, Key=key, ConsistentRead=True)
        row: rows.Row | None = answer.get("Item")
        return row

    def _put(self, item: rows.Row, condition: str = "", version: int | None = None) -> bool:
        request: dict[str, Any] = {"TableName": self.table, "Item": item}
        if condition:
            request["ConditionExpression"] = condition
        if version is not None:
            request["ExpressionAttributeValues"] = {":v": {"N": str(version)}}
        try:
            self.client().put_item(**request)
        except ClientError as error:
            only_condition_failed(error)
            return False
        return True

    def _query(self, area: str, first: str, last: str) -> Iterator[rows.Row]:
        pages = (
            self.client()
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                ConsistentRead=True,
                KeyConditionExpression="area = :area AND sk BETWEEN :first AND :last",
                ExpressionAttributeValues={":area": {"S": area}, ":first": {"S": first}, ":last": {"S": last}},
            )
        )
        for page in pages:
            yield from (dict(row) for row in page["Items"])


def _due_key(alert: str) -> rows.Row:
    return {"area": {"S": f"count#{alert}"}, "sk": {"S": "due"}}


@dataclass
class MemoryFiguresStore:
    """The twin."""

    rows: dict[tuple[str, str], AlertRow] = field(default_factory=dict)
    by_month: dict[tuple[str, str], MonthRow] = field(default_factory=dict)
    put_off_until: dict[str, int] = field(default_factory=dict)

    def put_alert(self, row: AlertRow) -> None:
        standing = self.rows.get((row.area, row.facts.alert))
        if standing is None or standing.version < row.version:
            self.rows[row.area, row.facts.alert] = row

    def swap_alert(self, facts: Facts, area: str, standing: int | None, row: AlertRow | None) -> bool:
        there = self.rows.get((area, facts.alert))
        if (there.version if there else None) != standing:
            return False
        if row is None:
            del self.rows[area, facts.alert]
        else:
            self.rows[area, facts.alert] = row
        return True

    def versions(self, facts: Facts, areas: Iterable[str]) -> dict[str, int]:
        found = {area: self.rows.get((area, facts.alert)) for area in areas}
        return {area: row.version for area, row in found.items() if row}

    def alerts(self, area: str, since: datetime, until: datetime) -> Iterator[AlertRow]:
        mine = (row for (of, _), row in self.rows.items() if of == area and since <= row.facts.opened < until)
        return iter(sorted(mine, key=lambda row: (row.facts.opened, row.facts.alert)))

    def month(self, area: str, month: str) -> MonthRow | None:
        return self.by_month.get((area, month))

    def put_month(self, row: MonthRow) -> bool:
        standing = self.by_month.get((row.area, row.month))
        if (standing.version if standing else 0) != row.version - 1:
            return False
        self.by_month[row.area, row.month] = row
        return True

    def months(self, area: str, first: str, last: str) -> list[MonthRow]:
        return [row for (of, month), row in sorted(self.by_month.items()) if of == area and first <= month <= last]

    def due(self, alert: str) -> int:
        return self.put_off_until.get(alert, 0)

    def put_off(self, alert: str, until: int) -> None:
        self.put_off_until[alert] = until

    def take_up(self, alert: str) -> None:
        self.put_off_until.pop(alert, None)
