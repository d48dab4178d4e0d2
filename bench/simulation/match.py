"""A matcher in simulated time: it writes batches and hands them out some at a time, while it reads on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import ceil

from bench.simulation.assumptions import Assumptions
from bench.simulation.engine import Clock, Table
from bench.simulation.plan import Unit
from chalicelib.delivery.hand_out import FIRST_FLUSH, FLUSH
from chalicelib.delivery.match import LOOK_AHEAD, batch_size

QUERIES = 8  # of a unit (docs/benchmarks.md)
BEFORE = 2  # calls: the alert, and what stands in the ledger


@dataclass
class Matching:
    """``told``: what puts a batch on the queue of a channel, by share of the people: its number, and its messages.

    ``done``: called at the end. ``read``: queries made. ``number``: of the next batch. ``waiting``: how many people
    are in each batch before it that is not handed out yet. ``ahead``: when what goes on beside a batch is done: the row
    of lanes of the next one, and reading as many people more.
    """

    clock: Clock
    given: Assumptions
    ledger: Table
    unit: Unit
    told: tuple[tuple[float, Callable[[int, int], None]], ...]
    done: Callable[[], None]
    read: int = 0
    number: int = 0
    asked: int = 0
    waiting: list[int] = field(default_factory=list)
    ahead: float = 0.0

    def begin(self) -> None:
        calls, computed = self._read_to(LOOK_AHEAD)
        lanes = self.given.call_s + self.ledger.write(1)
        self.clock.after(BEFORE * self.given.call_s + calls + computed + lanes, self._batch)

    def _batch(self) -> None:
        left = self.unit.people - self.asked
        if not left:
            self._hand_out(self.done)
            return
        size = min(batch_size(self.number, left), left)
        self.number += 1
        self.asked += size
        self.waiting.append(size)
        calls, computed = self._read_to(self.asked + LOOK_AHEAD)
        lanes = self.given.call_s + self.ledger.write(1) if self.asked < self.unit.people else 0.0
        self.ahead = self.clock.seconds + max(calls, lanes)
        computed += size * self.given.match_cpu_s
        writing = self.given.call_s + self.ledger.write(ceil(size * self.given.person_units))
        self.clock.after(writing + computed, self._written)

    def _read_to(self, people: int) -> tuple[float, float]:
        """Seconds of calls and of CPU until so many people of the unit are known, who live evenly over its ranges."""
        queries = ceil(QUERIES * min(people, self.unit.people) / self.unit.people) - self.read
        self.read += queries
        return queries * self.given.call_s, queries * self.unit.places / QUERIES * self.given.item_s

    def _written(self) -> None:
        if len(self.waiting) == (FLUSH if self.number > FIRST_FLUSH else FIRST_FLUSH):
            self._hand_out(self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        self.clock.after(max(self.ahead - self.clock.seconds, 0.0), self._batch)

    def _hand_out(self, then: Callable[[], None]) -> None:
        """One request to the queue of each channel, one after the other; then go on."""
        lot, self.waiting = list(enumerate(self.waiting, self.number - len(self.waiting))), []
        wait = 0.0
        for share, put in self.told if lot else ():
            wait += self.given.call_s
            self.clock.after(wait, partial(_put, put, [(number, round(people * share)) for number, people in lot]))
        self.clock.after(wait, then)


def _put(put: Callable[[int, int], None], lot: list[tuple[int, int]]) -> None:
    for number, messages in lot:
        put(number, messages)
