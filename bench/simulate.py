"""``./dev simulate``: play one alert through the pipeline as discrete events, to see when the last message leaves.

The steps, their order, batch sizes, retries and backoff are the product's own; the times of AWS's services are
assumptions, all listed in ``Assumptions`` and printed. What is simulated: units matched by as many functions as the
queue's pollers have started, batches sent one message after the other, a provider that takes so many messages a second
and refuses the rest, and a refused batch that comes back after the product's backoff. Nothing is random.
"""

import argparse
import heapq
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import partial
from math import ceil

from chalicelib.delivery.dispatch import backoff_s
from chalicelib.delivery.model import BATCH_SIZE

PLACES_PER_UNIT = 5_000  # about what 8 key ranges hold in a city
SMS_SHARE, EMAIL_SHARE = 0.75, 0.7


@dataclass(frozen=True)
class Assumptions:
    """Seconds, and functions at the same time. From AWS's documentation where it says, else a cautious guess."""

    hand_over_s: float = 0.03  # a message put on a queue until its function begins
    stream_s: float = 0.25  # a row written until the relay has it
    call_s: float = 0.01  # one DynamoDB or SQS call
    item_s: float = 6e-6  # one place read and tested; measured CPU
    publish_s: float = 0.04  # one message handed to the provider
    bulk_s: float = 0.15  # one mail call for up to 50
    pollers_at_start: int = 5  # SQS event source mapping: batches at the same time, and
    pollers_per_minute: int = 300  # how fast they grow
    most_functions: int = 100  # MaximumConcurrency of the mapping


@dataclass
class Clock:
    """Runs what is due, in order of time."""

    now: float = 0.0
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (self.now + seconds, self._count, act))

    def run(self) -> None:
        while self._due:
            self.now, _, act = heapq.heappop(self._due)
            act()


@dataclass
class Provider:
    """Takes ``rate`` messages a second, with one second's worth at once; refuses what is more."""

    clock: Clock
    rate: float
    taken: int = 0
    first: float = 0.0
    last: float = 0.0
    refused: int = 0
    _tokens: float = field(init=False)
    _seen: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = self.rate

    def take(self, messages: int) -> int:
        """How many of them are taken now."""
        now = self.clock.now
        self._tokens = min(self.rate, self._tokens + (now - self._seen) * self.rate)
        self._seen = now
        taken = min(messages, int(self._tokens + 1e-9))
        self._tokens -= taken
        if taken:
            self.first = self.first or now
            self.last = now
            self.taken += taken
        self.refused += messages > taken
        return taken


@dataclass
class Pool:
    """Functions behind one queue: as many as its pollers have started by now."""

    clock: Clock
    given: Assumptions
    busy: int = 0
    waiting: deque[Callable[[], None]] = field(default_factory=deque)

    def put(self, work: Callable[[], None], delay_s: float = 0.0) -> None:
        """``work`` begins when a function is free, and calls ``done`` when it ends."""
        self.clock.after(delay_s + self.given.hand_over_s, lambda: self._arrive(work))

    def done(self) -> None:
        self.busy -= 1
        self._start()

    def _arrive(self, work: Callable[[], None]) -> None:
        self.waiting.append(work)
        self._start()

    def _start(self) -> None:
        pollers = self.given.pollers_at_start + self.given.pollers_per_minute * self.clock.now / 60
        while self.waiting and self.busy < min(self.given.most_functions, int(pollers)):
            self.busy += 1
            self.clock.after(0.0, self.waiting.popleft())


@dataclass
class Channel:
    """One channel's way through its batches. ``lot``: messages that leave in one call or between two checkpoints."""

    clock: Clock
    given: Assumptions
    provider: Provider
    lot: int
    lot_s: float

    def __post_init__(self) -> None:
        self.pool = Pool(self.clock, self.given)

    def batch(self, number: int, messages: int, attempt: int = 0, delay_s: float = 0.0) -> None:
        if messages:
            self.pool.put(lambda: self._lot(number, messages, attempt), delay_s)

    def _lot(self, number: int, left: int, attempt: int) -> None:
        some = min(self.lot, left)
        taken = self.provider.take(some)

        def go_on() -> None:
            if taken < some:  # the product stops the batch here and puts it back on its queue
                self.pool.done()
                self.batch(number, left - taken, attempt + 1, backoff_s(number, attempt))
            elif left > taken:
                self._lot(number, left - taken, attempt)
            else:
                self.pool.done()

        self.clock.after(self.lot_s + self.given.call_s, go_on)


def simulate(recipients: int, sms_rate: float, email_rate: float, given: Assumptions) -> dict[str, Provider]:
    """Seconds are counted from the end of the countdown."""
    clock = Clock()
    channels = {
        "sms": Channel(clock, given, Provider(clock, sms_rate), 10, 10 * given.publish_s),
        "email": Channel(clock, given, Provider(clock, email_rate), BATCH_SIZE, given.bulk_s),
    }
    matchers = Pool(clock, given)

    def match(people: int) -> None:
        batches = ceil(people / BATCH_SIZE)
        start = 8 * given.call_s + people * given.item_s
        for number in range(batches):
            size = min(BATCH_SIZE, people - number * BATCH_SIZE)
            clock.after(start + (number + 1) * given.call_s, partial(send, number, size))
        clock.after(start + batches * given.call_s, matchers.done)

    def send(number: int, size: int) -> None:
        channels["sms"].batch(number, round(size * SMS_SHARE))
        channels["email"].batch(number, round(size * EMAIL_SHARE))

    def plan() -> None:
        for unit in range(ceil(recipients / PLACES_PER_UNIT)):
            people = min(PLACES_PER_UNIT, recipients - unit * PLACES_PER_UNIT)
            matchers.put(partial(match, people))

    clock.after(given.stream_s + given.hand_over_s + 3 * given.call_s, plan)
    clock.run()
    return {name: channel.provider for name, channel in channels.items()}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__)
    parser.add_argument("--recipients", type=int, default=1_500)
    parser.add_argument("--sms-rate", type=float, default=20, help="messages a second that the provider takes")
    parser.add_argument("--email-rate", type=float, default=14, help="mails a second that SES takes")
    asked = parser.parse_args()
    if min(asked.recipients, asked.sms_rate, asked.email_rate) < 1:
        parser.error("recipients and rates are at least 1")
    given = Assumptions()
    print(f"One alert to {asked.recipients:,} people. Assumed, in seconds and functions:")
    print("  " + ", ".join(f"{item.name} {getattr(given, item.name):g}" for item in fields(given)))
    print(f"{'':<8}{'messages':>10}{'first':>9}{'last':>11}{'at best':>11}{'ratio':>7}{'refused':>9}")
    for name, provider in simulate(asked.recipients, asked.sms_rate, asked.email_rate, given).items():
        best = max(provider.taken - provider.rate, 0) / provider.rate
        ratio = f"{provider.last / best:7.2f}" if best >= 1 else "      -"
        print(
            f"{name:<8}{provider.taken:>10,}{provider.first:>8.1f}s{provider.last:>10.1f}s{best:>10.1f}s{ratio}"
            f"{provider.refused:>9,}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
