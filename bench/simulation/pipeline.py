"""The pipeline of one alert as discrete events, from the end of the countdown to the last message.

The steps, their order, batch sizes, turns, retries and backoff are the product's own (``delivery.pacing`` itself says
who may begin), and the units are those that its plan gives; the times of AWS's services are assumptions.
"""

import heapq
import random
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bench.simulation.assumptions import Assumptions
from bench.simulation.engine import START, Account, Clock, Pool, Provider, Table
from bench.simulation.match import Matching
from bench.simulation.plan import Unit
from chalicelib.channels.email import BULK
from chalicelib.channels.model import Channel as Name
from chalicelib.delivery.dispatch import PATIENCE_S, WORK_TIME
from chalicelib.delivery.lots import CALL_US, at_once
from chalicelib.delivery.model import CHECKPOINT
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import SECOND_US, Pacer, Turn
from chalicelib.delivery.retries import backoff_s
from chalicelib.platform.clock import epoch_us


@dataclass(eq=False)
class Alert:
    """One of those that are sent. ``after_s``: when its countdown ends. ``times``: by channel, when messages left."""

    units: Sequence[Unit]
    after_s: float
    ledger: Table
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def last(self) -> float:
        """Seconds from the end of its countdown to its last message."""
        return max(times[-1] for times in self.times.values()) - self.after_s


@dataclass
class Batch:
    """``left``: messages that are still to be sent. ``pacer``: of the function that has it."""

    alert: Alert
    number: int
    left: int
    attempt: int
    pacer: Pacer


@dataclass
class Channel:
    """One channel's way through its batches. ``call_s``: of one call, which with ``bulk`` carries many messages.

    ``cpu_s``: of one message.
    """

    clock: Clock
    given: Assumptions
    account: Account
    provider: Provider
    name: Name
    rate: float
    call_s: float
    cpu_s: float
    bulk: bool
    pace: MemoryPace = field(default_factory=MemoryPace)
    put_back: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        chance = random.Random(self.name).random
        self.pool = Pool(self.clock, self.given, self.account, self.given.most_functions)
        self.pacers = deque(
            Pacer(self.pace, self.clock, self.name, self.rate, chance) for _ in range(self.given.most_functions)
        )

    def put(self, alert: Alert, number: int, left: int, attempt: int = 0, delay_s: float = 0.0) -> None:
        if left:
            self.pool.put(lambda: self._begin(alert, number, left, attempt), delay_s, id(alert))

    def _begin(self, alert: Alert, number: int, left: int, attempt: int) -> None:
        batch = Batch(alert, number, left, attempt, self.pacers.popleft())
        self._wait(batch, self.clock.seconds + PATIENCE_S, begun=False)

    def _wait(self, batch: Batch, until: float, *, begun: bool) -> None:
        turn = batch.pacer.ask(str(id(batch.alert)), batch.left, begun=begun)
        if isinstance(turn, Turn):
            wait = (turn.begin_us - epoch_us(self.clock.now())) / SECOND_US
            before = self.given.call_s * (1 if begun else 3)  # the shared clock, then the claim and the look
            if not begun:
                until = self.clock.seconds + wait + WORK_TIME.total_seconds()
            if not begun:
                before += batch.alert.ledger.write(1)
            self.clock.after(max(wait, 0.0) + before, partial(self._group, batch, turn, until, 0))
        elif self.clock.seconds + turn > until:
            self._back(batch, 0.0)
        else:
            self.clock.after(turn, lambda: self._wait(batch, until, begun=begun))

    def _group(self, batch: Batch, turn: Turn, until: float, done: int) -> None:
        """Send and write the turn's messages from number ``done`` on that are written together."""
        step = min(turn.messages_in(CALL_US), BULK) if self.bulk else 1
        size = min(step if self.bulk else CHECKPOINT, turn.messages - done)
        free = [self.clock.seconds] * (1 if self.bulk else at_once(self.rate))  # when each thread is
        taken: list[int] = []
        for number in range(done, done + size, step):
            due = (turn.begin_us + number * turn.gap_us - epoch_us(START)) / SECOND_US
            begin = max(heapq.heappop(free), due)
            heapq.heappush(free, begin + self.call_s)
            self.clock.after(begin - self.clock.seconds, lambda: taken.append(self._take(batch.alert, min(step, size))))
        computed = self.clock.seconds + size * self.cpu_s / self.given.sender_cpu
        written = max(*free, computed) + self.given.call_s + batch.alert.ledger.write(1)
        self.clock.after(
            written - self.clock.seconds, lambda: self._written(batch, turn, until, done + size, size - sum(taken))
        )
        batch.left -= size

    def _take(self, alert: Alert, messages: int) -> int:
        taken = self.provider.take(messages)
        alert.times[self.name] += [self.clock.seconds] * taken
        return taken

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
        self.put_back += 1
        self.put(batch.alert, batch.number, batch.left, batch.attempt, delay_s)

    def _end(self, batch: Batch) -> None:
        self.pacers.append(batch.pacer)
        self.pool.done(id(batch.alert))


@dataclass(frozen=True)
class Played:
    """What simulated alerts did. ``matchers``: the functions that matched; ``alerts``: in the order asked for."""

    channels: Mapping[str, Channel]
    matchers: Pool
    alerts: Sequence[Alert]

    @property
    def ledger_units(self) -> int:
        return sum(alert.ledger.units for alert in self.alerts)

    @property
    def units(self) -> int:
        return sum(len(alert.units) for alert in self.alerts)

    @property
    def first(self) -> float:
        return min(channel.provider.times[0] for channel in self.channels.values() if channel.provider.times)

    @property
    def last(self) -> float:
        return max(channel.provider.times[-1] for channel in self.channels.values() if channel.provider.times)


def simulate(
    units: Sequence[Unit],
    sms_rate: float,
    email_rate: float,
    given: Assumptions,
    takes: Mapping[str, float] | None = None,
    then: Sequence[tuple[Sequence[Unit], float]] = (),
) -> Played:
    """``takes``: what a provider really takes, where that is not what it granted.

    ``then``: the units of further alerts, and how many seconds later the countdown of each ends.
    """
    clock = Clock()
    account = Account(given.account_functions)
    sms, email = ({"sms": sms_rate, "email": email_rate} | dict(takes or {})).values()
    shared = clock, given, account
    channels = {
        "sms": Channel(*shared, Provider(clock, sms), Name.SMS, sms_rate, given.publish_s, given.sms_cpu_s, bulk=False),
        "email": Channel(
            *shared, Provider(clock, email), Name.EMAIL, email_rate, given.bulk_s, given.email_cpu_s, bulk=True
        ),
    }
    matchers = Pool(clock, given, account, given.most_matchers)
    alerts = [Alert(lots, after_s, Table(clock, given.partition_writes)) for lots, after_s in ((units, 0.0), *then)]

    def plan(alert: Alert) -> None:
        told = tuple(
            (share, partial(channels[name].put, alert))
            for name, share in (("sms", given.sms_share), ("email", given.email_share))
        )
        for unit in alert.units:
            done = partial(matchers.done, id(alert))
            matchers.put(Matching(clock, given, alert.ledger, unit, told, done).begin, group=id(alert))

    for alert in alerts:  # the planner is there before the countdown ends, and has read the alert
        planned_s = 3 * given.call_s + given.plan_s * len(alert.units)
        clock.after(alert.after_s + planned_s, partial(plan, alert))
    clock.run()
    return Played(channels, matchers, alerts)
