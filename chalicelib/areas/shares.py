"""How much of each geohash cell a shape covers: what turns counts per cell into a count of the shape."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from chalicelib.areas import geohash
from chalicelib.areas.cover import PARTITION_LENGTH, partitions
from chalicelib.areas.model import CircleShape, Shape
from chalicelib.areas.raster import Grid, Span, draw

CELL_LENGTH = 7  # characters: 0.0014 degrees wide and high
_FINE = 2  # bits by which a cell is divided each way: 4 by 4 parts, each in or out as a whole
_WHOLE = Grid(columns=13, rows=12)  # of geohash-5
_ACROSS = 5  # bits of a geohash-7 within its geohash-5, each way

_Rows: TypeAlias = dict[int, list[tuple[Span, float]]]  # by row of parts: spans, and what a part in them counts


def shares(shape: Shape) -> dict[str, Mapping[str, float] | None]:
    """Every geohash-5 that the shape touches: None where it lies wholly inside, else the share (0 to 1) that is covered
    of its geohash-7 cells, those left out that are not covered at all.
    """
    found = partitions(shape, PARTITION_LENGTH)
    grid = Grid(_WHOLE.columns + _ACROSS + _FINE, _WHOLE.rows + _ACROSS + _FINE)
    raster = draw(shape, grid)
    # A polygon's part is in where its middle is. A circle's parts say only that they are cut: half of them then.
    lines = [(raster.inside, 1.0)] + ([(raster.border, 0.5)] if isinstance(shape, CircleShape) else [])

    rows: _Rows = {}
    for spans_of, weight in lines:
        for row, spans in spans_of.items():
            rows.setdefault(row, []).extend((span, weight) for span in spans)
    return {partition: None if inside else _covered(partition, rows) for partition, inside in found.items()}


def _covered(partition: str, rows: _Rows) -> dict[str, float]:
    """The covered share of each cell of one partition."""
    column, row = geohash.deinterleave(geohash.number(partition), 5 * PARTITION_LENGTH)
    bits = _ACROSS + _FINE
    parts = 1 / (1 << 2 * _FINE)
    covered: dict[tuple[int, int], float] = {}
    for fine in range(row << bits, row + 1 << bits):
        for span, weight in rows.get(fine, ()):
            for cell, width in _cells(span, column << bits, column + 1 << bits):
                key = cell, fine >> _FINE
                covered[key] = covered.get(key, 0.0) + width * weight * parts
    return {
        geohash.text(geohash.interleave(*key, 5 * CELL_LENGTH), CELL_LENGTH): share for key, share in covered.items()
    }


def _cells(span: Span, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The columns of cells that a span of parts runs through between two columns, and how many parts of each."""
    first, after = max(span[0], begin), min(span[1] + 1, end)
    while first < after:
        stop = min((first >> _FINE) + 1 << _FINE, after)
        yield first >> _FINE, stop - first
        first = stop
