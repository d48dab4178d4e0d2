"""What everybody may know: alerts by month and municipality, people in bands."""

import csv
import io
import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Call
from chalicelib.reports.figures import AlertRow, Facts, MonthRow, Sums, Times
from chalicelib.reports.months import Months
from chalicelib.reports.open_data import OpenData, band
from chalicelib.reports.open_data_routes import COLUMNS, OpenDataRoutes

LAMBDA_ANSWER = 6_000_000  # bytes
MAY, OCTOBER = datetime(2026, 5, 4, 12, tzinfo=UTC), datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.fixture
def data(areas, figures, clock):
    return OpenData(areas, figures, clock)


@pytest.fixture
def routes(data):
    return OpenDataRoutes(lambda: data)


def alert(figures, opened, name, **reached):
    """``reached``: municipality -> people."""
    facts = Facts(name, opened, "Actual", "alert", "robbery", "Immediate", 7, "suspect_arrested", "direct")
    people = {
        code: AreaTally(number + 900, number + 90, number, 3, {Channel.SMS: Messages(number, number)})
        for code, number in reached.items()
    }
    row = AlertRow("NL", facts, Times(5, 60), people, 1)
    figures.put_alert(row)
    Months(figures).include(row)


def call(year="2026"):
    return Call(None, {"year": year}, None, {}, "", "", "")


def test_every_month_tells_of_the_nation_and_of_what_an_alert_touched(routes, figures):
    alert(figures, MAY, "0000000ab1", GM9001=120, GM9002=4)
    alert(figures, MAY, "0000000ab2", GM9001=80)
    alert(figures, OCTOBER, "0000000ab3", GM9002=0)
    body = routes.json(call())
    assert [(it.month, it.code, it.name, it.alerts, it.reached_from, it.reached_to) for it in body.months] == [
        ("2026-05", "NL", "Nederland", 2, 200, 499),
        ("2026-05", "GM9001", "Sluisveen", 2, 200, 499),
        ("2026-05", "GM9002", "Molendrecht", 1, 1, 49),
        ("2026-10", "NL", "Nederland", 1, 0, 0),
        ("2026-10", "GM9002", "Molendrecht", 1, 0, 0),
    ]
    assert (body.nation.alerts, body.nation.results, body.nation.contributions) == (
        3,
        {"suspect_arrested": 3},
        {"direct": 3},
    )
    assert (body.nation.by_kind, body.nation.by_category) == ({"alert": 3}, {"robbery": 3})
    assert (body.licence, body.year) == ("CC0-1.0", 2026)


def test_the_table_says_the_same(routes, figures):
    alert(figures, MAY, "0000000ab1", GM9001=120, GM9002=4)
    reply = routes.csv(call())
    rows = list(csv.DictReader(io.StringIO(reply.content)))
    assert tuple(rows[0]) == COLUMNS
    for row, line in zip(rows, routes.json(call()).months, strict=True):
        assert {row[name] for name in ("month", "code", "name")} == {line.month, line.code, line.name}
        for prefix, counts in (
            ("kind", line.by_kind),
            ("category", line.by_category),
            ("result", line.results),
            ("contribution", line.contributions),
        ):
            told = {name.removeprefix(f"{prefix}_"): int(row[name]) for name in row if name.startswith(f"{prefix}_")}
            assert {word: number for word, number in told.items() if number} == counts
        assert (int(row["reached_from"]), int(row["reached_to"])) == (line.reached_from, line.reached_to)
    assert "publicdomain/zero" in reply.headers["Link"]


def test_a_month_is_told_when_it_is_over(routes, figures, clock):
    alert(figures, datetime(2026, 11, 2, tzinfo=UTC), "0000000ab1", GM9001=120)
    assert routes.json(call()).months == []
    assert routes.json(call()).nation.alerts == 0
    clock.at = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # midnight in Amsterdam
    assert len(routes.json(call()).months) == 2


@pytest.mark.parametrize("year", ["2027", "1999", "26", "0002026", "2026.json", "²026", "NL"])
def test_a_year_that_is_none_or_has_not_begun_is_not_found(data, year):
    with pytest.raises(NotFound, match="no_such_year"):
        data.year(year)


def test_nothing_but_counts_of_alerts_and_bands_is_told(routes, figures):
    """Whatever stands in an alert's row: no id, no moment, no exact number of people."""
    alert(figures, MAY, "0000000ab1", GM9001=4_321)
    body = json.loads(routes.json(call()).model_dump_json())
    counts = {"alerts", "by_kind", "by_category", "results", "contributions", "reached_from", "reached_to"}
    assert set(body) == {"licence", "licence_url", "year", "nation", "months"}
    assert set(body["nation"]) == counts
    assert {name for line in body["months"] for name in line} == {*counts, "month", "code", "name"}
    words = {word for name in ("by_kind", "by_category", "results", "contributions") for word in body["nation"][name]}
    assert words == {"alert", "robbery", "suspect_arrested", "direct"}
    for text in (json.dumps(body), routes.csv(call()).content):
        assert "4321" not in text
        assert "5221" not in text
        assert "ab1" not in text


def test_no_band_of_people_is_narrow():
    ends = sorted({band(people) for people in range(1, 30_000)})
    assert ends[:8] == [
        (1, 49),
        (50, 99),
        (100, 199),
        (200, 499),
        (500, 999),
        (1_000, 1_999),
        (2_000, 4_999),
        (5_000, 9_999),
    ]
    assert all(last - first >= 48 for first, last in ends)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(ends))
    assert all(first <= people <= last for people in range(1, 3_000) for first, last in [band(people)])
    assert (band(0), band(1_234_567)) == ((0, 0), (1_000_000, 1_999_999))


def test_a_year_of_the_whole_nation_fits_in_one_answer(routes, figures, areas):
    busy = Sums(
        alerts=99,
        reached=123_456,
        by_kind=dict.fromkeys(Kind, 33),
        by_category=dict.fromkeys(Category, 9),
        results=dict.fromkeys(Result, 16),
        contributions=dict.fromkeys(Contribution, 24),
    )
    for month in range(1, 11):
        sums = {"NL": busy, **{f"GM{number:04d}": busy for number in range(400)}}
        figures.put_month(MonthRow("NL", f"2026-{month:02d}", 1, {}, sums))
    answer = routes.json(call()).model_dump_json()
    assert len(answer) * 12 / 10 < LAMBDA_ANSWER * 0.6
    assert len(routes.csv(call()).content) < len(answer)
