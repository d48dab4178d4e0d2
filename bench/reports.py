"""What figures cost: a municipality's dashboard to read, and an alert to count, by the product's own code.

Counted are the units of every row that the product writes, by DynamoDB's rules for the rows' real sizes. Invented are
the people: municipalities of 10 to 145 neighbourhoods with 118 people each, in units of 36 neighbourhoods that lie next
to each other. A unit is sent to at the granted rate, and its tally is made anew every 5 s, as receipts are folded,
meanwhile and for three minutes after. The nation's month holds 660 other alerts already.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from math import ceil
from random import Random

from bench.day_report import days
from bench.example_alert import START, active_alert
from bench.figures import Outcome
from bench.report_world import (
    BY_CHANNEL,
    LARGEST,
    NEIGHBOURHOODS,
    PEOPLE_EACH,
    area_tally,
    codes,
    municipality,
    other,
    others,
)
from bench.room_report import packed_year, room
from bench.write_units import Item, size, sized, units
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution
from chalicelib.alerts.outcome import Result as Ended
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.delivery import rows as ledger_rows
from chalicelib.delivery.messages import CountMessage
from chalicelib.delivery.model import Plan, Result, Span, Tally
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.delivery.tally import Tallies
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock, epoch
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.platform.settings import Settings
from chalicelib.reports import figures_rows
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Count, Sources
from chalicelib.reports.figures import AlertRow, MonthRow
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.reports.model import NATION
from chalicelib.reports.money_store import MemoryMoneyStore, Share
from chalicelib.tips.store import MemoryTipStore

PAGE = 1_000_000  # bytes of a Query's page
UNIT = 36  # neighbourhoods
FOLD_S, RECEIPTS_S = 5, 180
# Which alert, how many neighbourhoods, messages a second: what a nation and a city need, and the default.
ALERTS = {"nation": (NEIGHBOURHOODS, 1_000.0), "city": (566, 200.0), "neighbourhood": (13, 20.0)}
LIMITS = {
    "dashboard_queries": 2,
    "dashboard_pages": 1,
    "nation_write_units_per_recipient": 0.05,
    "room_read_units": 200,
    "large_room_read_units": 700,
    "days_of_month_calls": 3,
    "days_of_month_read_units": 100,
}


@dataclass
class Billed(MemoryFiguresStore):
    """Adds up what its writes cost, by kind of row; and Queries, by their pages."""

    written: Counter[str] = field(default_factory=Counter)
    pages: list[int] = field(default_factory=list)

    def put_alert(self, row: AlertRow) -> None:
        before = self.rows.get((row.area, row.facts.alert))
        self._bill("alert rows", figures_rows.alert_row(before) if before else None, figures_rows.alert_row(row))
        super().put_alert(row)

    def put_month(self, row: MonthRow) -> bool:
        before = self.by_month.get((row.area, row.month))
        self._bill("month rows", figures_rows.month_row(before) if before else None, figures_rows.month_row(row))
        return super().put_month(row)

    def put_off(self, alert: str, until: int) -> None:
        self._bill("marks", None, None)
        super().put_off(alert, until)

    def take_up(self, alert: str) -> None:
        self._bill("marks", None, None)
        super().take_up(alert)

    def months(self, area: str, first: str, last: str) -> list[MonthRow]:
        found = super().months(area, first, last)
        self.pages.append(sum(size(sized(figures_rows.month_row(row))) for row in found))
        return found

    def _bill(self, kind: str, before: Item | None, after: Item | None) -> None:
        self.written[kind] += units(sized(before) if before else None, sized(after) if after else None)


@dataclass
class BilledMoney(MemoryMoneyStore):
    """A share is a small row."""

    written: Counter[str] = field(default_factory=Counter)

    def put_share(self, share: Share) -> None:
        self.written["shares"] += 1
        super().put_share(share)


def run() -> Outcome:
    year = packed_year()
    figures: dict[str, float] = dashboard() | room(year) | days(year)
    for name, (neighbourhoods, rate) in ALERTS.items():
        figures |= {f"{name}_{what}": number for what, number in counted(neighbourhoods, rate).items()}
    return Outcome("reports", figures, LIMITS)


def dashboard() -> dict[str, float]:
    """The months of a municipality of 145 neighbourhoods: in each eight alerts of its own and one of the nation."""
    store, random = Billed(), Random(1)
    here = codes(LARGEST)
    for month in range(1, 13):
        touched = [random.sample(here, random.randint(2, 30)) for _ in range(8)] + [here]
        alerts = [
            other(f"{month:05d}{n:05d}", date(2026, month, n + 1), some, random) for n, some in enumerate(touched)
        ]
        store.put_month(MonthRow.of(municipality(here[0]), f"2026-{month:02d}", 1, alerts))
    store.months(municipality(here[0]), "2026-01", "2026-12")
    return {
        "dashboard_queries": len(store.pages) + 1,  # one of participants
        "dashboard_pages": max(ceil(read / PAGE) for read in store.pages),
        "dashboard_bytes": sum(store.pages),
    }


def counted(neighbourhoods: int, rate: float) -> dict[str, float]:
    """Write units per recipient of all that is counted of one alert, from its begin to the last receipt and its end."""
    touched = codes(neighbourhoods)
    alert = active_alert(CircleShape(Point(5.4, 52.8), 1_000))
    world = _World(alert, others())
    lots = [touched[start : start + UNIT] for start in range(0, len(touched), UNIT)]
    world.ledger.put_plan(alert.id, MessageKind.CALL, Plan(len(lots), START))
    tallies = 0
    for moment, unit, sent, told in _moments(lots, rate):
        world.until(moment)
        tally = _tally(lots[unit], sent, told, moment)
        key = {"m": {"S": f"{alert.id}#call"}, "b": {"S": f"unit#{unit:05d}"}, "v": {"N": str(tally.version)}}
        tallies += units(None, {**key, "t": ledger_rows.pack_tally(tally)})
        world.ledger.put_tally(alert.id, MessageKind.CALL, unit, tally)
        world.changed()
    world.close()
    people = neighbourhoods * PEOPLE_EACH
    row = next(row for (area, _), row in world.store.rows.items() if area == NATION and row.facts.alert == alert.id)
    assert sum(it.people for it in row.people.values()) == people
    return {
        "recipients": people,
        "units": len(lots),
        "counts": world.counts,
        "tallies_write_units_per_recipient": tallies / people,
        **{
            f"{kind.replace(' ', '_')}_write_units_per_recipient": number / people
            for kind, number in world.store.written.items()
        },
        "write_units_per_recipient": (tallies + world.store.written.total()) / people,
    }


class _World:
    """COUNT with its delayed messages, in simulated time."""

    def __init__(self, alert: Alert, others: Sequence[AlertRow]) -> None:
        self.alert, self.clock, self.queues = alert, ManualClock(START), MemoryQueues()
        self.ledger, self.alerts, self.store, self.counts = MemoryLedger(), MemoryAlertStore(), Billed(), 0
        self._put(alert)
        for row in others:
            self.store.rows[row.area, row.facts.alert] = row
        every = int(Settings.model_fields["count_every_s"].default)
        sources = Sources(self.alerts, self.ledger, MemoryTipStore())
        money = BilledMoney(written=self.store.written)
        costs = Costs(Tallies(self.ledger, self.queues), money, shipped())
        self.count = Count(sources, self.store, self.queues, self.clock, self, costs, every)
        self._due: list[tuple[datetime, int]] = []

    def note(self, alert: Alert) -> None:
        raise AssertionError(f"{alert.id} is for people")

    def _put(self, alert: Alert) -> None:
        standing = self.alerts.get(alert.id).version if alert.id in self.alerts.rows else 0
        self.alerts.put(alert, standing, EventRecord(f"e{alert.version}", self.clock.at, "changed", "a"))

    def changed(self, *, due: bool = False) -> None:
        self.counts += due
        self.count.recompute([Record("m", 1, self.clock.at, CountMessage(alert=self.alert.id, due=due))])
        for queue, _, delay in self.queues.sent:
            assert queue is QueueName.COUNT
            heappush(self._due, (self.clock.at + timedelta(seconds=delay), self.counts))
        self.queues.sent.clear()

    def until(self, moment: datetime) -> None:
        """Let what is due by then happen."""
        while self._due and self._due[0][0] <= moment:
            self.clock.at = heappop(self._due)[0]
            self.changed(due=True)
        self.clock.at = moment

    def close(self) -> None:
        closed = self.alert.close(
            result=Ended.MISSING_PERSON_FOUND, contribution=Contribution.DIRECT, text=None, by="a", at=self.clock.at
        )
        self._put(closed)
        self.changed()
        self.until(self.clock.at + timedelta(hours=1))


def _moments(lots: Sequence[Sequence[str]], rate: float) -> Iterator[tuple[datetime, int, float, float]]:
    """When a unit's tally is made anew: the moment, which, which share of its messages is out, and of those told of."""
    found = []
    each = sum(BY_CHANNEL.values())
    begin = 0.0
    for unit, lot in enumerate(lots):
        lasts = len(lot) * PEOPLE_EACH * each / rate
        for step in range(1, ceil((lasts + RECEIPTS_S) / FOLD_S) + 1):
            after = step * FOLD_S
            sent, told = min(after / lasts, 1.0), min(after / (lasts + RECEIPTS_S), 1.0)
            found.append((START + timedelta(seconds=begin + after), unit, sent, told))
        begin += lasts
    return iter(sorted(found))


def _tally(lot: Sequence[str], sent: float, told: float, moment: datetime) -> Tally:
    areas = {code: area_tally(PEOPLE_EACH, sent, told) for code in lot}
    results = {
        channel: {
            Result.QUEUED: sum(round(PEOPLE_EACH * share) - area.messages[channel].sent for area in areas.values()),
            Result.SENT: sum(it.messages[channel].sent - it.messages[channel].delivered for it in areas.values()),
            Result.DELIVERED: sum(it.messages[channel].delivered for it in areas.values()),
        }
        for channel, share in BY_CHANNEL.items()
    }
    people, asked, reached = (
        sum(getattr(area, name) for area in areas.values()) for name in ("people", "asked", "reached")
    )
    priced = [area.messages[Channel.SMS] for area in areas.values()]
    costs = {Channel.SMS: (sum(it.priced for it in priced), sum(it.parts for it in priced), 160_000 * people)}
    taken = Span(epoch(START), epoch(moment))
    return Tally(people, asked, reached, results, areas, epoch(moment) - epoch(START), costs=costs, taken=taken)
