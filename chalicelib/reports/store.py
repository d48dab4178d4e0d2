"""Table ``reports``: which summaries went out. Figures: ``figures_store``; participants: ``census_store``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.dynamo import only_condition_failed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ReportStore(Protocol):
    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        """Take the sending of a summary; False where it was sent, or somebody is at it."""
        ...

    def summary_sent(self, area: str, period: str) -> None: ...

    def was_sent(self, area: str, period: str) -> bool: ...


Row = dict[str, Any]


@dataclass(frozen=True)
class DynamoReportStore:
    client: "Callable[[], DynamoDBClient]"
    table: str

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

    def was_sent(self, area: str, period: str) -> bool:
        answer = self.client().get_item(TableName=self.table, Key=_summary_key(area, period), ConsistentRead=True)
        return "sent" in answer.get("Item", {})


def _summary_key(area: str, period: str) -> Row:
    return {"area": {"S": area}, "sk": {"S": f"summary#{period}"}}


@dataclass
class MemoryReportStore:
    """The twin."""

    summaries: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        lease = self.summaries.get((area, period), 0)
        if lease is None or lease >= now:
            return False
        self.summaries[area, period] = now + lease_s
        return True

    def summary_sent(self, area: str, period: str) -> None:
        self.summaries[area, period] = None

    def was_sent(self, area: str, period: str) -> bool:
        return (area, period) in self.summaries and self.summaries[area, period] is None
