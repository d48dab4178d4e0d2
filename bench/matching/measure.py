"""What the product's own code finds in each area, and what that costs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.example_alert import active_alert
from bench.figures import median_cpu_s
from bench.matching.inputs import NamedArea
from bench.matching.rows import who_of
from chalicelib.alerts.model import Alert
from chalicelib.areas.cover import KeyRange, cover
from chalicelib.delivery.model import Person
from chalicelib.delivery.plan import units
from chalicelib.delivery.question import answers, asked_by
from chalicelib.participants.places import PlaceStore

RUNS = 5
LARGE = 20_000  # people: above that once is enough


@dataclass(frozen=True)
class Found:
    """``matched``: participants by index, as they came. Costs are those of matching the whole area once.

    ``rows_of``: rows that each match message reads.
    """

    area: NamedArea
    matched: Sequence[int]
    units: int
    queries: int
    items_read: int
    rows_inside: int
    read_units: float
    cover_cpu_ms: float
    match_cpu_ms: float
    rows_of: Sequence[int]

    @property
    def cpu_ms(self) -> float:
        return self.cover_cpu_ms + self.match_cpu_ms

    @property
    def over_read(self) -> float:
        return self.items_read / max(self.rows_inside, 1)

    @property
    def units_per_1000(self) -> float:
        return 1_000 * self.read_units / max(len(self.matched), 1)

    def to_json(self, ids: Sequence[str]) -> dict[str, Any]:
        return {
            "matched": [ids[who] for who in self.matched],
            "queries": self.queries,
            "items_read": self.items_read,
            "rows_inside": self.rows_inside,
            "read_units": self.read_units,
            "cover_cpu_ms": round(self.cover_cpu_ms, 3),
            "match_cpu_ms": round(self.match_cpu_ms, 3),
            "match_messages": self.units,
        }


def find(area: NamedArea, store: Callable[[], PlaceStore]) -> Found:
    """``store``: opens the table anew, with nothing counted yet."""
    alert = active_alert(area.shape)
    lots = [[KeyRange(*parts) for parts in lot] for lot in units(alert)]
    first = store()
    begun = time.process_time()
    references, rows_of = [], []
    for lot in lots:
        before = first.stats.items
        references += [it.participant for it in answers(asked_by(alert), lot, first) if isinstance(it, Person)]
        rows_of.append(first.stats.items - before)
    taken = [time.process_time() - begun]
    people = [who_of(reference) for reference in references]
    while len(taken) < RUNS and len(people) < LARGE:
        taken.append(_match_cpu_s(alert, lots, store()))
    return Found(
        area,
        people,
        len(lots),
        first.stats.queries,
        first.stats.items,
        _inside(area, lots, store()),
        first.stats.units,
        1_000 * cover_cpu_s(area),
        1_000 * median(taken),
        rows_of,
    )


def cover_cpu_s(area: NamedArea) -> float:
    """From the shape, of which nothing is known yet, to its key ranges."""
    fresh = [area.shape]

    def prepare() -> None:
        fresh[0] = area.shape

    return median_cpu_s(lambda: cover(fresh[0]), prepare=prepare, runs=RUNS)


def _match_cpu_s(alert: Alert, lots: Sequence[Sequence[KeyRange]], store: PlaceStore) -> float:
    begun = time.process_time()
    for lot in lots:
        for _ in answers(asked_by(alert), lot, store):
            pass
    return time.process_time() - begun


def _inside(area: NamedArea, lots: Sequence[Sequence[KeyRange]], store: PlaceStore) -> int:
    shape = area.shape
    return sum(
        found.interior or shape.contains(row.point) for lot in lots for found in lot for row in store.within(found)
    )
