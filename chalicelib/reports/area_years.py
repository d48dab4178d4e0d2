"""What became of the last twelve months where a participant lives or works, as far as it may be told there."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.areas.codes import lineage
from chalicelib.areas.service import AreaService
from chalicelib.participants.area_year import AreaYear
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.errors import NotFound
from chalicelib.reports.model import Period
from chalicelib.reports.service import AreaReport, Place, ReportService
from chalicelib.reports.summary import helped
from chalicelib.reports.suppression import SMALL


@dataclass(frozen=True)
class AreaYears:
    """``participants.area_year.Years``."""

    areas: AreaService
    service: ReportService
    clock: Clock

    def of(self, area: str) -> AreaYear | None:
        period = _twelve_months(self.clock.now().astimezone(AMSTERDAM).date())
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
    return AreaYear(report.area.name, figures.alerts, figures.successes, helped(figures), shown)


def _twelve_months(today: date) -> Period:
    """Those before this one: figures below a municipality are told of whole months alone."""
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(year=last.year - 1, day=1)
    return Period((first + timedelta(days=31)).replace(day=1), last)
