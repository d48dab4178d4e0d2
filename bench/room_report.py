"""What a control room's year costs to read: that of 34 municipalities, a tenth of a nation with 8,000 alerts a year;
and that of one with 150, for which the nation's rows are read.

Each alert finds people in some neighbourhoods next to each other, one in ten in the municipality next door too.
Counted are the read units of strongly consistent Queries, by the sizes of the rows, and the time of this process to
read and add them up; of the way that was chosen beside the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import groupby
from math import ceil
from random import Random
from time import process_time
from typing import Any

from bench.report_world import codes, municipality, other
from bench.write_units import size, sized
from chalicelib.areas.succession import Succession
from chalicelib.delivery.model import AreaTally
from chalicelib.platform.clock import rfc3339
from chalicelib.reports import figures_rows, organisation
from chalicelib.reports.census_store_memory import MemoryCensusStore
from chalicelib.reports.figures import NOBODY, AlertRow
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.reports.history import History
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.organisation import Reader
from chalicelib.staff.model import Kind, Organisation

ALERTS, MUNICIPALITIES, OURS, LARGE = 8_000, 342, 34, 150
READ_UNIT = 4_096
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@dataclass
class Packed(MemoryFiguresStore):
    """Keeps rows as they lie in the table, and adds up what Queries of them cost."""

    packed: Mapping[str, list[Any]] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)

    def alerts(self, area: str, since: datetime, until: datetime) -> Any:
        found = self.within(area, since, until)
        self.units.append(max(1, ceil(sum(bytes_ for bytes_, _ in found) / READ_UNIT)))
        return (figures_rows.read_alert(row) for _, row in found)

    def within(self, area: str, since: datetime, until: datetime) -> list[Any]:
        first, last = f"alert#{rfc3339(since)}", f"alert#{rfc3339(until)}"
        return [it for it in self.packed.get(area, []) if first <= it[1]["sk"]["S"] < last]


def packed_year() -> Mapping[str, list[Any]]:
    """By partition the rows of its alerts, each with its size in bytes."""
    packed: dict[str, list[Any]] = {}
    for row in _year():
        item = figures_rows.alert_row(row)
        packed.setdefault(row.area, []).append((size(sized(item)), item))
    return packed


def room(packed: Mapping[str, list[Any]]) -> dict[str, float]:
    """``packed``: as ``packed_year`` has it."""
    large = _both_ways(packed, LARGE, "large_room", by_towns=MUNICIPALITIES)
    return _both_ways(packed, OURS, "room", by_nation=0) | large


def _both_ways(packed: Mapping[str, list[Any]], municipalities: int, name: str, **other: int) -> dict[str, float]:
    """As the product reads, and in the ``other`` way: its name, and from how many municipalities on the nation's."""
    ours = sorted(packed.keys() - {NATION})[:municipalities]
    asked = Organisation("MK01", Kind.CONTROL_ROOM, "MK01", tuple(ours))
    found: dict[str, float] = {}
    reports = []
    for way, many in ((name, organisation.MANY), *((f"{name}_{way}", many) for way, many in other.items())):
        store = Packed(packed=packed)
        began = process_time()
        reports.append(_read(store, asked, many))
        spent = process_time() - began
        found |= {f"{way}_queries": len(store.units), f"{way}_read_units": sum(store.units), f"{way}_cpu_s": spent}
    assert reports[0] == reports[1]
    return found


def _read(store: Packed, asked: Organisation, many: int) -> Any:
    nothing_changed = Succession(())
    reader = Reader(History(store, lambda: nothing_changed), MemoryCensusStore().people, lambda _: {}, YEAR.last, many)
    whole = reader.over(asked, YEAR).whole().figures
    assert whole
    return whole


def _year() -> Iterable[AlertRow]:
    """The rows of the municipalities that each alert touched, and its row of the nation."""
    random = Random(5)
    towns = [list(some) for _, some in groupby(codes(14_400), key=municipality)][:MUNICIPALITIES]
    for number in range(ALERTS):
        day = date(2026, 1, 1) + timedelta(days=number * 365 // ALERTS)
        town = random.randrange(len(towns))
        touched = [town, (town + 1) % len(towns)] if number % 10 == 0 else [town]
        people: dict[str, AreaTally] = {}
        first: AlertRow | None = None
        for there in touched:
            start = random.randrange(max(len(towns[there]) - 13, 1))
            row = other(f"{number:010d}", day, towns[there][start : start + 13], random)
            first = first or row
            row = replace(row, facts=first.facts, times=first.times)
            people[row.area] = reduce(AreaTally.plus, row.people.values(), NOBODY)
            yield row
        assert first
        yield replace(first, area=NATION, people=people)
