"""Cover of a shape by ranges of sort keys: every place inside lies in exactly one of them.

The shape is drawn on a grid of geohash cells (``raster``). Per partition the cells are put on the Z-curve, and runs of
them become ranges. The smallest gaps are bridged, since a query costs more than the rows of a small gap, until there
are as few ranges as suit the shape. Where there are too many the grid is made coarser, one bit at a time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from operator import itemgetter

from chalicelib.areas import geohash
from chalicelib.areas.edges import Where
from chalicelib.areas.model import Point, Shape
from chalicelib.areas.raster import Grid, border_length, draw
from chalicelib.areas.tiles import BORDER, INSIDE, OUTSIDE, curve, tiles_of, wholly_inside

UNIT = 35  # bits of a geohash-7 cell, 0.0014 degrees wide and high, in which gaps and sizes are counted
DEPTH = 37  # bits of the finest cells: a quarter of that
MAX_DEPTH = 50
PARTITION_LENGTH = 5
BRIDGE = 24  # geohash-7 cells
MAX_RANGES = 400
# How many ranges suit a shape: measured (docs/benchmarks.md), so that a neighbourhood has about 8.
_FEWEST = 6
_BORDER_PER_RANGE, _INSIDE_PER_RANGE = 9.5, 100  # geohash-7 cells

_FULL = 10  # characters of the finest cell there may be

# So many cells of a smooth border give one range, gaps bridged: where to begin to look for the right grid. A border
# so rough that it takes the most is not drawn finer: it would cost seconds and save little.
_CELLS_PER_RANGE = 8
_MOST_CELLS_PER_RANGE = 24

# A stretch is the end of its last geohash and what its cells are.
_MARKED = re.compile("([0-9a-z]*)([-?+])")
_WHERE = {"-": Where.OUTSIDE, "?": Where.BORDER, "+": Where.INSIDE}
_RUN = re.compile(b"[\1\2]+")
_ALIKE = re.compile(b"\0+|\1+|\2+")
_MARK = {OUTSIDE[0]: "-", BORDER[0]: "?", INSIDE[0]: "+"}


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Geohashes from ``first`` to ``last`` in one partition, both with all that they are a prefix of.

    ``interior``: every cell lies wholly inside the shape, so its places need no test of their own.
    ``marks``: what its cells are where they differ, for ``stretches``.
    """

    partition: str
    first: str
    last: str
    interior: bool
    marks: str = ""

    def holds(self, code: str) -> bool:
        """Whether a place with this geohash, longer than the ends, is in the range."""
        return (
            code.startswith(self.partition)
            and self.first <= code[: len(self.first)]
            and code[: len(self.last)] <= self.last
        )

    @property
    def share(self) -> float:
        """How much of a partition it is."""
        ends = geohash.number(self.first.ljust(_FULL, "0")), geohash.number(self.last.ljust(_FULL, "z"))
        return (ends[1] - ends[0] + 1) / 32.0 ** (_FULL - len(self.partition))

    def stretches(self) -> Iterator[tuple[str, Where]]:
        """The range from its beginning on: up to and with which geohash its cells are what.

        OUTSIDE and INSIDE are certain; what lies in a stretch of BORDER needs a test of its own.
        """
        if self.marks:
            for end, mark in _MARKED.findall(self.marks):
                yield self.partition + end, _WHERE[mark]
        else:
            yield self.last, Where.INSIDE if self.interior else Where.BORDER


def cover(
    shape: Shape,
    *,
    near: Point | None = None,
    partition_length: int = PARTITION_LENGTH,
    depth: int = DEPTH,
    bridge: int = BRIDGE,
    max_ranges: int = MAX_RANGES,
) -> list[KeyRange]:
    """Ranges that hold every place inside the shape, and never overlap; the same shape gives the same list.

    Args:
        near: order them by distance from this point; else by key.
        partition_length: characters of the partition key.
        depth: bits of the finest cells.
        bridge: gaps of at most so many geohash-7 cells may be read along.
        max_ranges: coarser cells where there would be more, down to whole partitions, however many those are.
    """
    whole = 5 * partition_length
    if not whole <= depth <= MAX_DEPTH:
        raise ValueError(f"a depth of {whole} to {MAX_DEPTH} bits")
    if _partitions_at_most(shape, partition_length, max_ranges):
        ranges = _finest(shape, partition_length, depth, bridge, max_ranges)
    else:
        ranges = _ranges(shape, partition_length, whole, bridge, max_ranges)
    if near is None:
        return sorted(ranges, key=lambda found: (found.partition, found.first))
    return sorted(ranges, key=lambda found: (_distance(near, found), found.partition, found.first))


def partitions(shape: Shape, length: int = PARTITION_LENGTH) -> dict[str, bool]:
    """The geohashes of ``length`` that the shape touches, each with whether it lies wholly inside."""
    return {found.partition: found.interior for found in _ranges(shape, length, 5 * length, 0, 0)}


def _finest(shape: Shape, length: int, depth: int, bridge: int, most: int) -> list[KeyRange]:
    """The ranges on the finest grid that has not too many, by halving from a guess on; else whole partitions."""
    whole = 5 * length
    across, along = border_length(shape)
    cells = {bits: across / _grid(bits).width + along / _grid(bits).height for bits in range(whole, depth + 1)}
    low, high = whole, max((bits for bits in cells if cells[bits] <= _MOST_CELLS_PER_RANGE * most), default=whole)
    bits = max((bits for bits in cells if cells[bits] <= _CELLS_PER_RANGE * most), default=whole)
    best: list[KeyRange] | None = None
    while low < high or best is None:
        ranges = _ranges(shape, length, bits, bridge, most)
        if len(ranges) <= most or bits == whole:
            low, best = bits, ranges
        else:
            high = bits - 1
        bits = (low + high + 1) // 2
    return best


def _partitions_at_most(shape: Shape, length: int, most: int) -> bool:
    grid = _grid(5 * length)
    west, south, east, north = shape.bounds
    if ((east - west) / grid.width + 2) * ((north - south) / grid.height + 2) <= most:
        return True
    return len(_ranges(shape, length, 5 * length, 0, 0)) <= most


def _grid(bits: int) -> Grid:
    return Grid(columns=bits + 1 >> 1, rows=bits >> 1)


def _ranges(shape: Shape, length: int, bits: int, bridge: int, most: int) -> list[KeyRange]:
    grid = _grid(bits)
    whole = _grid(5 * length)
    wide, high = grid.columns - whole.columns, grid.rows - whole.rows
    raster = draw(shape, grid)
    tiles = tiles_of(raster, whole, wide, high)
    order = curve(wide, high, lat_first=bool(length & 1))
    # Sorted: of gaps of one size the same ones are bridged, in whatever order the rings came.
    lines = {at: bytes(order(tiles[at])) for at in sorted(tiles)}
    runs = {at: [run.span() for run in _RUN.finditer(line)] for at, line in lines.items()}
    limit = bridge << bits - UNIT if bits >= UNIT else bridge >> UNIT - bits
    _bridge(list(runs.values()), limit, min(most, _suits(shape, raster.cells_inside, bits)))
    ranges = []
    for (row, column), line in lines.items():
        code = geohash.interleave(column, row, 5 * length)
        for start, stop in runs[row, column]:
            ranges.append(_range(line, start, stop, code, wide + high, length))
    for row, column in wholly_inside(raster, tiles, whole, wide, high):
        partition = geohash.text(geohash.interleave(column, row, 5 * length), length)
        ranges.append(KeyRange(partition, partition, partition, True))
    return ranges


def _suits(shape: Shape, inside: int, bits: int) -> int:
    """How many ranges are worth their queries, for a shape with so many cells inside."""
    across, along = border_length(shape)
    border = across / _grid(UNIT).width + along / _grid(UNIT).height
    return int(max(_FEWEST, border / _BORDER_PER_RANGE, inside * 2.0 ** (UNIT - bits) / _INSIDE_PER_RANGE))


def _bridge(lines: list[list[tuple[int, int]]], limit: int, enough: int) -> None:
    """Join runs across gaps of at most ``limit`` cells, the smallest first, until there are ``enough`` of them."""
    gaps = sorted(
        (after[0] - before[1], line, number)
        for line, runs in enumerate(lines)
        for number, (before, after) in enumerate(pairwise(runs))
        if after[0] - before[1] <= limit
    )
    closed = gaps[: max(sum(map(len, lines)) - enough, 0)]
    for _, line, number in sorted(closed, reverse=True, key=itemgetter(1, 2)):
        runs = lines[line]
        runs[number : number + 2] = [(runs[number][0], runs[number + 1][1])]


def _range(line: bytes, start: int, stop: int, code: int, bits: int, length: int) -> KeyRange:
    alike = list(_ALIKE.finditer(line, start, stop))
    marks = "".join(_last(code, it.end(), bits, length)[length:] + _MARK[line[it.start()]] for it in alike)
    return KeyRange(
        geohash.text(code, length),
        _first(code, start, bits, length),
        _last(code, stop, bits, length),
        interior=len(alike) == 1 and line[start] == INSIDE[0],
        marks=marks if len(alike) > 1 else "",
    )


def _first(code: int, cell: int, bits: int, length: int) -> str:
    """The shortest geohash that says: from this cell of a partition on."""
    padding = -bits % 5
    first = geohash.text((code << bits | cell) << padding, length + (bits + padding) // 5)
    return first[:length] + first[length:].rstrip(geohash.ALPHABET[0])


def _last(code: int, stop: int, bits: int, length: int) -> str:
    """The shortest geohash that says: up to, not including, cell ``stop`` of a partition."""
    padding = -bits % 5
    last = geohash.text(((code << bits) + stop << padding) - 1, length + (bits + padding) // 5)
    return last[:length] + last[length:].rstrip(geohash.ALPHABET[-1])


def _distance(near: Point, found: KeyRange) -> float:
    """The square of the distance to the smallest cell around the range, in degrees of latitude; -1 within the range."""
    if found.holds(geohash.encode(*near, 12)):
        return -1.0
    shared = next(
        (n for n, (a, b) in enumerate(zip(found.first, found.last, strict=False)) if a != b),
        min(len(found.first), len(found.last)),
    )
    west, south, east, north = geohash.box(found.first[:shared])
    across = max(west - near.lon, 0.0, near.lon - east)
    along = max(south - near.lat, 0.0, near.lat - north)
    return (across * cos(radians(near.lat))) ** 2 + along**2
