"""What one alert meant for the areas of a partition, and what the alerts of a month add up to there. Pure.

A partition is a municipality, whose areas are its neighbourhoods, districts and itself; or the nation, whose areas are
its municipalities and itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import reduce
from operator import add, attrgetter
from statistics import median
from typing import Any, NamedTuple, TypeVar

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Kind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.areas import codes
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.reports.model import NATION

# What an urgent alert was sent for. "Other" says that something ended, not that it ended well.
SUCCESSES = frozenset({Result.SUSPECT_ARRESTED, Result.MISSING_PERSON_FOUND, Result.PROPERTY_RECOVERED})
HELPED = frozenset({Contribution.DIRECT, Contribution.INDIRECT})

Counts = Mapping[str, int]
K = TypeVar("K")
V = TypeVar("V")
NOBODY = AreaTally()


class Times(NamedTuple):
    """Whole seconds since the alert was approved; None: it has not come to it.

    ``first_message``, ``last_message``: when a provider took it; of a municipality's row among the parts of the alert
    that lie in it. ``first_tip``: whatever it says.
    """

    first_message: int | None = None
    last_message: int | None = None
    first_tip: int | None = None
    closing: int | None = None

    def joined(self, other: "Times") -> "Times":
        """Of the same alert in another partition: from the first message in either to the last."""
        first, last, *same = ([it for it in pair if it is not None] for pair in zip(self, other, strict=True))
        return Times(min(first, default=None), max(last, default=None), *(max(it, default=None) for it in same))


@dataclass(frozen=True)
class Facts:
    """What holds for an alert everywhere. ``opened``: when it began. ``result``, ``contribution``: once closed."""

    alert: str
    opened: datetime
    status: str
    kind: str
    category: str
    urgency: str
    tips: int = 0
    result: str | None = None
    contribution: str | None = None
    break_glass: bool = False

    @property
    def real(self) -> bool:
        """Exercises and tests count nowhere."""
        return self.status == Status.ACTUAL

    @property
    def month(self) -> str:
        """``2026-11``, of the Dutch calendar."""
        return f"{self.opened.astimezone(AMSTERDAM):%Y-%m}"

    @property
    def day(self) -> str:
        """``2026-11-30``, of the Dutch calendar."""
        return f"{self.opened.astimezone(AMSTERDAM):%Y-%m-%d}"


@dataclass(frozen=True)
class AlertRow:
    """One alert in one partition. ``people``: by neighbourhood; in the nation's row by municipality.

    ``version`` grows with everything that the row is made from, and never twice to the same: of two rows of one
    version only one was ever kept.
    """

    area: str
    facts: Facts
    times: Times
    people: Mapping[str, AreaTally]
    version: int

    def joined(self, other: "AlertRow") -> "AlertRow":
        """With the row of the same alert in another partition, where both are one now."""
        newer = self if self.version >= other.version else other
        both = self.people.keys() & other.people.keys()
        people = {**self.people, **other.people, **{code: self.people[code].plus(other.people[code]) for code in both}}
        return replace(newer, times=self.times.joined(other.times), people=people)

    def sums(self) -> dict[str, "Sums"]:
        """By area: what the alert adds there. The partition itself is touched also where nobody was matched."""
        totals: dict[str, AreaTally] = {self.area: NOBODY}
        for code, tally in self.people.items():
            for above in within(self.area, code):
                totals[above] = totals[above].plus(tally) if above in totals else tally
        return {code: Sums.of(self.facts, tally) for code, tally in totals.items()}


@dataclass(frozen=True)
class Sums:
    """Of real alerts. ``closed``: urgent ones that have ended; ``successes`` of those; ``helped``: of these, where
    participants had a part in it. ``reached_urgent``: people whom urgent ones reached.

    ``people``: matched; ``asked``: with a message that a provider took; ``reached``: with one delivered; ``spared``:
    whom a stop, a closing or the end of the alert came before. Each person once an alert, so more than once a month.
    """

    alerts: int = 0
    open: int = 0
    break_glass: int = 0
    closed: int = 0
    successes: int = 0
    helped: int = 0
    tips: int = 0
    people: int = 0
    asked: int = 0
    reached: int = 0
    reached_urgent: int = 0
    spared: int = 0
    by_kind: Counts = field(default_factory=dict)
    by_category: Counts = field(default_factory=dict)
    by_urgency: Counts = field(default_factory=dict)
    results: Counts = field(default_factory=dict)
    contributions: Counts = field(default_factory=dict)
    messages: Mapping[Channel, Messages] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Facts, tally: AreaTally) -> "Sums":
        urgent = facts.kind == Kind.ALERT
        closed = facts.result is not None and urgent
        success = closed and facts.result in SUCCESSES
        return cls(
            alerts=1,
            open=int(facts.result is None),
            break_glass=int(facts.break_glass),
            closed=int(closed),
            successes=int(success),
            helped=int(success and facts.contribution in HELPED),
            tips=facts.tips,
            people=tally.people,
            asked=tally.asked,
            reached=tally.reached,
            reached_urgent=tally.reached if urgent else 0,
            spared=tally.spared,
            by_kind={facts.kind: 1},
            by_category={facts.category: 1},
            by_urgency={facts.urgency: 1},
            results={facts.result: 1} if facts.result else {},
            contributions={facts.contribution: 1} if facts.contribution else {},
            messages=tally.messages,
        )

    def plus(self, other: "Sums") -> "Sums":
        return added([self, other])


NOTHING = Sums()
_COUNTS = ("by_kind", "by_category", "by_urgency", "results", "contributions")
_NUMBERS = tuple(it.name for it in fields(Sums) if it.name not in (*_COUNTS, "messages"))


class Line(NamedTuple):
    """Which row of an alert a month was made with, and its times, so that medians are exact."""

    version: int
    times: Times


@dataclass(frozen=True)
class MonthRow:
    """What the real alerts that began in a month add up to, by area of the partition.

    ``version``: of this row; each writer adds one. ``alerts``: by id.
    """

    area: str
    month: str
    version: int
    alerts: Mapping[str, Line]
    sums: Mapping[str, Sums]

    @classmethod
    def of(cls, area: str, month: str, version: int, rows: Iterable[AlertRow]) -> "MonthRow":
        real = [row for row in rows if row.facts.real]
        lines = {row.facts.alert: Line(row.version, row.times) for row in real}
        return cls(area, month, version, lines, total(row.sums() for row in real))


def total(parts: Iterable[Mapping[str, Sums]]) -> dict[str, Sums]:
    """Area by area."""
    sums: dict[str, list[Sums]] = {}
    for part in parts:
        for code, some in part.items():
            sums.setdefault(code, []).append(some)
    return {code: added(some) for code, some in sorted(sums.items())}


def added(some: Iterable[Sums]) -> Sums:
    """All of them together."""
    parts = list(some)
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    columns = zip(*map(attrgetter(*_NUMBERS), parts), strict=True)
    whole: dict[str, Any] = dict(zip(_NUMBERS, map(sum, columns), strict=True))
    whole |= {name: _merged((getattr(it, name) for it in parts), add) for name in _COUNTS}
    return Sums(**whole, messages=_merged((it.messages for it in parts), Messages.plus))


def combined(rows: Iterable[AlertRow], areas: frozenset[str]) -> tuple[Sums, list[Times]]:
    """Of real alerts that touch some areas, each alert once however many of them, and rows, it touches.

    ``rows``: of any partitions in which the areas lie. Who is in none of the areas is not counted.
    """
    found: dict[str, tuple[Facts, Times, AreaTally]] = {}
    for row in rows:
        there = [tally for code, tally in row.people.items() if not areas.isdisjoint((*codes.lineage(code), NATION))]
        if row.facts.real and (there or row.area in areas):
            _, times, before = found.get(row.facts.alert, (row.facts, Times(), NOBODY))
            found[row.facts.alert] = row.facts, times.joined(row.times), reduce(AreaTally.plus, there, before)
    sums = (Sums.of(facts, people) for facts, _, people in found.values())
    return added(sums), [times for _, times, _ in found.values()]


def within(partition: str, code: str) -> tuple[str, ...]:
    """An area and those that it lies in, as far as the partition holds them."""
    return (code, NATION) if partition == NATION else codes.lineage(code)


def medians(times: Iterable[Times]) -> Times:
    """Of each kind the median of those that there are, in whole seconds."""
    columns = zip(*times, strict=True)
    known: Iterator[list[int]] = ([second for second in column if second is not None] for column in columns)
    return Times(*(round(median(some)) if some else None for some in known))


def _merged(mappings: Iterable[Mapping[K, V]], plus: Callable[[V, V], V]) -> dict[K, V]:
    """Key by key."""
    found: dict[K, V] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            found[key] = plus(found[key], value) if key in found else value
    return found
