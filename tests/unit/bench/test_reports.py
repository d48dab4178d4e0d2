"""The benchmark counts what the product writes; here on the smallest of its alerts."""

from bench import reports
from bench.report_world import others
from bench.reports import Billed, counted, dashboard
from bench.room_report import OURS, room
from chalicelib.delivery.model import AreaTally
from chalicelib.reports.figures import AlertRow, Times


def test_a_dashboard_of_a_year_is_one_page():
    figures = dashboard()
    assert (figures["dashboard_queries"], figures["dashboard_pages"]) == (2, 1)
    assert figures["dashboard_bytes"] > 12 * reports.LARGEST


def test_a_control_room_reads_its_own_municipalities_and_not_the_nation():
    figures = room()  # which asserts that both ways tell the same
    assert (figures["room_queries"], figures["room_by_nation_queries"]) == (OURS, 1)
    assert figures["room_read_units"] < figures["room_by_nation_read_units"] / 3


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
