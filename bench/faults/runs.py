"""Many runs, each a world of its own, and what they add up to."""

import contextlib
import io
import multiprocessing
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, reduce
from math import ceil
from typing import NamedTuple

from bench.faults.checks import verdict
from bench.faults.points import KILLS, Kind
from bench.faults.scheduler import NeverQuiet
from bench.faults.world import World
from chalicelib.platform.observe import logger

LATE = "+late"  # SES's events come after the lease has ended
WAVES = "+waves"  # the nearest are asked first
PUBLIC = "+public"  # everybody may know
OTHER = "+other"  # texts and calls by End User Messaging and Connect
UNANSWERED = "+unanswered"  # nobody closes it; how it ended is known afterwards
OF_WAVES = ("waves/", "plan/", "match/")  # what works otherwise in waves
OF_PUBLIC = ("post_social/", "send_topics/", "relay/queues.send_social", "relay/queues.send_topics")
OF_OTHER = ("send_sms/", "send_voice/", "receipts/")
BY_ITSELF = "remind/"  # what closes it, where nobody does
NOT_AFTER = frozenset({Kind.STOP, Kind.UPDATE, Kind.CLOSE, Kind.KILL_STOP, Kind.KILL_CLOSE})  # it is over
ONLY_AFTER = frozenset({Kind.KNOWN, Kind.KILL_KNOWN})
LOT = 50  # runs that one process does at a time


@dataclass(frozen=True)
class Run:
    """One fault at one point, or, by ``seed``, several, with disorder. Its name repeats it."""

    point: str = ""
    kind: Kind = Kind.KILL_BEFORE
    late: bool = False
    waves: bool = False
    public: bool = False
    other: bool = False
    unanswered: bool = False
    seed: int | None = None

    @property
    def name(self) -> str:
        if self.seed is not None:
            return f"seed:{self.seed}"
        more = LATE * self.late + WAVES * self.waves + PUBLIC * self.public + OTHER * self.other
        return f"{self.point}:{self.kind}{more}{UNANSWERED * self.unanswered}"

    @classmethod
    def named(cls, name: str) -> "Run":
        """Raises ``ValueError`` where it is no name of a run."""
        if match := re.fullmatch(r"seed:(\d+)", name):
            return cls(seed=int(match[1]))
        point, _, words = name.rpartition(":")
        kind, *more = words.split("+")
        return cls(point, Kind(kind), *(name in more for name in ("late", "waves", "public", "other", "unanswered")))

    def world(self) -> World:
        if self.seed is not None:
            return World(seed=self.seed)
        return World(
            {self.point: self.kind},
            late=self.late,
            waves=self.waves,
            public=self.public,
            other=self.other,
            unanswered=self.unanswered,
        )


@dataclass
class Sum:
    """``broken``: name of a run -> the promises that it broke. ``..._late``: where SES's events came too late."""

    runs: int = 0
    calls: int = 0
    faults: int = 0
    kills: int = 0
    messages: int = 0
    doubled: int = 0
    most_doubled: int = 0
    most_doubled_late: int = 0
    unknown: int = 0
    functions: Counter[str] = field(default_factory=Counter)
    broken: dict[str, list[str]] = field(default_factory=dict)

    def plus(self, other: "Sum") -> "Sum":
        return Sum(
            self.runs + other.runs,
            self.calls + other.calls,
            self.faults + other.faults,
            self.kills + other.kills,
            self.messages + other.messages,
            self.doubled + other.doubled,
            max(self.most_doubled, other.most_doubled),
            max(self.most_doubled_late, other.most_doubled_late),
            self.unknown + other.unknown,
            self.functions + other.functions,
            self.broken | other.broken,
        )


def one(run: Run) -> Sum:
    world = run.world()
    with quietly():
        try:
            world.run()
        except NeverQuiet as endless:
            return Sum(runs=1, broken={run.name: [f"never quiet: {endless}"]})
        found = verdict(world)
    struck = world.gate.struck
    problems = list(found.broken)
    if run.seed is None and not struck:
        problems.append("no such point: it did not come up")
    kills = sum(kind in KILLS for _, kind in struck)
    each = ceil(max(0, found.doubled - world.gate.unanswered) / kills) if kills else 0
    return Sum(
        runs=1,
        calls=len(world.gate.trace),
        faults=len(struck),
        kills=kills,
        messages=len(world.taken),
        doubled=found.doubled,
        most_doubled=0 if world.late else each,
        most_doubled_late=each if world.late else 0,
        unknown=found.unknown,
        functions=Counter(point.partition("/")[0] for point, _ in struck),
        broken={run.name: problems} if problems else {},
    )


def _some(runs: Sequence[Run]) -> Sum:
    return reduce(Sum.plus, map(one, runs), Sum())


def total(runs: Sequence[Run], jobs: int = 1) -> Sum:
    """``jobs``: processes at the same time."""
    if jobs == 1 or len(runs) <= LOT:
        return _some(runs)
    lots = [runs[start : start + LOT] for start in range(0, len(runs), LOT)]
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        return reduce(Sum.plus, pool.map(_some, lots), Sum())


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without the product's log, and without the metrics that it prints."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(level)


class Calls(NamedTuple):
    """``points``: of all calls, as they came. ``asked_once``: as of ``Gate``."""

    points: Sequence[str]
    asked_once: Set[str]


@cache
def calls(**which: bool) -> Calls:
    """Those that a run without faults makes. ``which``: of ``World``."""
    world = World(**which)  # type: ignore[arg-type]
    with quietly():
        world.run()
    return Calls(world.gate.trace, world.gate.asked_once)


def points(**which: bool) -> Sequence[str]:
    return calls(**which).points


def _of_no_client(point: str) -> bool:
    """Whether what is called there is never asked again behind its sender's back."""
    once = calls().asked_once | calls(public=True).asked_once | calls(other=True).asked_once
    return point.split("/")[1] in once


def after_the_end(**which: bool) -> Sequence[str]:
    """Those that come once nobody has closed it."""
    there = points(unanswered=True, **which)
    return there[next(number for number, point in enumerate(there) if point.startswith(BY_ITSELF)) :]


def single(kinds: Iterable[Kind] = tuple(Kind)) -> list[Run]:
    """Every kind of fault at every point.

    What is killed around e-mail, once more without events in time; the steps of an alert in waves, of one that
    everybody may know of, and of texts and calls that go by other providers; and whatever comes after the end of one
    that nobody closes. Whoever never asks again does not repeat a call.
    """
    there = points()
    late = [point for point in there if point.startswith("send_email/")]
    waved = [point for point in points(waves=True) if point.startswith(OF_WAVES)]
    public = [point for point in points(public=True) if point.startswith(OF_PUBLIC)]
    other = [point for point in points(other=True) if point.startswith(OF_OTHER)]
    over = after_the_end()
    public_over = [point for point in after_the_end(public=True) if point.startswith(OF_PUBLIC)]
    before = [
        run
        for kind in kinds
        if kind not in ONLY_AFTER
        for run in (
            *(Run(point, kind) for point in there),
            *(Run(point, kind, late=True) for point in late if kind in KILLS),
            *(Run(point, kind, waves=True) for point in waved),
            *(Run(point, kind, public=True) for point in public),
            *(Run(point, kind, other=True) for point in other),
        )
    ]
    after = [
        run
        for kind in kinds
        if kind not in NOT_AFTER
        for run in (
            *(Run(point, kind, unanswered=True) for point in over),
            *(Run(point, kind, public=True, unanswered=True) for point in public_over),
        )
    ]
    return [run for run in before + after if run.kind is not Kind.REPEATED or not _of_no_client(run.point)]


def drawn(count: int, seed: int) -> list[Run]:
    dice = random.Random(seed)
    return [Run(seed=dice.randrange(1_000_000)) for _ in range(count)]
