"""The border of a union of polygons, and an index over it that answers where a point lies.

The winding number counts how many of the polygons hold a point, so a union needs no dissolving: outer rings run
counterclockwise, holes clockwise, and an edge that two polygons share runs once in each direction and drops out.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import TypeAlias

from chalicelib.areas.geometry import ROUNDING, UNDERFLOW, Bounds, Edge, Position, counterclockwise, edges, side

Ring: TypeAlias = tuple[Position, ...]  # closed: the last position is the first
Polygon: TypeAlias = tuple[Ring, ...]  # the outer ring, then the holes

# x least, x most, y low, y high, the edge from low to high, +1 where the ring ran upwards and -1 where it ran down
_Indexed: TypeAlias = tuple[float, float, float, float, float, float, float, float, int]


class Where(IntEnum):
    OUTSIDE = 0
    BORDER = 1
    INSIDE = 2


def border_of(polygons: Iterable[Polygon]) -> list[Edge]:
    """The directed edges around the union, inside on their left, without those that two polygons share."""
    border: dict[Edge, int] = {}
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            outer = number == 0
            for x1, y1, x2, y2 in edges(ring if counterclockwise(ring) == outer else ring[::-1]):
                opposite = (x2, y2, x1, y1)
                if border.get(opposite):
                    border[opposite] -= 1
                else:
                    border[x1, y1, x2, y2] = border.get((x1, y1, x2, y2), 0) + 1
    return [edge for edge, times in border.items() for _ in range(times)]


class EdgeIndex:
    """Edges by bands of latitude: a point is compared only with those of its band."""

    def __init__(self, border: Sequence[Edge], bounds: Bounds) -> None:
        _, self._south, _, north = self._bounds = bounds
        height = north - self._south
        climb = sum(abs(edge[3] - edge[1]) for edge in border)
        # At most so many bands that an edge lies in nine of them on average: zigzags must not multiply the index.
        count = int(min(4 * len(border), 8 * len(border) * height / climb)) if climb else 1
        self._last = max(count, 1) - 1
        self._scale = count / height if height else 0.0
        bands: list[list[_Indexed]] = [[] for _ in range(self._last + 1)]
        for x1, y1, x2, y2 in border:
            up = y1 <= y2
            low, high = (y1, y2) if up else (y2, y1)
            ends = (x1, y1, x2, y2) if up else (x2, y2, x1, y1)
            indexed = (min(x1, x2), max(x1, x2), low, high, *ends, 1 if up else -1)
            for band in bands[self._band(low) : self._band(high) + 1]:
                band.append(indexed)
        self._bands = [tuple(band) for band in bands]

    def where(self, x: float, y: float) -> Where:
        west, south, east, north = self._bounds
        if not (west <= x <= east and south <= y <= north):
            return Where.OUTSIDE
        winding = 0
        for least, most, low, high, x1, y1, x2, y2, sign in self._bands[self._band(y)]:
            if y < low or y > high or x > most:
                continue
            if x < least:
                if y < high:
                    winding += sign
                continue
            # ``side``, written out: this is the innermost line of matching.
            left, right = (x2 - x1) * (y - y1), (y2 - y1) * (x - x1)
            turn = left - right
            if abs(turn) <= ROUNDING * (abs(left) + abs(right)) + UNDERFLOW:
                turn = side(x1, y1, x2, y2, x, y)
            if turn == 0:
                return Where.BORDER
            if turn > 0 and y < high:
                winding += sign
        return Where.INSIDE if winding else Where.OUTSIDE

    def near(self, low: float, high: float) -> Iterable[_Indexed]:
        """The edges that may touch a range of latitudes, each once."""
        first, last = self._band(low), self._band(high)
        if first == last:
            return self._bands[first]
        return {id(edge): edge for band in self._bands[first : last + 1] for edge in band}.values()

    def _band(self, y: float) -> int:
        return min(max(int((y - self._south) * self._scale), 0), self._last)
