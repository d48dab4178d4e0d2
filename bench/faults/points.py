"""What can go wrong, and where: every call of every port of ``wiring.Parts`` is a point, found by making it.

A port is wrapped without knowing what it does, so one that is added later is covered as it is. What is known of it is
its protocol: whether its answer is a provider's, and whether it is read bit by bit.
"""

import typing
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from bench.faults.scheduler import Scheduler, Task
from chalicelib.channels.model import Answer, Refusal, Refused
from chalicelib.channels.social import Declined

CALL_S = 0.002
SLOW_S = 10  # within every function's time, and longer than a sender likes to work


class Kind(StrEnum):
    """What happens at a point. A killed function does nothing more; its message comes back, as with Lambda and SQS."""

    KILL_BEFORE = "kill-before"
    KILL_AFTER = "kill-after"
    TIMEOUT_BEFORE = "timeout-before"  # the call hangs until Lambda ends the function, and does nothing
    TIMEOUT_AFTER = "timeout-after"  # the same, but what was asked was done
    THROTTLED = "throttled"  # refused, nothing done
    LOST = "lost"  # done, but the answer never came
    SILENT = "silent"  # not done, and no answer came either
    REPEATED = "repeated"  # done, but the answer never came, and the client asks again; a sender never does
    SLOW = "slow"
    TWICE = "twice"  # the queue hands the same message to another function, which runs to its end right here
    STOP = "stop"  # the dispatcher stops the alert right here
    UPDATE = "update"  # and this is when the dispatcher tells what has changed
    CLOSE = "close"
    KILL_STOP = "kill-then-stop"  # done, killed, and stopped before anybody takes over
    KILL_CLOSE = "kill-then-close"
    KNOWN = "known"  # it closed by itself, and somebody says right here how it ended
    KILL_KNOWN = "kill-then-known"


KILLS = {
    Kind.KILL_BEFORE,
    Kind.KILL_AFTER,
    Kind.TIMEOUT_BEFORE,
    Kind.TIMEOUT_AFTER,
    Kind.KILL_STOP,
    Kind.KILL_CLOSE,
    Kind.KILL_KNOWN,
}

UNANSWERED = {Kind.LOST, Kind.SILENT, Kind.REPEATED}  # of a provider, which is asked once


class NoAnswer(Exception):
    """A service did not answer in time, or said that there were too many calls."""


class Asked(NamedTuple):
    """What a port was called with."""

    arguments: tuple[Any, ...]
    named: Mapping[str, Any]

    @property
    def many(self) -> list[Any] | None:
        """The recipients, where a sender takes many in a call."""
        return next((argument for argument in self.arguments if isinstance(argument, list)), None)


class Happening(Protocol):
    """What the world does at a point, apart from the call itself."""

    def again(self, task: Task) -> Task | None:
        """Another function gets the same message."""
        ...

    def stop(self) -> None: ...

    def update(self) -> None: ...

    def close(self) -> None: ...

    def known(self) -> None: ...

    def changed(self, port: str) -> None:
        """A call was made: its table may have news for its stream."""
        ...

    def handed(self, port: str, task: Task, asked: "Asked", answers: list[Answer]) -> None:
        """A provider was called, and this is what it did."""
        ...


@dataclass
class Gate:
    """All calls go through here. ``faults``: point -> what happens there. ``trace``: the points, as they came.

    ``unanswered``: messages of which a provider did not say whether it took them; each is tried once more.

    ``asked_once``: the calls, as ``port.method``, of providers and networks, whose clients never ask again.

    ``crowd``: how likely a call lets others in, where the scheduler draws who runs.
    """

    scheduler: Scheduler
    world: Happening
    faults: Mapping[str, Kind] = field(default_factory=dict)
    random_faults: Callable[[], Kind | None] = lambda: None
    crowd: float = 0
    trace: list[str] = field(default_factory=list)
    struck: list[tuple[str, Kind]] = field(default_factory=list)
    unanswered: int = 0
    asked_once: set[str] = field(default_factory=set)
    claims: dict[int, int] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)

    def call(self, port: str, method: str, act: Callable[[], Any]) -> Any:
        """A call of a store or a queue."""
        if self.scheduler.current is None:  # the control room's own, or a check's
            return act()
        kind = self._point(port, method)
        if kind in (Kind.THROTTLED, Kind.SILENT):
            raise NoAnswer(kind)
        for _ in range(2 if kind is Kind.REPEATED else 1):
            result = act()
            self.world.changed(port)
        self._afterwards(kind)
        if kind is Kind.LOST:
            raise NoAnswer(kind)
        return result

    def provide(self, port: str, method: str, act: Callable[[], Any], asked: Asked) -> Any:
        """A call of a provider, whose sender answers and does not raise."""
        task = self.scheduler.current
        if task is None:
            return act()
        kind = self._point(port, method)
        self.asked_once.add(f"{port}.{method}")
        if kind is Kind.THROTTLED:
            return _instead(asked, Refused(Refusal.THROTTLED, "Throttled"))
        if kind in UNANSWERED:
            self.unanswered += 1 if asked.many is None else len(asked.many)
        if kind is Kind.SILENT:
            return _instead(asked, Refused(Refusal.UNKNOWN, "ReadTimeout"))
        answer = act()
        self.world.handed(port, task, asked, answer if isinstance(answer, list) else [answer])
        self._afterwards(kind)
        return _instead(asked, Refused(Refusal.UNKNOWN, "ReadTimeout")) if kind in UNANSWERED else answer

    def publish(self, port: str, method: str, act: Callable[[], Any]) -> Any:
        """A call of a social network, whose poster answers and does not raise."""
        if self.scheduler.current is None:
            return act()
        kind = self._point(port, method)
        self.asked_once.add(f"{port}.{method}")
        if kind is Kind.THROTTLED:
            return Declined(Refusal.THROTTLED, "429")
        answer = Declined(Refusal.UNKNOWN, "ReadTimeout") if kind is Kind.SILENT else act()
        self._afterwards(kind)
        return Declined(Refusal.UNKNOWN, "ReadTimeout") if kind in UNANSWERED else answer

    def _point(self, port: str, method: str) -> Kind | None:
        """What is to happen at this call; done here where it comes before it."""
        scheduler = self.scheduler
        scheduler.check()
        task = scheduler.current
        assert task is not None
        name = f"{task.function}/{port}.{method}"
        self._numbers[name] += 1
        point = f"{name}/{self._numbers[name]}"
        self.trace.append(point)
        if method == "claim":
            self.claims[task.number] = len(self.trace)
        kind = self.faults.get(point) or self.random_faults()
        if kind:
            self.struck.append((point, kind))
        if scheduler.crowd and scheduler.crowd.random() < self.crowd:
            scheduler.let_others_in()
        match kind:
            case Kind.KILL_BEFORE:
                task.kill()
            case Kind.TIMEOUT_BEFORE:
                scheduler.sleep(3600)
            case Kind.SLOW:
                scheduler.sleep(SLOW_S)
            case Kind.TWICE if other := self.world.again(task):
                scheduler.wait_for(other)
            case Kind.STOP:
                self.world.stop()
            case Kind.UPDATE:
                self.world.update()
            case Kind.CLOSE:
                self.world.close()
            case Kind.KNOWN:
                self.world.known()
        scheduler.check()
        scheduler.spend(CALL_S)
        return kind

    def _afterwards(self, kind: Kind | None) -> None:
        task = self.scheduler.current
        assert task is not None
        match kind:
            case Kind.KILL_AFTER:
                task.kill()
            case Kind.TIMEOUT_AFTER:
                self.scheduler.sleep(3600)
            case Kind.KILL_STOP:
                self.world.stop()
                task.kill()
            case Kind.KILL_CLOSE:
                self.world.close()
                task.kill()
            case Kind.KILL_KNOWN:
                self.world.known()
                task.kill()


def _instead(asked: Asked, answer: Refused) -> Any:
    """An answer for each recipient, in the form in which the sender gives it."""
    return answer if asked.many is None else [answer] * len(asked.many)


class Wrapped:
    """A port, each call of which goes through the gate."""

    def __init__(self, gate: Gate, name: str, protocol: type, twin: object) -> None:
        self._gate, self._name, self._protocol, self._twin = gate, name, protocol, twin

    def __getattr__(self, method: str) -> Any:
        made = getattr(self._twin, method)
        if not callable(made):
            return made
        said = _said(self._protocol, method)

        def called(*given: Any, **more: Any) -> Any:
            # What is asked again asks the same.
            arguments = tuple(tuple(it) if isinstance(it, Iterator) else it for it in given)

            def act() -> Any:
                return made(*arguments, **more)

            if said in (Answer, list[Answer]):
                return self._gate.provide(self._name, method, act, Asked(arguments, more))
            if Declined in typing.get_args(said):
                return self._gate.publish(self._name, method, act)
            if typing.get_origin(said) is Iterator:  # a database is asked when the first row is wanted
                return self._later(method, act)
            return self._gate.call(self._name, method, act)

        return called

    def _later(self, method: str, act: Callable[[], Any]) -> Iterator[Any]:
        yield from self._gate.call(self._name, method, act)


def _said(protocol: type, method: str) -> Any:
    """What a method of a port says that it returns."""
    function = getattr(protocol, method, None)
    return typing.get_type_hints(function).get("return") if function else None
