"""MATCH: one unit of a plan becomes batches in the ledger, and each batch a message to the senders of its channels.

Who is asked and who would rather not be is said by ``question``, for one row at a time; in waves, the place that
decides also says in which ring its participant is. Who is not asked is counted once the whole unit was looked at.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, islice

from chalicelib.alerts.cap import Status
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.channels.model import Channel
from chalicelib.delivery.fallback import Fallback
from chalicelib.delivery.family import Family, families
from chalicelib.delivery.hand_out import WORK, flushes, hand_out
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import MatchMessage
from chalicelib.delivery.model import BATCH_SIZE, LAST_BATCH_SIZE, Batch, BatchKey, Person, Reason
from chalicelib.delivery.question import answers, asked_by, takes_part
from chalicelib.delivery.rows import Keys
from chalicelib.delivery.store import Ledger
from chalicelib.participants.model import ChannelChoice, Participant, participant_id
from chalicelib.participants.places import PlaceStore
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.batch import Record
from chalicelib.platform.beside import beside
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import QueueName, Queues

AGAIN_S = 1
LOOK_AHEAD = 3 * BATCH_SIZE
THREADS = 2  # one reads, one makes the next row of lanes


@dataclass(frozen=True)
class Matcher:
    """``threads``: that read and write ahead while a batch is written (``THREADS``), or 0."""

    alerts: AlertStore
    places: PlaceStore
    participants: ParticipantStore
    ledger: Ledger
    queues: Queues
    clock: Clock
    threads: int = 0

    def match(self, record: Record[MatchMessage]) -> None:
        """Work off one unit. Again and again gives the same people, each in one batch."""
        unit = record.body
        if unit.fallback:
            Fallback(self.alerts, self.participants, self.ledger, self.queues, self.clock).match(unit)
        elif unit.message == MessageKind.CALL:
            self._call(unit)
        else:
            self._repeat(unit)

    def _call(self, unit: MatchMessage) -> None:
        begun = self.clock.now()
        alert = self.alerts.get(unit.alert)
        if why_not(alert, unit.message, begun):
            self._drop(unit)
            return
        batches = self._matched(unit, alert)
        handed, all_of_them = self._hand_out(unit, islice(batches, unit.done, None), begun)
        if not all_of_them:
            self.queues.send(QueueName.MATCH, [unit.model_copy(update={"done": unit.done + handed}).body()])

    def _drop(self, unit: MatchMessage) -> None:
        """Nobody new; but what a matcher that was killed wrote and told no sender must come to its end."""
        for lot in flushes(self.ledger.batches(unit.alert, unit.message, unit.unit)):
            hand_out(self.queues, lot)
        logger.info("match.dropped", alert=unit.alert, kind=unit.message, unit=unit.unit)

    def _as_today(self, alert: Alert, person: Person) -> Person:
        """The same person on the channels that they still take, with today's contacts: perhaps on none."""
        now = self.participants.find([participant_id(person.participant)]).get(participant_id(person.participant))
        asked = now is not None and now.active and takes_part(alert.status, now)
        wanted = {Channel(choice) for choice in now.channels} if now and asked else set()
        # Whoever matches this unit again must know them by the same reference.
        return _as_now(person, person.contacts.keys() & wanted, now).known_as(person.participant)

    def _matched(self, unit: MatchMessage, alert: Alert) -> Iterator[Batch]:
        """All batches of a unit. Whoever comes to their end also knows how many people were not to be disturbed."""
        asked = asked_by(alert, unit.most, map(self.alerts.get, unit.before))
        # A later wave may come hours after the approval: who paused or has another number since is asked accordingly.
        # An exercise is never so pressing that it may reach somebody who has just withdrawn.
        anew = unit.wave > 1 or (alert.status is not Status.ACTUAL and alert.content.audience is None)
        changed = partial(self._as_today, alert) if anew else None
        found = answers(asked, unit.key_ranges(), self.places, alert.ring(unit.wave), changed)
        suppressed: Counter[Reason] = Counter()
        yield from self._written(unit, _to_ask(found, suppressed))
        if suppressed:
            self.ledger.put_suppressed(unit.alert, unit.message, unit.unit, suppressed)

    def _written(self, unit: MatchMessage, people: Iterable[Person]) -> Iterator[Batch]:
        """The batches that stand, then new ones of those who are in none; never more people in memory than ids."""
        taken: set[str] = set()
        number = 0
        for family in families(self.ledger.batches(unit.alert, unit.message, unit.unit)):
            taken.update(person.participant for person in family.base.people)
            number += 1
            yield family.base
        left = (person for person in people if person.participant not in taken)
        with beside(self.threads) as begin:
            waiting = list(islice(left, LOOK_AHEAD))
            keys = self._prepared(unit, number, waiting)
            while waiting:
                size = batch_size(number, len(waiting))
                rest = waiting[size:]
                read = begin(partial(_next, left, LOOK_AHEAD - len(rest)))
                prepared = begin(partial(self._prepared, unit, number + 1, rest))
                batch = self.ledger.add(Batch.new(_key(unit, number), tuple(waiting[:size])), keys)
                taken.update(person.participant for person in batch.people)
                number += 1
                yield batch
                # Another matcher may have written this batch first, of other people: then ours still wait.
                waiting = [person for person in chain(waiting, read()) if person.participant not in taken]
                keys = prepared()

    def _prepared(self, unit: MatchMessage, number: int, people: Sequence[Person]) -> Keys | None:
        """The keys of a batch of the first of these people. It may come to be of others, and need more of them."""
        return self.ledger.prepare(Batch.new(_key(unit, number), tuple(people[:BATCH_SIZE]))) if people else None

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
            family
            for family in families(self.ledger.batches(unit.alert, MessageKind.CALL, unit.unit))
            if not unit.only or family.number in unit.only
        ]
        busy = self._busy(alert, unit, call)
        ready = [family for family in call if family.number not in busy]
        repeats = (self._repeated(alert, family, unit.message) for family in ready)
        handed, all_of_them = self._hand_out(
            unit, (self.ledger.add(batch) if batch.lanes else batch for batch in repeats), begun
        )
        if left := sorted(busy.union(family.number for family in ready[handed:])):
            rest = unit.model_copy(update={"only": tuple(left)})
            self.queues.send(QueueName.MATCH_FOLLOWUP, [rest.body()], delay_s=AGAIN_S if all_of_them else 0)

    def _busy(self, alert: Alert, unit: MatchMessage, call: Sequence[Family]) -> set[int]:
        """The numbers of the batches that somebody is sending from, of the call or of a message before this one."""
        now = epoch_ms(self.clock.now())
        updates = alert.messages[1 : alert.messages.index(unit.message)]
        before = (batch for name in updates for batch in self.ledger.batches(alert.id, name, unit.unit))
        called = (batch for family in call for batch in family.batches)
        ours = {family.number for family in call}
        return {batch.key.number for batch in (*called, *before) if batch.busy(now)} & ours

    def _repeated(self, alert: Alert, call: Family, message: str) -> Batch:
        known = [person for index, person in enumerate(call.base.people) if call.known_on(index)]
        found = self.participants.find(participant_id(who.participant) for who in known)
        return repeated(call, message, {name: who for name, who in found.items() if takes_part(alert.status, who)})

    def _hand_out(self, unit: MatchMessage, batches: Iterator[Batch], begun: datetime) -> tuple[int, bool]:
        """Tell the senders; how many batches there was time for, and whether none may be left."""
        handed = 0
        for lot in flushes(batches):
            hand_out(self.queues, lot)
            handed += len(lot)
            if self.clock.now() - begun >= WORK:
                return handed, False
        logger.info("match.done", alert=unit.alert, kind=unit.message, unit=unit.unit, batches=handed)
        return handed, True


def batch_size(number: int, left: int) -> int:
    """How many people go into batch ``number`` of a unit that has ``left`` more (``LOOK_AHEAD``: or more than that).

    Towards the end of a unit batches are smaller, so that senders end at about the same time.
    """
    return BATCH_SIZE if left >= LOOK_AHEAD or number == 0 else LAST_BATCH_SIZE


def _key(unit: MatchMessage, number: int) -> BatchKey:
    return BatchKey(unit.alert, unit.message, unit.unit, number)


def _next(people: Iterator[Person], most: int) -> list[Person]:
    return list(islice(people, max(most, 0)))


def _to_ask(answers: Iterable[Person | Reason], suppressed: Counter[Reason]) -> Iterator[Person]:
    """The people among the answers; the others are counted."""
    for answer in answers:
        if isinstance(answer, Reason):
            suppressed[answer] += 1
        else:
            yield answer


def repeated(call: Family, message: str, participants: Mapping[str, Participant]) -> Batch:
    """The batch of a later message: everybody keeps the index, and only the channels on which they were asked.

    ``participants``: by id, as they are now. Who has left since is told nothing any more.
    """
    people = (
        _as_now(person, call.known_on(index), participants.get(participant_id(person.participant)))
        for index, person in enumerate(call.base.people)
    )
    return Batch.new(replace(call.base.key, message=message), tuple(people))


def _as_now(person: Person, channels: Set[Channel], now: Participant | None) -> Person:
    if now is None:
        return person.with_contacts({})
    contacts = {channel: now.sealed_address(ChannelChoice(channel)) for channel in Channel if channel in channels}
    given = {channel: contact for channel, contact in contacts.items() if contact}
    return person.with_contacts(given).known_as(now.reference)
