"""Areas and periods, as reports speak of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chalicelib.areas import codes
from chalicelib.platform.clock import AMSTERDAM

NATION = "NL"


def lineage(code: str) -> tuple[str, ...]:
    """An area and all that it lies in: ``BU03440111`` -> ``BU03440111, WK034401, GM0344, NL``."""
    return (*codes.lineage(code), NATION)


@dataclass(frozen=True)
class Period:
    """From the first day up to and including the last, Dutch calendar days."""

    first: date
    last: date

    def bounds(self) -> tuple[datetime, datetime]:
        """Half open: from midnight in Amsterdam up to the midnight after the last day."""
        return (
            datetime.combine(self.first, time(), AMSTERDAM),
            datetime.combine(self.last + timedelta(days=1), time(), AMSTERDAM),
        )

    def in_whole_months(self) -> "Period":
        """From the first day of its first month up to the last of its last."""
        return Period(self.first.replace(day=1), _month_end(self.last))

    def months(self, today: date) -> "tuple[tuple[str, str] | None, list[Period]]":
        """The first and the last month that lie in it as a whole, or None; and the days before and after those.

        A month is whole where it is not over yet and the period ends today or later: nothing begins in the future.
        """
        ends = self.last if self.last < today else _month_end(self.last)
        begin = self.first if self.first.day == 1 else _month_end(self.first) + timedelta(days=1)
        end = ends if ends == _month_end(ends) else ends.replace(day=1) - timedelta(days=1)
        if begin > end:
            return None, [self]
        before = [Period(self.first, begin - timedelta(days=1))] if self.first < begin else []
        after = [Period(end + timedelta(days=1), self.last)] if end < ends else []
        return (f"{begin:%Y-%m}", f"{end:%Y-%m}"), before + after

    def whole_years(self, today: date) -> bool:
        """Whether it is one or more calendar years. One that is not over is whole as a month is."""
        begins, ends = (self.first.month, self.first.day) == (1, 1), (self.last.month, self.last.day) == (12, 31)
        return begins and (ends or self.last >= today)


def _month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
