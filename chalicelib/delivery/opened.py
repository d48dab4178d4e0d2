"""Contacts are opened where they are used and nowhere else: for one channel of a batch, while it is being sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from chalicelib.alerts.model import Alert
from chalicelib.channels.model import Answer, Channel, Refusal, Refused
from chalicelib.delivery.dispatch import Lot
from chalicelib.delivery.model import Batch
from chalicelib.delivery.pacing import Turn
from chalicelib.participants.contact_keys import ContactKeys
from chalicelib.participants.model import ChannelChoice, participant_id
from chalicelib.participants.sealing import Unreadable, is_sealed, unseal

ERASED = Refused(Refusal.PERMANENT, "erased")  # whose contact it was has left, or has another one


@dataclass(frozen=True)
class Opened:
    """A lot whose people's contacts are sealed until they are sent to. Their keys are read once for all of them."""

    lot: Lot
    keys: ContactKeys

    @property
    def channel(self) -> Channel:
        return self.lot.channel

    @property
    def receipts_by_id(self) -> bool:
        return self.lot.receipts_by_id

    @property
    def checkpoint(self) -> int:
        return self.lot.checkpoint

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        """Who cannot be read was sent nothing, so the lot's reckoning goes on without them."""
        readable = self._texts(batch, indexes)
        return self.lot.unsure(batch, [index for index in indexes if index in readable])

    def send(self, alert: Alert, batch: Batch, indexes: list[int], turn: Turn) -> Iterator[Mapping[int, Answer]]:
        texts = self._texts(batch, indexes)
        if erased := [index for index in indexes if index not in texts]:
            yield dict.fromkeys(erased, ERASED)
        people = list(batch.people)
        for index, text in texts.items():
            people[index] = people[index].with_contacts({**people[index].contacts, self.channel: text})
        if texts:
            yield from self.lot.send(alert, replace(batch, people=tuple(people)), list(texts), turn)

    def _texts(self, batch: Batch, indexes: list[int]) -> dict[int, str]:
        """The contacts that can be read, by index."""
        given = {index: batch.people[index].contacts[self.channel] for index in indexes}
        kind = ChannelChoice(self.channel).contact
        sealed = [index for index, text in given.items() if is_sealed(text)]
        if kind is None or not sealed:
            return given
        names = {index: participant_id(batch.people[index].participant) for index in sealed}
        keys = self.keys.find(names.values(), [kind])
        for index, name in names.items():
            try:
                given[index] = unseal(keys.get(name, {}).get(kind), name, kind, given[index])
            except Unreadable:
                del given[index]
        return given
