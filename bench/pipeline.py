"""One alert to 1,500 people in this process: what our own code spends per recipient on match, send and receipts.

Stores, queues and providers are the in-memory twins: the figures hold our code and theirs, no network, no AWS client.
All 1,500 have a phone and 70 % of them an e-mail address, as the population of the performance study.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bench.example_alert import START, active_alert
from bench.figures import Outcome, median_cpu_s
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.model import Channel
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.delivery.dispatch import Dispatch, Lot
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import EmailLot, SmsLot
from chalicelib.delivery.match import THREADS, Matcher
from chalicelib.delivery.message_ids import MemoryMessageIds
from chalicelib.delivery.messages import MatchMessage, ReceiptMessage, SendMessage
from chalicelib.delivery.model import Result
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import Pacer
from chalicelib.delivery.plan import units
from chalicelib.delivery.receipts import Receipts
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.platform.batch import Message, Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.platform.tokens import LinkSigner

PEOPLE = 1_500
CENTER = Point(5.3, 52.55)
AREA = CircleShape(CENTER, 1_000)
WINDOW = 100  # receipts that one invocation gets

# A peer on the same AWS services spends 10.8 ms to deliver an SMS and 7.1 ms on its receipt, providers included.
LIMITS = {
    "match_cpu_ms_per_recipient": 0.05,
    "send_sms_cpu_ms_per_recipient": 0.2,
    "send_email_cpu_ms_per_recipient": 0.2,
    "receipts_cpu_ms_per_receipt": 0.1,
}

M = TypeVar("M", bound=Message)


class World:
    """Everything an alert needs, and nobody asked yet."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.alerts = MemoryAlertStore()
        self.places = MemoryPlaceStore()
        self.participants = MemoryParticipantStore(self.places, MemorySignUpStore())
        self.places.load(map(_place, range(PEOPLE)))
        self.alert = active_alert(AREA)
        self.alerts.put(self.alert, 0, EventRecord("e", START, "begun", "system"))
        self.links = Links("https://burgernet.example", LinkSigner(b"k" * 32))
        self.start_again()

    def start_again(self) -> None:
        self.ledger, self.message_ids, self.queues = MemoryLedger(), MemoryMessageIds(), MemoryQueues()

    def match(self) -> None:
        matcher = Matcher(self.alerts, self.places, self.participants, self.ledger, self.queues, self.clock, THREADS)
        for number, ranges in enumerate(units(self.alert)):
            matcher.match(
                _record(MatchMessage(alert=self.alert.id, message=MessageKind.CALL, unit=number, ranges=ranges))
            )

    def sends(self, queue: QueueName) -> list[Record[SendMessage]]:
        return [_record(SendMessage.model_validate(body, strict=False)) for body in self.queues.take(queue)]

    def dispatch(self, lot: Lot, queue: QueueName) -> Dispatch:
        pacer = Pacer(MemoryPace(), self.clock, lot.channel, rate=1_000)
        return Dispatch(
            lot,
            pacer,
            self.alerts,
            self.ledger,
            MemoryClaims(self.ledger, self.alerts),
            self.message_ids,
            self.queues,
            self.clock,
            60,
            queue=queue,
            followup=queue,
        )


def run() -> Outcome:
    world = World()
    world.match()
    asked = [person for batch in world.ledger.rows.values() for person in batch.people]
    mails = sum(Channel.EMAIL in person.contacts for person in asked)
    assert len(asked) == PEOPLE
    match = median_cpu_s(world.match, prepare=world.start_again)
    sms = _send(world, QueueName.SMS, lambda: SmsLot(MemorySmsSender(), world.links))
    email = _send(world, QueueName.EMAIL, lambda: EmailLot(MemoryEmailSender(), world.links))
    receipts = _receipts(world, mails)
    return Outcome(
        "pipeline",
        {
            "recipients": PEOPLE,
            "match_cpu_ms_per_recipient": 1_000 * match / PEOPLE,
            "send_sms_cpu_ms_per_recipient": 1_000 * sms / PEOPLE,
            "send_email_cpu_ms_per_recipient": 1_000 * email / mails,
            "receipts_cpu_ms_per_receipt": 1_000 * receipts / mails,
        },
        LIMITS,
    )


@dataclass
class _Sends:
    """Prepares a matched alert before each measurement, and then works off one channel's messages."""

    world: World
    queue: QueueName
    lot: Callable[[], Lot]

    def prepare(self) -> None:
        self.world.start_again()
        self.world.match()
        self.records = self.world.sends(self.queue)
        self.sender = self.world.dispatch(self.lot(), self.queue)

    def act(self) -> None:
        for record in self.records:
            self.sender.send(record)


def _send(world: World, queue: QueueName, lot: Callable[[], Lot]) -> float:
    sends = _Sends(world, queue, lot)
    return median_cpu_s(sends.act, prepare=sends.prepare)


def _receipts(world: World, mails: int) -> float:
    """SES events of every mail, decoded as the queue's consumer decodes them, in windows of 100."""
    sends = _Sends(world, QueueName.EMAIL, lambda: EmailLot(MemoryEmailSender(), world.links))

    def prepare() -> None:
        sends.prepare()
        sends.act()
        sends.records = []
        bodies = [
            f'{{"eventType":"Delivery","mail":{{"messageId":"x","tags":{{"alert":["{key.alert}"],'
            f'"message":["{key.message}"],"batch":["{key.batch}"],"index":["{index}"]}}}}}}'
            for key, batch in world.ledger.rows.items()
            for index, result in enumerate(batch.lanes[Channel.EMAIL].results)
            if result is Result.SENT  # contacts have left the ledger by now
        ]
        assert len(bodies) == mails
        windows[:] = [bodies[start : start + WINDOW] for start in range(0, len(bodies), WINDOW)]

    def act() -> None:
        receipts = Receipts(world.ledger, world.message_ids, world.queues)
        for window in windows:
            receipts.fold([Record("m", 1, START, ReceiptMessage.model_validate_json(body)) for body in window])

    windows: list[list[str]] = []
    return median_cpu_s(act, prepare=prepare)


def _record(body: M) -> Record[M]:
    return Record("m", 1, START, body)


def _place(number: int) -> PlaceRow:
    column, row = number % 40, number // 40
    return PlaceRow(
        participant=f"{number:013d}",
        rank=0,
        point=Point(CENTER.lon + (column - 20) * 5e-4, CENTER.lat + (row - 19) * 3e-4),
        earlier=(),
        phone=f"+316{number:08d}",
        email=f"deelnemer{number}@burgernet.example" if number % 10 < 7 else None,
        language="nl" if number % 10 else "en",
        neighbourhood=f"BU900101{number % 5:02d}",
        valid_from_ms=0,
    )
