"""Which areas below a municipality are told of over a period, so that nothing tells of 1 to 4 people (``suppression``).

An area that is held back is left out as a whole: that an alert touched it already says that somebody is there. Only
calendar years are told: one period less another would tell of a single alert, and of most areas months tell of so few
people that, months and years both being told, hardly any year could be.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from chalicelib.areas.codes import lineage
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Messages
from chalicelib.reports.figures import MonthRow, Sums, total
from chalicelib.reports.model import NATION
from chalicelib.reports.suppression import told_throughout

_PEOPLE: tuple[Callable[[Sums], int], ...] = (lambda it: it.people, lambda it: it.asked, lambda it: it.reached)


def _of(channel: Channel, name: str) -> Callable[[Sums], int]:
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


def told_of(months: Sequence[MonthRow]) -> Told:
    """``months``: of one municipality, all that there are of one or more calendar years, which are told together."""
    years = [
        total(row.sums for row in rows).items()
        for _, rows in groupby(sorted(months, key=lambda row: row.month), key=lambda row: row.month[:4])
    ]
    people = frozenset[str].intersection(*(_told(years, figure) for figure in _PEOPLE))
    return Told(people, people.intersection(*(_told(years, figure) for figure in _MESSAGES)))


def _told(years: Iterable[Iterable[tuple[str, Sums]]], figure: Callable[[Sums], int]) -> frozenset[str]:
    return told_throughout(_smallest(sums, figure) for sums in years)


def _smallest(sums: Iterable[tuple[str, Sums]], figure: Callable[[Sums], int]) -> dict[str, int]:
    """What each area counts without those below it; those with nobody too."""
    own: dict[str, int] = {}
    for code, some in sums:
        own[code] = own.get(code, 0) + figure(some)
        if above := lineage(code)[1:]:
            own[above[0]] = own.get(above[0], 0) - figure(some)
    return own
