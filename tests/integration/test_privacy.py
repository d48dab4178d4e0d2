"""The whole story, with what fails on the way: nobody can be known from logs, queues, refusals and records.

Senders, the geocoder and the queues fail as their libraries do: with the value in the text of the exception.
"""

import json
import logging
import re
import uuid
import zlib
from dataclasses import dataclass, field, replace

import pytest
from botocore.exceptions import ParamValidationError
from urllib3.exceptions import LocationParseError

from chalicelib import wiring
from chalicelib.areas.geocoder import Address, MemoryGeocoder
from chalicelib.areas.model import Point
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.push import MemoryPushSender
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.platform import aws
from chalicelib.platform.idempotency import DynamoIdempotency
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import MemoryQueues
from local.carrier.devices import Device
from local.in_process import InProcess, sqs_event
from local.scenarios import BURGLARY

PHONE, OTHER_PHONE, MAIL = "+31623456781", "+31623456789", "jan.de.vries@burgernet.example"
STREET = "Dijkstraat 12, Fabelstad"
PUSH = "https://web.push.apple.com"
KEPT_HERE = {"participants", "sign_ups", "places", "subscriptions"}  # tables in which people are looked up
SEALED = {"participants", "places"}  # though not their contacts


@dataclass
class FailsOnce:
    """The first time for each value, with the value in its text."""

    seen: set[str] = field(default_factory=set)

    def __call__(self, value, error):
        if value not in self.seen:
            self.seen.add(value)
            raise error(value)


@dataclass
class FailingSms(MemorySmsSender):
    fails: FailsOnce = field(default_factory=FailsOnce)

    def send(self, phone, text, **options):
        self.fails(phone, lambda value: ParamValidationError(report=f"Invalid PhoneNumber {value} for {text}"))
        return super().send(phone, text, **options)


@dataclass
class FailingEmail(MemoryEmailSender):
    fails: FailsOnce = field(default_factory=FailsOnce)

    def send(self, mail, to):
        for recipient in to:
            self.fails(recipient.address, lambda value: ValueError(f"no mail to {value}: {mail}"))
        return super().send(mail, to)


@dataclass
class FailingPush(MemoryPushSender):
    fails: FailsOnce = field(default_factory=FailsOnce)

    def push(self, device, payload, **options):
        self.fails(device.endpoint, LocationParseError)
        return super().push(device, payload, **options)


@dataclass(frozen=True)
class FailingGeocoder(MemoryGeocoder):
    fails: FailsOnce = field(default_factory=FailsOnce)

    def find(self, query, limit=5):
        self.fails(query, lambda value: RuntimeError(f"GET /free?q={value}"))
        return super().find(query, limit)


@dataclass
class WatchedQueues(MemoryQueues):
    """``bodies``: of all that was ever sent."""

    bodies: list[str] = field(default_factory=list)

    def send(self, queue, bodies, *, delay_s=0):
        bodies = list(bodies)
        self.bodies += [f"{queue} {json.dumps(body)}" for body in bodies]
        super().send(queue, bodies, delay_s=delay_s)


class Lines(logging.Handler):
    """What Lambda would write: our own lines as they are formatted, those of libraries as their texts."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        ours = record.name == "burgernet"
        self.lines.append(logger.registered_formatter.format(record) if ours else self.format(record))


@pytest.fixture
def lines():
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def story(make_product, token):
    with make_product() as base:
        product = InProcess(
            base.settings,
            base.clock,
            base.fetch_keys,
            sms=FailingSms(),
            email=FailingEmail(),
            push=FailingPush(),
            queues=WatchedQueues(),
            again_s=base.settings.lease_s + 1,
        )
        geocoder = FailingGeocoder([Address(STREET, Point(5.4336, 52.7783))])
        answers = DynamoIdempotency(product.settings.tables["idempotency"])
        parts = replace(product.system.parts, geocoder=geocoder, idempotency=answers)
        product.system = wiring.System(product.settings, parts)
        yield Story(product, token)


@dataclass
class Story:
    """``answers``: of requests that were refused or failed. ``secrets``: codes and tokens that were given out."""

    product: InProcess
    token: object
    answers: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def ask(self, method, path, body=None, status=None, headers=None, **options):
        """Each with a key of its own, as the pages send them."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} | (headers or {})
        response = self.product.request(method, path, body, headers=headers, **options)
        if response.status_code >= 400:
            self.answers.append(response.body.decode())
        assert response.status_code == (status or response.status_code), response.body
        return response.json_body if response.body else None

    def texts(self):
        product = self.product
        mails = [f"{mail.text} {mail.html} {to.values} {to.unsubscribe_url}" for to, mail in product.email.sent]
        return [*(text for _, text in product.sms.sent), *mails, *(it.payload.decode() for it in product.push.sent)]

    def sign_up(self, place, **contacts):
        body = {
            "places": [{"kind": "home", **place}],
            "channels": ["sms", *(["email"] if "email" in contacts else [])],
            "language": "nl",
            "birth_year": 1980,
            "consent": {"version": "1"},
            "source": "web",
            **contacts,
        }
        if "address" in place:
            self.ask("POST", "/sign-ups", body, status=500)  # the geocoder fails
        accepted = self.ask("POST", "/sign-ups", body, status=202)
        self.product.settle()
        for kind, to in (("phone", contacts["phone"]), ("email", contacts.get("email"))):
            if to is None:
                continue
            texts = [text for phone, text in self.product.sms.sent if phone == to]
            texts += [mail.text for recipient, mail in self.product.email.sent if recipient.address == to]
            code = re.search(r"\b\d{6}\b", texts[0 if kind == "phone" else -1])[0]
            path = f"/sign-ups/{accepted['id']}/verification"
            self.ask("POST", path, {"contact": kind, "code": "000000" if code != "000000" else "1" * 6}, status=422)
            proved = self.ask("POST", path, {"contact": kind, "code": code}, status=200)
            self.secrets |= {code, proved["manage_token"]}
        self.product.settle()
        return proved["manage_token"]

    def play(self):
        dispatcher, approver = self.token("dispatcher", "anna"), self.token("approver", "bram")
        bad = {"phone": OTHER_PHONE + "x", "email": MAIL + " ", "places": [{"kind": STREET}], MAIL: PHONE}
        self.ask("POST", "/sign-ups", bad, status=422)
        me = self.sign_up({"address": STREET}, phone=PHONE, email=MAIL)
        other = self.sign_up({"point": {"lon": 5.4446, "lat": 52.7779}}, phone=OTHER_PHONE)
        self.ask("PATCH", "/me", {"places": [{"kind": "home", "address": "Nergensweg 1"}]}, status=500, token=me)
        self.ask("PATCH", "/me", {"places": [{"kind": "home", "address": "Nergensweg 1"}]}, status=422, token=me)
        self.ask("GET", "/me", status=404, token=me + "0")
        self.ask("PUT", "/me/push", Device("mine").subscription(PUSH), status=200, token=me)
        self.ask("PATCH", "/me", {"channels": ["sms", "email", "push"]}, status=200, token=me)
        self.product.clock.advance(seconds=1)
        self.product.sms.fails.seen.clear()
        self.product.email.fails.seen.clear()
        alert = self.ask("POST", "/alerts", BURGLARY.alert, token=dispatcher)
        path = f"/alerts/{alert['id']}"
        alert = self.ask("POST", f"{path}/submit", {}, token=dispatcher)
        band = self.ask("POST", f"{path}/preview", {}, token=approver)["band"]["label"]["nl"]
        approval = {"version": alert["version"], "reach": band}
        self.ask("POST", f"{path}/approve", approval, status=200, token=approver)
        self.product.settle()
        self.receipts(alert)
        reply = re.search(r"/t/(\w+)", " ".join(self.texts()))[1]
        self.ask("POST", f"/tips/{reply}", {"kind": "seen", "text": "", "phone": PHONE}, status=422)
        self.ask("POST", f"/tips/{reply}", BURGLARY.tips[0])
        self.ask("POST", f"{path}/close", BURGLARY.closing, status=200, token=dispatcher)
        self.product.settle()
        self.ask("POST", f"/tips/{reply}", BURGLARY.tips[0], status=410)
        unsubscribe = next(to.unsubscribe_url for to, _ in self.product.email.sent if to.unsubscribe_url)
        self.ask("POST", unsubscribe.partition("/api")[2] + "0", status=404, headers=FORM)
        self.ask("POST", unsubscribe.partition("/api")[2], status=204, headers=FORM)
        self.ask("DELETE", "/me", status=204, token=other)
        self.product.settle()
        self.ask("GET", "/me", status=404, token=other)
        for text in self.texts():
            self.secrets |= set(re.findall(r"/t/(\w+)|/manage#(\w+)|/unsubscribe/(\w+)", text))

    def receipts(self, alert):
        """As SES and SNS word them: with whom they are about. The first time the ledger does not answer."""
        events = [
            {
                "eventType": "Bounce",
                "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": MAIL}]},
                "mail": {
                    "messageId": "m",
                    "destination": [MAIL],
                    "headers": [{"name": "To", "value": MAIL}],
                    "tags": {name: [value] for name, value in recipient.tags.items()},
                },
            }
            for recipient, _ in self.product.email.sent
            if recipient.tags.get("alert") == alert["id"]
        ]
        assert events
        healthy = self.product.system
        self.product.system = wiring.System(healthy.settings, replace(healthy.parts, ledger=None))
        event = sqs_event(events, self.product.clock.now())
        assert self.product.invoke("receipts", event) == {"batchItemFailures": []}
        self.product.system = healthy
        self.product.settle()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_only_ids_are_logged_counted_queued_answered_and_written_down(story, lines, capsys):
    story.play()
    secrets = {token for found in story.secrets for token in ([found] if isinstance(found, str) else found) if token}
    given = {PHONE, OTHER_PHONE, MAIL, "burgernet.example>", STREET, "Dijkstraat", "Nergensweg", f"{PUSH}/push/mine"}
    forbidden = {word.lower() for word in given | secrets}
    assert len(secrets) >= 8
    assert len(story.answers) >= 10
    metrics = capsys.readouterr().out
    assert "ContactsSuppressed" in metrics

    def clean(what, texts):
        for text in texts:
            found = {word for word in forbidden if word in text.lower()}
            assert not found, f"{what}: {found} in {text}"

    assert any("ParamValidationError" in line for line in lines)
    assert any("http.failed" in line for line in lines)
    clean("log", lines)
    clean("metrics and what is printed", metrics.splitlines())
    clean("queue", story.product.queues.bodies)
    clean("answer", story.answers)
    contacts = {PHONE, OTHER_PHONE, MAIL}
    for kind, table in story.product.settings.tables.items():
        forbidden = {word.lower() for word in (contacts if kind in SEALED else given | secrets)}
        if kind not in KEPT_HERE - SEALED:
            clean(kind, map(readable, aws.client("dynamodb").scan(TableName=table)["Items"]))


def readable(row):
    """A row with its compressed values opened."""
    return f"{row} {[opened(value['B']) for value in row.values() if 'B' in value]}"


def opened(binary):
    try:
        return zlib.decompress(binary).decode()
    except zlib.error:
        return repr(binary)
