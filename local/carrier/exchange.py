"""Where a message comes in: it meets its fault, is filed, and its receipts are planned."""

from collections import Counter
from dataclasses import dataclass, field

from chalicelib.platform.clock import Clock
from local.carrier import stories
from local.carrier.faults import Fault, Faults, Rule
from local.carrier.inbox import Channel, Inbox, Message, Status
from local.carrier.receipts import Receipts

REFUSED = frozenset({Fault.THROTTLED, Fault.REJECTED, Fault.GONE, Fault.UNAVAILABLE})


@dataclass(frozen=True)
class Exchange:
    """``counts``: per channel how many messages were accepted, throttled, rejected and gone since the last clearing."""

    inbox: Inbox
    faults: Faults
    receipts: Receipts
    clock: Clock
    counts: Counter[tuple[Channel, str]] = field(default_factory=Counter)

    def strike(self, channel: Channel, to: str) -> Rule | None:
        """The fault this message meets; one of ``REFUSED`` is counted and must be answered as an error."""
        rule = self.faults.strike(channel, to)
        if rule and rule.fault in REFUSED:
            self.counts[channel, rule.fault] += 1
        return rule

    def accept(self, message: Message, rule: Rule | None) -> None:
        """The provider takes it: from here on it is in the inbox and will have its receipts."""
        self.counts[message.channel, Status.ACCEPTED] += 1
        filed = self.inbox.file(message)
        self.receipts.plan(filed, stories.story(filed, rule))

    def publish(self, post: Message) -> Message:
        """A post has no recipients and no receipts; returned with its place."""
        self.counts[post.channel, Status.ACCEPTED] += 1
        return self.inbox.file(post)

    def accept_unrendered(self, message: Message, missing: str) -> None:
        """SES takes it and finds afterwards that it cannot render it."""
        self.counts[message.channel, Status.ACCEPTED] += 1
        filed = self.inbox.file(message)
        self.receipts.plan(filed, stories.unrendered(filed, missing))

    def clear(self) -> None:
        self.inbox.clear()
        self.counts.clear()


def answer_delay_s(rule: Rule | None) -> float:
    """How long the provider lets its caller wait."""
    return rule.delay_ms / 1000 if rule and rule.fault is Fault.SLOW else 0.0
