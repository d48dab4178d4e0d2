"""RECOUNT: sets the counts per geohash cell right from the places themselves. An operator calls it by hand.

A change whose record is still on its way through the stream is then counted twice: seconds' worth of changes, in
figures that are estimates; another recount finds them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.areas.cover import KeyRange, partitions
from chalicelib.areas.geometry import Bounds
from chalicelib.areas.model import PolygonShape
from chalicelib.participants.cells import ABOVE, CellKey, CellStore, Heads, cells_of
from chalicelib.participants.places import PlaceStore
from chalicelib.platform.clock import Clock, epoch_ms
from chalicelib.platform.observe import logger


@dataclass(frozen=True)
class Recount:
    """``bounds``: west, south, east, north: where places may lie."""

    places: PlaceStore
    cells: CellStore
    clock: Clock
    bounds: Bounds

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """``event``: ``{"within": geohash}`` for one part of the country, ``{}`` for all of it.

        Returns:
            How many geohash-5 were ``counted`` and how many cells ``corrected``.
        """
        west, south, east, north = self.bounds
        ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
        asked = sorted(
            cell for cell in partitions(PolygonShape(((ring,),))) if cell.startswith(event.get("within", ""))
        )
        corrected = sum(map(self._correct, asked))
        logger.info("recount.done", counted=len(asked), corrected=corrected)
        return {"counted": len(asked), "corrected": corrected}

    def _correct(self, partition: str) -> int:
        true = self._true(partition)
        standing = dict(self.cells.within(partition))
        standing |= dict(self.cells.within(partition[:-ABOVE], partition, partition))
        wrong = [key for key in sorted(true.keys() | standing.keys()) if true.get(key) != standing.get(key)]
        return sum(self.cells.correct(key, standing.get(key, Heads()), true.get(key, Heads())) for key in wrong)

    def _true(self, partition: str) -> dict[CellKey, Heads]:
        now = epoch_ms(self.clock.now())
        rows = self.places.within(KeyRange(partition, partition, partition, interior=True))
        counted = (row for row in rows if row.valid_at(now) and not row.canary)
        return total(cells_of(row.point, row.neighbourhood, row.rank) for row in counted)


def total(parts: Iterable[Mapping[CellKey, Heads]]) -> dict[CellKey, Heads]:
    """Cell by cell."""
    sums: dict[CellKey, Heads] = {}
    for part in parts:
        for key, heads in part.items():
            sums[key] = sums.get(key, Heads()) + heads
    return sums
