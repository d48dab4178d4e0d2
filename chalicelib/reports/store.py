"""Table ``reports``: a row per area and alert, and which summaries went out. Participants: ``census_store``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.clock import parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.reports.model import AlertFigures

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ReportStore(Protocol):
    def put_alert(self, row: AlertFigures) -> None:
        """Keep the figures unless newer ones stand."""
        ...

    def alerts(self, area: str, since: datetime, until: datetime) -> Iterator[AlertFigures]:
        """Alerts opened in ``[since, until)``, oldest first."""
        ...

    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        """Take the sending of a summary; False where it was sent, or somebody is at it."""
        ...

    def summary_sent(self, area: str, period: str) -> None: ...


Row = dict[str, Any]


def _alert_row(row: AlertFigures) -> Row:
    item: Row = {
        "area": {"S": row.area},
        "sk": {"S": f"alert#{rfc3339(row.opened)}#{row.alert}"},
        "v": {"N": str(row.version)},
    }
    item |= {name: {"S": getattr(row, name)} for name in ("status", "kind", "category")}
    item |= {name: {"N": str(getattr(row, name))} for name in ("people", "asked", "reached", "tips")}
    item |= {"break_glass": {"BOOL": True}} if row.break_glass else {}
    return item | {name: {"S": value} for name in ("result", "contribution") if (value := getattr(row, name))}


def _read_alert(row: Row) -> AlertFigures:
    _, opened, alert = row["sk"]["S"].split("#")
    text = {name: value["S"] for name, value in row.items() if "S" in value}
    numbers = {name: int(value["N"]) for name, value in row.items() if "N" in value}
    return AlertFigures(
        area=text["area"],
        alert=alert,
        opened=parse_rfc3339(opened),
        status=text["status"],
        kind=text["kind"],
        category=text["category"],
        people=numbers["people"],
        asked=numbers["asked"],
        reached=numbers["reached"],
        result=text.get("result"),
        contribution=text.get("contribution"),
        tips=numbers["tips"],
        version=numbers["v"],
        break_glass="break_glass" in row,
    )


@dataclass(frozen=True)
class DynamoReportStore:
    client: "Callable[[], DynamoDBClient]"
    table: str

    def put_alert(self, row: AlertFigures) -> None:
        try:
            self.client().put_item(
                TableName=self.table,
                Item=_alert_row(row),
                ConditionExpression="attribute_not_exists(v) OR v < :v",
                ExpressionAttributeValues={":v": {"N": str(row.version)}},
            )
        except ClientError as error:
            only_condition_failed(error)

    def alerts(self, area: str, since: datetime, until: datetime) -> Iterator[AlertFigures]:
        pages = (
            self.client()
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                KeyConditionExpression="area = :area AND sk BETWEEN :since AND :until",
                ExpressionAttributeValues={
                    ":area": {"S": area},
                    ":since": {"S": f"alert#{rfc3339(since)}"},
                    ":until": {"S": f"alert#{rfc3339(until)}"},
                },
            )
        )
        for page in pages:
            yield from (_read_alert(dict(row)) for row in page["Items"])

    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        try:
            self.client().put_item(
                TableName=self.table,
                Item={**_summary_key(area, period), "lease": {"N": str(now + lease_s)}},
                ConditionExpression="attribute_not_exists(sk) OR (attribute_not_exists(sent) AND lease < :now)",
                ExpressionAttributeValues={":now": {"N": str(now)}},
            )
        except ClientError as error:
            only_condition_failed(error)
            return False
        return True

    def summary_sent(self, area: str, period: str) -> None:
        self.client().update_item(
            TableName=self.table,
            Key=_summary_key(area, period),
            UpdateExpression="SET sent = :yes",
            ExpressionAttributeValues={":yes": {"BOOL": True}},
        )


def _summary_key(area: str, period: str) -> Row:
    return {"area": {"S": area}, "sk": {"S": f"summary#{period}"}}


@dataclass
class MemoryReportStore:
    """The twin."""

    rows: dict[tuple[str, str], AlertFigures] = field(default_factory=dict)
    summaries: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def put_alert(self, row: AlertFigures) -> None:
        standing = self.rows.get((row.area, row.alert))
        if standing is None or standing.version < row.version:
            self.rows[row.area, row.alert] = row

    def alerts(self, area: str, since: datetime, until: datetime) -> Iterator[AlertFigures]:
        mine = (row for row in self.rows.values() if row.area == area and since <= row.opened < until)
        return iter(sorted(mine, key=lambda row: (row.opened, row.alert)))

    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        lease = self.summaries.get((area, period), 0)
        if lease is None or lease >= now:
            return False
        self.summaries[area, period] = now + lease_s
        return True

    def summary_sent(self, area: str, period: str) -> None:
        self.summaries[area, period] = None
