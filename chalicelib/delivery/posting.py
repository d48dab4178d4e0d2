"""POST: brings about on a social network what should stand there for an alert.

Before a post is handed over, that it will be is written down; whoever finds such a note first looks whether it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.alerts.model import Alert
from chalicelib.alerts.public_post import LANGUAGE, post
from chalicelib.alerts.store import AlertStore
from chalicelib.alerts.whereabouts import NamedAreas, whereabouts
from chalicelib.channels.model import Refusal
from chalicelib.channels.social import ROOM, Declined, Network, Posted, SocialPoster
from chalicelib.delivery.messages import PostMessage
from chalicelib.delivery.post_store import Overtaken, PostStore
from chalicelib.delivery.posts import (
    Correct,
    GiveUp,
    Post,
    PostState,
    Publish,
    Settle,
    Step,
    Thread,
    Withdraw,
    asks,
    next_step,
    until,
)
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues

LEASE = timedelta(seconds=120)  # longer than the function may take
SHOWN_AFTER = timedelta(seconds=60)  # by then a post that was taken is among the newest
LONGEST_WAIT_S = 300
MOST_TRIES = 20  # of taking a post away, more than an hour; then somebody must hear of it
BUSY_S = 2


class NotWithdrawn(Exception):
    """What people should not read any more stands there, and the network will not take it away: somebody must."""


@dataclass(frozen=True)
class Later:
    """Nothing more can be done now. ``after_s``: 0 lets the number of tries decide."""

    after_s: int = 0


@dataclass(frozen=True)
class Posting:
    """``posters``: of the networks that are configured."""

    posters: Mapping[Network, SocialPoster]
    alerts: AlertStore
    areas: NamedAreas
    store: PostStore
    queues: Queues
    clock: Clock

    def post(self, record: Record[PostMessage]) -> None:
        """Raises ``NotWithdrawn``, so that it is heard of; whoever puts the message back has it tried again."""
        asked = record.body
        poster = self.posters.get(asked.network)
        if poster is None:
            logger.info("post.dropped", alert=asked.alert, network=asked.network, why="not_configured")
            return
        thread = self._claimed(asked)
        if thread is None:
            return
        work = _Work(self, poster, thread, asked.attempt)
        try:
            later = work.done()
        finally:
            work.release()
        if later:
            wait_s = later.after_s or min(2 << asked.attempt, LONGEST_WAIT_S)
            self._again(asked.model_copy(update={"attempt": asked.attempt + 1}), wait_s)

    def _claimed(self, asked: PostMessage) -> Thread | None:
        """The thread, ours for a while: who is killed with it loses it. None: it is another's, and asked for again."""
        now_ms = epoch_ms(self.clock.now())
        thread = self.store.get(asked.alert, asked.network)
        if thread.lease_ms <= now_ms:
            try:
                return self.store.put(replace(thread, lease_ms=now_ms + LEASE // timedelta(milliseconds=1)))
            except Overtaken:
                pass
        self._again(asked, BUSY_S)
        return None

    def _again(self, body: PostMessage, wait_s: int) -> None:
        self.queues.send(QueueName.SOCIAL, [body.body()], delay_s=min(wait_s, MAX_DELAY_S))


@dataclass
class _Work:
    """One run over a thread that is ours."""

    posting: Posting
    poster: SocialPoster
    thread: Thread
    attempt: int

    def done(self) -> Later | None:
        """Step by step, each on the alert as it then is: what was stopped meanwhile goes no further."""
        while True:
            alert, now = self.posting.alerts.get(self.thread.alert), self.posting.clock.now()
            step = next_step(alert, self.thread, now)
            if step is None:
                self._look_when_it_expires(alert, now)
                return None
            later = self._take(step, alert, now)
            if later:
                return later

    def release(self) -> None:
        self._put(replace(self.thread, lease_ms=0))

    def _take(self, step: Step, alert: Alert, now: datetime) -> Later | None:
        match step:
            case Settle(post, wanted):
                return self._settle(post, wanted, alert, now)
            case Withdraw(post):
                return self._withdraw(post, alert, now)
            case GiveUp(post):
                self._keep(replace(post, state=PostState.FAILED, reason=post.reason or "too late"))
                return None
            case Publish(wanted):
                before = self.thread.posts.get(wanted.name)
                begun_at = before.begun_at if before else now
                note = Post(wanted.name, wanted.says, PostState.POSTING, begun_at)
                self._keep(note)
                reply_to = self.thread.posts[wanted.reply_to].id if wanted.reply_to else ""
                answer = self.poster.post(
                    self._text(alert, note.says), key=f"{alert.id}-{note.name}", language=LANGUAGE, reply_to=reply_to
                )
                return self._answered(note, answer, alert, now)
            case Correct(post, wanted):
                said = replace(post, says=wanted.says)
                answer = self.poster.correct(post.id, self._text(alert, said.says), language=LANGUAGE)
                if isinstance(answer, Declined) and answer.reason is not Refusal.PERMANENT and now < until(alert):
                    return Later(answer.after_s)
                return self._answered(said if isinstance(answer, Posted) else post, answer, alert, now)

    def _answered(self, post: Post, answer: Posted | Declined, alert: Alert, now: datetime) -> Later | None:
        if isinstance(answer, Posted):
            self._keep(replace(post, state=PostState.POSTED, id=answer.id, url=answer.url, reason=""))
            return None
        count(f"PostRefused{answer.reason.title()}")
        if answer.reason is Refusal.PERMANENT or now >= until(alert):
            self._keep(replace(post, state=PostState.FAILED, reason=answer.code))
            return None
        state = PostState.POSTING if answer.reason is Refusal.UNKNOWN else PostState.QUEUED
        self._keep(replace(post, state=state, reason=answer.code))
        return Later(answer.after_s)

    def _settle(self, post: Post, wanted: bool, alert: Alert, now: datetime) -> Later | None:
        answer = self.poster.find(self._text(alert, post.says), post.begun_at)
        if answer is None:
            if not wanted and now < post.begun_at + SHOWN_AFTER:
                return Later(int(SHOWN_AFTER.total_seconds()) // 2)
            self._keep(replace(post, state=PostState.QUEUED))
            return None
        if isinstance(answer, Declined) and answer.reason is not Refusal.PERMANENT:
            answer = replace(answer, reason=Refusal.UNKNOWN)
        return self._answered(post, answer, alert, now)

    def _withdraw(self, post: Post, alert: Alert, now: datetime) -> Later | None:
        refused = self.poster.withdraw(post.id)
        if refused is None:
            self._keep(replace(post, state=PostState.WITHDRAWN, reason=""))
            return None
        count(f"PostRefused{refused.reason.title()}")
        if refused.reason is not Refusal.PERMANENT and self.attempt < MOST_TRIES:
            return Later(refused.after_s)
        self._keep(replace(post, state=PostState.FAILED, reason=refused.code))
        raise NotWithdrawn(f"{alert.id} {self.thread.network} {post.name}: {refused.code}")

    def _look_when_it_expires(self, alert: Alert, now: datetime) -> None:
        """The post goes when the time of the alert is over; until then the queue keeps a message that looks."""
        now_ms = epoch_ms(now)
        if not asks(alert, now) or self.thread.look_ms > now_ms:
            return
        wait_s = min(int((alert.expires - now).total_seconds()) + 1, MAX_DELAY_S)
        look = PostMessage(alert=alert.id, network=self.thread.network)
        self.posting.queues.send(QueueName.SOCIAL, [look.body()], delay_s=wait_s)
        self.thread = replace(self.thread, look_ms=now_ms + wait_s * 1000)

    def _keep(self, post: Post) -> None:
        self._put(self.thread.with_post(post))
        logger.info("post.kept", alert=self.thread.alert, network=self.thread.network, post=post.name, state=post.state)

    def _put(self, thread: Thread) -> None:
        self.thread = self.posting.store.put(thread)

    def _text(self, alert: Alert, says: str) -> str:
        return post(alert, says, self._where(alert), ROOM[self.thread.network])

    def _where(self, alert: Alert) -> str:
        return whereabouts(alert.content, self.posting.areas)
