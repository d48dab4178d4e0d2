"""Which areas below a municipality are told of over a period, so that nothing tells of 1 to 4 people (``suppression``).

An area that is held back is left out as a whole: that an alert touched it already says that somebody is there. Only
calendar years are told: one period less another would tell of a single alert, and of most areas months tell of so few
people that, months and years both being told, hardly any year could be.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from chalicelib.areas.codes import lineage
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Messages
from chalicelib.reports.figures import MonthRow, Sums, total
from chalicelib.reports.model import NATION
from chalicelib.reports.suppression import told

Figure = Callable[[Sums], int]

_PEOPLE: tuple[Figure, ...] = (lambda it: it.people, lambda it: it.asked, lambda it: it.reached)


def _of(channel: Channel, name: str) -> Figure:
    return lambda it: getattr(it.messages.get(channel, Messages()), name)


_MESSAGES = tuple(_of(channel, name) for channel in Channel for name in ("sent", "delivered"))


@dataclass(frozen=True)
class Told:
    """``areas``: below a municipality, of which figures are told; ``messages``: those of which also messages are."""

    areas: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()

    def area(self, code: str) -> bool:
        return is_whole(code) or code in self.areas

    def by_channel(self, code: str) -> bool:
        return is_whole(code) or code in self.messages

    def plus(self, other: "Told") -> "Told":
        """Of another municipality as well."""
        return Told(self.areas | other.areas, self.messages | other.messages)


def is_whole(code: str) -> bool:
    """Whether it is a municipality, or the nation: their own figures are always told."""
    return code == NATION or len(lineage(code)) == 1


class Year(Protocol):
    """A calendar year of a municipality."""

    @property
    def areas(self) -> Collection[str]:
        """Those with any figures, the municipality among them."""
        ...

    def told(self, figure: Figure, areas: Collection[str]) -> frozenset[str]:
        """Of these areas, those whose figure may be told."""
        ...


@dataclass(frozen=True)
class AsCounted:
    """Under the codes that it was counted with. ``sums``: by area."""

    sums: Mapping[str, Sums]

    @property
    def areas(self) -> Collection[str]:
        return self.sums.keys()

    def told(self, figure: Figure, areas: Collection[str]) -> frozenset[str]:
        return told({**dict.fromkeys(areas, 0), **smallest(self.sums.items(), figure)})


def told_of(months: Sequence[MonthRow]) -> Told:
    """``months``: of one municipality, all that there are of one or more calendar years, which are told together."""
    by_year = groupby(sorted(months, key=lambda row: row.month), key=lambda row: row.month[:4])
    return told_in([AsCounted(total(row.sums for row in rows)) for _, rows in by_year])


def told_in(years: Sequence[Year]) -> Told:
    """Of years together those areas that are told in each of them.

    So some years told beside each of them reveal nothing: what is told of all is a sum of what is told of each.
    """
    areas = {area for year in years for area in year.areas}

    def throughout(figures: Iterable[Figure]) -> frozenset[str]:
        sets = [year.told(figure, areas) for figure in figures for year in years]
        return frozenset.intersection(*sets) if sets else frozenset()

    people = throughout(_PEOPLE)
    return Told(people, people & throughout(_MESSAGES))


def smallest(sums: Iterable[tuple[str, Sums]], figure: Figure) -> dict[str, int]:
    """What each area counts without those below it; those with nobody too."""
    own: dict[str, int] = {}
    for code, some in sums:
        own[code] = own.get(code, 0) + figure(some)
        if above := lineage(code)[1:]:
            own[above[0]] = own.get(above[0], 0) - figure(some)
    return own
