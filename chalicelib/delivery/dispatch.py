"""SEND: claims one channel of a batch, hands its messages to the provider and writes what became of each.

Nothing is sent without a claim (``claims``). Results are written every 10 messages, or sooner where the provider is
slow: a killed sender doubles at most those. E-mail goes in calls of one language, written every 25; of a killed one
SES's own events tell.
A batch that takes longer than a second is left when the alert ends or an update has come, which goes first.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.alerts.messages import MessageKind, kind_of
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.channels.model import Accepted, Answer, Channel, Refusal, Refused
from chalicelib.delivery.changes import Busy
from chalicelib.delivery.claims import Claim, Claims
from chalicelib.delivery.live import Watch
from chalicelib.delivery.message_ids import MessageIds, MessageRef
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import OF_REFUSAL, RETRIED, Batch, Lane, LaneState, Result
from chalicelib.delivery.pacing import Pacer, Turn
from chalicelib.delivery.retries import backoff_s, given_up, stalled
from chalicelib.delivery.store import Ledger
from chalicelib.delivery.suppress import suppress
from chalicelib.participants.model import SuppressionReason
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch, epoch_ms
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues

IDS_KEPT = timedelta(days=7)

CHECKPOINT_TIME = timedelta(seconds=2)
# A call to a provider may take 12 s, and the function has 25: waiting for a turn and working on it must leave as much.
PATIENCE_S = 4
WORK_TIME = timedelta(seconds=6)


class Lot(Protocol):
    """A channel's way through a batch."""

    @property
    def channel(self) -> Channel: ...

    @property
    def receipts_by_id(self) -> bool:
        """Whether a receipt carries the provider's message id alone, which then has to be kept."""
        ...

    @property
    def checkpoint(self) -> int:
        """So many results, or more, are written before the next message or call."""
        ...

    def send(self, alert: Alert, batch: Batch, indexes: list[int], turn: Turn) -> Iterator[Mapping[int, Answer]]:
        """Send to the people at ``indexes``, no faster than the turn allows; yield answers as they come."""
        ...

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        """Of those who seem to wait, the ones whom a sender that was killed may have sent to."""
        ...


@dataclass(frozen=True)
class Dispatch:
    """``queue``, ``followup``: where a batch of a call, or of a later message, goes that must be tried again.

    ``over``: messages that are known to go out no more, (alert, name); no turn is asked for them.
    """

    lot: Lot
    pacer: Pacer
    alerts: AlertStore
    ledger: Ledger
    claims: Claims
    message_ids: MessageIds
    queues: Queues
    clock: Clock
    lease_s: int
    queue: QueueName
    followup: QueueName
    over: set[tuple[str, str]] = field(default_factory=set)

    def send(self, record: Record[SendMessage]) -> None:
        """Work off one channel of one batch; whatever is left goes back on the queue with a delay."""
        asked = record.body
        turn = None
        if (asked.alert, asked.message) not in self.over:
            turn = self.pacer.take(asked.alert, asked.waiting, patience_s=PATIENCE_S, first=_goes_first(asked.message))
            if turn is None:  # nothing was tried, so no attempt is counted
                self._again(asked, 0)
                return
        try:
            claim = self._claim(asked)
            watch = self._watch(asked, claim) if claim else None
        except BaseException:  # under throttling claims fail by the dozen, and the rate would go with them
            self._unused(turn)
            raise
        if claim and watch:
            self._send(asked, watch, claim.batch, turn)
        elif turn:
            self.pacer.give_back(turn, 0)

    def _unused(self, turn: Turn | None) -> None:
        """Of a sender that failed: it may fail at this too, and what it failed of first is what is told."""
        with contextlib.suppress(Exception):
            if turn:
                self.pacer.give_back(turn, 0)

    def _claim(self, asked: SendMessage) -> Claim | None:
        now = epoch_ms(self.clock.now())
        try:
            return self.claims.take(asked.key, self.lot.channel, now, self.lease_s * 1000)
        except Busy as busy:
            # Either a doubled message, or the one that comes back after its sender was killed.
            self._again(asked, max(busy.free_at_ms - now, 0) // 1000 + 1)
            return None

    def _watch(self, asked: SendMessage, claim: Claim) -> Watch | None:
        """The alert, or None where its message may no longer go out, and the lane has ended."""
        watch = Watch(self.alerts, self.clock, asked.message, claim.alert, self.clock.now())
        state = watch.why_not()
        if state is None:
            return watch
        self.over.add((asked.alert, asked.message))
        self._end(claim.batch, state, dict.fromkeys(self._doubtful(claim.batch), Result.UNSURE))
        return None

    def _doubtful(self, batch: Batch) -> list[int]:
        """Of a batch as it was claimed: whom a killed sender may have asked. Until it is known, they stand as unsure.

        They must hear the outcome, also where whoever took over was stopped, or throttled, or went aside for an update.
        """
        lane = batch.lanes[self.lot.channel]
        return self.lot.unsure(batch, lane.waiting) if lane.taken_over else []

    def _send(self, asked: SendMessage, watch: Watch, batch: Batch, turn: Turn | None) -> None:
        doubtful = self._doubtful(batch)
        batch, news, alone_s = self._work(watch, batch, turn)
        results = self._results(batch, news)
        lane = batch.lanes[self.lot.channel].with_results(results)
        results |= {index: Result.UNSURE for index in lane.waiting if index in doubtful}
        lane = lane.with_results(results)
        if not lane.waiting or given_up(asked.message, asked.attempt):
            self._record(batch, results | _left(lane, Result.REFUSED), LaneState.DONE)
        elif state := watch.why_not():
            self._end(batch, state, results)
        else:
            if stalled(asked.attempt):
                results |= {index: Result.STALLED for index in lane.waiting if lane.results[index] is Result.TEMPORARY}
            self._record(batch, results, LaneState.NEW)
            if alone_s is None:
                wait, attempt = 0, asked.attempt
            else:
                wait, attempt = max(backoff_s(asked.key.number, asked.attempt), alone_s), asked.attempt + 1
            self._again(asked, wait, attempt=attempt, waiting=len(lane.waiting))
        if lane.waiting:  # of a batch that is done the ledger tells
            logger.info(
                "send.left",
                alert=asked.alert,
                batch=asked.batch,
                channel=self.lot.channel,
                people=len(lane.waiting),
            )

    def _work(self, watch: Watch, batch: Batch, turn: Turn | None) -> tuple[Batch, dict[int, Answer], int | None]:
        """Send to those who wait, turn by turn, as long as time and the alert allow.

        Returns the batch as it then stands, the last answers, which are written together with the lane's state, and
        for how many seconds the provider wants to be left alone, or None where it refused nobody for now.
        """
        until = self.clock.now() + WORK_TIME
        left = batch.lanes[self.lot.channel].waiting
        news: dict[int, Answer] = {}
        alone_s: int | None = None
        while left and self.clock.now() < until and not watch.over():
            batch, news = self._written(batch, news), {}
            patience = (until - self.clock.now()).total_seconds()
            turn = turn or self.pacer.take(
                watch.begun.id,
                len(left),
                patience_s=patience,
                begun=True,
                first=_goes_first(batch.key.message),
                unless=watch.over,
            )
            if turn is None or watch.over():
                break
            batch, answers, news = self._turn(watch, batch, left[: turn.messages], turn, until)
            refused = [it for it in answers.values() if isinstance(it, Refused) and OF_REFUSAL[it.reason] in RETRIED]
            full = any(answer.reason is Refusal.THROTTLED for answer in refused)
            if refused:
                alone_s = max(alone_s or 0, *(answer.after_s for answer in refused))
            if full or len(answers) < turn.messages:  # the pace is written next, which may fail
                batch, news = self._written(batch, news), {}
            self.pacer.give_back(turn, len(answers))
            left, turn = left[turn.messages :], None
            if full:
                self.pacer.slow_down()
                break
        if turn:
            self.pacer.give_back(turn, 0)
        return batch, news, alone_s

    def _turn(
        self, watch: Watch, batch: Batch, indexes: list[int], turn: Turn, until: datetime
    ) -> tuple[Batch, dict[int, Answer], dict[int, Answer]]:
        """The batch as it then stands, all answers, and those that are not written yet."""
        written = self.clock.now()
        answers: dict[int, Answer] = {}
        news: dict[int, Answer] = {}
        try:
            for some in self.lot.send(watch.begun, batch, indexes, turn):
                answers |= some
                news |= some
                now = self.clock.now()
                if now >= until or len(answers) == len(indexes) or watch.over():
                    break
                if len(news) >= self.lot.checkpoint or now - written >= CHECKPOINT_TIME:
                    batch, news, written = self._written(batch, news), {}, now
        except BaseException:  # what was sent is written, whatever stopped us
            self._written(batch, news)
            raise
        return batch, answers, news

    def _written(self, batch: Batch, answers: Mapping[int, Answer]) -> Batch:
        return self._record(batch, self._results(batch, answers)) if answers else batch

    def _record(self, batch: Batch, results: Mapping[int, Result], state: LaneState | None = None) -> Batch:
        """Tried twice: what was sent and is not written will be sent again."""
        now = epoch(self.clock.now())
        try:
            return self.ledger.record(batch, self.lot.channel, results, state, now)
        except Exception:
            logger.exception("send.record_again", alert=batch.key.alert, batch=batch.key.batch)
            return self.ledger.record(batch, self.lot.channel, results, state, now)

    def _results(self, batch: Batch, answers: Mapping[int, Answer]) -> dict[int, Result]:
        """What the ledger is told of some answers. The way back from their receipts is written first."""
        try:
            self._remember(batch, answers)
        except Exception:  # then their receipts are lost, which is better than sending them again
            logger.exception("send.ids_lost", alert=batch.key.alert, batch=batch.key.batch)
            count("MessageIdsLost", len(answers))
        self._suppress(batch, answers)
        before = batch.lanes[self.lot.channel].results
        return {index: _result(answer, before[index]) for index, answer in answers.items()}

    def _suppress(self, batch: Batch, answers: Mapping[int, Answer]) -> None:
        reasons = {
            index: SuppressionReason.OPTED_OUT
            for index, answer in answers.items()
            if isinstance(answer, Refused) and answer.reason is Refusal.OPTED_OUT
        }
        try:
            suppress(self.queues, batch, self.lot.channel, reasons)
        except Exception:  # the next alert will find out again; sending again to the others would be worse
            logger.exception("send.suppress_lost", alert=batch.key.alert, batch=batch.key.batch)

    def _remember(self, batch: Batch, answers: Mapping[int, Answer]) -> None:
        if self.lot.receipts_by_id:
            refs = {
                answer.provider_id: MessageRef(batch.key, self.lot.channel, index)
                for index, answer in answers.items()
                if isinstance(answer, Accepted)
            }
            self.message_ids.put(refs, epoch(self.clock.now() + IDS_KEPT))

    def _end(self, batch: Batch, state: LaneState, news: Mapping[int, Result]) -> None:
        results = _left(batch.lanes[self.lot.channel].with_results(news), Result.STOPPED)
        self._record(batch, {**news, **results}, state)
        spared = sum(result is Result.STOPPED for result in results.values())
        count("MessagesSpared", spared)
        logger.info("send.spared", alert=batch.key.alert, batch=batch.key.batch, state=state, people=spared)

    def _again(self, asked: SendMessage, delay_s: int, **changes: int) -> None:
        queue = self.queue if asked.message == MessageKind.CALL else self.followup
        body = asked.model_copy(update=changes).body()
        self.queues.send(queue, [body], delay_s=min(delay_s, MAX_DELAY_S))


def _goes_first(message: str) -> bool:
    return kind_of(message) is MessageKind.UPDATE


def _left(lane: Lane, result: Result) -> dict[int, Result]:
    """What those who wait end as: ``result``; refused who was for long; unknown where a try may have been taken."""
    known = {Result.UNSURE: Result.UNKNOWN, Result.STALLED: Result.REFUSED}
    return {index: known.get(lane.results[index], result) for index in lane.waiting}


def _result(answer: Answer, before: Result) -> Result:
    """``before``: what the try before this one gave. What may have been taken twice is not tried a third time."""
    if isinstance(answer, Accepted):
        return Result.SENT
    count(f"Refused{answer.reason.title().replace('_', '')}")
    result = OF_REFUSAL[answer.reason]
    return Result.UNKNOWN if result is before is Result.UNSURE else result
