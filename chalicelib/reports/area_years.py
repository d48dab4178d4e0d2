"""What became of the last calendar year where a participant lives or works, as far as it may be told there."""

from dataclasses import dataclass
from datetime import date

from chalicelib.areas.codes import lineage
from chalicelib.areas.service import AreaService
from chalicelib.participants.area_year import AreaYear
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.errors import NotFound
from chalicelib.reports.model import Period
from chalicelib.reports.report import AreaReport, Place
from chalicelib.reports.service import ReportService
from chalicelib.reports.summary import helped
from chalicelib.reports.suppression import SMALL


@dataclass(frozen=True)
class AreaYears:
    """``participants.area_year.Years``."""

    areas: AreaService
    service: ReportService
    clock: Clock

    def of(self, area: str) -> AreaYear | None:
        year = self.clock.now().astimezone(AMSTERDAM).year - 1
        period = Period(date(year, 1, 1), date(year, 12, 31))  # below a municipality no other is told
        for code in dict.fromkeys((area, lineage(area)[-1])):
            try:
                report = self.service.over(Place.of(self.areas.get(code)), period)
            except NotFound:
                continue
            if told := _told(report):
                return told
        return None


def _told(report: AreaReport) -> AreaYear | None:
    """None: held back, so nothing is said of that area at all."""
    figures, people = report.figures, report.participants.participants
    if figures is None:
        return None
    shown = people if people is not None and people >= SMALL else None
    return AreaYear(
        report.area.name, report.period.first.year, figures.alerts, figures.successes, helped(figures), shown
    )
