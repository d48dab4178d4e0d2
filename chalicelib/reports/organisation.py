"""The figures of an organisation's areas together: of a control room's municipalities, of a police team's districts.

They are made when they are read, from the rows of alerts in each municipality that has one of the areas, so that an
alert over a border between two of them counts once. ``docs/decisions/0061-an-organisations-figures.md`` says why.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from chalicelib.reports.census_figures import PeopleTold, people_told, together
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.figures import AlertRow, MonthRow, Sums, combined, medians, total
from chalicelib.reports.figures_store import FiguresStore
from chalicelib.reports.model import NATION, Period, lineage
from chalicelib.reports.report import AreaReport, Part, Place
from chalicelib.reports.withheld import Told, is_whole, told_of
from chalicelib.staff.model import Organisation

MANY = 100  # about where both cost the same
AT_ONCE = 8  # Queries


@dataclass(frozen=True)
class Reader:
    """``many``: of more municipalities the nation's rows are read, by one Query, and not those of each."""

    figures: FiguresStore
    census: CensusStore
    many: int = MANY

    def over(self, organisation: Organisation, period: Period, *, whole_years: bool) -> "Together":
        """``whole_years``: whether the period is one or more calendar years."""
        areas = frozenset(organisation.areas)
        municipal = all(map(is_whole, areas))
        partitions, bounds = sorted(set(map(_partition, areas))), period.bounds()
        if municipal and len(partitions) > self.many:
            partitions = [NATION]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = pool.map(lambda it: list(self.figures.alerts(it, *bounds)), partitions)
            rows = dict(zip(partitions, found, strict=True))
        told = Told() if municipal or not whole_years else _told(rows)
        return Together(organisation, period, areas, rows, told, self._people(areas, municipal=municipal))

    def _people(self, areas: frozenset[str], *, municipal: bool) -> dict[str, PeopleTold]:
        """Who takes part in each of these, as far as it is told."""
        if municipal:
            return people_told(self.census.people(NATION), sorted(areas))
        found: dict[str, PeopleTold] = {}
        for partition, some in groupby(sorted(areas, key=_partition), key=_partition):
            found |= people_told(self.census.people(partition), some)
        return found


@dataclass(frozen=True)
class Together:
    """``rows``: of alerts that began in the period, by partition. ``people``: by area."""

    organisation: Organisation
    period: Period
    areas: frozenset[str]
    rows: Mapping[str, list[AlertRow]]
    told: Told
    people: Mapping[str, PeopleTold]

    @cached_property
    def municipal(self) -> bool:
        return all(map(is_whole, self.areas))

    @property
    def place(self) -> Place:
        it = self.organisation
        return Place(it.id, it.name, it.kind, areas=it.areas)

    def whole(self) -> AreaReport:
        """Held back where any of the areas is."""
        participants = together(self.people.values())
        if not all(map(self.told.area, self.areas)):
            return AreaReport(self.place, self.period, participants, None, whole=False)
        figures, times = combined(self._all(), self.areas)
        by_channel = all(map(self.told.by_channel, self.areas))
        return AreaReport(
            self.place, self.period, participants, figures, medians(times), by_channel, whole=self.municipal
        )

    def parts(self, names: Mapping[str, str]) -> tuple[Part, ...]:
        """Each of the areas, by code. An alert in two of them counts in both."""
        sums = total(row.sums() for rows in self.rows.values() for row in rows if row.facts.real)
        return tuple(
            Part(
                code,
                names.get(code, code),
                sums.get(code) if self.told.area(code) else None,
                self.told.by_channel(code),
                self.people[code],
            )
            for code in sorted(self.areas)
        )

    def months(self) -> tuple[Part, ...]:
        """Those in which there were alerts; none where an area is less than a municipality."""
        if not self.municipal:
            return ()
        by_month: dict[str, list[AlertRow]] = {}
        for row in self._all():
            by_month.setdefault(row.facts.month, []).append(row)
        found = ((month, combined(rows, self.areas)[0]) for month, rows in sorted(by_month.items()))
        return tuple(Part(month, month, sums) for month, sums in found if sums != Sums())

    def _all(self) -> Iterator[AlertRow]:
        return (row for rows in self.rows.values() for row in rows)


def _partition(code: str) -> str:
    return lineage(code)[-2]


def _told(rows: Mapping[str, list[AlertRow]]) -> Told:
    """Of whole calendar years."""
    found = Told()
    for partition, some in rows.items():
        months = groupby(sorted(some, key=lambda row: row.facts.month), key=lambda row: row.facts.month)
        found = found.plus(told_of([MonthRow.of(partition, month, 0, them) for month, them in months]))
    return found
