"""Exact plane geometry on degrees: edges are straight in lon/lat, as GeoJSON has them.

Every decision rests on ``side``, the sign of a cross product. It is computed in floating point and, when the result is
smaller than its possible rounding error, again in rational numbers. So "on the border" means exactly on it, for the
coordinates as they are stored, whatever the order of the points.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import hypot

Position = tuple[float, float]  # lon, lat
Edge = tuple[float, float, float, float]  # x1, y1, x2, y2
Bounds = tuple[float, float, float, float]  # west, south, east, north

# J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic" (1997): (3 + 16u)u, u = 2^-53, rounded up; the
# second term is for products that underflow.
ROUNDING = 3.4e-16
UNDERFLOW = 1e-290
FLAT = 1e-9  # degrees: a tenth of a millimetre


def side(x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> float:
    """Positive where (x, y) lies left of the line from 1 to 2, negative right of it, 0 exactly on it."""
    left, right = (x2 - x1) * (y - y1), (y2 - y1) * (x - x1)
    result = left - right
    if abs(result) > ROUNDING * (abs(left) + abs(right)) + UNDERFLOW:
        return result
    fx1, fy1 = Fraction(x1), Fraction(y1)
    exact = (Fraction(x2) - fx1) * (Fraction(y) - fy1) - (Fraction(y2) - fy1) * (Fraction(x) - fx1)
    return (exact > 0) - (exact < 0)


def flat(points: Sequence[Position]) -> bool:
    """Whether all points lie on one line, or on one point, to within ``FLAT`` degrees."""
    x1, y1 = points[0]
    x2, y2 = max(points, key=lambda point: (point[0] - x1) ** 2 + (point[1] - y1) ** 2)
    length = hypot(x2 - x1, y2 - y1)
    return length <= FLAT or all(abs(side(x1, y1, x2, y2, x, y)) <= FLAT * length for x, y in points)


def counterclockwise(ring: Sequence[Position]) -> bool:
    """The orientation of a simple closed ring, from the turn at its lowest, leftmost corner: exact."""
    corners = [point for point, after in pairwise(ring) if point != after]
    if not corners:
        return False
    at = min(range(len(corners)), key=lambda n: (corners[n][1], corners[n][0]))
    return side(*corners[at - 1], *corners[at], *corners[(at + 1) % len(corners)]) > 0


def edges(ring: Sequence[Position]) -> Iterable[Edge]:
    """The edges of a closed ring, in order, without those of no length."""
    return ((*a, *b) for a, b in pairwise(ring) if a != b)


def bounds_of(positions: Iterable[Position]) -> Bounds:
    """The smallest box around at least one position."""
    lons, lats = zip(*positions, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def meet(a: Bounds, b: Bounds) -> bool:
    """Whether two boxes share a point."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def within(position: Position, box: Bounds) -> bool:
    """Whether a position lies in a box, or on its side."""
    return box[0] <= position[0] <= box[2] and box[1] <= position[1] <= box[3]
