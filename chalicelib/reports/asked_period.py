"""The period that somebody asks a report of."""

from datetime import date

from chalicelib.platform.errors import InvalidInput
from chalicelib.reports.model import Period

MOST_DAYS = 5 * 365 + 2  # five years, at most two of them leap years


def asked_period(first: date | None, last: date | None, today: date, most: int = MOST_DAYS) -> Period:
    """By default this calendar year so far. ``most``: days.

    Raises:
        InvalidInput: period_backwards, period_too_long.
    """
    period = Period(first or today.replace(month=1, day=1), last or today)
    if period.last < period.first:
        raise InvalidInput.of("last", "period_backwards", "The last day lies before the first.")
    if (period.last - period.first).days >= most:
        text = "A period is five years at most." if most == MOST_DAYS else f"Days are told of {most} at most."
        raise InvalidInput.of("last", "period_too_long", text)
    return period
