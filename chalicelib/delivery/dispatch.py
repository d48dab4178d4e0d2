"""SEND: claims one channel of a batch, hands its messages to the provider and writes what became of each.

The claim comes first and the look at the alert second: whoever closes an alert and then finds no claim in the ledger
knows that nothing more will go out. Results are written every 10 messages: a killed sender doubles at most those.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chalicelib.alerts.model import Alert, MessageKind
from chalicelib.alerts.store import AlertStore
from chalicelib.channels.model import Accepted, Answer, Channel
from chalicelib.delivery.live import why_not
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import OF_REFUSAL, TO_SEND, Batch, LaneState, Result
from chalicelib.delivery.store import Busy, Ledger, MessageIds, MessageRef
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch, epoch_ms
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues

IDS_KEPT = timedelta(days=7)
MAX_BACKOFF_S = 8  # longer, and a slow provider's granted rate goes unused while batches wait (./dev simulate)
MAX_ATTEMPTS = 450  # an outcome has no hour after which it is stale; with the backoff this is about an hour


class Lot(Protocol):
    """A channel's way through a batch: messages leave in lots, whose results are written together."""

    @property
    def channel(self) -> Channel: ...

    def send(self, alert: Alert, batch: Batch, indexes: list[int]) -> Iterator[Mapping[int, Answer]]:
        """Send to the people at ``indexes``; yield the answers of each lot as soon as they are known."""
        ...


@dataclass(frozen=True)
class Dispatch:
    """``queue``, ``followup``: where a batch of a call, or of a later message, goes that must be tried again."""

    lot: Lot
    alerts: AlertStore
    ledger: Ledger
    message_ids: MessageIds
    queues: Queues
    clock: Clock
    lease_s: int
    queue: QueueName
    followup: QueueName

    def send(self, record: Record[SendMessage]) -> None:
        """Work off one channel of one batch; whatever is left goes back on the queue with a delay."""
        asked = record.body
        now = epoch_ms(self.clock.now())
        try:
            batch = self.ledger.claim(asked.key, self.lot.channel, now, self.lease_s * 1000)
        except Busy as busy:
            # Either a doubled message, or the one that comes back after its sender was killed.
            self._again(asked, (busy.free_at_ms - now) // 1000 + 1)
            return
        if batch is None:
            return
        alert = self.alerts.get(asked.alert)
        if state := why_not(alert, asked.message, self.clock.now()):
            self._end(batch, state)
            return
        left = self._work(alert, batch)
        if left and asked.attempt < MAX_ATTEMPTS:
            self.ledger.record(batch, self.lot.channel, {}, LaneState.NEW)
            self._again(asked, backoff_s(asked.key.number, asked.attempt), attempt=asked.attempt + 1)
        else:
            self.ledger.record(batch, self.lot.channel, {}, LaneState.DONE)
        logger.info("send.done", alert=alert.id, batch=asked.batch, channel=self.lot.channel, left=left)

    def _work(self, alert: Alert, batch: Batch) -> int:
        """Send to all who still wait; returns how many the provider would not take now."""
        lane = batch.lanes[self.lot.channel]
        waiting = [index for index, result in enumerate(lane.results) if result in TO_SEND]
        left = 0
        for answers in self.lot.send(alert, batch, waiting):
            self._remember(batch, answers)
            results = {index: _result(answer) for index, answer in answers.items()}
            batch = self.ledger.record(batch, self.lot.channel, results)
            left += sum(result is Result.TEMPORARY for result in results.values())
        return left

    def _remember(self, batch: Batch, answers: Mapping[int, Answer]) -> None:
        if self.lot.channel is Channel.SMS:  # an e-mail's receipt carries its tags; an SMS's only this id
            refs = {
                answer.provider_id: MessageRef(batch.key, self.lot.channel, index)
                for index, answer in answers.items()
                if isinstance(answer, Accepted)
            }
            self.message_ids.put(refs, epoch(self.clock.now() + IDS_KEPT))

    def _end(self, batch: Batch, state: LaneState) -> None:
        lane = batch.lanes[self.lot.channel]
        spared = {index: Result.STOPPED for index, result in enumerate(lane.results) if result in TO_SEND}
        self.ledger.record(batch, self.lot.channel, spared, state)
        count("MessagesSpared", len(spared))
        logger.info("send.spared", alert=batch.key.alert, batch=batch.key.batch, state=state, people=len(spared))

    def _again(self, asked: SendMessage, delay_s: int, attempt: int | None = None) -> None:
        queue = self.queue if asked.message is MessageKind.CALL else self.followup
        body = asked.model_copy(update={"attempt": asked.attempt if attempt is None else attempt}).body()
        self.queues.send(queue, [body], delay_s=min(delay_s, MAX_DELAY_S))


def backoff_s(number: int, attempt: int) -> int:
    """How long batch ``number`` waits after its try ``attempt`` (from 0).

    Batches wait differently long, so that they do not all come back at the same moment and meet the same throttle.
    """
    return 1 + (number + attempt) % min(1 << attempt, MAX_BACKOFF_S)


def _result(answer: Answer) -> Result:
    if isinstance(answer, Accepted):
        return Result.SENT
    count(f"Refused{answer.reason.title().replace('_', '')}")
    return OF_REFUSAL[answer.reason]
