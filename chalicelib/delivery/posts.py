"""What stands on a social network for an alert, what should, and what is to be done next so that it does.

Nothing here remembers what happened: it compares. So whatever event led here, in whatever order, once or twice, and
whoever was killed in between, the same comes of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.alerts.late_outcome import is_told
from chalicelib.alerts.messages import LATE_OUTCOME, MessageKind, UpdateType, update_name
from chalicelib.alerts.model import Alert
from chalicelib.alerts.states import State
from chalicelib.channels.social import EDITS, Network
from chalicelib.delivery.live import why_not

OUTCOME_POSTED_WITHIN = timedelta(hours=24)  # of when it was known; later nobody looks for it


class PostState(StrEnum):
    QUEUED = "queued"  # not taken yet; will be tried again
    POSTING = "posting"  # handed over, and not known whether it was taken
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


@dataclass(frozen=True)
class Post:
    """``says``: which words (``alerts.public_post``) were handed over last, or stand. ``begun_at``: the first time.

    ``id``, ``url``: once it is known that it stands, or stood. ``reason``: the network's last refusal.
    """

    name: str
    says: str
    state: PostState
    begun_at: datetime
    id: str = ""
    url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Thread:
    """The posts of one alert on one network, in the order of posting. ``version`` 0: nothing is kept yet.

    ``lease_ms``: until when somebody works on it, epoch. ``look_ms``: when it will be looked at again anyway.
    """

    alert: str
    network: Network
    posts: Mapping[str, Post] = field(default_factory=dict)
    version: int = 0
    lease_ms: int = 0
    look_ms: int = 0

    def with_post(self, post: Post) -> "Thread":
        return replace(self, posts={**self.posts, post.name: post})

    @property
    def heard(self) -> bool:
        """Whether anything ever stood there: else nobody is waiting for how it ended."""
        return any(post.id for post in self.posts.values())


@dataclass(frozen=True)
class Wanted:
    """``reply_to``: the name of another post."""

    name: str
    says: str
    reply_to: str = ""


@dataclass(frozen=True)
class Settle:
    """Find out whether it stands. ``wanted``: whether it should."""

    post: Post
    wanted: bool


@dataclass(frozen=True)
class Withdraw:
    post: Post


@dataclass(frozen=True)
class GiveUp:
    """It never stood, and should not any more."""

    post: Post


@dataclass(frozen=True)
class Publish:
    wanted: Wanted


@dataclass(frozen=True)
class Correct:
    post: Post
    wanted: Wanted


Step = Settle | Withdraw | GiveUp | Publish | Correct


def asks(alert: Alert, now: datetime) -> bool:
    """Whether it asks people for what they saw; a post does so for as long as it stands."""
    return why_not(alert, MessageKind.CALL, now) is None


def wanted(alert: Alert, thread: Thread, now: datetime) -> tuple[Wanted, ...]:
    """What should stand. A post is read until it is gone, so stop and ``expires`` take it away."""
    if not alert.content.is_public:
        return ()
    if alert.state is State.CLOSED:
        return tuple(_when_closed(alert, thread, now))
    if asks(alert, now):
        return tuple(_while_asking(alert, thread.network))
    if alert.state is State.ACTIVE and now < alert.expires and thread.heard:
        return tuple(_after_stop(alert))
    return ()


def _while_asking(alert: Alert, network: Network) -> Iterator[Wanted]:
    """The call with its newest news, in its own words where they can be changed.

    Else a correction takes the place of the call, since what is not so must not be passed on; and what is only more is
    a reply, so that the call stays where people have shared it.
    """
    newest = len(alert.updates)
    if network in EDITS:
        yield Wanted(MessageKind.CALL, _call_with(newest))
        return
    numbered = enumerate(alert.updates, 1)
    corrected = max((number for number, update in numbered if update.type is UpdateType.CORRECTION), default=0)
    call = _call_with(corrected)
    yield Wanted(call, call)
    if newest > corrected:
        yield Wanted(update_name(newest), update_name(newest), call)


def _call_with(update: int) -> str:
    return f"{MessageKind.CALL}-{update}" if update else str(MessageKind.CALL)


def _after_stop(alert: Alert) -> Iterator[Wanted]:
    """Who saw the call hears what was told after the stop."""
    if alert.updates and alert.stopped_at and alert.updates[-1].at > alert.stopped_at:
        yield Wanted(update_name(len(alert.updates)), update_name(len(alert.updates)))


def _when_closed(alert: Alert, thread: Thread, now: datetime) -> Iterator[Wanted]:
    """How it ended is not begun to be told once it is too late to try, whatever led here; what stands stays."""
    if not thread.heard:
        return
    kept = []
    if not alert.content.describes_somebody and alert.closed_at and _asked_to_the_end(alert, alert.closed_at):
        kept = [post for post in thread.posts.values() if post.id and post.state is PostState.POSTED]
        kept = [post for post in kept if post.name not in (MessageKind.OUTCOME, LATE_OUTCOME)]
    yield from (Wanted(post.name, post.says) for post in kept)
    answers = kept[0].name if kept else ""
    for name in _told(alert, thread):
        told = thread.posts.get(name)
        if now < until(alert) or (told and told.id):
            yield Wanted(name, name, answers)
        answers = name


def _told(alert: Alert, thread: Thread) -> Iterator[str]:
    """What was posted of how it ended, and what is yet to be: that nobody knows is not begun once somebody does."""
    late = is_told(alert)
    told = thread.posts.get(MessageKind.OUTCOME)
    if not late or (told and told.id):
        yield MessageKind.OUTCOME
    if late:
        yield LATE_OUTCOME


def _asked_to_the_end(alert: Alert, closed_at: datetime) -> bool:
    return alert.stopped_at is None and closed_at < alert.expires


def next_step(alert: Alert, thread: Thread, now: datetime) -> Step | None:
    """None: everything is as it should be, or cannot be helped."""
    should = {one.name: one for one in wanted(alert, thread, now)}
    for post in thread.posts.values():
        if post.state is PostState.POSTING:
            return Settle(post, post.name in should)
    for post in thread.posts.values():
        # What a network refused to correct is not so, and must not stand.
        kept = post.name in should and not (post.id and post.state is PostState.FAILED)
        if kept or post.state is PostState.WITHDRAWN:
            continue
        if post.id:
            return Withdraw(post)
        if post.state is PostState.QUEUED:
            return GiveUp(post)
    return next(_steps_of(should, thread), None)


def _steps_of(should: Mapping[str, Wanted], thread: Thread) -> Iterator[Step]:
    for one in should.values():
        post, call = thread.posts.get(one.name), thread.posts.get(one.reply_to)
        if one.reply_to and not (call and call.id):
            continue  # nobody read what it answers
        if post is None or post.state is PostState.QUEUED:
            yield Publish(one)
        elif post.state is PostState.POSTED and post.says != one.says:
            yield Correct(post, one)


def until(alert: Alert) -> datetime:
    """After that it is of no use to try any more."""
    known_at = alert.outcome_at if is_told(alert) else alert.closed_at
    return known_at + OUTCOME_POSTED_WITHIN if known_at else alert.expires
