"""What an area brought day by day, or month by month: alerts, money, and who took part when a day or a month ended.

Only of areas of which everything is told whatever the period: municipalities, what is made of whole ones, and the
nation. So who reads a series of days learns nothing that they could not ask for one day at a time
(``docs/decisions/0040-days.md``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from chalicelib.areas.succession import NotComparable, Succession
from chalicelib.reports.census_figures import PeopleTold
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.figures import AlertRow, Facts, Sums, Times, combined, medians
from chalicelib.reports.model import Period
from chalicelib.reports.people_then import people_then
from chalicelib.reports.report import Part
from chalicelib.reports.spending import Spending

DAYS_AT_ONCE = 92  # any three months; a day's row of participants each, which fit in one BatchGetItem

Brought = Mapping[str, tuple[Sums, Times]]  # by the name of a day or a month


@dataclass(frozen=True)
class Subject:
    """What a series is of. ``areas``: municipalities, or the nation, by code, with the year of their boundaries.
    ``now``: who takes part in them together; None: one of them has ended.
    """

    areas: Mapping[str, int | None]
    now: PeopleTold | None


@dataclass(frozen=True)
class Series:
    census: CensusStore
    succession: Callable[[], Succession]
    spending: Spending
    today: date

    def days(self, subject: Subject, period: Period, brought: Brought) -> tuple[Part, ...]:
        """Each day of the period up to today, also one on which nothing began. Of participants only how many there are:
        between two days it is often one person who came, and what they chose is nobody's business.
        """
        last = min(period.last, self.today)
        days = [period.first + timedelta(days=n) for n in range((last - period.first).days + 1)]
        found = self._parts(subject, {day.isoformat(): Period(day, day) for day in days}, brought)
        return tuple(replace(it, participants=it.participants and it.participants.number_alone()) for it in found)

    def months(self, subject: Subject, period: Period, brought: Brought) -> tuple[Part, ...]:
        """Each month of the period, as a whole, of which there is anything to tell."""
        first, spans = period.first.replace(day=1), {}
        while first <= min(period.last, self.today):
            spans[f"{first:%Y-%m}"] = span = Period(first, first).in_whole_months()
            first = span.last + timedelta(days=1)
        found = self._parts(subject, spans, brought)
        return tuple(it for it in found if it.code in brought or it.participants or (it.cost and it.cost.cents))

    def _parts(self, subject: Subject, spans: Mapping[str, Period], brought: Brought) -> tuple[Part, ...]:
        spent = self.spending.each(subject.areas.keys(), list(spans.values()))
        people = self._people(subject, [span.last for span in spans.values()])
        return tuple(
            Part(
                name,
                name,
                brought.get(name, (Sums(), Times()))[0],
                participants=people[span.last],
                times=brought.get(name, (Sums(), Times()))[1],
                cost=cost,
                period=span,
            )
            for (name, span), cost in zip(spans.items(), spent, strict=True)
        )

    def _people(self, subject: Subject, days: list[date]) -> dict[date, PeopleTold | None]:
        """By day who took part when it had ended, or now; None: it was not counted, or cannot be compared."""
        over = [day for day in days if day < self.today]
        kept = cache(lambda partition: self.census.on(partition, over))
        succession = cache(self.succession)

        def after(day: date) -> PeopleTold | None:
            try:
                return people_then(subject.areas, lambda partition: kept(partition).get(day), succession)
            except NotComparable:
                return None

        return {day: after(day) if day < self.today else subject.now for day in days}


def brought_by(rows: Iterable[AlertRow], areas: frozenset[str], name: Callable[[Facts], str]) -> Brought:
    """What alerts that touched some areas were together, each once, by the day or month (``name``) that they began on.

    ``rows``: as ``combined`` takes them.
    """
    found: dict[str, list[AlertRow]] = {}
    for row in rows:
        found.setdefault(name(row.facts), []).append(row)
    sums = ((key, *combined(some, areas)) for key, some in sorted(found.items()))
    return {key: (some, medians(times)) for key, some, times in sums if some.alerts}
