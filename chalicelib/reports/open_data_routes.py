"""``/open-data``: the figures of a year, for everybody, under CC0."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping

from pydantic import Field

from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Body, Call, Endpoint, Reply
from chalicelib.reports.figures import Sums
from chalicelib.reports.open_data import Line, OpenData, OpenYear, band
from chalicelib.reports.table import COUNTS as WORDS
from chalicelib.reports.table import counted, safe

CSV = "text/csv; charset=utf-8"
LICENCE, LICENCE_URL = "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"
KEPT_S = 3600
COUNTS = ("kind", "category", "result", "contribution")
COLUMNS = (
    "month",
    "code",
    "name",
    "alerts",
    *(f"{name}_{word}" for name in COUNTS for word in WORDS[name]),
    "reached_from",
    "reached_to",
)


class OpenFigures(Body):
    """What is 0 is left out of the counts."""

    alerts: int = Field(description="Real alerts that began in the month; exercises and tests count nowhere")
    by_kind: dict[str, int] = Field(description="alert: urgent; inquiry; prevention")
    by_category: dict[str, int]
    results: dict[str, int] = Field(description="Closed alerts by what came of them")
    contributions: dict[str, int] = Field(description="Closed alerts by what participants had to do with that")
    reached_from: int = Field(
        description="People with a message that was delivered, summed over alerts: at least so many"
    )
    reached_to: int = Field(description="At most so many. 0 to 0, 1 to 49, 50 to 99, 100 to 199, 200 to 499, and so on")


class OpenLine(OpenFigures):
    month: str = Field(description="2026-11, of the Dutch calendar; one that is over")
    code: str = Field(description="Of the municipality, as CBS has it; `NL`: the nation, each alert once")
    name: str


class OpenYearBody(Body):
    licence: str = Field(description="SPDX: free for everybody, without conditions")
    licence_url: str
    year: int
    nation: OpenFigures = Field(description="Over the months that are told")
    months: list[OpenLine] = Field(description="By month the nation, then each municipality that an alert touched")


class OpenDataRoutes:
    def __init__(self, data: Callable[[], OpenData]) -> None:
        self._data = data

    def endpoints(self) -> list[Endpoint]:
        year = "/open-data/{year}"
        return [
            Endpoint(
                "GET",
                f"{year}/alerts.json",
                self.json,
                "Open data: a year's alerts by month and municipality, without anything of persons",
                reply=OpenYearBody,
                kept_s=KEPT_S,
                raises=(NotFound,),
            ),
            Endpoint(
                "GET",
                f"{year}/alerts.csv",
                self.csv,
                "The same as a table: comma separated, UTF-8",
                media_type=CSV,
                kept_s=KEPT_S,
                raises=(NotFound,),
            ),
        ]

    def json(self, call: Call[None]) -> OpenYearBody:
        return _body(self._data().year(call.path["year"]))

    def csv(self, call: Call[None]) -> Reply:
        year = self._data().year(call.path["year"])
        named = {"Content-Disposition": f'attachment; filename="burgernet-{year.year}.csv"'}
        # RFC 8288: where a table has no place for it, a header names the licence.
        licence = {"Link": f'<{LICENCE_URL}>; rel="license"'}
        return Reply(_table(year.lines), media_type=CSV, headers={**named, **licence})


def _body(year: OpenYear) -> OpenYearBody:
    return OpenYearBody(
        licence=LICENCE,
        licence_url=LICENCE_URL,
        year=year.year,
        nation=_figures(year.whole),
        months=[
            OpenLine(month=it.month, code=it.code, name=it.name, **dict(_figures(it.figures))) for it in year.lines
        ],
    )


def _figures(figures: Sums) -> OpenFigures:
    fewest, most = band(figures.reached)
    return OpenFigures(
        alerts=figures.alerts,
        by_kind=_sorted(figures.by_kind),
        by_category=_sorted(figures.by_category),
        results=_sorted(figures.results),
        contributions=_sorted(figures.contributions),
        reached_from=fewest,
        reached_to=most,
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _table(lines: tuple[Line, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, lines))
    return text.getvalue()


def _row(line: Line) -> Iterator[str | int]:
    yield from (line.month, line.code, safe(line.name), line.figures.alerts)
    counts = counted(line.figures)
    for name in COUNTS:
        yield from (counts[name].get(word, 0) for word in WORDS[name])
    yield from band(line.figures.reached)
