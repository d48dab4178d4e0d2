"""What runs in simulated time: a clock, providers that take so much and no more, functions behind a queue, a table."""

import heapq
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.simulation.assumptions import Assumptions

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
WINDOW_S = 10  # over which a rate is looked at


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
class Table:
    """Writes to one partition key, one after the other: ``rate`` units a second, and none saved up from before."""

    clock: Clock
    rate: float
    units: int = 0
    _free: float = 0.0

    def write(self, units: int) -> float:
        """Seconds until they are written."""
        self.units += units
        self._free = max(self._free, self.clock.seconds) + units / self.rate
        return self._free - self.clock.seconds


@dataclass
class Account:
    """Functions of all pools together. ``pools``: who waits for whom."""

    most: int
    busy: int = 0
    pools: list["Pool"] = field(default_factory=list)

    def freed(self) -> None:
        self.busy -= 1
        for pool in self.pools:
            pool.start()


@dataclass
class Pool:
    """Functions behind one queue: as many as its pollers have started by now, the account allows, and Lambda has made.

    ``most``: at the same time. ``idle``: environments that have run before; any other is made first. ``busy_s``:
    function seconds in all. ``waiting``, ``at_work``: by group; of which group the next one is, ``given.fair`` says.
    """

    clock: Clock
    given: Assumptions
    account: Account
    most: int
    busy: int = 0
    received: int = 0
    made: int = 0
    idle: int = 0
    busy_s: float = 0.0
    waiting: dict[Hashable, deque[Callable[[], None]]] = field(default_factory=dict)
    at_work: Counter[Hashable] = field(default_factory=Counter)
    _counted: float = 0.0

    def __post_init__(self) -> None:
        self.account.pools.append(self)
        self.idle = self.given.warm

    def put(self, work: Callable[[], None], delay_s: float = 0.0, group: Hashable = None) -> None:
        """``work`` begins when a function is free, and calls ``done`` when it ends."""
        self.clock.after(delay_s + self.given.hand_over_s, lambda: self._arrive(work, group))

    def done(self, group: Hashable = None) -> None:
        self._count()
        self.busy -= 1
        self.at_work[group if self.given.fair else None] -= 1
        self.idle += 1
        self.account.freed()

    def start(self) -> None:
        pollers = self.given.pollers_at_start + self.given.pollers_per_minute * self.clock.seconds / 60
        most = min(self.most, int(pollers))
        while self.waiting and self.busy < most and self.account.busy < self.account.most:
            self._count()
            self.busy += 1
            self.account.busy += 1
            self.received += 1
            self.clock.after(self._environment(), self._next())

    def _next(self) -> Callable[[], None]:
        """Of the group with the fewest at work; of several, of the one whose turn was longest ago."""
        group = min(self.waiting, key=self.at_work.__getitem__)
        works = self.waiting.pop(group)
        work = works.popleft()
        if works:
            self.waiting[group] = works
        self.at_work[group] += 1
        return work

    def _environment(self) -> float:
        """Seconds until there is one: of one that ran before, none."""
        if self.idle:
            self.idle -= 1
            return 0.0
        self.made += 1
        # Lambda makes so many in ten seconds; the others wait for their turn.
        ready = (self.made - 1) // self.given.environments_per_10s * 10.0
        return max(ready - self.clock.seconds, 0.0) + self.given.cold_start_s

    def _arrive(self, work: Callable[[], None], group: Hashable) -> None:
        self.waiting.setdefault(group if self.given.fair else None, deque()).append(work)
        self.start()

    def _count(self) -> None:
        self.busy_s += self.busy * (self.clock.seconds - self._counted)
        self._counted = self.clock.seconds
