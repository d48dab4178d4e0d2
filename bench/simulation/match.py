"""A matcher in simulated time: it reads a unit as far as it must, writes batches, and hands them out some at a time."""

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
OF_A_BATCH = 2  # its lanes, then its people


@dataclass
class Matching:
    """``told``: what puts a batch on the queue of a channel, by share of the people: its number, and its messages.

    ``done``: called at the end. ``read``: queries made. ``number``: of the next batch. ``waiting``: how many people
    are in each batch before it that is not handed out yet.
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

    def begin(self) -> None:
        self.clock.after(BEFORE * self.given.call_s, self._batch)

    def _batch(self) -> None:
        left = self.unit.people - self.asked
        if not left:
            self._hand_out(self.done)
            return
        reading = self._reading(min(self.asked + LOOK_AHEAD, self.unit.people))
        size = min(batch_size(self.number, left), left)
        writing = OF_A_BATCH * self.given.call_s + size * self.given.match_cpu_s
        writing += self.ledger.write(1 + ceil(size * self.given.person_units))
        self.number += 1
        self.asked += size
        self.waiting.append(size)
        self.clock.after(reading + writing, self._written)

    def _reading(self, people: int) -> float:
        """Seconds until so many people of the unit are known, who live evenly over its ranges."""
        queries = ceil(QUERIES * people / self.unit.people) - self.read
        self.read += queries
        return queries * (self.given.call_s + self.unit.places / QUERIES * self.given.item_s)

    def _written(self) -> None:
        if len(self.waiting) == (FLUSH if self.number > FIRST_FLUSH else FIRST_FLUSH):
            self._hand_out(self._batch)
        else:
            self._batch()

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
