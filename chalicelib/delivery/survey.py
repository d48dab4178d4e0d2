"""How many places lie in an area, by the counts per cell: cells inside count whole, those on the border by the share
that is covered.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from typing import NamedTuple

from chalicelib.areas.cover import KeyRange, cover
from chalicelib.areas.model import Shape
from chalicelib.areas.shares import shares
from chalicelib.participants.cells import ABOVE, CellKey, CellStore, Heads

SAMPLES = 40
FEW = 1_500  # places, about 10 ms to read and test: two queries


class Part(NamedTuple):
    """What of a cell lies in the area: ``first`` places of people, and ``other`` ones."""

    key: CellKey
    first: float
    other: float

    @property
    def places(self) -> float:
        return self.first + self.other


@dataclass(frozen=True)
class Ground:
    """``most``: places in all geohash-5 that the area touches, so never fewer than people in the area."""

    shape: Shape
    cells: CellStore
    shares: Mapping[str, Mapping[str, float] | None]
    totals: Mapping[str, list[tuple[CellKey, Heads]]]

    @property
    def most(self) -> int:
        return sum(map(self._places_in, self.totals))

    def ranges(self, few: int = FEW) -> Iterator[KeyRange]:
        """The cover of the area, but all of a geohash-5 that holds few places in one: cheaper than more queries.

        Whatever the counts say, every place of the area lies in one of them.
        """
        for partition, found in groupby(cover(self.shape), lambda key_range: key_range.partition):
            ranges = list(found)
            if len(ranges) > 1 and self._places_in(partition) <= few:
                yield KeyRange(partition, ranges[0].first, ranges[-1].last, interior=False)
            else:
                yield from ranges

    def _places_in(self, partition: str) -> int:
        return sum(heads.first + heads.other for _, heads in self.totals.get(partition, ()))

    def parts(self) -> Iterator[Part]:
        for found in self._parts.values():
            yield from found

    @cached_property
    def _parts(self) -> dict[str, list[Part]]:
        """By geohash-5, those without places left out."""
        return {partition: found for partition in self.totals if (found := list(self._of(partition)))}

    def _of(self, partition: str) -> Iterator[Part]:
        covered = self.shares[partition]
        if covered is None:
            yield from (Part(key, heads.first, heads.other) for key, heads in self.totals[partition])
            return
        for key, heads in self.cells.within(partition):
            if share := covered.get(key.cell, 0.0):
                yield Part(key, heads.first * share, heads.other * share)

    def samples(self) -> Iterator[KeyRange]:
        """Where to begin to read places, so that each of the area's has about the same chance to be read."""
        partitions = list(self._parts)
        sums = list(accumulate(sum(part.places for part in self._parts[name]) for name in partitions))
        for number in range(SAMPLES if sums else 0):
            at = (number + 0.5) / SAMPLES * sums[-1]
            index = bisect_right(sums, at)
            partition = partitions[index]
            cell = self._cell(partition, at - (sums[index - 1] if index else 0.0))
            yield KeyRange(partition, cell, partition, interior=self.shares[partition] is None)

    def _cell(self, partition: str, at: float) -> str:
        """The geohash-7 in which the place of that number lies."""
        if self.shares[partition] is None:
            parts = [Part(key, heads.first, heads.other) for key, heads in self.cells.within(partition)]
        else:
            parts = self._parts[partition]
        for part in parts:
            at -= part.places
            if at < 0:
                return part.key.cell
        return partition


def survey(shape: Shape, cells: CellStore) -> Ground:
    """Reads the counts of every geohash-5 that the shape touches: a query for each geohash-3."""
    found = shares(shape)
    totals: dict[str, list[tuple[CellKey, Heads]]] = {}
    for above, touched in groupby(sorted(found), lambda partition: partition[:-ABOVE]):
        partitions = list(touched)
        for key, heads in cells.within(above, partitions[0], partitions[-1]):
            if key.cell in found:
                totals.setdefault(key.cell, []).append((key, heads))
    return Ground(shape, cells, found, totals)
