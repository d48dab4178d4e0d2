"""What a summary of a period is made from: its figures, those of the period before, and its alerts."""

from dataclasses import dataclass

from chalicelib.reports.calendar import CalendarPeriod, Span
from chalicelib.reports.figures import HELPED, AlertRow, Sums
from chalicelib.reports.model import NATION
from chalicelib.reports.report import AreaReport, Place
from chalicelib.reports.service import ReportService


@dataclass(frozen=True)
class Summary:
    """``before``: of the period that it follows. ``alerts``: real ones, oldest first; none of a year, or the nation's.

    ``cents``: what these alerts cost the area so far. ``running``: the period is not over yet.
    """

    of: CalendarPeriod
    report: AreaReport
    before: AreaReport
    alerts: tuple[AlertRow, ...]
    cents: int
    running: bool = False

    @property
    def figures(self) -> Sums:
        return whole(self.report)

    @property
    def path(self) -> str:
        """Where the dashboard shows the same."""
        return f"/dashboard#/{self.report.area.code}?period={self.of.name}"


def whole(report: AreaReport) -> Sums:
    """Figures of a municipality or the nation, which are always told."""
    assert report.figures is not None
    return report.figures


def helped(figures: Sums) -> int:
    """Alerts in whose result participants had a part."""
    return sum(figures.contributions.get(contribution, 0) for contribution in HELPED)


@dataclass(frozen=True)
class SummaryMaker:
    service: ReportService

    def make(self, place: Place, of: CalendarPeriod) -> Summary:
        """``place``: a municipality, or the nation."""
        place = self.service.nation() if place.code == NATION else place
        listed = of.span is not Span.YEAR and place.code != NATION
        spent = self.service.spending.over({place.code}, of.period)
        alerts = (row for row in self.service.history.alerts(place.code, *of.period.bounds()) if row.facts.real)
        return Summary(
            of,
            self.service.over(place, of.period),
            self.service.over(place, of.before().period),
            tuple(alerts) if listed else (),
            spent.cents - spent.exercises if spent else 0,
            running=not of.is_over(self.service.clock.now()),
        )
