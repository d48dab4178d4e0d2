"""An area's outline drawn coarsely, for maps of many areas. Never for deciding who is inside.

D. H. Douglas and T. K. Peucker, "Algorithms for the reduction of the number of points required to represent a digitized
line" (1973). Each area is drawn by itself, so neighbours may come apart by as much as the tolerance, which is less than
a pixel of the maps that show them.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import cos, hypot, radians
from typing import TypeAlias

from chalicelib.areas.edges import Polygon
from chalicelib.areas.geometry import Position
from chalicelib.areas.model import Level, PolygonShape

# How far, in degrees of latitude, the line may lie from the border: 130, 20 and 10 m; and decimals of a degree.
DETAIL: Mapping[Level, tuple[float, int]] = {
    Level.MUNICIPALITY: (0.0012, 4),
    Level.DISTRICT: (0.0002, 5),
    Level.NEIGHBOURHOOD: (0.0001, 5),
}
_CORNERS = 4  # of the least that is still a ring, closed

_Ring: TypeAlias = Sequence[Position]


def sketch(shape: PolygonShape, level: Level) -> PolygonShape:
    """The same islands and holes with fewer corners; those that would be no more than a line are left out.

    The largest island always stays: if need be as it was.
    """
    _, south, _, north = shape.bounds
    narrow = cos(radians((south + north) / 2))
    polygons = tuple(filter(None, (_polygon(polygon, narrow, *DETAIL[level]) for polygon in shape.polygons)))
    return PolygonShape(polygons or (max(shape.polygons, key=_size),))


def _size(polygon: Polygon) -> float:
    lons, lats = zip(*polygon[0], strict=True)
    return float((max(lons) - min(lons)) * (max(lats) - min(lats)))


def _polygon(polygon: Polygon, narrow: float, tolerance: float, decimals: int) -> Polygon:
    """Empty where nothing of it is left."""
    outer, *holes = (tuple(_ring(ring, narrow, tolerance, decimals)) for ring in polygon)
    if len(outer) < _CORNERS:
        return ()
    return (outer, *(hole for hole in holes if len(hole) >= _CORNERS))


def _ring(ring: _Ring, narrow: float, tolerance: float, decimals: int) -> Iterator[Position]:
    """Closed, rounded, no two equal positions in a row. ``narrow``: a degree of longitude in degrees of latitude."""
    last: Position | None = None
    for number in _kept([(lon * narrow, lat) for lon, lat in ring], tolerance):
        lon, lat = ring[number]
        position = round(lon, decimals), round(lat, decimals)
        if position != last:
            yield position
        last = position


def _kept(line: _Ring, tolerance: float) -> list[int]:
    """Numbers of the positions that stay: the ends, the one farthest from them, and what lies off the lines between."""
    ends = len(line) - 1
    farthest = max(range(len(line)), key=lambda number: _distance(line[number], line[0], line[0]))
    kept = {0, farthest, ends}
    waiting = [(0, farthest), (farthest, ends)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        if not between:
            continue
        one, other = line[first], line[last]
        off, worst = max((_distance(line[number], one, other), number) for number in between)
        if off > tolerance:
            kept.add(worst)
            waiting += [(first, worst), (worst, last)]
    return sorted(kept)


def _distance(position: Position, one: Position, other: Position) -> float:
    """From the piece of line between ``one`` and ``other``."""
    (x, y), (x1, y1), (x2, y2) = position, one, other
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
    return hypot(x - x1 - along * dx, y - y1 - along * dy)
