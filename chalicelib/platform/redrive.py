"""REDRIVE: what lies in a dead-letter queue goes back to where it failed, once somebody has mended what was wrong.

A letter is given back first and taken away second: killed in between, it is handled twice, which every consumer bears.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

# Invoked by other services: their letters hold the event.
FUNCTIONS = (
    "sms_log",
    "recount",
    "recensus",
    "new_boundaries",
    "snapshot",
    "rebuild_reports",
    "summarise",
    "remind",
    "sweep",
    "canary",
)
STREAMS = ("relay", "census")  # their letters say where in a stream the records are, for a day
NAMES = (*QueueName, *FUNCTIONS, *STREAMS)
MOST = 1_000
RECEIVE = 10  # SQS: messages per ReceiveMessage


class DeadLetters(Protocol):
    def waiting(self, name: str) -> int:
        """About how many letters there are."""
        ...

    def drain(self, name: str, give: Callable[[str], None], most: int) -> int:
        """Hand at most ``most`` letters to ``give`` and remove each that it took; returns how many.

        What ``give`` raises comes through, and that letter stays.
        """
        ...


class Targets(Protocol):
    """Where letters go back to."""

    def queue(self, name: QueueName, body: str) -> None: ...

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        """Invoke a function without waiting for its end."""
        ...

    def call(self, name: str, event: Mapping[str, Any]) -> None:
        """Invoke a function with more than an event may hold. Raises ``CallFailed``."""
        ...

    def records(self, arn: str, shard: str, first: str, last: str) -> Iterator[list[dict[str, Any]]]:
        """Pages of a stream from one sequence number to another, both included, as Lambda gets them."""
        ...


class CallFailed(Exception):
    """The function raised again: what is wrong has not been mended."""


@dataclass(frozen=True)
class Redrive:
    letters: DeadLetters
    targets: Targets

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: ``{"queue": name, "most": 1000}``; without a queue nothing moves. Returns what moved and waits.

        Raises:
            InvalidInput: ``unknown_queue``.
        """
        name = event.get("queue")
        if name is None:
            return {"waiting": {str(name): self.letters.waiting(name) for name in NAMES}}
        if name not in NAMES:
            raise InvalidInput.of("queue", "unknown_queue", f"One of: {', '.join(NAMES)}.")
        moved = self.letters.drain(name, lambda body: self._give(name, body), int(event.get("most", MOST)))
        logger.info("redrive.done", queue=name, moved=moved)
        return {"moved": moved, "waiting": {name: self.letters.waiting(name)}}

    def _give(self, name: str, body: str) -> None:
        if name in FUNCTIONS:
            self.targets.start(name, json.loads(body)["requestPayload"])
        elif name in STREAMS:
            batch = json.loads(body)["DDBStreamBatchInfo"]
            ends = batch["startSequenceNumber"], batch["endSequenceNumber"]
            for records in self.targets.records(batch["streamArn"], batch["shardId"], *ends):
                self.targets.call(name, {"Records": records})
        else:
            self.targets.queue(QueueName(name), body)


@dataclass(frozen=True)
class SqsDeadLetters:
    """``stage``: part of every queue's name."""

    client: "Callable[[], SQSClient]"
    stage: str

    def waiting(self, name: str) -> int:
        answer = self.client().get_queue_attributes(
            QueueUrl=self._url(name), AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def drain(self, name: str, give: Callable[[str], None], most: int) -> int:
        url, done = self._url(name), 0
        while done < most:
            answer = self.client().receive_message(
                QueueUrl=url, MaxNumberOfMessages=min(RECEIVE, most - done), WaitTimeSeconds=1
            )
            for letter in answer.get("Messages", []):
                give(letter["Body"])
                self.client().delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
                done += 1
            if not answer.get("Messages"):
                break
        return done

    def _url(self, name: str) -> str:
        queue = f"burgernet-{self.stage}-{name.replace('_', '-')}-dead-letters"
        return self.client().get_queue_url(QueueName=queue)["QueueUrl"]


@dataclass(frozen=True)
class AwsTargets:
    """``urls``: of the queues. ``stage``: part of every function's name."""

    sqs: "Callable[[], SQSClient]"
    functions: "Callable[[], LambdaClient]"
    streams: Callable[[], Any]
    urls: Mapping[QueueName, str]
    stage: str

    def queue(self, name: QueueName, body: str) -> None:
        self.sqs().send_message(QueueUrl=self.urls[name], MessageBody=body)

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        self.functions().invoke(FunctionName=self._name(name), InvocationType="Event", Payload=_event(event))

    def call(self, name: str, event: Mapping[str, Any]) -> None:
        answer = self.functions().invoke(FunctionName=self._name(name), Payload=_event(event))
        if "FunctionError" in answer:
            raise CallFailed(name)

    def records(self, arn: str, shard: str, first: str, last: str) -> Iterator[list[dict[str, Any]]]:
        iterator: str | None = self.streams().get_shard_iterator(
            StreamArn=arn, ShardId=shard, ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=first
        )["ShardIterator"]
        while iterator:
            answer = self.streams().get_records(ShardIterator=iterator, Limit=100)
            records = [{**record, "eventSourceARN": arn} for record in answer["Records"]]
            wanted = [record for record in records if int(record["dynamodb"]["SequenceNumber"]) <= int(last)]
            if wanted:
                yield wanted
            iterator = answer.get("NextShardIterator") if records and len(wanted) == len(records) else None

    def _name(self, function: str) -> str:
        return f"burgernet-{self.stage}-{function.replace('_', '-')}"


def _event(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, default=_plain).encode()


def _plain(value: object) -> str | float:
    """What boto3 parsed, as Lambda's own event has it."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is not JSON")


@dataclass
class MemoryDeadLetters:
    """The twin. ``letters``: name -> bodies, the oldest first."""

    letters: dict[str, list[str]] = field(default_factory=dict)

    def waiting(self, name: str) -> int:
        return len(self.letters.get(name, []))

    def drain(self, name: str, give: Callable[[str], None], most: int) -> int:
        mine, done = self.letters.get(name, []), 0
        while mine and done < most:
            give(mine[0])
            mine.pop(0)
            done += 1
        return done


@dataclass
class MemoryTargets:
    """The twin: keeps what went back. ``stream``: sequence number -> record, in order. ``failing``: functions."""

    queued: list[tuple[QueueName, str]] = field(default_factory=list)
    started: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    stream: dict[int, dict[str, Any]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)

    def queue(self, name: QueueName, body: str) -> None:
        self.queued.append((name, body))

    def start(self, name: str, event: Mapping[str, Any]) -> None:
        self.started.append((name, event))

    def call(self, name: str, event: Mapping[str, Any]) -> None:
        if name in self.failing:
            raise CallFailed(name)
        self.started.append((name, event))

    def records(self, arn: str, shard: str, first: str, last: str) -> Iterator[list[dict[str, Any]]]:
        found = [record for number, record in self.stream.items() if int(first) <= number <= int(last)]
        if found:
            yield found
