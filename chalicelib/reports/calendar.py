"""Weeks, months and years of the Dutch calendar: by name, one after the other, and which of them is over.

``2026-W47`` is a week of ISO 8601, ``2026-10`` a month, ``2026`` a year.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.platform.clock import AMSTERDAM
from chalicelib.reports.model import Period

FROM_HOUR = 7  # of the day after: before the working day begins
_NAMES = re.compile(r"(?P<year>20\d{2})(-(W(?P<week>\d{2})|(?P<month>\d{2})))?", re.ASCII)


class Span(StrEnum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class CalendarPeriod:
    span: Span
    period: Period

    @property
    def name(self) -> str:
        first = self.period.first
        if self.span is Span.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02d}"
        return f"{first:%Y-%m}" if self.span is Span.MONTH else f"{first:%Y}"

    def has_begun(self, moment: datetime) -> bool:
        return self.period.first <= moment.astimezone(AMSTERDAM).date()

    def is_over(self, moment: datetime) -> bool:
        return self.period.last < moment.astimezone(AMSTERDAM).date()

    def before(self) -> "CalendarPeriod":
        """The one that it follows."""
        return around(self.span, self.period.first - timedelta(days=1))


def around(span: Span, day: date) -> CalendarPeriod:
    """The one that a day lies in."""
    if span is Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return CalendarPeriod(span, Period(monday, monday + timedelta(days=6)))
    if span is Span.MONTH:
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return CalendarPeriod(span, Period(first, following - timedelta(days=1)))
    return CalendarPeriod(span, Period(date(day.year, 1, 1), date(day.year, 12, 31)))


def named(name: str) -> CalendarPeriod:
    """Raises ``ValueError``: no such period."""
    match = _NAMES.fullmatch(name)
    if match is None:
        raise ValueError(f"no period is called {name}")
    year = int(match["year"])
    if match["week"]:
        return around(Span.WEEK, date.fromisocalendar(year, int(match["week"]), 1))
    return around(Span.MONTH if match["month"] else Span.YEAR, date(year, int(match["month"] or 1), 1))


def due(span: Span, moment: datetime) -> CalendarPeriod | None:
    """The last one that is over, once its figures may be told; None: just over, and the night is not.

    It stays the same until the next one is over, so whoever asks late is told too.
    """
    local = moment.astimezone(AMSTERDAM)
    current = around(span, local.date())
    just_over = local.date() == current.period.first and local.hour < FROM_HOUR
    return None if just_over else current.before()
