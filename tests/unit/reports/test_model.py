from datetime import UTC, date, datetime

import pytest

from chalicelib.reports.model import AlertFigures, AreaFigures, Period, lineage, week, week_before, week_name

ROW = AlertFigures(
    "GM9001", "a1", datetime(2026, 11, 23, tzinfo=UTC), "Actual", "alert", "robbery", 10, 8, 7, None, None, 2, 5
)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("BU03440111", ("BU03440111", "WK034401", "GM0344", "NL")),
        ("WK034401", ("WK034401", "GM0344", "NL")),
        ("GM0344", ("GM0344", "NL")),
        ("elsewhere", ("elsewhere", "NL")),
    ],
)
def test_an_area_lies_in_the_areas_of_its_code(code, expected):
    assert lineage(code) == expected


def test_exercises_and_tests_count_nowhere():
    rows = [ROW, *(AlertFigures(**{**vars(ROW), "alert": s, "status": s}) for s in ("Exercise", "Test"))]
    figures = AreaFigures.of(rows)
    assert (figures.alerts, figures.asked, figures.reached, figures.tips, figures.open) == (1, 8, 7, 2, 1)


def test_results_and_categories_are_counted():
    closed = AlertFigures(**{**vars(ROW), "alert": "a2", "result": "suspect_arrested", "contribution": "direct"})
    figures = AreaFigures.of([ROW, closed])
    assert figures.by_category == {"robbery": 2}
    assert (figures.results, figures.contributions, figures.open) == ({"suspect_arrested": 1}, {"direct": 1}, 1)


@pytest.mark.parametrize(
    ("moment", "name", "first"),
    [
        (datetime(2026, 11, 23, 6, tzinfo=UTC), "2026-W47", date(2026, 11, 16)),
        # Sunday 23:30 in UTC is Monday in Amsterdam.
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "2026-W47", date(2026, 11, 16)),
        (datetime(2027, 1, 4, 12, tzinfo=UTC), "2026-W53", date(2026, 12, 28)),
    ],
)
def test_the_week_before_is_a_whole_dutch_week(moment, name, first):
    assert week_name(week_before(moment).first) == name
    assert week_before(moment).first == first
    assert week(name) == week_before(moment)


def test_a_week_that_is_none_is_refused():
    with pytest.raises(ValueError, match="W99"):
        week("2026-W99")


def test_a_period_knows_the_hour_that_summer_takes():
    since, until = Period(date(2026, 3, 29), date(2026, 3, 29)).bounds()
    assert (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds() == 23 * 3600
