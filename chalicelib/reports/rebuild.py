"""REBUILD: makes the rows of alerts and months again from the ledger, month by month. An operator calls it by hand.

Live counting may go on. What stands is read before the sources are, so a row that is newer than what they give is
wrong; and a row is changed only where it is still the one that was read. What moves meanwhile is counted by whoever
moved it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.alerts.content import Audience
from chalicelib.alerts.listing import approved_since
from chalicelib.areas.service import AreaService
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.errors import InvalidInput, NotFound
from chalicelib.platform.observe import logger
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Sources
from chalicelib.reports.figures import AlertRow
from chalicelib.reports.figures_store import FiguresStore
from chalicelib.reports.model import NATION
from chalicelib.reports.months import Months, bounds

WORK = timedelta(minutes=10)  # after so long no further month is begun
COUNTDOWN = timedelta(days=1)  # an alert begins within so long of its approval
TOLD = 20  # rows named in an answer
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

Rows = dict[tuple[str, str], AlertRow]  # by area and alert


@dataclass(frozen=True)
class Rebuild:
    sources: Sources
    store: FiguresStore
    areas: AreaService
    clock: Clock
    costs: Costs

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: ``{"first": "2026-01", "last": "2026-11"}``; by default from the first alert's month to today's.

        Returns:
            ``months``: of each that was looked at, how many ``alerts`` and ``rows`` there are, how many rows of alerts
            ``differed`` or were ``removed``, how many rows of ``sums`` were wrong, and ``which`` those were, some of
            them. ``next``: where to go on, where time was up.

        Raises:
            InvalidInput: not_a_month.
        """
        began = self.clock.now()
        last = _month(event.get("last") or f"{began.astimezone(AMSTERDAM):%Y-%m}", "last")
        month = _month(event.get("first") or self._first() or last, "first")
        told: list[dict[str, Any]] = []
        while month <= last and self.clock.now() - began < WORK:
            told.append(self.month(month))
            month = _following(month)
        return {"months": told, **({"next": month} if month <= last else {})}

    def month(self, month: str) -> dict[str, Any]:
        """Set one month right. What its alerts cost is kept anew in any case, at the prices that there are now."""
        first, until = bounds(month)
        approved = approved_since(self.sources.alerts, first - COUNTDOWN)
        listed = [it.id for it in approved if it.approved_at and it.approved_at < until]
        areas = self._areas(month, listed)
        standing = self._rows(areas, month)
        due = self._due(month, {*listed, *(alert for _, alert in standing)})
        differed = sorted(key for key, row in due.items() if standing.get(key) != row)
        removed = sorted(standing.keys() - due.keys())
        for key in [*differed, *removed]:
            row = due.get(key)
            facts = (row or standing[key]).facts
            self.store.swap_alert(facts, key[0], standing[key].version if key in standing else None, row)
        for alert in sorted({alert for _, alert in due}):
            self.costs.keep(self.sources.alerts.get(alert))
        changed = {area for area, _ in [*differed, *removed]}
        months = Months(self.store)
        areas |= changed
        sums = [area for area in sorted(areas) if months.rebuild(area, month, force=area in changed)]
        which = [f"{area} {alert}" for area, alert in [*differed, *removed]] + [f"{area} {month}" for area in sums]
        told: dict[str, Any] = {
            "month": month,
            "alerts": len({alert for _, alert in due}),
            "rows": len(due),
            "differed": len(differed),
            "removed": len(removed),
            "sums": len(sums),
            "which": which[:TOLD],
        }
        logger.info("rebuild.month", **told)
        return told

    def _first(self) -> str | None:
        """The month in which the first alert was approved."""
        approved = [it.approved_at for it in approved_since(self.sources.alerts, EARLIEST) if it.approved_at]
        return f"{min(approved).astimezone(AMSTERDAM):%Y-%m}" if approved else None

    def _areas(self, month: str, listed: Iterable[str]) -> set[str]:
        """Where rows may stand, or should."""
        named = {area for row in self._rows([NATION], month).values() for area in row.people}
        due = {area for area, _ in self._due(month, listed)}
        return {NATION, *named, *due, *(area.code for area in self.areas.municipalities())}

    def _rows(self, areas: Iterable[str], month: str) -> Rows:
        found = (row for area in areas for row in self.store.alerts(area, *bounds(month)))
        return {(row.area, row.facts.alert): row for row in found}

    def _due(self, month: str, alerts: Iterable[str]) -> Rows:
        """What should stand."""
        rows = (row for alert in sorted(alerts) for row in self._of(alert))
        return {(row.area, row.facts.alert): row for row in rows if row.facts.month == month}

    def _of(self, alert_id: str) -> Iterator[AlertRow]:
        try:
            alert = self.sources.alerts.get(alert_id)
        except NotFound:
            return
        if alert.activated_at is not None and alert.content.audience is not Audience.CANARIES:
            yield from self.sources.rows(alert)


def _month(name: object, field: str) -> str:
    try:
        return f"{date.fromisoformat(f'{name}-01'):%Y-%m}"
    except ValueError:
        raise InvalidInput.of(field, "not_a_month", "A month is written as 2026-11.") from None


def _following(month: str) -> str:
    return f"{bounds(month)[1]:%Y-%m}"
