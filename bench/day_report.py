"""What days one by one cost to read: a month of the largest municipality, and three months of the nation.

Counted are the read units of the rows of alerts, of participants at the ends of days and of shares of the cost, by
DynamoDB's rules for their real sizes, each strongly consistent but the shares; how often the database is asked for
them; and the time of this process to add them up. Whoever asks for today reads who takes part now besides.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from operator import attrgetter
from random import Random
from time import process_time
from typing import Any

from bench.report_world import PEOPLE_EACH, codes, municipality
from bench.room_report import READ_UNIT, Packed
from bench.write_units import size, sized
from chalicelib.areas.succession import Succession
from chalicelib.platform.clock import ManualClock, parse_rfc3339
from chalicelib.reports import census_rows
from chalicelib.reports.budgets import Budgets
from chalicelib.reports.census_figures import PeopleTold
from chalicelib.reports.census_model import FIGURES, Participants, Snapshot
from chalicelib.reports.census_store_memory import MemoryCensusStore
from chalicelib.reports.history import History
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.money_store import MemoryMoneyStore, Share
from chalicelib.reports.series import DAYS_AT_ONCE, Series, Subject, brought_by
from chalicelib.reports.spending import Spending

FIRST, PAGE = date(2026, 3, 1), 1_000_000  # bytes of a Query's page
TODAY = date(2026, 11, 30)
SHARE = 120  # bytes of a row


@dataclass
class BilledCensus(MemoryCensusStore):
    sizes: dict[date, int] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)

    def keep(self, snapshot: Snapshot) -> None:
        self.sizes[snapshot.day] = size(sized(census_rows.written_snapshot(snapshot)))
        super().keep(snapshot)

    def on(self, partition: str, days: Collection[date]) -> dict[date, Snapshot]:
        self.units.append(sum(ceil(self.sizes[day] / READ_UNIT) for day in days))
        return super().on(partition, days)


@dataclass
class BilledMoney(MemoryMoneyStore):
    units: list[int] = field(default_factory=list)

    def shares(self, year: int, municipalities: Collection[str] | None) -> Iterator[Share]:
        found = list(super().shares(year, municipalities))
        bytes_ = len(found) * SHARE
        self.units += [0] * (max(1, ceil(bytes_ / PAGE)) - 1) + [ceil(bytes_ / READ_UNIT / 2)]
        return iter(found)


def days(packed: Mapping[str, list[Any]]) -> dict[str, float]:
    """``packed``: a year's rows of alerts, by partition, with their sizes."""
    largest = municipality(codes(1)[0])
    figures: dict[str, float] = {}
    for name, code, count in (("days_of_month", largest, 31), ("days_of_nation", NATION, DAYS_AT_ONCE)):
        period = Period(FIRST, FIRST + timedelta(days=count - 1))
        store, census, money = Packed(packed=packed), BilledCensus(), BilledMoney()
        _fill(census, money, packed, code, period)
        series = Series(census, _nothing_changed, Spending(money, _budgets(money)), TODAY)
        began = process_time()
        rows = History(store, _nothing_changed).alerts(code, *period.bounds())
        brought = brought_by(rows, frozenset({code}), attrgetter("day"))
        told = series.days(Subject({code: None}, PeopleTold()), period, brought)
        spent = process_time() - began
        assert sum(it.figures.alerts for it in told if it.figures) == len(store.within(code, *period.bounds()))
        assert all(it.participants and it.participants.participants for it in told)
        units = [*store.units, *census.units, *money.units]
        figures |= {f"{name}_calls": len(units), f"{name}_read_units": sum(units), f"{name}_cpu_s": spent}
    return figures


def _nothing_changed() -> Succession:
    return Succession(())


def _fill(census: BilledCensus, money: BilledMoney, packed: Mapping[str, Any], code: str, period: Period) -> None:
    everywhere = codes(14_400)
    here = sorted({municipality(it) for it in everywhere} if code == NATION else set(_of(code, everywhere)))
    random, most = Random(9), PEOPLE_EACH * (42 if code == NATION else 1)
    for n in range((period.last - period.first).days + 1):
        people = {area: Participants(*(random.randint(most // 2, most) for _ in FIGURES)) for area in here}
        census.keep(Snapshot(code, period.first + timedelta(days=n), 2026, people))
    for place, rows in packed.items():
        for _, row in rows if place != NATION else ():
            _, opened, alert = row["sk"]["S"].split("#")
            money.put_share(Share(place, alert, parse_rfc3339(opened), 1_234, real=True, version=1))


def _of(code: str, everywhere: Iterable[str]) -> Iterator[str]:
    return (it for it in everywhere if municipality(it) == code)


def _budgets(money: MemoryMoneyStore) -> Budgets:
    return Budgets(
        money,
        lambda _: {},
        lambda codes: {code: {code} for code in codes},
        ManualClock(parse_rfc3339(f"{TODAY}T12:00:00Z")),
    )
