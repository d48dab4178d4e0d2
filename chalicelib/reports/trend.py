"""How participants of an area grew over a period, as they were counted at the ends of its days."""

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.areas.codes import lineage
from chalicelib.areas.service import AreaService
from chalicelib.areas.succession import NotComparable
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.reports.census_figures import people_told
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.model import NATION, Period
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

    def of(self, code: str, year: int | None, now: int | None, period: Period) -> Trend:
        """``code``: of an area, with boundaries as in ``year``; or the nation, of no year. ``now``: who takes part."""
        today = self.clock.now().astimezone(AMSTERDAM).date()
        try:
            before = self._after(code, year, period.first - timedelta(days=1))
            return Trend(growth(before, now if period.last >= today else self._after(code, year, period.last)))
        except NotComparable as error:
            return Trend(comparable_from=error.year)

    def _after(self, code: str, year: int | None, day: date) -> int | None:
        """The participants of what the area is in ``year``, as counted after a day; None: not counted, or held back.

        Raises:
            NotComparable: the area was split since.
        """
        days, partition = (day - LATE, day), lineage(code)[-1]
        own = self.store.day(partition, *days)
        made = own or self.store.day(NATION, *days)
        if made is None:
            return None
        origins = frozenset({code})
        if year is not None and made.year < year:
            origins = self.areas.succession().origins(code, year, made.year)
        sums = 0
        for there in sorted({lineage(origin)[-1] for origin in origins}):
            snapshot = own if there == partition else self.store.day(there, *days)
            wanted = [origin for origin in origins if lineage(origin)[-1] == there]
            for told in people_told(snapshot.people if snapshot else {}, wanted).values():
                if told.participants is None:
                    return None
                sums += told.participants
        return sums
