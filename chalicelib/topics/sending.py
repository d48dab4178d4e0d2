"""Tells a page of browsers. Who was claimed is never told again, whatever happens to the sender in between."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from math import ceil

from chalicelib.alerts import notification
from chalicelib.alerts.late_outcome import last_word
from chalicelib.alerts.messages import MessageKind, kind_of, update_name
from chalicelib.alerts.model import Alert
from chalicelib.alerts.notification import Notification
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore
from chalicelib.channels.model import Accepted, Answer, PushSender, Refusal, Refused
from chalicelib.channels.push import GONE
from chalicelib.delivery.dispatch import PATIENCE_S, WORK_TIME
from chalicelib.delivery.live import why_not
from chalicelib.delivery.lots import Words, life_s
from chalicelib.delivery.messages import TopicMessage
from chalicelib.delivery.model import CHECKPOINT
from chalicelib.delivery.pacing import Pacer, Turn
from chalicelib.delivery.retries import ILL_AFTER, MAX_BACKOFF_S, backoff_s
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues
from chalicelib.topics.model import Claim, Figures, Listener, Outcome, Page
from chalicelib.topics.store import TopicStore

PAGE = 50
LEASE = timedelta(seconds=120)  # longer than the function may take: a claim that old has lost its sender
BUSY_S = 5
AGAIN = frozenset({Refusal.THROTTLED, Refusal.TEMPORARY})  # surely not taken


@dataclass(frozen=True)
class TopicSender:
    """``url``: where a tap leads. ``at_once``: messages under way at the same time."""

    store: TopicStore
    alerts: AlertStore
    sender: PushSender
    pacer: Pacer
    queues: Queues
    clock: Clock
    url: str
    at_once: int = 1

    def send(self, asked: TopicMessage) -> None:
        """Work off a page, or put it back; then the page after it, which waits for none who must be tried again."""
        after = self.store.finished(asked.alert, asked.message, asked.page)
        if after is None:
            alert = self.alerts.get(asked.alert)
            page = self._page(asked)
            work = _Work(self, asked, alert, {listener.id: listener for listener in page.listeners})
            if not work.done():
                if work.wait_s and asked.attempt == 0:
                    self._next(asked, page.after)
                self._again(asked, work.wait_s, attempt=asked.attempt + _tries(work.wait_s))
                return
            self._late_news(asked, work.said)
            self._finish(asked, work, page.after)
            after = "" if work.stopped else page.after
        if asked.attempt == 0:  # else it was handed on at the first try
            self._next(asked, after)

    def _next(self, asked: TopicMessage, after: str) -> None:
        if after:
            self._again(asked, 0, after=after, attempt=0)

    def _page(self, asked: TopicMessage) -> Page:
        if asked.area:
            return self.store.page(asked.area, asked.after, PAGE)
        assert asked.shard is not None
        return self.store.heard(asked.alert, asked.shard, asked.after, PAGE)

    def _finish(self, asked: TopicMessage, work: "_Work", after: str) -> None:
        """Counted first: who is taken off the list does not come with the page again."""
        figures = Figures.of(list(work.ours.values()))
        self.store.finish(asked.alert, asked.message, asked.page, figures, "" if work.stopped else after)
        gone = [name for name, outcome in work.ours.items() if outcome is Outcome.GONE]
        for name in gone:
            self.store.remove(name)
        count("TopicsSent", figures.sent)
        count("TopicsGone", len(gone))
        logger.info("topics.sent", alert=asked.alert, kind=asked.message, listeners=len(work.ours))

    def _late_news(self, asked: TopicMessage, said: int | None) -> None:
        """Who was claimed while news was handed out may have been missed: hand it out once more, under another name.

        Before the page is finished, for whoever takes a finished page up again does nothing more.
        """
        alert = self.alerts.get(asked.alert)
        closed = alert.state is State.CLOSED
        if asked.message != MessageKind.CALL or said is None or not (closed or said < len(alert.updates)):
            return
        newest = last_word(alert) if closed else update_name(len(alert.updates))
        news = TopicMessage(alert=alert.id, message=newest, cause=asked.page)
        self.queues.send(QueueName.TOPICS, [news.body()])

    def _again(self, asked: TopicMessage, delay_s: int, **changes: int | str) -> None:
        body = asked.model_copy(update=changes).body()
        self.queues.send(QueueName.TOPICS, [body], delay_s=min(delay_s, MAX_DELAY_S))

    @cached_property
    def words(self) -> Words[Notification]:
        return Words(notification.notification)

    @cached_property
    def each(self) -> Callable[..., Iterator[Answer]]:
        return map if self.at_once == 1 else ThreadPoolExecutor(self.at_once).map


@dataclass
class _Work:
    """``left``: who has yet to be told, by id. ``ours``: what became of those that this page claimed.

    ``said``: with how many updates the first of those was told, in whichever try; None: there are none.
    ``wait_s``: after which somebody must be tried again; 0: nobody must. ``stopped``: nobody may be told any more.
    """

    to: TopicSender
    asked: TopicMessage
    alert: Alert
    left: dict[str, Listener]
    ours: dict[str, Outcome] = field(default_factory=dict)
    said: int | None = None
    wait_s: int = 0
    stopped: bool = False

    def done(self) -> bool:
        """Whether nobody is left. Each is tried once. The alert is read before each turn."""
        until, untried = self.to.clock.now() + WORK_TIME, list(self.left.values())
        while untried and not self.stopped and self.to.clock.now() < until:
            self.alert = self.to.alerts.get(self.asked.alert)
            if self._over():
                break
            first = kind_of(self.asked.message) is not MessageKind.CALL
            turn = self.to.pacer.take(self.alert.id, len(untried), patience_s=PATIENCE_S, first=first)
            if turn is None:
                break
            used = 0
            some, untried = untried[: turn.messages], untried[turn.messages :]
            for start in range(0, len(some), CHECKPOINT):
                if self._over():
                    break
                used += self._tell(some[start : start + CHECKPOINT], turn, used)
            self.to.pacer.give_back(turn, used)
        if self.stopped:
            self._look_back()
        return not self.left

    def _over(self) -> bool:
        self.stopped = why_not(self.alert, self.asked.message, self.to.clock.now()) is not None
        return self.stopped

    def _look_back(self) -> None:
        """What an earlier try of this page did is counted; nobody else is told."""
        for name in self.left:
            claim = self.to.store.look(self.asked.alert, self.asked.message, name)
            if claim and claim.page == self.asked.page:
                self._count(name, claim)
        self.left = {}

    def _count(self, name: str, claim: Claim) -> None:
        self.ours[name] = claim.outcome
        self._heard(claim.said)

    def _heard(self, said: int) -> None:
        self.said = said if self.said is None else min(self.said, said)

    def _tell(self, some: Iterable[Listener], turn: Turn, number: int) -> int:
        """Claim, push, settle, some at the same time. Returns how many were pushed to."""
        free = [listener for listener in some if self._claim(listener.id)]
        answers = self.to.each(self._push, free, [turn] * len(free), range(number, number + len(free)))
        for listener, answer in zip(free, list(answers), strict=True):
            self._settle(listener.id, answer)
        return len(free)

    def _claim(self, name: str) -> bool:
        """Whether it is ours to tell now. What another page claimed is that page's to count."""
        said = len(self.alert.updates)
        claim = self.to.store.claim(self.asked.alert, self.asked.message, name, self.asked.page, said)
        if claim.mine:
            self._heard(said)
            return True
        fresh = epoch_ms(self.to.clock.now()) - claim.at_ms < LEASE // timedelta(milliseconds=1)
        if claim.outcome is Outcome.CLAIMED and claim.page == self.asked.page and fresh:
            self.wait_s = max(self.wait_s, BUSY_S)  # a doubled message is at work on it, or was killed just now
            return False
        del self.left[name]
        if claim.page == self.asked.page:
            self._count(name, claim)
        return False

    def _push(self, listener: Listener, turn: Turn, number: int) -> Answer:
        turn.wait_for(number)
        words = self.to.words.of(self.alert, self.asked.message, listener.language)
        payload = notification.payload(words, self.alert.id, self.to.url)
        life = life_s(self.alert, self.asked.message, self.to.clock.now())
        return self.to.sender.push(listener.device, payload, life_s=life, topic=self.alert.id)

    def _settle(self, name: str, answer: Answer) -> None:
        asked = self.asked
        again = isinstance(answer, Refused) and answer.reason in AGAIN
        if isinstance(answer, Refused) and again and asked.attempt < ILL_AFTER:
            self.to.store.release(asked.alert, asked.message, name)
            self.wait_s = max(self.wait_s, answer.after_s, backoff_s(int(name[:4], 16), asked.attempt))
            return
        self.ours[name] = _outcome(answer)
        self.to.store.settle(asked.alert, asked.message, name, self.ours[name])
        del self.left[name]


def _tries(wait_s: int) -> int:
    """As how many tries a wait counts: a service that wants long to be left alone is not waited for much longer."""
    return ceil(min(wait_s, MAX_DELAY_S) / MAX_BACKOFF_S)


def _outcome(answer: Answer) -> Outcome:
    if isinstance(answer, Accepted):
        return Outcome.SENT
    if answer.reason is Refusal.UNKNOWN:
        return Outcome.UNKNOWN
    return Outcome.GONE if answer.code in GONE else Outcome.FAILED
