"""Delivery receipts: planned when a message is taken, handed over when due, kept until they are taken."""

import heapq
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from chalicelib.platform.clock import Clock
from local.carrier.inbox import Inbox, Message
from local.carrier.outlets import Away, Kind, Outlet, Receipt
from local.carrier.stories import Step

FLUSH_S = 0.2  # one hand-over is one invocation of what listens: so few and large ones
FIRST_PAUSE = timedelta(milliseconds=500)
LAST_PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, order=True)
class Planned:
    due: datetime
    number: int
    message: Message = field(compare=False)
    step: Step = field(compare=False)


@dataclass
class Line:
    """Receipts of one kind that their outlet has not taken yet."""

    outlet: Outlet
    waiting: deque[Receipt] = field(default_factory=deque)
    pause: timedelta = FIRST_PAUSE
    not_before: datetime | None = None


class Receipts:
    """``outlets``: receipts of a kind without one are let go. ``latency_ms``: from taken to delivered.

    ``is_wanted``: whether anybody has asked for such a receipt.
    """

    def __init__(
        self,
        inbox: Inbox,
        outlets: Mapping[Kind, Outlet],
        clock: Clock,
        latency_ms: int = 300,
        is_wanted: Callable[[Receipt], bool] = lambda _: True,
    ) -> None:
        self._inbox = inbox
        self._clock = clock
        self._latency = timedelta(milliseconds=latency_ms)
        self._is_wanted = is_wanted
        self._lock = threading.Lock()
        self._planned: list[Planned] = []
        self._numbers = count()
        self._lines = {kind: Line(outlet) for kind, outlet in outlets.items()}
        self._stopping = threading.Event()

    @property
    def waiting(self) -> int:
        """How many are to come, or not taken yet."""
        with self._lock:
            return len(self._planned) + sum(len(line.waiting) for line in self._lines.values())

    def plan(self, message: Message, steps: Sequence[Step]) -> None:
        with self._lock:
            for step in steps:
                due = message.at + self._latency * step.latencies + timedelta(milliseconds=step.extra_ms)
                heapq.heappush(self._planned, Planned(due, next(self._numbers), message, step))

    def flush(self) -> None:
        """Let happen what is due and hand over what is to be said; what is not taken waits, in its order."""
        now = self._clock.now()
        with self._lock:
            while self._planned and self._planned[0].due <= now:
                self._happen(heapq.heappop(self._planned), now)
        for line in self._lines.values():
            if line.waiting and (line.not_before is None or now >= line.not_before):
                self._hand_over(line, now)

    def run(self) -> None:
        """Flush until ``stop``."""
        while not self._stopping.wait(FLUSH_S):
            self.flush()

    def start(self) -> None:
        """In a thread that ends with the process, whatever it waits for."""
        threading.Thread(target=self.run, name="receipts", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _happen(self, planned: Planned, now: datetime) -> None:
        step = planned.step
        if step.status:
            self._inbox.mark(planned.message, step.status)
        if step.receipt is None or step.kind not in self._lines:
            return
        receipt = step.receipt(now)
        if self._is_wanted(receipt):
            self._lines[step.kind].waiting.append(receipt)

    def _hand_over(self, line: Line, now: datetime) -> None:
        offered = list(line.waiting)
        try:
            line.outlet.put(offered)
            taken = len(offered)
            line.not_before, line.pause = None, FIRST_PAUSE
        except Away as away:
            taken = away.taken
            line.not_before, line.pause = now + line.pause, min(line.pause * 2, LAST_PAUSE)
        with self._lock:
            for _ in range(taken):
                line.waiting.popleft()
