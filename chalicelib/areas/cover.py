"""Cover of a shape by ranges of sort keys: every place inside lies in exactly one of them.

The shape is drawn on a grid of geohash cells (``raster``). Per partition the cells are put on the Z-curve, and runs of
them become ranges; gaps of a few cells are bridged, since a query costs more than the rows of a small gap. Where that
gives too many ranges the grid is made coarser, one bit at a time.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from operator import itemgetter

from chalicelib.areas import geohash
from chalicelib.areas.model import Point, Shape
from chalicelib.areas.raster import Grid, Raster, border_length, draw

DEPTH = 35  # bits: cells of geohash-7, 0.0014 degrees wide and high
MAX_DEPTH = 50
PARTITION_LENGTH = 5
BRIDGE = 16  # cells of geohash-7
MAX_RANGES = 400

_OUTSIDE, _BORDER, _INSIDE = b"\0", b"\1", b"\2"
# So many cells of a smooth border give one range, gaps bridged: where to begin to look for the right grid. A border
# so rough that it takes the most is not drawn finer: it would cost seconds and save little.
_CELLS_PER_RANGE = 8
_MOST_CELLS_PER_RANGE = 24


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Geohashes from ``first`` to ``last`` in one partition, both with all that they are a prefix of.

    ``interior``: every cell lies wholly inside the shape, so its places need no test of their own.
    """

    partition: str
    first: str
    last: str
    interior: bool

    def holds(self, code: str) -> bool:
        """Whether a place with this geohash, longer than the ends, is in the range."""
        return (
            code.startswith(self.partition)
            and self.first <= code[: len(self.first)]
            and code[: len(self.last)] <= self.last
        )


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
        bridge: gaps of at most so many geohash-7 cells are read along.
        max_ranges: coarser cells where there would be more, down to whole partitions, however many those are.
    """
    whole = 5 * partition_length
    if not whole <= depth <= MAX_DEPTH:
        raise ValueError(f"a depth of {whole} to {MAX_DEPTH} bits")
    if _partitions_at_most(shape, partition_length, max_ranges):
        ranges = _finest(shape, partition_length, depth, bridge, max_ranges)
    else:
        ranges = _ranges(shape, partition_length, whole, bridge)
    if near is None:
        return sorted(ranges, key=lambda found: (found.partition, found.first))
    return sorted(ranges, key=lambda found: (_distance(near, found), found.partition, found.first))


def partitions(shape: Shape, length: int = PARTITION_LENGTH) -> dict[str, bool]:
    """The geohashes of ``length`` that the shape touches, each with whether it lies wholly inside."""
    return {found.partition: found.interior for found in _ranges(shape, length, 5 * length, 0)}


def _finest(shape: Shape, length: int, depth: int, bridge: int, most: int) -> list[KeyRange]:
    """The ranges on the finest grid that has not too many, by halving from a guess on; else whole partitions."""
    whole = 5 * length
    across, along = border_length(shape)
    cells = {bits: across / _grid(bits).width + along / _grid(bits).height for bits in range(whole, depth + 1)}
    low, high = whole, max((bits for bits in cells if cells[bits] <= _MOST_CELLS_PER_RANGE * most), default=whole)
    bits = max((bits for bits in cells if cells[bits] <= _CELLS_PER_RANGE * most), default=whole)
    best: list[KeyRange] | None = None
    while low < high or best is None:
        ranges = _ranges(shape, length, bits, bridge)
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
    return len(_ranges(shape, length, 5 * length, 0)) <= most


def _grid(bits: int) -> Grid:
    return Grid(columns=bits + 1 >> 1, rows=bits >> 1)


def _ranges(shape: Shape, length: int, bits: int, bridge: int) -> list[KeyRange]:
    grid = _grid(bits)
    whole = _grid(5 * length)
    wide, high = grid.columns - whole.columns, grid.rows - whole.rows
    raster = draw(shape, grid)
    tiles = _tiles(raster, whole, wide, high)
    gap = bridge << bits - DEPTH if bits >= DEPTH else bridge >> DEPTH - bits
    runs = re.compile(rb"[\1\2]+(?:\0{1,%d}[\1\2]+)*" % gap if gap else rb"[\1\2]+")
    order = _curve(wide, high, lat_first=bool(length & 1))
    ranges = []
    for (row, column), tile in tiles.items():
        code = geohash.interleave(column, row, 5 * length)
        partition = geohash.text(code, length)
        along = bytes(order(tile))
        for run in runs.finditer(along):
            interior = _OUTSIDE not in run.group() and _BORDER not in run.group()
            first, last = _ends(code, run.start(), run.end(), wide + high, length)
            ranges.append(KeyRange(partition, first, last, interior))
    for row, column in _inside(raster, tiles, whole, wide, high):
        partition = geohash.text(geohash.interleave(column, row, 5 * length), length)
        ranges.append(KeyRange(partition, partition, partition, True))
    return ranges


_Tiles = dict[tuple[int, int], bytearray]


def _tiles(raster: Raster, whole: Grid, wide: int, high: int) -> _Tiles:
    """The cells of every partition that the border touches, row by row from the south-west."""
    size = 1 << wide + high
    columns: dict[int, set[int]] = {}
    for row, spans in raster.border.items():
        found = columns.setdefault(row >> high, set())
        for first, last in spans:
            found.update(range(first >> wide, (last >> wide) + 1))
    tiles = {
        (row, column): bytearray(size)
        for row, found in columns.items()
        for column in found
        if 0 <= row < 1 << whole.rows and 0 <= column < 1 << whole.columns
    }
    for lines, mark in ((raster.inside, _INSIDE), (raster.border, _BORDER)):
        for row, spans in lines.items():
            near = columns.get(row >> high, set())
            for first, last in spans:
                # A span may be far longer than the border's partitions in its row are many, or the other way round.
                passed = range(first >> wide, (last >> wide) + 1)
                for column in passed if len(passed) < len(near) else near:
                    _fill(tiles.get((row >> high, column)), row, first, last, column, wide, high, mark)
    return tiles


def _fill(
    tile: bytearray | None, row: int, first: int, last: int, column: int, wide: int, high: int, mark: bytes
) -> None:
    if tile is None:
        return
    line = (row & (1 << high) - 1) << wide
    begin = max(first - (column << wide), 0)
    end = min(last - (column << wide), (1 << wide) - 1) + 1
    if begin < end:
        tile[line + begin : line + end] = mark * (end - begin)


def _inside(raster: Raster, tiles: _Tiles, whole: Grid, wide: int, high: int) -> Iterator[tuple[int, int]]:
    """The partitions that no border touches and that lie inside: one of their rows tells."""
    for row in sorted({row >> high for row in raster.inside}):
        for first, last in raster.inside.get(row << high, ()):
            for column in range(max(-(-first >> wide), 0), min((last + 1 >> wide), 1 << whole.columns)):
                if (row, column) not in tiles and 0 <= row < 1 << whole.rows:
                    yield row, column


@cache
def _curve(wide: int, high: int, *, lat_first: bool) -> Callable[[bytearray], Iterable[int]]:
    """Picks the cells of a tile in the order of the Z-curve."""
    bits = wide + high
    positions = []
    for code in range(1 << bits):
        column = row = 0
        for n in range(bits):
            bit = code >> bits - 1 - n & 1
            if (n & 1 == 0) == lat_first:
                row = row << 1 | bit
            else:
                column = column << 1 | bit
        positions.append(row << wide | column)
    return itemgetter(*positions) if bits else bytes


def _ends(code: int, start: int, stop: int, bits: int, length: int) -> tuple[str, str]:
    """The shortest geohashes that say: from cell ``start`` up to, not including, cell ``stop`` of a partition."""
    padding = -bits % 5
    characters = length + (bits + padding) // 5
    first = geohash.text((code << bits | start) << padding, characters)
    last = geohash.text(((code << bits) + stop << padding) - 1, characters)
    return (
        first[:length] + first[length:].rstrip(geohash.ALPHABET[0]),
        last[:length] + last[length:].rstrip(geohash.ALPHABET[-1]),
    )


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
