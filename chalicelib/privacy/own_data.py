"""What lies of a participant with the alerts: messages that are still held, and the tips that came by their links.

The ledger knows people by alert, not alerts by person, and it forgets them 30 days after it wrote to them. So what may
hold somebody is looked through: the alerts that ran in that time, whenever they were begun, whose area touches a
municipality in which they have a place.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.alerts.late_outcome import TOLD_WITHIN
from chalicelib.alerts.listing import Summary
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.reply import ReplyRef, reply_reference
from chalicelib.alerts.store import AlertStore
from chalicelib.delivery.model import Batch, Result
from chalicelib.delivery.store import KEPT, Ledger
from chalicelib.participants.model import Participant, participant_id
from chalicelib.participants.service import Elsewhere, HeldMessage, HeldTip
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.privacy.recent import recent
from chalicelib.tips.model import Tip
from chalicelib.tips.photo_store import PhotoKey, Photos
from chalicelib.tips.store import TipStore

LAST_WORDS = TOLD_WITHIN + timedelta(days=1)  # by then everybody has heard how it ended, also where that was known late
PAGE = 100


@dataclass(frozen=True)
class OwnData:
    alerts: AlertStore
    ledger: Ledger
    tips: TipStore
    photos: Photos
    clock: Clock

    def held(self, participant: Participant) -> Elsewhere:
        messages: list[HeldMessage] = []
        tips: list[HeldTip] = []
        for summary in self._may_hold(participant):
            with suppress(NotFound):
                for message in self.alerts.get(summary.id).messages:
                    for batch, index in self._places_in(summary.id, message, participant.id):
                        messages.append(HeldMessage(summary.id, message, _results(batch, index)))
                        if message == MessageKind.CALL and not batch.key.fallback:
                            tips += self._tips(batch, index)
        return Elsewhere(tuple(messages), tuple(tips))

    def _may_hold(self, participant: Participant) -> Iterator[Summary]:
        theirs = {place.municipality for place in participant.places}
        now = self.clock.now()
        for summary in recent(self.alerts, now):
            over = summary.ended_at is not None and summary.ended_at + LAST_WORDS + KEPT < now
            if summary.approved_at and not over and not theirs.isdisjoint(summary.municipalities):
                yield summary

    def _places_in(self, alert: str, message: str, wanted: str) -> Iterator[tuple[Batch, int]]:
        plan = self.ledger.plan(alert, message)
        for unit in range(plan.units if plan else 0):
            for batch in self.ledger.batches(alert, message, unit):
                for index, person in enumerate(batch.people):
                    if participant_id(person.participant) == wanted:
                        yield batch, index

    def _tips(self, batch: Batch, index: int) -> Iterator[HeldTip]:
        key = batch.key
        reference = reply_reference(ReplyRef(key.alert, key.unit, key.number, index))
        after: str | None = None
        while tips := self.tips.page(key.alert, after=after, limit=PAGE):
            yield from (self._held(tip) for tip in tips if tip.reply == reference)
            after = tips[-1].id

    def _held(self, tip: Tip) -> HeldTip:
        photos = tuple(self.photos.address(PhotoKey(tip.alert, tip.id, number)) for number in tip.photos)
        return HeldTip(tip.alert, tip.kind.value, tip.at, tip.text, tip.place, photos)


def _results(batch: Batch, index: int) -> dict[str, str]:
    """Channel -> what became of it, of the channels that they stood on."""
    results = ((channel, lane.results[index]) for channel, lane in batch.lanes.items())
    return {channel.value: result.name.lower() for channel, result in results if result is not Result.NONE}
