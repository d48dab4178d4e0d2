"""The whole product in one process: HTTP through Chalice's own client, queues and streams pumped by hand.

Stores are real tables (of an emulator), so streams are real; queues, providers and the clock are the shipped twins.
Every entry point runs as ``app.py`` declares it, with its middleware. Slower than a unit test and faster than a
deployment, and everything can be looked at in a debugger.
"""

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalice.test import Client

import app
from chalicelib import wiring
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.end_user_messaging import MemoryVoiceSender
from chalicelib.channels.push import MemoryPushSender
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.platform import aws
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.idempotency import MemoryIdempotency
from chalicelib.platform.queues import MAX_DELAY_S, MemoryQueues, QueueName
from chalicelib.platform.settings import Settings
from chalicelib.staff.keys import Fetch
from chalicelib.tips.photo_store import MemoryPhotos

CONSUMERS: Mapping[QueueName, str] = {
    QueueName.NOTICES: "notices",
    QueueName.SUPPRESS: "suppress",
    QueueName.STAFF_MAIL: "staff_mail",
    QueueName.PROOFS: "proofs",
    QueueName.AUDIT: "audit",
    QueueName.PLAN: "plan",
    QueueName.WAVES: "waves",
    QueueName.MATCH: "match",
    QueueName.MATCH_FOLLOWUP: "match",
    QueueName.SMS: "send_sms",
    QueueName.SMS_FOLLOWUP: "send_sms",
    QueueName.VOICE: "send_voice",
    QueueName.VOICE_FOLLOWUP: "send_voice",
    QueueName.EMAIL: "send_email",
    QueueName.EMAIL_FOLLOWUP: "send_email",
    QueueName.PUSH: "send_push",
    QueueName.PUSH_FOLLOWUP: "send_push",
    QueueName.SOCIAL: "post_social",
    QueueName.TOPICS: "send_topics",
    QueueName.RECEIPTS: "receipts",
    QueueName.TALLY: "tally",
    QueueName.COUNT: "count",
}
NAME = "AWS_LAMBDA_FUNCTION_NAME"
STREAMS: Mapping[str, str] = {"alerts": "relay", "deliveries": "relay", "tips": "relay", "participants": "census"}


class NeverQuiet(Exception):
    """Messages keep coming: something goes round in circles."""


class CameBack(Exception):
    """A consumer handed records back, which a healthy run never does."""


def sqs_event(bodies: list[Any], sent_at: datetime) -> dict[str, Any]:
    """An SQS event as Lambda gets it, with a message id of its own for each record."""
    return {
        "Records": [
            {
                "messageId": uuid.uuid4().hex,
                "receiptHandle": "handle",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": str(int(sent_at.timestamp() * 1000)),
                },
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:000000000000:local",
                "awsRegion": "eu-west-1",
            }
            for body in bodies
        ]
    }


@contextmanager
def running(function: str) -> Iterator[None]:
    """In the name of a function, as Lambda's environment has it: so its calls to AWS can be told from others'."""
    before = os.environ.get(NAME)
    os.environ[NAME] = function
    try:
        yield
    finally:
        os.environ.pop(NAME)
        if before is not None:
            os.environ[NAME] = before


@dataclass
class Stream:
    """Reads one table's stream from its beginning. An emulator never splits a shard: those of the first look stay."""

    client: Any
    arn: str
    iterators: dict[str, str] = field(default_factory=dict)

    def records(self) -> list[dict[str, Any]]:
        """What is new since the last look, as Lambda gets it."""
        if not self.iterators:
            shards = self.client.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"]
            self.iterators = {shard["ShardId"]: self._start(shard["ShardId"]) for shard in shards}
        new: list[dict[str, Any]] = []
        for shard, iterator in self.iterators.items():
            answer = self.client.get_records(ShardIterator=iterator)
            self.iterators[shard] = answer.get("NextShardIterator", iterator)
            new += [{**record, "eventSourceARN": self.arn} for record in answer["Records"]]
        return new

    def _start(self, shard: str) -> str:
        answer = self.client.get_shard_iterator(StreamArn=self.arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        iterator: str = answer["ShardIterator"]
        return iterator


@dataclass
class InProcess:
    """``settings.tables`` must exist where boto3 finds DynamoDB.

    ``again_s``: after how long a record that its consumer hands back comes again; None: none may be handed back.
    """

    settings: Settings
    clock: ManualClock
    fetch_keys: Fetch
    sms: MemorySmsSender = field(default_factory=MemorySmsSender)
    exercise_sms: MemorySmsSender = field(default_factory=MemorySmsSender)
    exercise_email: MemoryEmailSender = field(default_factory=MemoryEmailSender)
    voice: MemoryVoiceSender = field(default_factory=MemoryVoiceSender)
    email: MemoryEmailSender = field(default_factory=MemoryEmailSender)
    push: MemoryPushSender = field(default_factory=MemoryPushSender)
    photos: MemoryPhotos = field(default_factory=MemoryPhotos)
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    put_off: list[tuple[QueueName, dict[str, Any]]] = field(default_factory=list)
    again_s: int | None = None

    def __post_init__(self) -> None:
        memory = wiring.memory_parts(self.clock, self.fetch_keys)
        parts = replace(
            wiring.real_parts(self.settings),
            clock=self.clock,
            queues=self.queues,
            idempotency=MemoryIdempotency(),
            geocoder=memory.geocoder,
            sms=self.sms,
            exercise_sms=self.exercise_sms,
            exercise_email=self.exercise_email,
            voice=self.voice,
            email=self.email,
            push=self.push,
            accounts=memory.accounts,
            posters=memory.posters,
            recordings=memory.recordings,
            photos=self.photos,
            alert_photos=memory.alert_photos,
            fetch_keys=self.fetch_keys,
        )
        self.posters = memory.posters
        self.system = wiring.System(self.settings, parts)
        self._client = Client(app.app)
        self._streams = {
            name: Stream(aws.client("dynamodbstreams"), _stream_arn(self.settings.tables[name])) for name in STREAMS
        }

    def request(
        self, method: str, path: str, body: Any = None, *, token: str = "", headers: Mapping[str, str] | None = None
    ) -> Any:
        """An answer with ``status_code`` and ``json_body``. ``body``: JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        with wiring.using(self.system), running("api"):
            return self._client.http.request(method, path, headers={**given, **(headers or {})}, body=raw)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        with wiring.using(self.system), running(function):
            return self._client.lambda_.invoke(function, dict(event)).payload

    def settle(self, rounds: int = 500) -> None:
        """Let everything happen that follows from what is there; time passes as the queues' delays want it.

        What looks at a post when the time of its alert is over is kept in ``put_off``.
        """
        for _ in range(rounds):
            moved = [*self._relay(), *self._consume()]
            if not moved:
                return
        raise NeverQuiet(str(self.queues.sent[:3]))

    def _relay(self) -> Iterator[str]:
        for table, stream in self._streams.items():
            if records := stream.records():
                self.invoke(STREAMS[table], {"Records": records})
                yield table

    def _consume(self) -> Iterator[str]:
        sent, self.queues.sent = self.queues.sent, []
        for queue, body, delay in sent:
            if queue is QueueName.SOCIAL and delay == MAX_DELAY_S:
                self.put_off.append((queue, body))
                continue
            self.clock.at += timedelta(seconds=delay)
            answer = self.invoke(CONSUMERS[queue], sqs_event([body], self.clock.now()))
            if answer["batchItemFailures"]:
                if self.again_s is None:
                    raise CameBack(f"{queue}: {body}")
                self.queues.sent.append((queue, body, self.again_s))
            yield queue


def _stream_arn(table: str) -> str:
    arn: str = aws.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    return arn
