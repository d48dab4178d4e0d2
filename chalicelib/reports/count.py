"""COUNT: what an alert meant for each area, recomputed from the alert, its tallies and its tips after they changed.

Not after each change: the tallies of a large alert change thousands of times. The first change puts the count off, by
more the larger the alert is; what changes until then is counted with it. Decision 41 says why no change is lost.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Protocol

from chalicelib.alerts.content import Audience
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.store import AlertStore
from chalicelib.areas import codes
from chalicelib.delivery.messages import CountMessage
from chalicelib.delivery.model import AreaTally, Span, Tally
from chalicelib.delivery.store import Ledger
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import logger
from chalicelib.platform.queues import MAX_DELAY_S, QueueName, Queues
from chalicelib.reports.costs import Costs
from chalicelib.reports.figures import NOBODY, AlertRow, Facts, Times
from chalicelib.reports.figures_store import FiguresStore
from chalicelib.reports.model import NATION
from chalicelib.reports.months import Months
from chalicelib.tips.store import TipStore

UNITS = 20  # of so many units a count costs little; of more, it is put off in proportion


class Canaries(Protocol):
    def note(self, alert: Alert) -> None:
        """Look at what has become of it by now."""
        ...


@dataclass(frozen=True)
class Sources:
    """What figures are made from."""

    alerts: AlertStore
    ledger: Ledger
    tips: TipStore

    def rows(self, alert: Alert) -> list[AlertRow]:
        """Of an alert that has begun, as everything stands now."""
        tips = sum(self.tips.count(alert.id).values())
        first = self.tips.page(alert.id, after=None, limit=1) if tips else []
        units = (tally for _, tally in self.ledger.tallies(alert.id, MessageKind.CALL))
        return rows_of(alert, units, tips, first[0].at if first else None)


@dataclass(frozen=True)
class Count:
    """``canaries``: hears of each change of what was for them; it is in no report.

    ``every_s``: how often an alert is counted at most; 0: at every change.
    """

    sources: Sources
    store: FiguresStore
    queues: Queues
    clock: Clock
    canaries: Canaries
    costs: Costs
    every_s: int

    def recompute(self, records: list[Record[CountMessage]]) -> set[str]:
        """Each alert that changed, once, however many messages say so; and each month in which any of them began."""
        due = {record.body.alert for record in records if record.body.due}
        counted: list[AlertRow] = []
        for alert_id in sorted({record.body.alert for record in records}):
            alert = self.sources.alerts.get(alert_id)
            if alert.activated_at is None:
                continue
            if alert.content.audience is Audience.CANARIES:
                self.canaries.note(alert)
            elif alert_id in due or not self.every_s:
                counted += self._count(alert_id)
            else:
                self._put_off(alert_id)
        months = Months(self.store)
        for row in counted:  # also where it stood: who wrote it may have been cut off before they came to the month
            months.include(row)
        return set()

    def _put_off(self, alert_id: str) -> None:
        now = epoch(self.clock.now())
        if self.store.due(alert_id) > now:
            return
        plan = self.sources.ledger.plan(alert_id, MessageKind.CALL)
        delay = min(self.every_s * ceil(max(plan.units if plan else 0, 1) / UNITS), MAX_DELAY_S)
        # The message first: who is cut off in between has put it off twice, and never for good.
        self.queues.send(QueueName.COUNT, [CountMessage(alert=alert_id, due=True).body()], delay_s=delay)
        self.store.put_off(alert_id, now + delay)

    def _count(self, alert_id: str) -> list[AlertRow]:
        """The rows of an alert, which stand now, or newer ones.

        What changes from now on is counted again; so the mark goes first, and the alert is read after it.
        """
        if self.every_s:
            self.store.take_up(alert_id)
        alert = self.sources.alerts.get(alert_id)
        rows = self.sources.rows(alert)
        standing = self.store.versions(rows[0].facts, [row.area for row in rows])
        newer = [row for row in rows if standing.get(row.area, -1) < row.version]
        for row in newer:
            self.store.put_alert(row)
        self.costs.keep(alert)
        logger.info("count.done", alert=alert_id, rows=len(rows), newer=len(newer))
        return rows


def rows_of(alert: Alert, units: Iterable[Tally], tips: int, first_tip: datetime | None) -> list[AlertRow]:
    """One row for every municipality that is touched or in which somebody was matched, and one for the nation.

    A row's version counts only what it is made from, so that it stays where that does.
    """
    assert alert.activated_at is not None
    parts = defaultdict(_Part, {area: _Part() for area in (NATION, *alert.municipalities)})
    nation = parts[NATION]
    for unit in units:
        touched: dict[str, dict[str, AreaTally]] = defaultdict(dict)
        for code, tally in unit.areas.items():
            touched[codes.lineage(code)[-1]][code] = tally
        for municipality, people in touched.items():
            parts[municipality].add(unit, people)
            nation.add_people(municipality, people.values())
        nation.came(unit)
    for municipality in parts.keys() - {NATION}:
        nation.people.setdefault(municipality, NOBODY)
    facts = _facts(alert, tips)
    return [
        AlertRow(area, facts, part.times(alert, first_tip), part.people, alert.version + tips + part.version)
        for area, part in parts.items()
    ]


class _Part:
    """A row that is being made."""

    def __init__(self) -> None:
        self.people: dict[str, AreaTally] = {}
        self.version = 0
        self.taken: Span | None = None

    def add(self, unit: Tally, people: dict[str, AreaTally]) -> None:
        self.came(unit)
        for code, tally in people.items():
            self.add_people(code, [tally])

    def add_people(self, code: str, tallies: Iterable[AreaTally]) -> None:
        for tally in tallies:
            self.people[code] = self.people[code].plus(tally) if code in self.people else tally

    def came(self, unit: Tally) -> None:
        self.version += unit.version
        self.taken = unit.taken.plus(self.taken) if unit.taken else self.taken

    def times(self, alert: Alert, first_tip: datetime | None) -> Times:
        since = alert.approved_at
        if since is None:
            return Times()
        first, last = (datetime.fromtimestamp(at, UTC) for at in self.taken) if self.taken else (None, None)
        moments = (first, last, first_tip, alert.closed_at)
        return Times(*(max(int((at - since).total_seconds()), 0) if at else None for at in moments))


def _facts(alert: Alert, tips: int) -> Facts:
    assert alert.activated_at is not None
    return Facts(
        alert=alert.id,
        opened=alert.activated_at,
        status=alert.status,
        kind=alert.kind,
        category=alert.category,
        urgency=alert.content.urgency,
        tips=tips,
        result=alert.result,
        contribution=alert.contribution,
        break_glass=alert.break_glass is not None,
    )
