"""The product as it is deployed, in this process: entry points, stores, queues and senders are the real ones.

What they speak to runs in other processes: an emulator of DynamoDB and SQS behind ``bench.other_side``, which counts,
and which is SNS and SES. So CPU time of this process is ours alone.
"""

import json
import os
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from math import cos, degrees, pi, sin, sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import yaml

import infra
from bench.example_alert import active_alert
from chalicelib import wiring
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import Alert
from chalicelib.areas.geodesy import radii_m
from chalicelib.areas.model import CircleShape, Point
from chalicelib.participants.contact_keys import ContactKeys, DynamoContactKeys, Keys
from chalicelib.participants.model import ContactKind, participant_id
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.sealing import new_key, seal
from chalicelib.platform import ids
from chalicelib.platform.observe import logger
from chalicelib.platform.once import TRANSACTION
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import PLAN_QUEUE_URL, TABLE_PREFIX, TABLES, dashed
from infra import tables
from local.in_process import Stream, sqs_event
from local.ministack import CREDENTIALS, endpoint, health, ministack
from local.process import Process, free_port

CENTER = Point(5.3, 52.55)
PEOPLE_PER_KM2 = 500
PREFIX = "burgernet-bench-"
GOLDEN_ANGLE = pi * (3 - sqrt(5))


@dataclass(frozen=True)
class Context:
    """What Powertools reads of Lambda's own."""

    function_name: str
    aws_request_id: str = "bench"
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:000000000000:function:bench"
    memory_limit_in_mb: int = 512


@dataclass
class Deployed:
    """``address``: of the counting side. ``behind``: of the emulator, for what must not be counted."""

    address: str
    behind: str
    recipients: int
    queue_urls: Mapping[QueueName, str] = field(default_factory=dict)

    @property
    def system(self) -> wiring.System:
        return wiring.system()

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        import app

        answer = getattr(app, function)(event, Context(function))
        assert not (answer or {}).get("batchItemFailures"), f"{function} handed records back"
        return answer

    def consume(self, function: str, bodies: Sequence[Any]) -> None:
        self.invoke(function, sqs_event(list(bodies), datetime.now(UTC)))

    def taken(self, queue: QueueName) -> list[str]:
        """What lies on a queue, taken off it, uncounted."""
        bodies: list[str] = []
        while messages := self._sqs.receive_message(QueueUrl=self.queue_urls[queue], MaxNumberOfMessages=10).get(
            "Messages"
        ):
            bodies += [message["Body"] for message in messages]
            for message in messages:
                self._sqs.delete_message(QueueUrl=self.queue_urls[queue], ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def counts(self) -> dict[str, dict[str, int]]:
        with urllib.request.urlopen(f"{self.address}/counts") as answer:  # noqa: S310
            counts: dict[str, dict[str, int]] = json.loads(answer.read())
        return counts

    def count_anew(self) -> None:
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/counts", method="DELETE")).close()  # noqa: S310

    @cached_property
    def receipts_window(self) -> tuple[int, float]:
        """How many receipts one function gets at most, and how many seconds they are waited for."""
        import app

        sources: list[Any] = app.app.event_sources
        (size,) = [source.batch_size for source in sources if getattr(source, "queue", "") == "burgernet-receipts"]
        declared = yaml.safe_load((Path(infra.__file__).parent / "functions.yaml").read_text())
        return size, declared["receipts"]["queues"]["receipts"]["window_s"]

    @cached_property
    def changes(self) -> Stream:
        """The stream of the ledger."""
        dynamodb = boto3.client("dynamodb", endpoint_url=self.behind)
        arn = dynamodb.describe_table(TableName=table_name("deliveries"))["Table"]["LatestStreamArn"]
        return Stream(boto3.client("dynamodbstreams", endpoint_url=self.behind), arn)

    def ids_of_messages(self, alert: str) -> Iterator[tuple[str, str, int]]:
        """Provider's id, batch and index of every SMS of an alert."""
        pages = (
            boto3.client("dynamodb", endpoint_url=self.behind)
            .get_paginator("scan")
            .paginate(TableName=table_name("message_ids"))
        )
        for page in pages:
            for row in page["Items"]:
                if row["m"]["S"].startswith(alert):
                    yield row["id"]["S"], row["b"]["S"], int(row["i"]["N"])

    @cached_property
    def _sqs(self) -> Any:
        return boto3.client("sqs", endpoint_url=self.behind)

    def active_alert(self) -> Alert:
        """A new alert to everybody, ready to be matched."""
        area = CircleShape(CENTER, radius_m(self.recipients))
        now = self.system.parts.clock.now()
        alert = active_alert(area, alert_id=ids.random_id(10), at=now)
        self.system.parts.alerts.put(alert, 0, EventRecord(ids.random_id(), now, "begun", "system"))
        return alert


@contextmanager
def deployed(recipients: int) -> Iterator[Deployed]:
    """Starts everything, fills the places, and ends everything."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        behind = free_port()
        emulator = stack.enter_context(ministack(folder, behind))
        emulator.until_it_answers(health(behind))
        port = free_port()
        argv = [sys.executable, "-m", "bench.other_side", "--emulator", endpoint(behind), "--port", str(port)]
        other = stack.enter_context(Process("other_side", argv, dict(os.environ), folder / "other_side.log"))
        other.until_it_answers(f"{endpoint(port)}/counts")
        os.environ |= {**CREDENTIALS, "AWS_ENDPOINT_URL": endpoint(behind)}
        os.environ |= _settings()
        urls = _make(endpoint(behind))
        os.environ[PLAN_QUEUE_URL] = urls[QueueName.PLAN]
        os.environ["AWS_ENDPOINT_URL"] = endpoint(port)
        quiet = stack.enter_context(Path(os.devnull).open("w"))
        stack.enter_context(redirect_stdout(quiet))  # metrics are printed
        for handler in logger.handlers:
            handler.setStream(quiet)  # type: ignore[attr-defined]
        made = Deployed(endpoint(port), endpoint(behind), recipients, urls)
        made.system.parts.places.load(_people(made.system.parts.contact_keys, recipients))
        yield made


def _settings() -> dict[str, str]:
    return {
        "STAGE": "bench",
        TABLE_PREFIX: PREFIX,
        "WEB_URL": "https://burgernet.example",
        "LINK_SECRET": "l" * 32,
        "CONTACT_SECRET": "c" * 32,
        "PUSH_SECRET": "p" * 32,
        "CONTACT_KEY": boto3.client("kms").create_key()["KeyMetadata"]["Arn"],
        "JWKS_URL": "https://staff.burgernet.example/jwks.json",
        "TOKEN_ISSUER": "https://staff.burgernet.example",
        "TOKEN_AUDIENCE": "burgernet",
        "GEOCODER_URL": "https://addresses.burgernet.example",
        "SMS_RATE": "10000",
        "EMAIL_RATE": "10000",
    }


def table_name(table: str) -> str:
    """``message_ids`` -> ``burgernet-bench-message-ids``."""
    return PREFIX + dashed(table)


def _make(emulator: str) -> dict[QueueName, str]:
    dynamodb, sqs = boto3.client("dynamodb", endpoint_url=emulator), boto3.client("sqs", endpoint_url=emulator)
    for table in TABLES:
        dynamodb.create_table(**tables.create_table(table, table_name(table)))
    return {queue: sqs.create_queue(QueueName=PREFIX + dashed(queue))["QueueUrl"] for queue in QueueName}


def radius_m(recipients: int) -> float:
    return 1_000 * sqrt(recipients / PEOPLE_PER_KM2 / pi)


def _people(keys: ContactKeys, recipients: int) -> Iterator[PlaceRow]:
    """Their places, in which contacts are sealed, and before these the keys."""
    assert isinstance(keys, DynamoContactKeys)
    for start in range(0, recipients, TRANSACTION):
        places = [_place(number, recipients) for number in range(start, min(start + TRANSACTION, recipients))]
        drawn = [{kind: new_key() for kind in ContactKind} for _ in places]
        writes = [
            {"Update": keys.written(participant_id(row.participant), key, ())}
            for row, key in zip(places, drawn, strict=True)
        ]
        keys.database.ask("TransactWriteItems", {"TransactItems": writes})
        yield from map(_sealed, places, drawn)


def _sealed(row: PlaceRow, keys: Keys) -> PlaceRow:
    def sealed(kind: ContactKind, text: str | None) -> str | None:
        return text and seal(keys[kind], participant_id(row.participant), kind, text)

    return row._replace(phone=sealed(ContactKind.PHONE, row.phone), email=sealed(ContactKind.EMAIL, row.email))


def _place(number: int, recipients: int) -> PlaceRow:
    """Evenly over the circle. As in the performance study 75 % have a telephone, 70 % an e-mail address."""
    out = 0.98 * radius_m(recipients) * sqrt((number + 0.5) / recipients)
    mail, turn = number % 10 < 7, number * GOLDEN_ANGLE
    north, east = radii_m(CENTER.lat)
    return PlaceRow(
        participant=f"{number:012d}0",
        rank=0,
        point=Point(CENTER.lon + degrees(out * sin(turn) / east), CENTER.lat + degrees(out * cos(turn) / north)),
        earlier=(),
        phone=f"+316{number * 7919 % 10**8:08d}" if number % 4 or not mail else None,
        email=f"deelnemer{number}@burgernet.example" if mail else None,
        language="en" if number % 10 == 1 else "nl",
        neighbourhood=f"BU900101{number % 5:02d}",
        valid_from_ms=0,
    )
