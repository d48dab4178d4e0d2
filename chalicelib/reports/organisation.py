"""The figures of an organisation's areas together: of a control room's municipalities, of a police team's districts.

They are made when they are read, from the rows of alerts in each municipality that has one of the areas, so that an
alert over a border between two of them counts once. ``docs/decisions/0061-an-organisations-figures.md`` says why.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from chalicelib.areas.model import Area
from chalicelib.reports.census_figures import PeopleTold, people_told, together
from chalicelib.reports.census_model import Participants
from chalicelib.reports.figures import AlertRow, Facts, combined, medians, total
from chalicelib.reports.history import History
from chalicelib.reports.model import NATION, Period, lineage
from chalicelib.reports.report import AreaReport, Part, Place
from chalicelib.reports.series import Brought, brought_by
from chalicelib.reports.withheld import Told, is_whole
from chalicelib.staff.model import Organisation

MANY = 100  # about where both cost the same
AT_ONCE = 8  # Queries


@dataclass(frozen=True)
class Reader:
    """``people``: of a partition, who takes part there. ``listed``: areas by code. ``many``: of more municipalities the
    nation's rows are read, by one Query, and not those of each.
    """

    history: History
    people: Callable[[str], Mapping[str, Participants]]
    listed: Callable[[Iterable[str]], Mapping[str, Area]]
    today: date
    many: int = MANY

    def over(self, organisation: Organisation, period: Period) -> "Together":
        areas = frozenset(organisation.areas)
        municipal = all(map(is_whole, areas))
        partitions, bounds = sorted(set(map(_partition, areas))), period.bounds()
        if municipal and len(partitions) > self.many:
            partitions = [NATION]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = pool.map(lambda it: list(self.history.alerts(it, *bounds)), partitions)
            rows = dict(zip(partitions, found, strict=True))
        told, succession = Told(), self.history.succession()
        if not municipal:
            for partition in partitions:
                told = told.plus(self.history.read(partition, period, self.today).told)
        since = {code: succession.comparable_from(code, period.first.year) for code in areas}
        people, listed = self._people(areas, municipal=municipal), self.listed(areas)
        return Together(organisation, period, areas, rows, told, people, since, listed)

    def _people(self, areas: frozenset[str], *, municipal: bool) -> dict[str, PeopleTold]:
        """Who takes part in each of these, as far as it is told."""
        if municipal:
            return people_told(self.people(NATION), sorted(areas))
        found: dict[str, PeopleTold] = {}
        for partition, some in groupby(sorted(areas, key=_partition), key=_partition):
            found |= people_told(self.people(partition), some)
        return found


@dataclass(frozen=True)
class Together:
    """``rows``: of alerts that began in the period, by partition. ``people``: by area. ``since``: by area, from which
    year on there are figures of it, where the period begins before. ``listed``: the areas that there are.
    """

    organisation: Organisation
    period: Period
    areas: frozenset[str]
    rows: Mapping[str, list[AlertRow]]
    told: Told
    people: Mapping[str, PeopleTold]
    since: Mapping[str, int | None]
    listed: Mapping[str, Area]

    @cached_property
    def municipal(self) -> bool:
        return all(map(is_whole, self.areas))

    @cached_property
    def outermost(self) -> dict[str, int | None]:
        """Those areas that lie in no other of them, with the year of their boundaries: who is in them counts once."""
        alone = (code for code in self.areas if self.areas.isdisjoint(lineage(code)[1:]))
        return {code: self.listed[code].year if code in self.listed else None for code in sorted(alone)}

    @cached_property
    def participants(self) -> PeopleTold:
        """Held back where those of any of the areas are, so that nothing is told that the areas do not tell."""
        return together(self.people[code] for code in self.outermost)

    @property
    def ended(self) -> bool:
        """Whether one of its areas is no more, and nobody has said yet what it has instead: nobody is counted there."""
        return any(code in self.listed and self.listed[code].until is not None for code in self.outermost)

    @property
    def place(self) -> Place:
        """``inhabitants``: None where those of any of the areas are not known, or it has ended."""
        it, known = self.organisation, [self.listed.get(code) for code in self.outermost]
        lived = [area.inhabitants for area in known if area and area.until is None and area.inhabitants is not None]
        inhabitants = sum(lived) if lived and len(lived) == len(known) else None
        year = max((area.year for area in known if area), default=None)
        return Place(it.id, it.name, it.kind, year, inhabitants, areas=it.areas)

    def whole(self) -> AreaReport:
        """Held back where any of the areas is."""
        participants, since = self.participants, max(filter(None, self.since.values()), default=None)
        if not all(map(self._tells, self.outermost)):
            return AreaReport(self.place, self.period, participants, None, whole=False, comparable_from=since)
        figures, times = combined(self.all(), self.areas)
        by_channel = all(map(self.told.by_channel, self.outermost))
        return AreaReport(
            self.place,
            self.period,
            participants,
            figures,
            medians(times),
            by_channel,
            whole=self.municipal,
            comparable_from=since,
        )

    def parts(self) -> tuple[Part, ...]:
        """Each of the areas, by code. An alert in two of them counts in both."""
        sums = total(row.sums() for rows in self.rows.values() for row in rows if row.facts.real)
        return tuple(
            Part(
                code,
                self.listed[code].name if code in self.listed else code,
                sums.get(code) if self._tells(code) else None,
                self.told.by_channel(code),
                self.people[code],
                self.since[code],
                self.listed[code].inhabitants if code in self.listed else None,
            )
            for code in sorted(self.areas)
        )

    def brought(self, name: Callable[[Facts], str]) -> Brought:
        """By day or month, as ``brought_by``; nothing where an area is less than a municipality."""
        return brought_by(self.all(), self.areas, name) if self.municipal else {}

    def all(self) -> Iterator[AlertRow]:
        return (row for rows in self.rows.values() for row in rows)

    def _tells(self, code: str) -> bool:
        return is_whole(code) or (self.told.area(code) and self.since[code] is None)


def _partition(code: str) -> str:
    return lineage(code)[-2]
