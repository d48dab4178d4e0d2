"""The figures of an area over a period."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.areas.codes import lineage
from chalicelib.areas.model import Area
from chalicelib.areas.service import AreaService
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.errors import Forbidden, InvalidInput
from chalicelib.reports.census_figures import PeopleTold, people_told
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.model import AreaFigures, Period
from chalicelib.reports.store import ReportStore
from chalicelib.staff.model import StaffMember


@dataclass(frozen=True)
class AreaReport:
    area: Area
    period: Period
    participants: PeopleTold
    figures: AreaFigures


class Regions(Protocol):
    """``OrganisationService`` is one."""

    def region(self, member: StaffMember) -> frozenset[str]:
        """Codes of the areas that are the member's organisation's. Raises ``Forbidden``."""
        ...


@dataclass(frozen=True)
class ReportService:
    areas: AreaService
    reports: ReportStore
    census: CensusStore
    clock: Clock
    regions: Regions

    def read(self, member: StaffMember, code: str, first: date | None = None, last: date | None = None) -> AreaReport:
        """As ``area``, for who may see it.

        Raises:
            Forbidden: not_your_area; it may exist or not.
        """
        if self.regions.region(member).isdisjoint(lineage(code)):
            raise Forbidden("not_your_area", "You see the figures of your own areas only.")
        return self.area(code, first, last)

    def area(self, code: str, first: date | None = None, last: date | None = None) -> AreaReport:
        """The report of one area, by default over this calendar year so far.

        Raises:
            NotFound: no such area.
            InvalidInput: the period ends before it begins.
        """
        today = self.clock.now().astimezone(AMSTERDAM).date()
        period = Period(first or today.replace(month=1, day=1), last or today)
        if period.last < period.first:
            raise InvalidInput.of("last", "period_backwards", "The last day lies before the first.")
        return self.over(self.areas.get(code), period)

    def over(self, area: Area, period: Period) -> AreaReport:
        rows = self.reports.alerts(area.code, *period.bounds())
        people = people_told(self.census.people(area.municipality), [area.code])
        return AreaReport(area, period, people[area.code], AreaFigures.of(rows))
