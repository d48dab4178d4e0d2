"""``/reports``: what the network yields, in an area and below it, month by month and day by day."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint, Reply
from chalicelib.reports.bodies import (
    AreaReportBody,
    CostReportBody,
    DashboardBody,
    PartsReportBody,
    area_body,
    cost_body,
    dashboard_body,
    parts_body,
)
from chalicelib.reports.series import DAYS_AT_ONCE
from chalicelib.reports.service import ReportService
from chalicelib.reports.table import as_csv
from chalicelib.staff.access import staff_of
from chalicelib.staff.policy import FIGURES, Scope

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
CSV = "text/csv; charset=utf-8"


class Separator(StrEnum):
    SEMICOLON = "semicolon"
    COMMA = "comma"

    @property
    def sign(self) -> str:
        return ";" if self is Separator.SEMICOLON else ","


class Rows(StrEnum):
    AREA = "area"
    MONTH = "month"
    DAY = "day"


class PeriodQuery(Body):
    first: date | None = Field(
        default=None,
        ge=EARLIEST,
        le=LATEST,
        description="First day, Dutch calendar; default: 1 January of this year",
    )
    last: date | None = Field(
        default=None,
        ge=EARLIEST,
        le=LATEST,
        description="Last day, included, at most five years after the first; default: today",
    )


class DaysQuery(Body):
    first: date | None = Field(
        default=None, ge=EARLIEST, le=LATEST, description="First day, Dutch calendar; default: that of the last's month"
    )
    last: date | None = Field(
        default=None,
        ge=EARLIEST,
        le=LATEST,
        description=f"Last day, included; {DAYS_AT_ONCE} days at most; default: today",
    )


class TableQuery(PeriodQuery):
    by: Rows = Field(
        default=Rows.AREA,
        description="What there is a line for: each area, month, or day; periods of days as `/days` has them",
    )
    separator: Separator = Field(default=Separator.SEMICOLON, description="Of columns; Dutch spreadsheets want `;`")


def _figures(path: str, view: Callable[[Call[None]], Any], summary: str, **more: Any) -> Endpoint:
    """A route of an area's figures, for who may see them."""
    given = {"query": PeriodQuery, **more}
    return Endpoint(
        "GET",
        f"/reports/areas/{{code}}{path}",
        view,
        summary,
        roles=FIGURES,
        scope=Scope.OWN_AREAS,
        raises=(NotFound,),
        **given,
    )


class ReportRoutes:
    def __init__(self, reports: Callable[[], ReportService]) -> None:
        self._reports = reports

    def endpoints(self) -> list[Endpoint]:
        return [
            _figures(
                "",
                self.area,
                "What an area yields, the nation (`NL`), or one's own organisation by its id: alerts, people, results",
                reply=AreaReportBody,
            ),
            _figures(
                "/dashboard",
                self.dashboard,
                "The same with every part and month: all of a dashboard in one look",
                reply=DashboardBody,
            ),
            _figures("/cost", self.cost, "What its alerts cost, alone", reply=CostReportBody),
            _figures(
                "/parts",
                self.parts,
                "The same of every district and neighbourhood below it, alerts there only of calendar years; "
                "of an organisation each of its areas",
                reply=PartsReportBody,
            ),
            _figures(
                "/months",
                self.months,
                "The same of each month of which there is anything to tell; none below a municipality",
                reply=PartsReportBody,
            ),
            _figures(
                "/days",
                self.days,
                "The same of each day up to today; none below a municipality",
                query=DaysQuery,
                reply=PartsReportBody,
            ),
            _figures(
                "/figures.csv",
                self.table,
                "An area and every area below it, or an organisation and its areas, or its months or days, as a table "
                "for spreadsheets",
                query=TableQuery,
                media_type=CSV,
            ),
        ]

    def area(self, call: Call[None]) -> AreaReportBody:
        return area_body(self._reports().read(staff_of(call.staff), call.path["code"], *_days(call.query)))

    def dashboard(self, call: Call[None]) -> DashboardBody:
        return dashboard_body(self._reports().dashboard(staff_of(call.staff), call.path["code"], *_days(call.query)))

    def cost(self, call: Call[None]) -> CostReportBody:
        return cost_body(self._reports().cost(staff_of(call.staff), call.path["code"], *_days(call.query)))

    def parts(self, call: Call[None]) -> PartsReportBody:
        return parts_body(self._reports().parts(staff_of(call.staff), call.path["code"], *_days(call.query)))

    def months(self, call: Call[None]) -> PartsReportBody:
        return parts_body(self._reports().months(staff_of(call.staff), call.path["code"], *_days(call.query)))

    def days(self, call: Call[None]) -> PartsReportBody:
        return parts_body(self._reports().days(staff_of(call.staff), call.path["code"], *_days(call.query)))

    def table(self, call: Call[None]) -> Reply:
        query: TableQuery = call.query
        reports, member, code = self._reports(), staff_of(call.staff), call.path["code"]
        ways = {Rows.AREA: reports.parts, Rows.MONTH: reports.months, Rows.DAY: reports.days}
        parts = ways[query.by](member, code, *_days(query))
        report = reports.read(member, code, parts.period.first, parts.period.last)
        kind = "" if query.by is Rows.AREA else f"-by-{query.by}"
        name = f"burgernet-{report.area.code}-{report.period.first}-{report.period.last}{kind}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Reply(as_csv(report, parts, query.separator.sign), media_type=CSV, headers=headers)


def _days(query: PeriodQuery | DaysQuery) -> tuple[date | None, date | None]:
    return query.first, query.last
