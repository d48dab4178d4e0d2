"""The product itself in real time: plan, matcher, senders and pacing on threads, with providers that take their time.

Stores and queues are the twins, so what a deployment adds (hand-over, network, Lambda) is nought here, and nought in
the simulation that it is held against; everything else is what is deployed.
"""

import heapq
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import cos, degrees, pi, sin, sqrt
from threading import Condition, Lock, Thread
from typing import Any

from bench.example_alert import active_alert
from bench.simulation.assumptions import Assumptions
from bench.simulation.plan import Unit
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.geodesy import radii_m
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Accepted, Answer, Mail, MailRecipient
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.delivery.dispatch import Dispatch, Lot
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import EmailLot, SmsLot, at_once
from chalicelib.delivery.match import THREADS, Matcher
from chalicelib.delivery.message_ids import MemoryMessageIds
from chalicelib.delivery.messages import MatchMessage, SendMessage
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import Pacer
from chalicelib.delivery.plan import units
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import SystemClock
from chalicelib.platform.observe import logger, metrics
from chalicelib.platform.queues import QueueName
from chalicelib.platform.tokens import LinkSigner

CENTER = Point(5.3, 52.55)
PEOPLE_PER_KM2 = 500
GOLDEN_ANGLE = pi * (3 - sqrt(5))
SENDERS = 8  # of each channel
PATIENCE_S = 0.2


@dataclass
class LiveQueues:
    """Queues in real time: a message is there once its delay is over, and goes to whoever asks first."""

    waiting: dict[QueueName, list[tuple[float, int, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(list))
    changed: Condition = field(default_factory=Condition)
    sent: int = 0

    def send(self, queue: QueueName, bodies: Iterable[Mapping[str, Any]], *, delay_s: int = 0) -> None:
        with self.changed:
            for body in bodies:
                self.sent += 1
                heapq.heappush(self.waiting[queue], (time.monotonic() + delay_s, self.sent, dict(body)))
            self.changed.notify_all()

    def receive(self, queue: QueueName) -> dict[str, Any] | None:
        """The next message that is due; None where none came for a moment."""
        until = time.monotonic() + PATIENCE_S
        with self.changed:
            while (now := time.monotonic()) < until:
                due = self.waiting[queue][0][0] if self.waiting[queue] else until
                if self.waiting[queue] and due <= now:
                    return heapq.heappop(self.waiting[queue])[2]
                self.changed.wait(min(due, until) - now)
        return None


@dataclass
class Taken:
    """When each message was taken by its provider."""

    times: list[float] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def note(self, messages: int) -> None:
        with self.lock:
            self.times += [time.monotonic()] * messages


@dataclass(frozen=True)
class SlowSms:
    taken: Taken
    call_s: float

    def send(
        self, phone: str, text: str, *, tags: Mapping[str, str] | None = None, life_s: int | None = None
    ) -> Answer:
        self.taken.note(1)
        time.sleep(self.call_s)
        return Accepted(phone)


@dataclass(frozen=True)
class SlowMail:
    taken: Taken
    call_s: float

    def send(self, mail: Mail, to: Sequence[MailRecipient]) -> list[Answer]:
        self.taken.note(len(to))
        time.sleep(self.call_s)
        return [Accepted(recipient.address) for recipient in to]


@dataclass(frozen=True)
class Measured:
    """Seconds from the end of the plan to the last message of each channel. ``units``: as they were planned."""

    last: Mapping[str, float]
    messages: Mapping[str, int]
    units: Sequence[Unit]


def measure(recipients: int, rate: float, given: Assumptions) -> Measured:
    """One alert to so many people, both channels at ``rate`` messages a second."""
    logger.setLevel("WARNING")
    clock, alerts, places, ledger, queues = (
        SystemClock(),
        MemoryAlertStore(),
        MemoryPlaceStore(),
        MemoryLedger(),
        LiveQueues(),
    )
    participants = MemoryParticipantStore(places, MemorySignUpStore())
    places.load(_place(number, recipients, clock.now().timestamp()) for number in range(recipients))
    alert = active_alert(CircleShape(CENTER, _radius_m(recipients)), at=clock.now())
    alerts.put(alert, 0, EventRecord("e", alert.changed_at, "begun", "system"))
    lots = units(alert)
    taken = {"sms": Taken(), "email": Taken()}
    links = Links("https://burgernet.example", LinkSigner(b"k" * 32))
    matcher = Matcher(alerts, places, participants, ledger, queues, clock, THREADS)
    pace, claims = MemoryPace(), MemoryClaims(ledger, alerts)

    def dispatch(lot: Lot, queue: QueueName) -> Dispatch:
        pacer = Pacer(pace, clock, lot.channel, rate)
        ids = MemoryMessageIds()
        return Dispatch(lot, pacer, alerts, ledger, claims, ids, queues, clock, 60, queue=queue, followup=queue)

    def sms() -> Dispatch:
        return dispatch(SmsLot(SlowSms(taken["sms"], given.publish_s), links, at_once(rate)), QueueName.SMS)

    def email() -> Dispatch:
        return dispatch(EmailLot(SlowMail(taken["email"], given.bulk_s), links), QueueName.EMAIL)

    def matches(body: dict[str, Any]) -> None:
        matcher.match(Record("m", 1, clock.now(), MatchMessage.model_validate(body, strict=False)))

    def sends(made: Dispatch) -> Callable[[dict[str, Any]], None]:
        return lambda body: made.send(Record("m", 1, clock.now(), SendMessage.model_validate(body, strict=False)))

    over = [False]

    def work(queue: QueueName, act: Callable[[dict[str, Any]], None]) -> None:
        while not over[0]:
            if body := queues.receive(queue):
                act(body)

    workers = [Thread(target=work, args=(QueueName.MATCH, matches))]
    for _ in range(SENDERS):
        workers.append(Thread(target=work, args=(QueueName.SMS, sends(sms()))))
        workers.append(Thread(target=work, args=(QueueName.EMAIL, sends(email()))))
    expected = {"sms": sum(_has_phone(n) for n in range(recipients)), "email": sum(map(_has_mail, range(recipients)))}
    begin = time.monotonic()
    for worker in workers:
        worker.start()
    for number, ranges in enumerate(lots):
        queues.send(
            QueueName.MATCH,
            [MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=number, ranges=ranges).body()],
        )
    with suppress(KeyboardInterrupt):
        while any(len(taken[name].times) < expected[name] for name in taken):
            time.sleep(0.05)
    over[0] = True
    for worker in workers:
        worker.join()
    metrics.clear_metrics()
    return Measured(
        {name: max(it.times) - begin for name, it in taken.items()},
        {name: len(it.times) for name, it in taken.items()},
        [
            Unit(read := sum(sum(1 for _ in places.within(it)) for it in MatchMessage.key_ranges(_unit(lot))), read)
            for lot in lots
        ],
    )


def _unit(ranges: Any) -> MatchMessage:
    return MatchMessage(alert="0000000abc", message=MessageKind.CALL, unit=0, ranges=ranges)


def alike(given: Assumptions, recipients: int) -> Assumptions:
    """The same assumptions where nothing lies between the parts: what ``measure`` runs in."""
    return replace(
        given,
        hand_over_s=0.0,
        call_s=0.0,
        plan_s=0.0,
        pollers_at_start=SENDERS,
        most_functions=SENDERS,
        most_matchers=1,
        partition_writes=1e9,
        sms_cpu_s=0.0,
        email_cpu_s=0.0,
        sms_share=sum(_has_phone(n) for n in range(recipients)) / recipients,
        email_share=sum(map(_has_mail, range(recipients))) / recipients,
    )


def _radius_m(recipients: int) -> float:
    return 1_000 * sqrt(recipients / PEOPLE_PER_KM2 / pi)


def _has_mail(number: int) -> bool:
    return number % 10 < 7


def _has_phone(number: int) -> bool:
    return bool(number % 4) or not _has_mail(number)


def _place(number: int, recipients: int, now: float) -> PlaceRow:
    """Evenly over the circle."""
    out = 0.98 * _radius_m(recipients) * sqrt((number + 0.5) / recipients)
    turn = number * GOLDEN_ANGLE
    north, east = radii_m(CENTER.lat)
    return PlaceRow(
        participant=f"{number:013d}",
        rank=0,
        point=Point(CENTER.lon + degrees(out * sin(turn) / east), CENTER.lat + degrees(out * cos(turn) / north)),
        earlier=(),
        phone=f"+316{number:08d}" if _has_phone(number) else None,
        email=f"deelnemer{number}@burgernet.example" if _has_mail(number) else None,
        language="nl",
        neighbourhood=f"BU900101{number % 5:02d}",
        valid_from_ms=int((now - 86_400) * 1000),
    )
