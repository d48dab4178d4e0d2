"""A shape on a grid of equal cells: which cells of each row its border may touch, and which lie wholly inside.

The border is drawn a hair too wide (a ten-thousandth of a cell or less), never too narrow, so that no rounding can
lose a cell.
"""

from dataclasses import dataclass, field
from math import ceil, floor, fsum
from typing import TypeAlias

from chalicelib.areas.model import CircleShape, PolygonShape, Shape

_SLACK = 1e-5  # of a cell; rounding stays below a millionth on the finest grid in use

Span: TypeAlias = tuple[int, int]  # first and last column


@dataclass(frozen=True)
class Grid:
    """``columns`` and ``rows`` are exponents of two: how often the world is halved in each direction."""

    columns: int
    rows: int

    @property
    def width(self) -> float:
        return 360.0 / (1 << self.columns)

    @property
    def height(self) -> float:
        return 180.0 / (1 << self.rows)


@dataclass
class Raster:
    """By row, the cells that the border may touch, and those that are inside as far as their middle tells: a cell is
    wholly inside where it is among the latter and not among the former.
    """

    border: dict[int, list[Span]] = field(default_factory=dict)
    inside: dict[int, list[Span]] = field(default_factory=dict)

    @property
    def cells_inside(self) -> int:
        """How many cells the middles say are inside."""
        return sum(last - first + 1 for spans in self.inside.values() for first, last in spans)

    def mark(self, row: int, first: int, last: int) -> None:
        """Add cells of the border."""
        self.border.setdefault(row, []).append((first, last))


def border_length(shape: Shape) -> tuple[float, float]:
    """About how many degrees the border goes east or west, and north or south."""
    if isinstance(shape, CircleShape):
        west, south, east, north = shape.bounds
        return 2 * (east - west), 2 * (north - south)
    # fsum: whichever way round and in whatever order the rings come, the length is the same to the last bit.
    return fsum(abs(x2 - x1) for x1, _, x2, _ in shape.border), fsum(abs(y2 - y1) for _, y1, _, y2 in shape.border)


def draw(shape: Shape, grid: Grid) -> Raster:
    """The cells of one shape."""
    return _draw_circle(shape, grid) if isinstance(shape, CircleShape) else _draw_polygons(shape, grid)


def _draw_polygons(shape: PolygonShape, grid: Grid) -> Raster:
    raster = Raster()
    mark = raster.mark
    crossings: dict[int, list[tuple[float, int]]] = {}
    per_lon, per_lat = 1 / grid.width, 1 / grid.height
    for x1, y1, x2, y2 in shape.border:
        up = y1 <= y2
        if not up:
            x1, y1, x2, y2 = x2, y2, x1, y1
        u1, v1, u2, v2 = (x1 + 180) * per_lon, (y1 + 90) * per_lat, (x2 + 180) * per_lon, (y2 + 90) * per_lat
        west, east = (u1, u2) if u1 <= u2 else (u2, u1)
        bottom, top = floor(v1 - _SLACK), floor(v2 + _SLACK)
        slope = (u2 - u1) / (v2 - v1) if v2 - v1 > _SLACK else None
        if bottom == top or slope is None:
            first, last = floor(west - _SLACK), floor(east + _SLACK)
            for row in range(bottom, top + 1):
                mark(row, first, last)
        else:
            for row in range(bottom, top + 1):
                low = u1 + slope * (max(v1, row - _SLACK) - v1)
                high = u1 + slope * (min(v2, row + 1 + _SLACK) - v1)
                if low > high:
                    low, high = high, low
                mark(row, floor(max(low, west) - _SLACK), floor(min(high, east) + _SLACK))
        sign = 1 if up else -1
        for row in range(ceil(v1 - 0.5), ceil(v2 - 0.5)):
            u = u1 if slope is None else u1 + slope * (row + 0.5 - v1)
            crossings.setdefault(row, []).append((u, sign))
    raster.border = {row: _joined(found) for row, found in raster.border.items()}
    raster.inside = {row: _spans(found) for row, found in crossings.items()}
    return raster


def _joined(spans: list[Span]) -> list[Span]:
    """The same cells in as few spans as can be, from west to east."""
    spans.sort()
    joined: list[Span] = []
    begin, end = spans[0]
    for first, last in spans:
        if first > end + 1:
            joined.append((begin, end))
            begin, end = first, last
        elif last > end:
            end = last
    joined.append((begin, end))
    return joined


def _spans(crossings: list[tuple[float, int]]) -> list[Span]:
    """The cells whose middle lies where the winding number is not zero."""
    crossings.sort()
    spans: list[Span] = []
    winding, begin = 0, 0.0
    for u, sign in crossings:
        if winding == 0:
            begin = u
        winding += sign
        if winding == 0 and (first := ceil(begin - 0.5)) < (after := ceil(u - 0.5)):
            spans.append((first, after - 1))
    return spans


def _draw_circle(shape: CircleShape, grid: Grid) -> Raster:
    """Row by row, from the circle's width at the row's two sides: between them it is widest or narrowest at a side,
    except in the row of the circle's middle.
    """
    raster = Raster()
    lon, lat = shape.center
    _, south, _, north = shape.bounds
    bottom, top = floor((south + 90) / grid.height - _SLACK), floor((north + 90) / grid.height + _SLACK)
    for row in range(bottom, top + 1):
        sides = row * grid.height - 90, (row + 1) * grid.height - 90
        if sides[0] <= lat + shape.lean and lat - shape.lean <= sides[1]:
            widest = shape.widest
        else:
            widest = max(shape.half_width(side, outer=True) or 0.0 for side in sides)
        if not widest:
            continue
        first = floor((lon - widest + 180) / grid.width - _SLACK)
        last = floor((lon + widest + 180) / grid.width + _SLACK)
        narrowest = min(shape.half_width(side, outer=False) or 0.0 for side in sides)
        begin = ceil((lon - narrowest + 180) / grid.width + _SLACK)
        end = floor((lon + narrowest + 180) / grid.width - _SLACK) - 1
        if begin > end:
            raster.mark(row, first, last)
            continue
        raster.border[row] = [(first, begin - 1), (end + 1, last)]
        raster.inside[row] = [(begin, end)]
    return raster
