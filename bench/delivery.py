"""What an alert costs per recipient from match to receipt, beside the bare calls to the providers.

CPU of this process alone: everything here is the deployed product (``bench.deployed``), and what it speaks to runs in
other processes. Floor and product take turns, batch by batch, and each figure is the median over all batches. Requests
and write units are counted from what was really asked, by DynamoDB's billing rules.

SQS requests are those of our code; Lambda's own pollers add a receive and a delete for each batch of a mapping.
"""

import argparse
import base64
import gzip
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench import push_messages
from bench.deployed import Deployed, deployed, table_name
from bench.figures import Outcome
from bench.floor import Floor
from chalicelib.alerts import wording
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language
from chalicelib.channels.email import BULK
from chalicelib.channels.model import Channel, Mail, MailRecipient
from chalicelib.delivery.lots import MANAGE, REPLY
from chalicelib.delivery.messages import MatchMessage, SendMessage
from chalicelib.delivery.model import Batch
from chalicelib.delivery.plan import units
from chalicelib.platform.queues import QueueName
from infra.template import STREAM_BATCH

RUNS = 3
# A receipt comes so many seconds after its message (assumed: mean of an exponential), and messages leave at this rate.
RECEIPT_AFTER_S, RATE = 4.0, 1_000.0
LOG_S = 1.0  # CloudWatch Logs hands over what came in so many seconds (assumed)

LIMITS = {
    "sms_us_per_message": 600,
    "sms_by_boto3_floor": 1.3,
    "email_us_per_message": 60,
    "receipt_us": 100,
    "write_units_per_recipient": 0.1,
    "write_units_per_recipient_with_receipts": 0.3,
    "sqs_requests_per_1000": 10,
}


@dataclass
class Meter:
    """CPU of this process: step -> seconds per thing, one for each batch of things."""

    taken: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))

    def time(self, step: str, things: int, act: Callable[[], object]) -> None:
        begin = time.process_time()
        act()
        self.taken[step].append((time.process_time() - begin, things))

    def us(self, step: str) -> float:
        """Microseconds for one thing: the median over batches."""
        return 1e6 * statistics.median(seconds / things for seconds, things in self.taken[step] if things)

    def mean_us(self, step: str) -> float:
        """The same over all, for steps whose batches differ in size."""
        return 1e6 * sum(seconds for seconds, _ in self.taken[step]) / sum(things for _, things in self.taken[step])


@dataclass
class Run:
    """One alert to everybody. ``meter``: shared by all runs."""

    world: Deployed
    floor: Floor
    meter: Meter
    random: random.Random
    counted: dict[str, float] = field(default_factory=dict)

    def play(self) -> None:
        alert = self.world.active_alert()
        self.world.changes.records()
        self.world.count_anew()
        batches = self._match(alert)
        people = sum(len(batch.people) for batch in batches)
        assert people == self.world.recipients, f"{people} matched"
        self._send(alert, batches)
        self._tell()
        before = self._count(people)
        self._receipts(alert, batches)
        self._tell()
        after = self._count(people)
        self.counted = {
            "write_units_per_recipient": before["write_units"],
            "write_units_per_recipient_with_receipts": after["write_units"],
            "message_id_write_units_per_recipient": after["message_id_units"],
            "dynamodb_requests_per_1000": after["dynamodb"],
            "sqs_requests_per_1000": after["sqs"],
        }

    def _match(self, alert: Alert) -> list[Batch]:
        for number, ranges in enumerate(units(alert)):
            message = MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=number, ranges=ranges)
            bodies: list[Any] = [message.body()]
            taken_s = 0.0
            while bodies:  # a matcher whose time is up leaves the rest of its unit to the next one
                self.meter.time("match", 0, partial(self.world.consume, "match", bodies))
                taken_s += self.meter.taken["match"].pop()[0]
                bodies = self.world.taken(QueueName.MATCH)
            self.meter.taken["match"].append((taken_s, sum(len(b.people) for b in self._batches(alert, number))))
        return [batch for number, _ in enumerate(units(alert)) for batch in self._batches(alert, number)]

    def _batches(self, alert: Alert, unit: int) -> list[Batch]:
        return list(self.world.system.parts.ledger.batches(alert.id, MessageKind.CALL, unit))

    def _send(self, alert: Alert, batches: Sequence[Batch]) -> None:
        by_key = {batch.key.batch: batch for batch in batches}
        for queue, channel in ((QueueName.SMS, Channel.SMS), (QueueName.EMAIL, Channel.EMAIL)):
            for body in self.world.taken(queue):
                asked = SendMessage.model_validate_json(body)
                batch = by_key[asked.batch]
                size = sum(channel in person.contacts for person in batch.people)
                if channel is Channel.SMS:
                    texts = list(_texts(alert, batch))[:10]
                    self.meter.time("sms_boto3_floor", len(texts), partial(self.floor.publish, texts))
                    self.meter.time("sms_signed_floor", len(texts), partial(self.floor.publish_signed, texts))
                    to = push_messages.devices(10)
                    self.meter.time("push", len(to), partial(push_messages.make, self.world.system.parts.vapid, to))
                else:
                    mail, mailed = _mail(alert), [_recipient(batch, n) for n in range(BULK)]
                    self.meter.time("email_floor", len(mailed), partial(self.floor.bulk, mail, mailed))
                function = f"send_{channel}"
                self.meter.time(function, size, partial(self.world.consume, function, [body]))
            assert not self.world.taken(queue), "something was put back"

    def _receipts(self, alert: Alert, batches: Sequence[Batch]) -> None:
        """E-mail's by way of SES's topic, SMS's by way of the delivery log."""
        mails = [
            (self._arrival(), _ses_event(batch, index))
            for batch in batches
            for index, person in enumerate(batch.people)
            if Channel.EMAIL in person.contacts
        ]
        lines = sorted((self._arrival(), _log_line(name)) for name, _, _ in self.world.ids_of_messages(alert.id))
        arrived = list(mails)
        for moment, some in _windows(lines, LOG_S):
            event = _log_event(some)
            self.meter.time("sms_log", len(some), partial(self.world.invoke, "sms_log", event))
            arrived += [(moment, body) for body in self.world.taken(QueueName.RECEIPTS)]
        size, window_s = self.world.receipts_window
        for _, some in _windows(sorted(arrived), window_s, size):
            news = sum(_receipts_in(body) for body in some)
            self.meter.time("receipts", news, partial(self.world.consume, "receipts", some))
        assert not self.world.taken(QueueName.RECEIPTS), "something was put back"

    def _arrival(self) -> float:
        return self.random.uniform(0, self.world.recipients / RATE) + self.random.expovariate(1 / RECEIPT_AFTER_S)

    def _tell(self) -> None:
        """What the ledger's stream sets off."""
        records = self.world.changes.records()
        for start in range(0, len(records), STREAM_BATCH):
            self.world.invoke("relay", {"Records": records[start : start + STREAM_BATCH]})
            if tallies := self.world.taken(QueueName.TALLY):
                self.world.consume("tally", tallies)
        self.world.taken(QueueName.COUNT)

    def _count(self, people: int) -> dict[str, float]:
        counts = self.world.counts()
        requests, written = counts["requests"], counts["write_units"]
        ids = table_name("message_ids")
        sums = {
            kind: sum(number for name, number in requests.items() if name.startswith(f"{kind}."))
            for kind in ("sqs", "dynamodb")
        }
        return {
            "write_units": sum(number for table, number in written.items() if table != ids) / people,
            "message_id_units": written.get(ids, 0) / people,
            **{kind: 1_000 * number / people for kind, number in sums.items()},
        }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipients", type=int, default=2_000, help="people asked by one alert (default 2000)")


def run(recipients: int = 2_000) -> Outcome:
    meter = Meter()
    with deployed(recipients) as world:
        runs = [Run(world, Floor(), meter, random.Random(number)) for number in range(RUNS)]
        for one in runs:
            one.play()
    counted = {name: statistics.median(one.counted[name] for one in runs) for name in runs[0].counted}
    sms, boto3, signed = meter.us("send_sms"), meter.us("sms_boto3_floor"), meter.us("sms_signed_floor")
    return Outcome(
        "delivery",
        {
            "recipients": recipients,
            "match_us_per_recipient": meter.mean_us("match"),
            "sms_us_per_message": sms,
            "sms_boto3_floor_us": boto3,
            "sms_signed_floor_us": signed,
            "sms_by_boto3_floor": sms / boto3,
            "sms_by_signed_floor": sms / signed,
            "email_us_per_message": meter.us("send_email"),
            "email_floor_us": meter.us("email_floor"),
            "email_by_floor": meter.us("send_email") / meter.us("email_floor"),
            "push_encrypted_us_per_message": meter.us("push"),
            "sms_log_us_per_receipt": meter.mean_us("sms_log"),
            "receipt_us": meter.mean_us("receipts"),
            **counted,
        },
        LIMITS,
    )


def _texts(alert: Alert, batch: Batch) -> Iterator[tuple[str, str]]:
    link = f"https://burgernet.example/t/{'0' * 30}"
    for number in range(len(batch.people)):
        yield f"+316{number:08d}", wording.sms(alert, MessageKind.CALL, Language.NL, link)


def _mail(alert: Alert) -> Mail:
    words = wording.email(alert, MessageKind.CALL, Language.NL, REPLY, MANAGE)
    return Mail(words.subject, words.text, words.html)


def _recipient(batch: Batch, index: int) -> MailRecipient:
    key, link = batch.key, f"https://burgernet.example/manage#{'0' * 30}"
    return MailRecipient(
        address=f"deelnemer{index}@burgernet.example",
        values={"reply": link, "manage": link},
        tags={"alert": key.alert, "message": key.message, "batch": key.batch, "index": str(index)},
        unsubscribe_url=link,
    )


def _windows(
    arrived: Sequence[tuple[float, str]], window_s: float, size: int = 10_000
) -> Iterator[tuple[float, list[str]]]:
    """What comes together: until so many are there, or so many seconds after the first. With the time of the last."""
    some: list[str] = []
    begin = last = 0.0
    for moment, body in arrived:
        if some and (len(some) == size or moment > begin + window_s):
            yield last, some
            some = []
        begin = moment if not some else begin
        some, last = [*some, body], moment
    if some:
        yield last, some


def _receipts_in(body: str) -> int:
    return len(json.loads(body).get("receipts", [None]))


def _ses_event(batch: Batch, index: int) -> str:
    key = batch.key
    tags = {"alert": key.alert, "message": key.message, "batch": key.batch, "index": str(index)}
    automatic = {
        "ses:configuration-set": "burgernet",
        "ses:source-ip": "192.0.2.7",
        "ses:from-domain": "burgernet.example",
    }
    to = f"deelnemer{index}@burgernet.example"
    headers = [{"name": f"X-Header-{n}", "value": "of a length that is usual"} for n in range(10)]
    mail: dict[str, Any] = {
        "timestamp": "2026-11-23T20:15:00.000Z",
        "source": "Burgernet <noreply@burgernet.example>",
        "sendingAccountId": "000000000000",
        "messageId": "0102018f0c5d3b2a-5d3b2a00-0000-0000-0000-000000000000-000000",
        "destination": [to],
        "headersTruncated": False,
        "headers": headers,
        "commonHeaders": {"from": ["Burgernet <noreply@burgernet.example>"], "to": [to], "subject": "Vermist"},
        "tags": {name: [value] for name, value in {**automatic, **tags}.items()},
    }
    delivery = {
        "timestamp": "2026-11-23T20:15:04.000Z",
        "processingTimeMillis": 4_000,
        "recipients": [to],
        "smtpResponse": "250 2.0.0 OK",
        "reportingMTA": "a1-2.smtp-out.example",
    }
    return json.dumps({"eventType": "Delivery", "mail": mail, "delivery": delivery})


def _log_line(message_id: str) -> str:
    delivery = {
        "phoneCarrier": "Carrier",
        "mnc": 99,
        "mcc": 204,
        "numberOfMessageParts": 2,
        "destination": "+31600000000",
        "priceInUSD": 0.16,
        "smsType": "Transactional",
        "providerResponse": "Message has been accepted by phone",
        "dwellTimeMs": 900,
        "dwellTimeMsUntilDeviceAck": 2_100,
    }
    notification = {"messageId": message_id, "timestamp": "2026-11-23 20:15:00.000"}
    return json.dumps({"notification": notification, "delivery": delivery, "status": "SUCCESS"})


def _log_event(lines: Sequence[str]) -> dict[str, Any]:
    data = {
        "messageType": "DATA_MESSAGE",
        "logGroup": "sns/eu-west-1/000000000000/DirectPublishToPhoneNumber",
        "logStream": "a",
        "logEvents": [{"id": str(n), "timestamp": 0, "message": line} for n, line in enumerate(lines)],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()}}
