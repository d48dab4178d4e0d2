"""The benchmark counts what the product writes; here on the smallest of its alerts."""

import pytest

from bench import reports
from bench.day_report import days
from bench.report_world import others
from bench.reports import Billed, counted, dashboard
from bench.room_report import LARGE, OURS, packed_year, room
from chalicelib.delivery.model import AreaTally
from chalicelib.reports.figures import AlertRow, Times
from chalicelib.reports.series import DAYS_AT_ONCE


def test_a_dashboard_of_a_year_is_one_page():
    figures = dashboard()
    assert (figures["dashboard_queries"], figures["dashboard_pages"]) == (2, 1)
    assert figures["dashboard_bytes"] > 12 * reports.LARGEST


@pytest.fixture(scope="module")
def year():
    return packed_year()


def test_a_control_room_reads_its_own_municipalities_and_the_nation_only_where_that_is_less(year):
    figures = room(year)  # which asserts that both ways tell the same
    assert (figures["room_queries"], figures["room_by_nation_queries"]) == (OURS, 1)
    assert figures["room_read_units"] < figures["room_by_nation_read_units"] / 3
    assert (figures["large_room_queries"], figures["large_room_by_towns_queries"]) == (1, LARGE)
    assert figures["large_room_read_units"] < figures["large_room_by_towns_read_units"]


def test_days_are_read_by_few_calls(year):
    figures = days(year)
    assert figures["days_of_month_calls"] == 3  # alerts, participants, shares of the cost
    assert 31 < figures["days_of_month_read_units"] <= reports.LIMITS["days_of_month_read_units"]
    assert figures["days_of_nation_calls"] == 4  # of shares there are two pages
    assert figures["days_of_nation_read_units"] > 2 * DAYS_AT_ONCE


def test_everybody_is_counted_and_every_kind_of_row_is_paid_for():
    figures = counted(13, 20.0)
    parts = [number for name, number in figures.items() if name.endswith("_write_units_per_recipient")]
    assert figures["recipients"] == 13 * reports.PEOPLE_EACH
    assert len(parts) == 5  # tallies, rows of alerts and months, marks, shares of the cost
    assert abs(sum(parts) - figures["write_units_per_recipient"]) < 1e-9


def test_a_row_costs_by_its_size_with_binary_as_it_lies():
    store, facts = Billed(), others()[0].facts
    small = AlertRow("GM9001", facts, Times(), {}, 1)
    store.put_alert(small)
    assert store.written["alert rows"] == 1
    people = {
        f"BU9001{n:04d}": AreaTally(n * 7919 % 10_000, n * 104_729 % 10_000, n * 1_299_709 % 10_000) for n in range(900)
    }
    store.put_alert(AlertRow("GM9001", facts, Times(), people, 2))
    assert store.written["alert rows"] > 5
