"""Table ``reports``: which summaries went out. Figures: ``figures_store``; participants: ``census_store``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.platform.dynamo import only_condition_failed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


# That a summary was sent: a year's is due until the next year is over, and may be sent late.
KEPT = timedelta(days=731)
KEPT_S = int(KEPT.total_seconds())


class ReportStore(Protocol):
    """``now``: epoch seconds. What is written of a summary ends ``KEPT`` after its last writing."""

    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        """Take the sending of a summary; False where it was sent, or somebody is at it."""
        ...

    def summary_sent(self, area: str, period: str, now: int) -> None: ...

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
                Item={
                    **_summary_key(area, period),
                    "lease": {"N": str(now + lease_s)},
                    "ttl": {"N": str(now + KEPT_S)},
                },
                ConditionExpression="attribute_not_exists(sk) OR #ttl < :now"
                " OR (attribute_not_exists(sent) AND lease < :now)",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues={":now": {"N": str(now)}},
            )
        except ClientError as error:
            only_condition_failed(error)
            return False
        return True

    def summary_sent(self, area: str, period: str, now: int) -> None:
        self.client().update_item(
            TableName=self.table,
            Key=_summary_key(area, period),
            UpdateExpression="SET sent = :yes, #ttl = :ttl",
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues={":yes": {"BOOL": True}, ":ttl": {"N": str(now + KEPT_S)}},
        )

    def was_sent(self, area: str, period: str) -> bool:
        answer = self.client().get_item(TableName=self.table, Key=_summary_key(area, period), ConsistentRead=True)
        return "sent" in answer.get("Item", {})


def _summary_key(area: str, period: str) -> Row:
    return {"area": {"S": area}, "sk": {"S": f"summary#{period}"}}


@dataclass
class MemoryReportStore:
    """The twin."""

    leases: dict[tuple[str, str], int] = field(default_factory=dict)
    ends: dict[tuple[str, str], int] = field(default_factory=dict)
    sent: set[tuple[str, str]] = field(default_factory=set)

    def claim_summary(self, area: str, period: str, now: int, lease_s: int) -> bool:
        key = area, period
        if self.ends.get(key, now) < now:
            self.sent.discard(key)
            self.leases.pop(key, None)
        if key in self.sent or self.leases.get(key, 0) >= now:
            return False
        self.leases[key], self.ends[key] = now + lease_s, now + KEPT_S
        return True

    def summary_sent(self, area: str, period: str, now: int) -> None:
        self.sent.add((area, period))
        self.ends[area, period] = now + KEPT_S

    def was_sent(self, area: str, period: str) -> bool:
        return (area, period) in self.sent
