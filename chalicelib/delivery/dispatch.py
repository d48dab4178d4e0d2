"""SEND: claims one channel of a batch, hands its messages to the provider and writes what became of each.

The claim comes first and the look at the alert second: whoever closes an alert and then finds no claim in the ledger
knows that nothing more will go out. Results are written every 10 messages, or sooner where the provider is slow: a
killed sender doubles at most those. E-mail goes in one call per language; of a killed one SES's own events tell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chalicelib.alerts.model import Alert, MessageKind
from chalicelib.alerts.store import AlertStore
from chalicelib.channels.model import Accepted, Answer, Channel
from chalicelib.delivery.changes import Busy
from chalicelib.delivery.live import why_not
from chalicelib.delivery.message_ids import MessageIds, MessageRef
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import CHECKPOINT, OF_REFUSAL, Batch, LaneState, Result
from chalicelib.delivery.store import Ledger
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch, epoch_ms
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues

IDS_KEPT = timedelta(days=7)
MAX_BACKOFF_S = 8  # longer, and a slow provider's granted rate goes unused while batches wait (./dev simulate)
MAX_ATTEMPTS = 450  # an outcome has no hour after which it is stale; with the backoff this is half an hour or more


CHECKPOINT_TIME = timedelta(seconds=2)
# A call to a provider may take 12 s, and the function has 20: what is not begun by then goes back on the queue.
WORK_TIME = timedelta(seconds=6)


class Lot(Protocol):
    """A channel's way through a batch."""

    @property
    def channel(self) -> Channel: ...

    def send(self, alert: Alert, batch: Batch, indexes: list[int]) -> Iterator[Mapping[int, Answer]]:
        """Send to the people at ``indexes``; yield answers as soon as they are known."""
        ...

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        """Of those who seem to wait, the ones whom a sender that was killed may have sent to."""
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
            self._again(asked, max(busy.free_at_ms - now, 0) // 1000 + 1)
            return
        if batch is None:
            return
        alert = self.alerts.get(asked.alert)
        if state := why_not(alert, asked.message, self.clock.now()):
            self._end(batch, state)
            return
        batch = self._work(alert, batch)
        lane = batch.lanes[self.lot.channel]
        if not lane.waiting or asked.attempt >= MAX_ATTEMPTS:
            given_up = dict.fromkeys(lane.waiting, Result.REFUSED)
            self.ledger.record(batch, self.lot.channel, given_up, LaneState.DONE)
        elif state := why_not(alert, asked.message, self.clock.now()):
            self._end(batch, state)
        else:
            self.ledger.record(batch, self.lot.channel, {}, LaneState.NEW)
            refused = Result.TEMPORARY in lane.results
            wait = backoff_s(asked.key.number, asked.attempt) if refused else 0
            self._again(asked, wait, attempt=asked.attempt + 1)
        logger.info("send.done", alert=alert.id, batch=asked.batch, channel=self.lot.channel, left=len(lane.waiting))

    def _work(self, alert: Alert, batch: Batch) -> Batch:
        """Send to those who wait, as long as time and the alert allow; returns the batch as it then stands."""
        kind = MessageKind(batch.key.message)
        began = written = self.clock.now()
        answers: dict[int, Answer] = {}
        try:
            for some in self.lot.send(alert, batch, batch.lanes[self.lot.channel].waiting):
                answers |= some
                now = self.clock.now()
                if len(answers) >= CHECKPOINT or now - written >= CHECKPOINT_TIME:
                    batch, answers, written = self._written(batch, answers), {}, now
                if now - began >= WORK_TIME or why_not(alert, kind, now):
                    break
        finally:  # what was sent is written, whatever stopped us
            batch = self._written(batch, answers)
        return batch

    def _written(self, batch: Batch, answers: Mapping[int, Answer]) -> Batch:
        self._remember(batch, answers)
        results = {index: _result(answer) for index, answer in answers.items()}
        return self.ledger.record(batch, self.lot.channel, results)

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
        # Whom a killed sender may have asked must hear the outcome.
        unsure = self.lot.unsure(batch, lane.waiting) if lane.taken_over else []
        results = dict.fromkeys(lane.waiting, Result.STOPPED) | dict.fromkeys(unsure, Result.UNKNOWN)
        self.ledger.record(batch, self.lot.channel, results, state)
        spared = len(results) - len(unsure)
        count("MessagesSpared", spared)
        logger.info("send.spared", alert=batch.key.alert, batch=batch.key.batch, state=state, people=spared)

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
