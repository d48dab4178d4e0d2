"""How participants of one or more areas grew over a period, as they were counted at the ends of its days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from chalicelib.areas.service import AreaService
from chalicelib.areas.succession import NotComparable, Succession
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.model import Period
from chalicelib.reports.people_then import people_then
from chalicelib.reports.statistics import Growth, growth

LATE = timedelta(days=6)  # a day that was missed is stood in for by one of those before


@dataclass(frozen=True)
class Trend:
    """``growth``: None where a day has no count, or it is held back.

    ``comparable_from``: the year before which there are no figures of the area as it is, where that is why.
    """

    growth: Growth | None = None
    comparable_from: int | None = None


@dataclass(frozen=True)
class Trends:
    areas: AreaService
    store: CensusStore
    clock: Clock

    def of(self, areas: Mapping[str, int | None], now: int | None, period: Period) -> Trend:
        """``areas``: by code, with boundaries as in which year; none lies in another. Or the nation, of any year.

        ``now``: who takes part in them together; None: held back. What is held back of one of them is so of all.
        """
        today = self.clock.now().astimezone(AMSTERDAM).date()
        succession = cache(self.areas.succession)
        try:
            before = self._after(areas, period.first - timedelta(days=1), succession)
            return Trend(growth(before, now if period.last >= today else self._after(areas, period.last, succession)))
        except NotComparable as error:
            return Trend(comparable_from=error.year)

    def _after(self, areas: Mapping[str, int | None], day: date, succession: Callable[[], Succession]) -> int | None:
        """The participants of what these areas are in their years; None: not counted, or held back."""
        read = cache(lambda partition: self.store.day(partition, day - LATE, day))
        people = people_then(areas, read, succession)
        return people.participants if people else None
