"""How push works through its turn: the devices of a batch's people are looked up, and each gets its own encrypted copy.

A person has been reached where one of their devices was. A device that has ended is taken off its owner's list.
"Too fast" is what one push service says of one device (RFC 8030, 8.4), so nobody else waits for it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from chalicelib.alerts import notification
from chalicelib.alerts.model import Alert
from chalicelib.alerts.notification import Notification
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Accepted, Answer, Channel, PushSender, Refusal, Refused
from chalicelib.channels.push import GONE
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import OneByOne, Words, life_s
from chalicelib.delivery.model import Batch, Person
from chalicelib.delivery.pacing import Turn
from chalicelib.participants.devices import Devices, DeviceStore, packed, unpacked
from chalicelib.participants.model import ChannelChoice, SuppressionReason
from chalicelib.participants.suppression import Suppress
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import QueueName, Queues

NO_DEVICE = Refused(Refusal.PERMANENT, "NoDevice")
# What is told of a person none of whose devices took it: the first of these that any of them gave.
WORST_FIRST = (Refusal.UNKNOWN, Refusal.TEMPORARY, Refusal.THROTTLED, Refusal.OPTED_OUT, Refusal.PERMANENT)


@dataclass(frozen=True)
class PushLot(OneByOne):
    sender: PushSender
    devices: DeviceStore
    links: Links
    queues: Queues
    at_once: int = 1
    receipts_by_id: bool = False
    channel: Channel = Channel.PUSH

    def send(self, alert: Alert, batch: Batch, indexes: list[int], turn: Turn) -> Iterator[Mapping[int, Answer]]:
        people = [batch.people[index].contacts[Channel.PUSH] for index in indexes]
        found = self.devices.find(people)
        yield from super().send(alert, _with_devices(batch, indexes, found), indexes, turn)

    def _send_one(self, alert: Alert, batch: Batch, index: int, now: datetime) -> Answer:
        person = batch.people[index]
        reference, devices = _read(person)
        if not devices:
            return NO_DEVICE
        words = self._words.of(alert, batch.key.message, Language(person.language))
        payload = notification.payload(words, alert.id, self.links.reply(batch.key, index))
        answers = {
            name: self.sender.push(device, payload, life_s=life_s(alert, batch.key.message, now), topic=alert.id)
            for name, device in devices.items()
        }
        gone = [name for name, answer in answers.items() if isinstance(answer, Refused) and answer.code in GONE]
        self._forget(reference, gone)
        return _of_person(list(answers.values()))

    def _forget(self, reference: str, gone: list[str]) -> None:
        bodies = [
            Suppress(
                reference=reference,
                channel=ChannelChoice.PUSH,
                reason=SuppressionReason.BOUNCED,
                device=name,
            ).body()
            for name in gone
        ]
        if not bodies:
            return
        try:
            self.queues.send(QueueName.SUPPRESS, bodies)
        except Exception:  # the next message will find out again; this one was sent
            logger.exception("send.device_lost")
        count("DevicesGone", len(bodies))

    @cached_property
    def _words(self) -> Words[Notification]:
        return Words(notification.notification)


def _of_person(answers: list[Answer]) -> Answer:
    for answer in answers:
        if isinstance(answer, Accepted):
            return answer
    refused = [it for it in answers if isinstance(it, Refused)]
    worst = min(refused, key=lambda it: WORST_FIRST.index(it.reason))
    reason = Refusal.TEMPORARY if worst.reason is Refusal.THROTTLED else worst.reason
    return replace(worst, reason=reason, after_s=max(it.after_s for it in refused))


def _with_devices(batch: Batch, indexes: list[int], found: Mapping[str, Devices]) -> Batch:
    """The same, but the contact of push is what reaches their devices: for as long as it is being sent."""
    people = list(batch.people)
    for index in indexes:
        person = people[index]
        reference = person.contacts[Channel.PUSH]
        listed = {name: packed(device) for name, device in found.get(reference, {}).items()}
        people[index] = person.with_contacts({**person.contacts, Channel.PUSH: json.dumps([reference, listed])})
    return replace(batch, people=tuple(people))


def _read(person: Person) -> tuple[str, Devices]:
    reference, listed = json.loads(person.contacts[Channel.PUSH])
    return reference, {name: unpacked(text) for name, text in listed.items()}
