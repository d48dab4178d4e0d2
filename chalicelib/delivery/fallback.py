"""FALLBACK: whom a message failed to reach on every channel, for good or for long, is tried on the next that they have.

Any contact that they proved will do, chosen for alerts or not, on a channel that the alert uses. Done again it does
nothing more: the ledger says who was tried on what, and for whom there was nothing left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.channels.model import Channel
from chalicelib.delivery.family import Family, families
from chalicelib.delivery.hand_out import FLUSH, WORK, hand_out
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import MatchMessage
from chalicelib.delivery.model import Person, Result
from chalicelib.delivery.question import takes_part
from chalicelib.delivery.store import Ledger
from chalicelib.participants.model import ChannelChoice, Participant, participant_id
from chalicelib.participants.phones import is_mobile
from chalicelib.participants.store import ParticipantStore
from chalicelib.platform.clock import Clock
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import QueueName, Queues


@dataclass(frozen=True)
class Fallback:
    alerts: AlertStore
    participants: ParticipantStore
    ledger: Ledger
    queues: Queues
    clock: Clock

    def match(self, unit: MatchMessage) -> None:
        """Work off the batches that the message names; what there is no time for is a message of its own."""
        begun = self.clock.now()
        alert = self.alerts.get(unit.alert)
        live = why_not(alert, unit.message, begun) is None
        left = [family for family in self._families(unit, unit.message) if family.number in unit.only]
        call = {} if unit.message == MessageKind.CALL else self._call(unit)
        while left and self.clock.now() - begun < WORK:
            lot, left = left[:FLUSH], left[FLUSH:]
            # Of a message that may go out no more, what a matcher that was killed wrote must come to its end.
            tried = [self._grown(alert, family, call.get(family.number)) if live else family for family in lot]
            hand_out(self.queues, [batch for family in tried for batch in family.fallbacks])
        if left:
            rest = unit.model_copy(update={"only": tuple(family.number for family in left)})
            self.queues.send(QueueName.MATCH_FOLLOWUP, [rest.body()])
        logger.info("fallback.done", alert=unit.alert, kind=unit.message, unit=unit.unit, live=live, left=len(left))

    def _families(self, unit: MatchMessage, message: str) -> Iterator[Family]:
        return families(self.ledger.batches(unit.alert, message, unit.unit))

    def _call(self, unit: MatchMessage) -> Mapping[int, Family]:
        return {family.number: family for family in self._families(unit, MessageKind.CALL)}

    def _grown(self, alert: Alert, family: Family, call: Family | None) -> Family:
        """With a fallback for whoever needs one. ``call``: of a later message, what became of the call."""
        while stranded := family.stranded():
            people = {index: family.base.people[index] for index in stranded}
            found = self.participants.find(participant_id(person.participant) for person in people.values())
            today = {name: who for name, who in found.items() if takes_part(alert.status, who)}
            tried = {
                index: self._elsewhere(person, family.results(index), _order(alert, call, index), today)
                for index, person in people.items()
            }
            # Another matcher may have been first, with fewer people: then ours are still stranded.
            family = family.plus(self.ledger.add(family.next_fallback(tried)))
            count("TriedElsewhere", sum(bool(person.contacts) for person in tried.values()))
        return family

    @staticmethod
    def _elsewhere(
        person: Person,
        failed: Sequence[tuple[Channel, Result]],
        order: Sequence[Channel],
        today: Mapping[str, Participant],
    ) -> Person:
        """The same person on one more channel, the first in that order; or on none where none is left."""
        nowhere, now = person.with_contacts({}), today.get(participant_id(person.participant))
        if now is None or now.resting:
            return nowhere
        tried = {channel for channel, _ in failed}
        ended = {ChannelChoice(channel).contact for channel, result in failed if result is Result.OPTED_OUT}
        for channel in order:
            choice = ChannelChoice(channel)
            if channel in tried or choice.contact in ended:
                continue
            if contact := _spare(now, choice):
                return person.with_contacts({channel: contact}).known_as(now.reference)
        return nowhere


def _order(alert: Alert, call: Family | None, index: int) -> list[Channel]:
    """The alert's channels, of a later message those first on which they heard the call; none if they never did."""
    channels = [channel for channel in Channel if channel in alert.channels]
    if call is None:
        return channels
    known = call.known_on(index)
    return sorted(channels, key=lambda channel: channel not in known) if known else []


def _spare(now: Participant, choice: ChannelChoice) -> str | None:
    """The contact on which somebody may be tried by a channel, though perhaps they did not choose it."""
    contact = now.address(choice)
    if contact is None or not now.spare(choice):
        return None
    # A number that is only called may be a landline.
    fits = choice is not ChannelChoice.SMS or choice in now.chosen or is_mobile(contact)
    return now.sealed_address(choice) if fits else None
