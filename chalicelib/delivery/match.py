"""MATCH: one unit of a plan becomes batches in the ledger, and each batch a message to the senders of its channels.

Who counts: a place that was valid when the alert was approved, that lies in the area, and whose participant has no
earlier place in it. So everybody counts once, by a rule that looks at one row at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from chalicelib.alerts.model import Alert, MessageKind
from chalicelib.alerts.store import AlertStore
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.model import Shape, shape_from_json
from chalicelib.channels.model import Channel
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import MatchMessage, SendMessage
from chalicelib.delivery.model import BATCH_SIZE, Batch, BatchKey, Person
from chalicelib.delivery.store import Ledger
from chalicelib.participants.model import ChannelChoice, Participant, participant_id
from chalicelib.participants.places import PlaceRow, PlaceStore
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues

AGAIN_S = 2
FLUSH = 10  # batches written before their send messages go out: the first people do not wait for the last
LANES = {
    (MessageKind.CALL, Channel.SMS): QueueName.SMS,
    (MessageKind.CALL, Channel.EMAIL): QueueName.EMAIL,
    (MessageKind.OUTCOME, Channel.SMS): QueueName.SMS_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.EMAIL): QueueName.EMAIL_FOLLOWUP,
}


@dataclass(frozen=True)
class Matcher:
    alerts: AlertStore
    places: PlaceStore
    participants: ParticipantStore
    ledger: Ledger
    queues: Queues
    clock: Clock

    def match(self, record: Record[MatchMessage]) -> None:
        """Work off one unit. Again and again gives the same people, each in one batch."""
        unit = record.body
        if unit.message is MessageKind.CALL:
            self._call(unit)
        else:
            self._repeat(unit)

    def _call(self, unit: MatchMessage) -> None:
        alert = self.alerts.get(unit.alert)
        if why_not(alert, unit.message, self.clock.now()):
            logger.info("match.dropped", alert=alert.id, unit=unit.unit)
            return
        batches = self._written(unit, list(matched(alert, unit.key_ranges(), self.places)))
        count = self._hand_out(batches)
        logger.info("match.done", alert=alert.id, unit=unit.unit, batches=count)

    def _written(self, unit: MatchMessage, people: Sequence[Person]) -> Iterator[Batch]:
        standing = list(self.ledger.batches(unit.alert, unit.message, unit.unit))
        yield from standing
        waiting = _without(people, standing)
        number = len(standing)
        while waiting:
            key = BatchKey(unit.alert, unit.message, unit.unit, number)
            batch = self.ledger.add(Batch.new(key, tuple(waiting[:BATCH_SIZE])))
            yield batch
            waiting = _without(waiting, [batch])
            number += 1

    def _repeat(self, unit: MatchMessage) -> None:
        """The people who were asked by the call, on the channels on which they were asked, at the same index."""
        call = list(self.ledger.batches(unit.alert, MessageKind.CALL, unit.unit))
        if any(batch.busy(epoch_ms(self.clock.now())) for batch in call):
            # A sender is at it: who gets its message in these seconds must hear the outcome too.
            self.queues.send(QueueName.MATCH, [unit.body()], delay_s=AGAIN_S)
            return
        repeats = (self._repeated(batch, unit.message) for batch in call)
        count = self._hand_out(self.ledger.add(batch) for batch in repeats if batch.lanes)
        logger.info("match.repeated", alert=unit.alert, kind=unit.message, unit=unit.unit, batches=count)

    def _repeated(self, call: Batch, message: MessageKind) -> Batch:
        known = [person for index, person in enumerate(call.people) if call.known_on(index)]
        return repeated(call, message, self.participants.find(participant_id(who.participant) for who in known))

    def _hand_out(self, batches: Iterable[Batch]) -> int:
        count = 0
        waiting: list[Batch] = []
        for batch in batches:
            count += 1
            waiting.append(batch)
            if len(waiting) == FLUSH:
                self._send(waiting)
                waiting = []
        self._send(waiting)
        return count

    def _send(self, batches: Sequence[Batch]) -> None:
        for channel in Channel:
            lane = [batch.key for batch in batches if channel in batch.lanes]
            if lane:
                kind = MessageKind(lane[0].message)
                self.queues.send(
                    LANES[kind, channel],
                    [SendMessage(alert=key.alert, message=kind, batch=key.batch).body() for key in lane],
                )


def matched(alert: Alert, ranges: Iterable[KeyRange], places: PlaceStore) -> Iterator[Person]:
    """The people of some key ranges who are to be asked, in the order of the ranges."""
    shape = shape_from_json(alert.shape)
    assert alert.approved_at is not None
    approved = epoch_ms(alert.approved_at)
    channels = [Channel(channel) for channel in alert.channels]
    for key_range in ranges:
        for row in places.within(key_range):
            if counts(row, shape, approved, interior=key_range.interior):
                person = _person(row, channels)
                if person.contacts:
                    yield person


def counts(row: PlaceRow, shape: Shape, approved_ms: int, *, interior: bool) -> bool:
    """Whether this place is the one that makes its participant asked. ``interior``: known to lie inside."""
    valid = row.valid_from_ms <= approved_ms and (row.valid_until_ms is None or approved_ms < row.valid_until_ms)
    return (
        valid
        and (interior or shape.contains(row.point))
        and not any(shape.contains(earlier) for earlier in row.earlier)
    )


def _person(row: PlaceRow, channels: Sequence[Channel]) -> Person:
    contacts = {Channel.SMS: row.phone, Channel.EMAIL: row.email}
    chosen = {channel: contact for channel in channels if (contact := contacts[channel])}
    return Person(row.participant, row.neighbourhood, row.language, chosen)


def _without(people: Sequence[Person], batches: Iterable[Batch]) -> list[Person]:
    taken = {person.participant for batch in batches for person in batch.people}
    return [person for person in people if person.participant not in taken]


def repeated(call: Batch, message: MessageKind, participants: Mapping[str, Participant]) -> Batch:
    """The batch of a later message: everybody keeps the index, and only the channels on which they were asked.

    ``participants``: by id, as they are now. Who has left since is told nothing any more.
    """
    people = (
        _as_now(person, call.known_on(index), participants.get(participant_id(person.participant)))
        for index, person in enumerate(call.people)
    )
    return Batch.new(replace(call.key, message=message), tuple(people))


def _as_now(person: Person, channels: Set[Channel], now: Participant | None) -> Person:
    if now is None:
        return replace(person, contacts={})
    contacts = {channel: now.contact(ChannelChoice(channel).contact) for channel in Channel if channel in channels}
    return replace(
        person,
        participant=now.reference,
        contacts={channel: contact.text for channel, contact in contacts.items() if contact},
    )
