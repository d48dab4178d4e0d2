"""MATCH: one unit of a plan becomes batches in the ledger, and each batch a message to the senders of its channels.

Who counts: a place that was valid when the alert was approved, that lies in the area, and whose participant has no
earlier place in it. So everybody counts once, by a rule that looks at one row at a time. In waves, the place that
counts also says in which ring its participant is.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice

from chalicelib.alerts.messages import MessageKind, kind_of
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.alerts.target import Target
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.edges import Where
from chalicelib.areas.model import Shape, shape_from_json
from chalicelib.areas.rings import Ring
from chalicelib.channels.model import Channel
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import MatchMessage, SendMessage
from chalicelib.delivery.model import BATCH_SIZE, Batch, BatchKey, Person
from chalicelib.delivery.store import Ledger
from chalicelib.participants.model import ChannelChoice, Participant, participant_id
from chalicelib.participants.place_rows import EMAIL, PHONE, VOICE, FoundPlace
from chalicelib.participants.places import AFTER_ALL, PlaceStore
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues

AGAIN_S = 1
FLUSH = 10  # batches written before their send messages go out: the first people do not wait for the last
WORK = timedelta(seconds=18)  # well within the function's timeout; what is left then is a message of its own
LETTERS = {
    Channel.SMS: PHONE,
    Channel.VOICE: VOICE,
    Channel.EMAIL: EMAIL,
}  # of the contact that a channel takes from a place
LANES = {
    (MessageKind.CALL, Channel.SMS): QueueName.SMS,
    (MessageKind.CALL, Channel.VOICE): QueueName.VOICE,
    (MessageKind.CALL, Channel.EMAIL): QueueName.EMAIL,
    (MessageKind.UPDATE, Channel.SMS): QueueName.SMS_FOLLOWUP,
    (MessageKind.UPDATE, Channel.VOICE): QueueName.VOICE_FOLLOWUP,
    (MessageKind.UPDATE, Channel.EMAIL): QueueName.EMAIL_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.SMS): QueueName.SMS_FOLLOWUP,
    (MessageKind.OUTCOME, Channel.VOICE): QueueName.VOICE_FOLLOWUP,
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
        if unit.message == MessageKind.CALL:
            self._call(unit)
        else:
            self._repeat(unit)

    def _call(self, unit: MatchMessage) -> None:
        begun = self.clock.now()
        alert = self.alerts.get(unit.alert)
        if why_not(alert, unit.message, begun):
            self._drop(unit)
            return
        # A later wave may come hours after the approval: who paused or has another number since is asked accordingly.
        changed = self._as_today if unit.wave > 1 else None
        batches = self._written(unit, matched(alert, unit.key_ranges(), self.places, unit.wave, changed))
        handed, all_of_them = self._hand_out(unit, islice(batches, unit.done, None), begun)
        if not all_of_them:
            self.queues.send(QueueName.MATCH, [unit.model_copy(update={"done": unit.done + handed}).body()])

    def _drop(self, unit: MatchMessage) -> None:
        """Nobody new; but what a matcher that was killed wrote and told no sender must come to its end."""
        batches = self.ledger.batches(unit.alert, unit.message, unit.unit)
        while lot := list(islice(batches, FLUSH)):
            self._send(lot)
        logger.info("match.dropped", alert=unit.alert, kind=unit.message, unit=unit.unit)

    def _as_today(self, person: Person) -> Person:
        """The same person on the channels that they still take, with today's contacts: perhaps on none."""
        now = self.participants.find([participant_id(person.participant)]).get(participant_id(person.participant))
        wanted = {Channel(choice) for choice in now.channels} if now and now.active else set()
        # Whoever matches this unit again must know them by the same reference.
        return replace(_as_now(person, person.contacts.keys() & wanted, now), participant=person.participant)

    def _written(self, unit: MatchMessage, people: Iterable[Person]) -> Iterator[Batch]:
        """The batches that stand, then new ones of those who are in none; never more people in memory than ids."""
        taken: set[str] = set()
        number = 0
        for batch in self.ledger.batches(unit.alert, unit.message, unit.unit):
            taken.update(person.participant for person in batch.people)
            number += 1
            yield batch
        left = (person for person in people if person.participant not in taken)
        waiting: list[Person] = []
        while waiting := waiting + list(islice(left, BATCH_SIZE - len(waiting))):
            key = BatchKey(unit.alert, unit.message, unit.unit, number)
            batch = self.ledger.add(Batch.new(key, tuple(waiting)))
            taken.update(person.participant for person in batch.people)
            number += 1
            yield batch
            # Another matcher may have written this batch first, of other people: then ours still wait.
            waiting = [person for person in waiting if person.participant not in taken]

    def _repeat(self, unit: MatchMessage) -> None:
        """The people who were asked by the call, on the channels on which they were asked, at the same index.

        Whom a sender is asking in these seconds comes later. Whoever is asked after that gets a call that says it all.
        """
        begun = self.clock.now()
        alert = self.alerts.get(unit.alert)
        if why_not(alert, unit.message, begun):
            self._drop(unit)
            return
        call = [
            batch
            for batch in self.ledger.batches(unit.alert, MessageKind.CALL, unit.unit)
            if not unit.only or batch.key.number in unit.only
        ]
        busy = self._busy(alert, unit, call)
        ready = [batch for batch in call if batch.key.number not in busy]
        repeats = (self._repeated(batch, unit.message) for batch in ready)
        handed, all_of_them = self._hand_out(
            unit, (self.ledger.add(batch) if batch.lanes else batch for batch in repeats), begun
        )
        if left := sorted(busy.union(batch.key.number for batch in ready[handed:])):
            rest = unit.model_copy(update={"only": tuple(left)})
            self.queues.send(QueueName.MATCH_FOLLOWUP, [rest.body()], delay_s=AGAIN_S if all_of_them else 0)

    def _busy(self, alert: Alert, unit: MatchMessage, call: Sequence[Batch]) -> set[int]:
        """The batches that somebody is sending from, of the call or of a message before this one."""
        now = epoch_ms(self.clock.now())
        updates = alert.messages[1 : alert.messages.index(unit.message)]
        before = (batch for name in updates for batch in self.ledger.batches(alert.id, name, unit.unit))
        ours = {batch.key.number for batch in call}
        return {batch.key.number for batch in (*call, *before) if batch.busy(now)} & ours

    def _repeated(self, call: Batch, message: str) -> Batch:
        known = [person for index, person in enumerate(call.people) if call.known_on(index)]
        return repeated(call, message, self.participants.find(participant_id(who.participant) for who in known))

    def _hand_out(self, unit: MatchMessage, batches: Iterator[Batch], begun: datetime) -> tuple[int, bool]:
        """Tell the senders; how many batches there was time for, and whether none may be left."""
        handed = 0
        while lot := list(islice(batches, FLUSH)):
            self._send(lot)
            handed += len(lot)
            if self.clock.now() - begun >= WORK:
                return handed, False
        logger.info("match.done", alert=unit.alert, kind=unit.message, unit=unit.unit, batches=handed)
        return handed, True

    def _send(self, batches: Sequence[Batch]) -> None:
        for channel in Channel:
            bodies = [_send_message(batch, channel).body() for batch in batches if batch.unfinished(channel)]
            if bodies:
                self.queues.send(LANES[kind_of(batches[0].key.message), channel], bodies)


def _send_message(batch: Batch, channel: Channel) -> SendMessage:
    key = batch.key
    return SendMessage(
        alert=key.alert,
        message=key.message,
        batch=key.batch,
        waiting=len(batch.lanes[channel].waiting),
    )


def matched(
    alert: Alert,
    ranges: Iterable[KeyRange],
    places: PlaceStore,
    wave: int = 1,
    changed: Callable[[Person], Person] | None = None,
) -> Iterator[Person]:
    """The people of some key ranges who are to be asked in a wave, in the order of the ranges.

    ``changed``: turns whoever has changed something since the approval into who they are now.
    """
    assert alert.approved_at is not None
    approved, shape = epoch_ms(alert.approved_at), _shape(alert.content.target)
    return asked_at(approved, shape, alert.channels, ranges, places, alert.ring(wave), changed)


@lru_cache(maxsize=4)
def _shape(target: Target) -> Shape:
    """Unpacked and indexed once for all units of an alert that this container matches."""
    return shape_from_json(target.shape)


def asked_at(
    moment_ms: int,
    shape: Shape,
    channels: Sequence[Channel],
    ranges: Iterable[KeyRange],
    places: PlaceStore,
    ring: Ring | None = None,
    changed: Callable[[Person], Person] | None = None,
) -> Iterator[Person]:
    """The people whom an alert approved at that moment asks; in a ring, those whose place that counts lies in it."""
    for key_range in ranges:
        for row, interior in _sifted(places.within(key_range), key_range):
            if not counts(row, shape, moment_ms, interior=interior):
                continue
            if ring is None or ring.contains(row.point):
                person = person_at(row, channels)
                if changed and row.valid_until_ms is not None:
                    person = changed(person)
                if person.contacts:
                    yield person


def _sifted(rows: Iterable[FoundPlace], key_range: KeyRange) -> Iterator[tuple[FoundPlace, bool]]:
    """The rows but those whose cell lies outside, each with whether its cell lies wholly inside."""
    stretches = list(key_range.stretches())
    ends = [end + AFTER_ALL for end, _ in stretches]
    low, high, where = "", "", Where.OUTSIDE
    for row in rows:
        key = row.key
        if not low < key <= high:
            number = bisect_left(ends, key)
            low, high, where = ends[number - 1] if number else "", ends[number], stretches[number][1]
        if where:
            yield row, where is Where.INSIDE


def counts(row: FoundPlace, shape: Shape, approved_ms: int, *, interior: bool) -> bool:
    """Whether this place is the one that makes its participant asked. ``interior``: known to lie inside."""
    return (
        row.valid_at(approved_ms)
        and (interior or shape.contains(row.point))
        and (row.first or not any(shape.contains(earlier) for earlier in row.earlier))
    )


def person_at(row: FoundPlace, channels: Sequence[Channel]) -> Person:
    """Who is asked because of this place, on those of the channels that they chose: perhaps none."""
    language, neighbourhood, contacts = row.facts()
    chosen = {channel: contacts[LETTERS[channel]] for channel in channels if LETTERS[channel] in contacts}
    return Person(row.participant, neighbourhood, language, chosen)


def repeated(call: Batch, message: str, participants: Mapping[str, Participant]) -> Batch:
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
