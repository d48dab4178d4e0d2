"""A month's row is made again from the month's alert rows whenever one of those has changed. Nothing is added up.

Who changed an alert row comes here after it was written. The month's row says with which version of each alert it was
made, so whoever finds their own version in it, or a newer one, has nothing to do. Why no change is ever left out, in
whatever order the steps of several writers fall: decision 41.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from chalicelib.platform.clock import AMSTERDAM
from chalicelib.reports.figures import AlertRow, MonthRow
from chalicelib.reports.figures_store import FiguresStore


@dataclass(frozen=True)
class Months:
    store: FiguresStore

    def include(self, row: AlertRow) -> None:
        """See to it that the month of the row, which stands or has a newer one in its place, is made with it."""
        if not row.facts.real:
            return
        while True:
            standing = self.store.month(row.area, row.facts.month)
            line = standing.alerts.get(row.facts.alert) if standing else None
            if (line and line.version >= row.version) or self._again(standing, row.area, row.facts.month):
                return

    def rebuild(self, area: str, month: str, *, force: bool) -> bool:
        """Make it again; whether it was other than it should be. ``force``: write it in any case."""
        while True:
            standing = self.store.month(area, month)
            made = self._made(standing, area, month)
            same = replace(made, version=standing.version) == standing if standing else not made.alerts
            if (same and not force) or self.store.put_month(made):
                return not same

    def _again(self, standing: MonthRow | None, area: str, month: str) -> bool:
        return self.store.put_month(self._made(standing, area, month))

    def _made(self, standing: MonthRow | None, area: str, month: str) -> MonthRow:
        """From what is there after ``standing`` was read."""
        version = standing.version if standing else 0
        return MonthRow.of(area, month, version + 1, self.store.alerts(area, *bounds(month)))


def bounds(month: str) -> tuple[datetime, datetime]:
    """``2026-11`` -> from midnight in Amsterdam on its first day up to that on the first of the next."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), AMSTERDAM), datetime.combine(following, time(), AMSTERDAM)
