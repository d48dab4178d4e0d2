"""``./dev simulate``: play one alert through the pipeline as discrete events, to see when the last message leaves.

The steps, their order, batch sizes, turns, retries and backoff are the product's own (``delivery.pacing`` itself says
who may begin); the times of AWS's services are assumptions, all listed in ``Assumptions`` and printed. What is
simulated: units matched by as many functions as the queue's pollers have started, senders that wait for their turn or
put their batch back, and a provider that takes so many messages a second and refuses the rest. Chance is seeded.
"""

import argparse
import heapq
import random
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil

from chalicelib.channels import model
from chalicelib.delivery.dispatch import PATIENCE_S, WORK_TIME, backoff_s
from chalicelib.delivery.lots import CALL_US, at_once
from chalicelib.delivery.model import BATCH_SIZE, CHECKPOINT
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import SECOND_US, Pacer, Turn
from chalicelib.platform.clock import epoch_us

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
PLACES_PER_UNIT = 5_000  # about what 8 key ranges hold in a city
SMS_SHARE, EMAIL_SHARE = 0.75, 0.7
WINDOW_S = 10  # over which a rate is looked at


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
    most_functions: int = 20  # MaximumConcurrency of the mapping


@dataclass
class Clock:
    """Runs what is due, in order of time. ``seconds``: since the end of the countdown."""

    seconds: float = 0.0
    _due: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError("events do not sleep")

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (self.seconds + max(seconds, 0.0), self._count, act))

    def run(self) -> None:
        while self._due:
            self.seconds, _, act = heapq.heappop(self._due)
            act()


@dataclass
class Provider:
    """Takes ``rate`` messages a second, with one second's worth at once; refuses what is more."""

    clock: Clock
    rate: float
    refused: int = 0
    times: list[float] = field(default_factory=list)
    _tokens: float = field(init=False)
    _seen: float = 0.0

    def __post_init__(self) -> None:
        self._tokens = max(self.rate, 1.0)

    def take(self, messages: int) -> int:
        """How many of them are taken now."""
        now = self.clock.seconds
        self._tokens = min(max(self.rate, 1.0), self._tokens + (now - self._seen) * self.rate)
        self._seen = now
        taken = min(messages, int(self._tokens + 1e-9))
        self._tokens -= taken
        self.times += [now] * taken
        self.refused += messages > taken
        return taken

    @property
    def used(self) -> float:
        """The share of the granted rate that was used, from the first message to the last."""
        span = self.times[-1] - self.times[0] + 1 / self.rate
        return len(self.times) / self.rate / span

    @property
    def most(self) -> float:
        """The busiest window, as a share of the granted rate. A lot that leaves in one call counts where it leaves."""
        ends = (bisect_right(self.times, begin + WINDOW_S) - n for n, begin in enumerate(self.times))
        return max(ends) / (self.rate * WINDOW_S + 1)


@dataclass
class Pool:
    """Functions behind one queue: as many as its pollers have started by now."""

    clock: Clock
    given: Assumptions
    busy: int = 0
    received: int = 0
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
        pollers = self.given.pollers_at_start + self.given.pollers_per_minute * self.clock.seconds / 60
        while self.waiting and self.busy < min(self.given.most_functions, int(pollers)):
            self.busy += 1
            self.received += 1
            self.clock.after(0.0, self.waiting.popleft())


@dataclass
class Batch:
    """``left``: messages that are still to be sent. ``pacer``: of the function that has it."""

    number: int
    left: int
    attempt: int
    pacer: Pacer


@dataclass
class Channel:
    """One channel's way through its batches. ``call_s``: of one call, which with ``bulk`` carries many messages."""

    clock: Clock
    given: Assumptions
    provider: Provider
    name: model.Channel
    rate: float
    call_s: float
    bulk: bool
    pace: MemoryPace = field(default_factory=MemoryPace)

    def __post_init__(self) -> None:
        chance = random.Random(self.name).random
        self.pool = Pool(self.clock, self.given)
        self.pacers = deque(
            Pacer(self.pace, self.clock, self.name, self.rate, chance) for _ in range(self.given.most_functions)
        )

    def put(self, number: int, left: int, attempt: int = 0, delay_s: float = 0.0) -> None:
        if left:
            self.pool.put(lambda: self._begin(number, left, attempt), delay_s)

    def _begin(self, number: int, left: int, attempt: int) -> None:
        batch = Batch(number, left, attempt, self.pacers.popleft())
        self._wait(batch, self.clock.seconds + PATIENCE_S, begun=False)

    def _wait(self, batch: Batch, until: float, *, begun: bool) -> None:
        turn = batch.pacer.ask(batch.left, first=begun)
        if isinstance(turn, Turn):
            wait = (turn.begin_us - epoch_us(self.clock.now())) / SECOND_US
            before = self.given.call_s * (1 if begun else 3)  # the shared clock, then the claim and the look
            if not begun:
                until = self.clock.seconds + wait + WORK_TIME.total_seconds()
            self.clock.after(max(wait, 0.0) + before, partial(self._group, batch, turn, until, 0))
        elif self.clock.seconds + turn > until:
            self._back(batch, 0.0)
        else:
            self.clock.after(turn, lambda: self._wait(batch, until, begun=begun))

    def _group(self, batch: Batch, turn: Turn, until: float, done: int) -> None:
        """Send and write the turn's messages from number ``done`` on that are written together."""
        step = turn.messages_in(CALL_US) if self.bulk else 1
        size = min(step if self.bulk else CHECKPOINT, turn.messages - done)
        free = [self.clock.seconds] * (1 if self.bulk else at_once(self.rate))  # when each thread is
        taken: list[int] = []
        for number in range(done, done + size, step):
            due = (turn.begin_us + number * turn.gap_us - epoch_us(START)) / SECOND_US
            begin = max(heapq.heappop(free), due)
            heapq.heappush(free, begin + self.call_s)
            self.clock.after(begin - self.clock.seconds, lambda: taken.append(self.provider.take(min(step, size))))
        written = max(free) + self.given.call_s
        self.clock.after(
            written - self.clock.seconds, lambda: self._written(batch, turn, until, done + size, size - sum(taken))
        )
        batch.left -= size

    def _written(self, batch: Batch, turn: Turn, until: float, done: int, refused: int) -> None:
        batch.left += refused
        if refused:
            batch.pacer.slow_down()
            batch.attempt += 1
            self._back(batch, backoff_s(batch.number, batch.attempt - 1))
        elif done < turn.messages:
            self._group(batch, turn, until, done)
        elif batch.left:
            self._wait(batch, until, begun=True)
        else:
            self._end(batch)

    def _back(self, batch: Batch, delay_s: float) -> None:
        self._end(batch)
        self.put(batch.number, batch.left, batch.attempt, delay_s)

    def _end(self, batch: Batch) -> None:
        self.pacers.append(batch.pacer)
        self.pool.done()


def simulate(
    recipients: int, sms_rate: float, email_rate: float, given: Assumptions, takes: Mapping[str, float] | None = None
) -> dict[str, Channel]:
    """``takes``: what a provider really takes, where that is not what it granted."""
    clock = Clock()
    sms, email = ({"sms": sms_rate, "email": email_rate} | dict(takes or {})).values()
    channels = {
        "sms": Channel(clock, given, Provider(clock, sms), model.Channel.SMS, sms_rate, given.publish_s, bulk=False),
        "email": Channel(
            clock, given, Provider(clock, email), model.Channel.EMAIL, email_rate, given.bulk_s, bulk=True
        ),
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
        channels["sms"].put(number, round(size * SMS_SHARE))
        channels["email"].put(number, round(size * EMAIL_SHARE))

    def plan() -> None:
        for unit in range(ceil(recipients / PLACES_PER_UNIT)):
            people = min(PLACES_PER_UNIT, recipients - unit * PLACES_PER_UNIT)
            matchers.put(partial(match, people))

    clock.after(given.stream_s + given.hand_over_s + 3 * given.call_s, plan)
    clock.run()
    return channels


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev simulate", description=__doc__)
    parser.add_argument("--recipients", type=int, default=1_500)
    parser.add_argument("--sms-rate", type=float, default=20, help="messages a second that the provider takes")
    parser.add_argument("--email-rate", type=float, default=14, help="mails a second that SES takes")
    parser.add_argument("--functions", type=int, default=20, help="MaximumConcurrency of each queue")
    parser.add_argument("--call-ms", type=float, default=40, help="one SMS handed to the provider")
    asked = parser.parse_args()
    if min(asked.recipients, asked.sms_rate, asked.email_rate, asked.functions) < 1:
        parser.error("recipients, rates and functions are at least 1")
    given = Assumptions(most_functions=asked.functions, publish_s=asked.call_ms / 1_000)
    print(f"One alert to {asked.recipients:,} people. Assumed, in seconds and functions:")
    print("  " + ", ".join(f"{item.name} {getattr(given, item.name):g}" for item in fields(given)))
    print(
        f"{'':<8}{'messages':>10}{'first':>9}{'last':>11}{'at best':>11}{'ratio':>7}{'rate used':>11}{'busiest':>9}"
        f"{'refused':>9}{'put back':>10}{'writes':>8}"
    )
    for name, channel in simulate(asked.recipients, asked.sms_rate, asked.email_rate, given).items():
        print(_line(name, channel, asked.recipients))
    print("rate used: from first to last message; busiest: 10 s; writes: of the shared clock, per recipient")
    return 0


def _line(name: str, channel: Channel, recipients: int) -> str:
    provider, times = channel.provider, channel.provider.times
    best = len(times) / provider.rate
    put_back = channel.pool.received - 1 - recipients // BATCH_SIZE
    return (
        f"{name:<8}{len(times):>10,}{times[0]:>8.1f}s{times[-1]:>10.1f}s{best:>10.1f}s{times[-1] / best:>7.2f}"
        f"{provider.used:>11.1%}{provider.most:>9.1%}{provider.refused:>9,}{max(put_back, 0):>10,}"
        f"{channel.pace.writes / len(times):>8.3f}"
    )


if __name__ == "__main__":
    sys.exit(main())
