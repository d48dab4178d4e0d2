"""The outlets of AWS: SNS's SMS delivery log in CloudWatch Logs, and the SNS topics of events of SES and phones."""

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.carrier.outlets import Away, Kind, Outlet, Receipt

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sns import SNSClient

CONFIG = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class Limits:
    """Of one call: entries, and bytes counting ``overhead`` for each entry."""

    entries: int
    size: int
    overhead: int = 0


PUT_LOG_EVENTS = Limits(10_000, 1_048_576, 26)
PUBLISH_BATCH = Limits(10, 262_144, 256)


@dataclass(frozen=True)
class DeliveryLog:
    """One log group, made on first use; one stream per start of the carrier."""

    client: "CloudWatchLogsClient"
    group: str
    stream: str = field(default_factory=lambda: str(uuid.uuid4()))

    def put(self, receipts: Sequence[Receipt]) -> None:
        taken = 0
        for lines in _portions(receipts, PUT_LOG_EVENTS):
            try:
                self._put(lines)
            except (BotoCoreError, ClientError) as error:
                raise Away(type(error).__name__, taken) from error
            taken += len(lines)

    def _put(self, lines: Sequence[str]) -> None:
        try:
            self._put_events(lines)
        except self.client.exceptions.ResourceNotFoundException:
            self._make()
            self._put_events(lines)

    def _put_events(self, lines: Sequence[str]) -> None:
        now_ms = int(time.time() * 1000)
        self.client.put_log_events(
            logGroupName=self.group,
            logStreamName=self.stream,
            logEvents=[{"timestamp": now_ms, "message": line} for line in lines],
        )

    def _make(self) -> None:
        with suppress(self.client.exceptions.ResourceAlreadyExistsException):  # then only the stream is missing
            self.client.create_log_group(logGroupName=self.group)
        self.client.create_log_stream(logGroupName=self.group, logStreamName=self.stream)


@dataclass
class EventTopic:
    """``topic``: an ARN, or how the topic's name ends; then it is looked up, and again after each failure."""

    client: "SNSClient"
    topic: str
    subject: str = "Notification"
    _arn: str = ""

    def put(self, receipts: Sequence[Receipt]) -> None:
        taken = 0
        for lines in _portions(receipts, PUBLISH_BATCH):
            try:
                self._publish(lines)
            except (BotoCoreError, ClientError, Away) as error:
                self._arn = ""
                raise Away(type(error).__name__, taken) from error
            taken += len(lines)

    def _publish(self, lines: Sequence[str]) -> None:
        self._arn = self._arn or self._find()
        answer = self.client.publish_batch(
            TopicArn=self._arn,
            PublishBatchRequestEntries=[
                {"Id": str(number), "Message": line, "Subject": self.subject} for number, line in enumerate(lines)
            ],
        )
        if answer.get("Failed"):
            raise Away(f"{len(answer['Failed'])} events refused")

    def _find(self) -> str:
        if self.topic.startswith("arn:"):
            return self.topic
        for page in self.client.get_paginator("list_topics").paginate():
            for topic in page["Topics"]:
                if topic["TopicArn"].endswith(self.topic):
                    return topic["TopicArn"]
        raise Away(f"no topic whose name ends with {self.topic}")


def aws_outlets(endpoint: str, region: str, account: str, ses_topic: str, phone_topic: str) -> dict[Kind, Outlet]:
    """``endpoint``: of an emulator. The keys are made up, so that no real account can ever be meant."""
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=region)  # noqa: S106
    logs = session.client("logs", endpoint_url=endpoint, config=CONFIG)
    sns = session.client("sns", endpoint_url=endpoint, config=CONFIG)
    group = f"sns/{region}/{account}/DirectPublishToPhoneNumber"
    return {
        Kind.SMS_DELIVERED: DeliveryLog(logs, group),
        Kind.SMS_FAILED: DeliveryLog(logs, f"{group}/Failure"),
        Kind.EMAIL_EVENT: EventTopic(sns, ses_topic, "Amazon SES Email Event Notification"),
        Kind.PHONE_EVENT: EventTopic(sns, phone_topic),
    }


def _portions(receipts: Sequence[Receipt], limits: Limits) -> Iterator[list[str]]:
    """The receipts as JSON, in their order, in lots that fit into one call."""
    lot: list[str] = []
    size = 0
    for receipt in receipts:
        line = json.dumps(receipt, ensure_ascii=False, separators=(",", ":"))
        weight = len(line.encode()) + limits.overhead
        if lot and (len(lot) == limits.entries or size + weight > limits.size):
            yield lot
            lot, size = [], 0
        lot.append(line)
        size += weight
    if lot:
        yield lot
