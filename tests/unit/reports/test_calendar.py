"""Weeks, months and years, and when they are due in Dutch time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reports.calendar import CalendarPeriod, Span, around, due, named
from chalicelib.reports.model import Period


@pytest.mark.parametrize(
    ("name", "span", "first", "last"),
    [
        ("2026-W47", Span.WEEK, date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W53", Span.WEEK, date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-02", Span.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", Span.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", Span.MONTH, date(2026, 12, 1), date(2026, 12, 31)),
        ("2026", Span.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_a_name(name, span, first, last):
    assert named(name) == CalendarPeriod(span, Period(first, last))
    assert named(name).name == name


@pytest.mark.parametrize(
    "name", ["", "26", "2026-W54", "2025-W53", "2026-W7", "2026-W00", "2026-13", "2026-00", "2026-1", "9999", "week 47"]
)
def test_what_is_no_period_is_refused(name):
    with pytest.raises(ValueError):  # noqa: PT011 (the caller says what is wrong)
        named(name)


@pytest.mark.parametrize(
    ("name", "before"), [("2027-W01", "2026-W53"), ("2026-01", "2025-12"), ("2026-03", "2026-02"), ("2026", "2025")]
)
def test_each_follows_another(name, before):
    assert named(name).before().name == before


@given(st.sampled_from(Span), st.dates(date(2001, 1, 8), date(2098, 12, 31)))
def test_each_day_lies_in_one_of_each_kind_and_the_one_before_ends_where_it_begins(span, day):
    period = around(span, day)
    assert period.period.first <= day <= period.period.last
    assert period.before().period.last + timedelta(days=1) == period.period.first
    assert named(period.name) == period


@pytest.mark.parametrize(
    ("span", "moment", "name"),
    [
        # Sunday 23:30 in UTC is Monday in Amsterdam; what is over is told from seven on.
        (Span.WEEK, datetime(2026, 11, 22, 22, 30, tzinfo=UTC), "2026-W46"),
        (Span.WEEK, datetime(2026, 11, 22, 23, 30, tzinfo=UTC), None),
        (Span.WEEK, datetime(2026, 11, 23, 5, 59, tzinfo=UTC), None),
        (Span.WEEK, datetime(2026, 11, 23, 6, 0, tzinfo=UTC), "2026-W47"),
        (Span.WEEK, datetime(2026, 7, 6, 4, 59, tzinfo=UTC), None),
        (Span.WEEK, datetime(2026, 7, 6, 5, 0, tzinfo=UTC), "2026-W27"),
        # On the days on which the clock changes.
        (Span.WEEK, datetime(2026, 3, 30, 5, 0, tzinfo=UTC), "2026-W13"),
        (Span.WEEK, datetime(2026, 10, 26, 5, 59, tzinfo=UTC), None),
        (Span.MONTH, datetime(2026, 10, 31, 22, 59, tzinfo=UTC), "2026-09"),
        (Span.MONTH, datetime(2026, 10, 31, 23, 1, tzinfo=UTC), None),
        (Span.MONTH, datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "2026-10"),
        (Span.MONTH, datetime(2026, 11, 30, 22, 0, tzinfo=UTC), "2026-10"),
        (Span.YEAR, datetime(2027, 1, 1, 5, 59, tzinfo=UTC), None),
        (Span.YEAR, datetime(2027, 1, 1, 6, 0, tzinfo=UTC), "2026"),
        (Span.YEAR, datetime(2027, 12, 31, 22, 59, tzinfo=UTC), "2026"),
    ],
)
def test_it_is_due_from_seven_in_dutch_time_until_the_next_one_is_over(span, moment, name):
    found = due(span, moment)
    assert (found.name if found else None) == name
