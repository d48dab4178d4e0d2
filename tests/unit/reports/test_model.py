from datetime import UTC, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reports.model import Period, lineage

TODAY = date(2026, 11, 24)


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


def test_a_period_knows_the_hour_that_summer_takes():
    since, until = Period(date(2026, 3, 29), date(2026, 3, 29)).bounds()
    assert (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds() == 23 * 3600


@pytest.mark.parametrize(
    ("first", "last", "whole", "days"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), ("2026-01", "2026-12"), []),
        # The month of today is not over: it is whole as far as there is anything in it.
        (date(2026, 1, 1), TODAY, ("2026-01", "2026-11"), []),
        (date(2026, 1, 1), date(2026, 11, 23), ("2026-01", "2026-10"), [(date(2026, 11, 1), date(2026, 11, 23))]),
        (date(2026, 2, 1), date(2026, 2, 28), ("2026-02", "2026-02"), []),
        (date(2026, 3, 5), date(2026, 3, 9), None, [(date(2026, 3, 5), date(2026, 3, 9))]),
        (date(2026, 3, 5), date(2026, 4, 9), None, [(date(2026, 3, 5), date(2026, 4, 9))]),
        (
            date(2025, 12, 31),
            date(2026, 3, 1),
            ("2026-01", "2026-02"),
            [(date(2025, 12, 31), date(2025, 12, 31)), (date(2026, 3, 1), date(2026, 3, 1))],
        ),
        (date(2000, 1, 1), date(2199, 12, 31), ("2000-01", "2199-12"), []),
    ],
)
def test_a_period_is_whole_months_and_the_days_around_them(first, last, whole, days):
    assert Period(first, last).months(TODAY) == (whole, [Period(*some) for some in days])


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.dates(date(2020, 1, 1), date(2026, 12, 31)))
def test_months_and_days_hold_every_day_of_a_period_that_is_over_once(one, other):
    first, last = sorted((one, other))
    whole, days = Period(first, last).months(date(2027, 1, 1))
    found = [day for some in days for day in _days(some.first, some.last)]
    found += [day for day in _days(first, last) if whole and whole[0] <= f"{day:%Y-%m}" <= whole[1]]
    assert sorted(found) == list(_days(first, last))


def _days(first, last):
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
