"""The cells of a raster, partition by partition, in the order of the Z-curve."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import itemgetter
from typing import TypeAlias

from chalicelib.areas.raster import Grid, Raster

OUTSIDE, BORDER, INSIDE = (
    b"\0",
    b"\1",
    b"\2",
)  # a cell that the shape does not touch, that its border may, that it fills

Tiles: TypeAlias = dict[tuple[int, int], bytearray]  # by row and column of the partition


def tiles_of(raster: Raster, whole: Grid, wide: int, high: int) -> Tiles:
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
    for lines, mark in ((raster.inside, INSIDE), (raster.border, BORDER)):
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


def wholly_inside(raster: Raster, tiles: Tiles, whole: Grid, wide: int, high: int) -> Iterator[tuple[int, int]]:
    """The partitions that no border touches and that lie inside: one of their rows tells."""
    for row in sorted({row >> high for row in raster.inside}):
        for first, last in raster.inside.get(row << high, ()):
            for column in range(max(-(-first >> wide), 0), min((last + 1 >> wide), 1 << whole.columns)):
                if (row, column) not in tiles and 0 <= row < 1 << whole.rows:
                    yield row, column


@cache
def curve(wide: int, high: int, *, lat_first: bool) -> Callable[[bytearray], Iterable[int]]:
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
