"""Virtual time, and invocations that run one at a time: each in a thread of its own, which moves only when it is given
the baton. So where a function calls a port another can be let in, and the same seed gives the same order.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import ClassVar


class Killed(BaseException):
    """The function is dead. No ``except Exception`` sees it, and what a ``finally`` still tries is killed again."""


class NeverQuiet(Exception):
    """Something goes round in circles."""


class Baton:
    """Given by one thread, taken by another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lock.acquire()

    def give(self) -> None:
        self._lock.release()

    def take(self) -> None:
        self._lock.acquire()


class Worker:
    """A thread that lives one invocation after another: making one takes longer than what most of them do."""

    idle: ClassVar[list["Worker"]] = []

    def __init__(self) -> None:
        self.baton = Baton()
        self.work: Callable[[], None] = _nothing
        Thread(target=self._live, daemon=True).start()

    @classmethod
    def ready(cls, work: Callable[[], None]) -> "Worker":
        """One that will do this when it is given the baton. ``work`` gives it back at its end."""
        worker = cls.idle.pop() if cls.idle else cls()
        worker.work = work
        return worker

    def _live(self) -> None:
        while True:
            self.baton.take()
            self.work()


def _nothing() -> None: ...


@dataclass(eq=False)
class Task:
    """One invocation. ``event``: what woke it. ``deadline``: when Lambda ends it."""

    function: str
    event: object
    deadline: datetime
    number: int
    dead: bool = False
    worker: Worker | None = None
    after: list[Callable[[], None]] = field(default_factory=list)

    def kill(self) -> None:
        self.dead = True
        raise Killed


@dataclass
class Scheduler:
    """``crowd``: where given, who runs next is drawn, and a call may let others in; else each runs until it waits."""

    now: datetime
    crowd: random.Random | None = None
    steps_left: int = 200_000
    current: Task | None = None
    tasks: int = 0
    crash: BaseException | None = None
    _ready: list[Task] = field(default_factory=list)
    _due: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0
    _baton: Baton = field(default_factory=Baton)

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, (max(moment, self.now), self._count, act))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self.at(self.now + timedelta(seconds=seconds), act)

    def start(self, function: str, event: object, timeout_s: float, act: Callable[[], None]) -> Task:
        """An invocation that will run when it is its turn."""
        self.tasks += 1
        task = Task(function, event, self.now + timedelta(seconds=timeout_s), self.tasks)
        task.worker = Worker.ready(lambda: self._live(task, act))
        self._ready.append(task)
        return task

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._ready or self._due:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise NeverQuiet(f"at {self.now}")
            if self._ready:
                self._let(self._ready.pop(self.crowd.randrange(len(self._ready)) if self.crowd else 0))
                if self.crash:
                    raise self.crash
            else:
                moment, _, act = heapq.heappop(self._due)
                self.now = max(self.now, moment)
                act()

    def sleep(self, seconds: float) -> None:
        """Called in an invocation: others run meanwhile. Its own time may end before that."""
        task = self._alive()
        wake = self.now + timedelta(seconds=seconds)
        self.at(min(wake, task.deadline), lambda: self._ready.append(task))
        self._away(task)
        self._alive()

    def let_others_in(self) -> None:
        """Called in an invocation: it goes on when its turn comes again."""
        task = self._alive()
        self._ready.append(task)
        self._away(task)

    def wait_for(self, other: Task) -> None:
        task = self._alive()
        other.after.append(lambda: self._ready.append(task))
        self._away(task)

    def spend(self, seconds: float) -> None:
        """Time that goes by while nobody else moves."""
        self.now += timedelta(seconds=seconds)

    def check(self) -> None:
        """Raises ``Killed`` where this invocation is dead, or its time is over."""
        self._alive()

    def _alive(self) -> Task:
        task = self.current
        assert task is not None, "only an invocation can wait"
        if task.dead or self.now >= task.deadline:
            task.kill()
        return task

    def _let(self, task: Task) -> None:
        self.current = task
        assert task.worker is not None
        task.worker.baton.give()
        self._baton.take()
        self.current = None

    def _away(self, task: Task) -> None:
        assert task.worker is not None
        self._baton.give()
        task.worker.baton.take()

    def _live(self, task: Task, act: Callable[[], None]) -> None:
        try:
            act()
        except Killed:
            pass
        except BaseException as crash:  # the harness is wrong: tell it where it is read
            self.crash = crash
        finally:
            for then in task.after:
                then()
            assert task.worker is not None
            Worker.idle.append(task.worker)
            self._baton.give()
