"""``GET /reports/areas/{code}``."""

from collections.abc import Callable
from datetime import date

from pydantic import Field

from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint
from chalicelib.reports.census_figures import PeopleTold
from chalicelib.reports.service import AreaReport, ReportService
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import FIGURES, Scope

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class PeriodQuery(Body):
    first: date | None = Field(
        default=None,
        ge=EARLIEST,
        le=LATEST,
        description="First day, Dutch calendar; default: 1 January of this year",
    )
    last: date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Last day, included; default: today")


class ReportedArea(Body):
    code: str
    name: str
    level: str
    year: int
    inhabitants: int | None


class ReportedPeriod(Body):
    first: date
    last: date


class ReportedParticipants(Body):
    """None: held back, as it is small or would show what is."""

    participants: int | None = Field(description="Who can be asked, and whose first place lies here")
    paused: int | None = Field(description="The same of those who cannot be, as they paused or no channel works")
    home: int | None = Field(description="Places here that are not work, of those who can be asked")
    work: int | None = Field(description="Work places here")
    places: int | None = Field(description="All places here; told where home and work both are")
    by_channel: dict[str, int | None] = Field(description="Participants by channel; one may have several")


class ReportedPeople(Body):
    asked: int = Field(description="With at least one message taken by a provider, summed over alerts")
    reached: int = Field(description="With at least one message delivered, summed over alerts")


class ReportedAlerts(Body):
    total: int
    open: int
    break_glass: int = Field(description="Let out by one person alone, without a second")
    by_kind: dict[str, int]
    by_category: dict[str, int]


class AreaReportBody(Body):
    area: ReportedArea
    period: ReportedPeriod
    participants: ReportedParticipants
    alerts: ReportedAlerts = Field(description="Real alerts; exercises and tests count nowhere")
    people: ReportedPeople
    tips: int
    results: dict[str, int]
    contributions: dict[str, int]


class ReportRoutes:
    def __init__(self, reports: Callable[[], ReportService]) -> None:
        self._reports = reports

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/reports/areas/{code}",
                self.area,
                "What an area yields: participants, alerts, people reached, results",
                query=PeriodQuery,
                reply=AreaReportBody,
                roles=FIGURES,
                scope=Scope.OWN_AREAS,
                raises=(NotFound,),
            )
        ]

    def area(self, call: Call[None]) -> AreaReportBody:
        query: PeriodQuery = call.query
        return _body(self._reports().read(staff_of(call.staff), call.path["code"], query.first, query.last))


def _body(report: AreaReport) -> AreaReportBody:
    area, figures = report.area, report.figures
    return AreaReportBody(
        area=ReportedArea(
            code=area.code, name=area.name, level=area.level, year=area.year, inhabitants=area.inhabitants
        ),
        period=ReportedPeriod(first=report.period.first, last=report.period.last),
        participants=_participants(report.participants),
        alerts=ReportedAlerts(
            total=figures.alerts,
            open=figures.open,
            break_glass=figures.break_glass,
            by_kind=dict(figures.by_kind),
            by_category=dict(figures.by_category),
        ),
        people=ReportedPeople(asked=figures.asked, reached=figures.reached),
        tips=figures.tips,
        results=dict(figures.results),
        contributions=dict(figures.contributions),
    )


def _participants(people: PeopleTold) -> ReportedParticipants:
    return ReportedParticipants(
        participants=people.participants,
        paused=people.paused,
        home=people.home,
        work=people.work,
        places=people.places,
        by_channel=dict(people.by_channel),
    )
