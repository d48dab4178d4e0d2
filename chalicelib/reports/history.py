"""Figures of alerts under the codes of today, whatever they were counted under.

Rows stay as COUNT wrote them. When a municipality is read in which codes changed, the rows of alerts up to the year of
the last change are read, its own and those of each municipality that lies in it now; every code in them is told under
today's (``areas.succession``), and each alert counts once, also where it touched two that are one now. Rows of months
cannot be added up so: an alert would count twice. From the year after, and everywhere else, months are read as they
are.

What came over a border between municipalities that both live on stays in the figures of the one where it was counted:
a municipality's history is the sum of histories that were told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from chalicelib.areas.codes import lineage
from chalicelib.areas.succession import Succession
from chalicelib.delivery.model import AreaTally
from chalicelib.reports.figures import AlertRow, MonthRow, Sums, total
from chalicelib.reports.figures_store import FiguresStore
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.months import bounds
from chalicelib.reports.suppression import told
from chalicelib.reports.withheld import AsCounted, Figure, Told, Year, smallest, told_in

Rows = Mapping[str, list[AlertRow]]  # by the municipality under which they were counted


@dataclass(frozen=True)
class Past:
    """``months``: those that lie in the period as a whole. ``days``: the others, added up. ``told``: over all of it."""

    months: list[MonthRow]
    days: list[MonthRow]
    told: Told

    @property
    def rows(self) -> list[MonthRow]:
        return [*self.months, *self.days]


@dataclass(frozen=True)
class History:
    figures: FiguresStore
    succession: Callable[[], Succession]

    def alerts(self, partition: str, since: datetime, until: datetime) -> Iterator[AlertRow]:
        """As ``FiguresStore.alerts``; each once."""
        succession = self.succession()
        if partition == NATION:
            return (_in_nation(row, succession) for row in self.figures.alerts(partition, since, until))
        if succession.changed(partition) is None:
            return self.figures.alerts(partition, since, until)
        return iter(_joined(partition, self._counted(partition, succession, since, until), succession))

    def months(self, partition: str, first: str, last: str) -> list[MonthRow]:
        """As ``FiguresStore.months``."""
        return self._months(partition, first, last)[0]

    def read(self, partition: str, period: Period, today: date) -> Past:
        """``told``: of calendar years, nothing else is told below a municipality."""
        whole, around = period.months(today)
        months, years = self._months(partition, *whole) if whole else ([], iter(()))
        days = [MonthRow.of(partition, "", 0, self.alerts(partition, *some.bounds())) for some in around]
        tells = period.whole_years(today) and partition != NATION
        return Past(months, days, told_in(list(years)) if tells else Told())

    def _months(self, partition: str, first: str, last: str) -> tuple[list[MonthRow], Iterator[Year]]:
        """And their years, which are added up when they are asked for."""
        succession = self.succession()
        changed = None if partition == NATION else succession.changed(partition)
        if changed is None or first > f"{changed}-12":
            rows = self.figures.months(partition, first, last)
            return rows, (AsCounted(sums) for _, sums in _by_year(rows))
        then = min(last, f"{changed}-12")
        counted = self._counted(partition, succession, bounds(first)[0], bounds(then)[1])
        rows = [
            MonthRow.of(partition, month, 0, some)
            for month, some in groupby(_joined(partition, counted, succession), key=lambda row: row.facts.month)
        ]
        if last > then:
            rows += self.figures.months(partition, f"{changed + 1}-01", last)
        return rows, (
            Before(int(year), _of_year(counted, year), succession) if int(year) < changed else AsCounted(sums)
            for year, sums in _by_year(rows)
        )

    def _counted(self, partition: str, succession: Succession, since: datetime, until: datetime) -> Rows:
        """Of a municipality and all that lie in it now. Of those nothing is left from the year after they ended."""
        found = {}
        for source in sorted(succession.municipalities(partition)):
            end = until
            if source in succession.ended:
                end = min(until, bounds(f"{succession.ended[source]}-12")[1])
            found[source] = list(self.figures.alerts(source, since, end)) if since < end else []
        return found


@dataclass(frozen=True)
class Before:
    """A year before codes changed; ``rows``: real alerts as they were counted.

    An area is told where its figure is a sum of figures that were told under the codes of that year, in each of the
    municipalities of that year by itself. So nobody who kept those can find more by subtracting.
    """

    year: int
    rows: Rows
    succession: Succession

    @cached_property
    def sums(self) -> dict[str, dict[str, Sums]]:
        return {source: total(row.sums() for row in rows) for source, rows in self.rows.items() if rows}

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """By municipality of that year: every code that is known there."""
        return {source: {*sums, *self.succession.known(source)} for source, sums in self.sums.items()}

    @cached_property
    def now(self) -> dict[str, frozenset[str]]:
        """By code of that year: in which areas all of it lies today."""
        return {code: self._lies_in(code, source) for source, codes in self.codes.items() for code in codes}

    @cached_property
    def areas(self) -> frozenset[str]:
        return frozenset(area for areas in self.now.values() for area in areas)

    def told(self, figure: Figure, areas: Iterable[str]) -> frozenset[str]:
        blocked: set[str] = set()
        everything = True
        for source, sums in self.sums.items():
            parts = {**dict.fromkeys(self.codes[source], 0), **smallest(sums.items(), figure)}
            allowed = told(parts)
            whole = self._whole(source, parts)
            for code in parts:
                covered = (whole[above] for above in lineage(code) if above in allowed and above in whole)
                blocked |= self.now[code].difference(*covered)
            everything &= allowed.issuperset(parts)
        return frozenset(area for area in areas if (area in self.areas and area not in blocked) or everything)

    def _lies_in(self, code: str, source: str) -> frozenset[str]:
        return frozenset(lineage(told_under(code, source, self.year, self.succession)))

    def _whole(self, source: str, parts: Iterable[str]) -> dict[str, frozenset[str]]:
        """By area of that year: in which areas everything that lay in it lies today."""
        found: dict[str, frozenset[str]] = {}
        for code in parts:
            for above in lineage(code):
                found[above] = found.get(above, self.now[code]) & self.now[code]
        return found


def _joined(partition: str, counted: Rows, succession: Succession) -> list[AlertRow]:
    """Under today's codes, each alert once, oldest first."""
    found: dict[str, AlertRow] = {}
    for source, rows in counted.items():
        for row in rows:
            moved = _moved(row, partition, source, succession)
            standing = found.get(row.facts.alert)
            found[row.facts.alert] = standing.joined(moved) if standing else moved
    return sorted(found.values(), key=lambda row: (row.facts.opened, row.facts.alert))


def _moved(row: AlertRow, partition: str, source: str, succession: Succession) -> AlertRow:
    year, people = int(row.facts.month[:4]), dict[str, AreaTally]()
    for code, tally in row.people.items():
        now = told_under(code, source, year, succession)
        people[now] = people[now].plus(tally) if now in people else tally
    return replace(row, area=partition, people=people)


def told_under(code: str, source: str, year: int, succession: Succession) -> str:
    """Where something of the municipality ``source`` is told today: never outside what that one is now."""
    now, municipality = succession.today(code, year), succession.today(source, year) or source
    return now if now and lineage(now)[-1] == municipality else municipality


def _in_nation(row: AlertRow, succession: Succession) -> AlertRow:
    """Of municipalities alone."""
    year, people = int(row.facts.month[:4]), dict[str, AreaTally]()
    for code, tally in row.people.items():
        now = succession.today(code, year) or code
        people[now] = people[now].plus(tally) if now in people else tally
    return replace(row, people=people)


def _by_year(rows: Iterable[MonthRow]) -> Iterator[tuple[str, dict[str, Sums]]]:
    for year, some in groupby(sorted(rows, key=lambda row: row.month), key=lambda row: row.month[:4]):
        yield year, total(row.sums for row in some)


def _of_year(counted: Rows, year: str) -> Rows:
    return {
        source: [row for row in rows if row.facts.real and row.facts.month.startswith(year)]
        for source, rows in counted.items()
    }
