"""The ground: an island of small hexagons with crooked corners, and ways to divide it.

Three hexagons meet at each corner, never four. So the outline of a group of them nowhere touches itself, and groups
that share a border share its corners exactly: no gaps, no overlaps.
"""

import heapq
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from math import fsum, sqrt
from typing import TypeAlias

from local.town.dice import Dice

Cell: TypeAlias = tuple[int, int]  # column and row of the lattice
Corner: TypeAlias = tuple[int, int]  # half widths east, half radii north
Spot: TypeAlias = tuple[float, float]  # metres east and north of the middle
Position: TypeAlias = tuple[float, float]  # lon, lat
Ring: TypeAlias = list[Position]  # closed, counter-clockwise

# Open water in the IJsselmeer: nobody lives there, so nobody takes it for a real place.
MIDDLE: Position = (5.44, 52.785)
METRES_PER_DEGREE = (67_400.0, 111_300.0)  # of longitude and latitude, there

HALF_RADIUS = 62.0
HALF_WIDTH = 107.4  # sqrt(3) half radii
CROOKED = 0.5  # how far a corner may be off, in half radii
CORNERS = ((0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1))  # counter-clockwise
NEIGHBOURS = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))

# The island is the union of discs: east, north, radius, in metres.
DISCS = ((-1700, 200, 1650), (100, -500, 1700), (1500, 700, 1500), (2700, -500, 1250), (-600, 1300, 1200))
SPAN = 40  # cells to each side of the middle that are looked at


def middle(cell: Cell) -> Spot:
    column, row = cell
    return (2 * column + row) * HALF_WIDTH, 3 * row * HALF_RADIUS


def position(spot: Spot) -> Position:
    """Longitude and latitude, rounded to a tenth of a metre."""
    return tuple(round(MIDDLE[axis] + spot[axis] / METRES_PER_DEGREE[axis], 6) for axis in (0, 1))  # type: ignore[return-value]


def land() -> list[Cell]:
    """Every cell of the island."""
    span = range(-SPAN, SPAN + 1)
    return [cell for cell in ((column, row) for column in span for row in span) if _is_land(*middle(cell))]


def _is_land(east: float, north: float) -> bool:
    return any((east - x) ** 2 + (north - y) ** 2 < radius**2 for x, y, radius in DISCS)


def neighbours(cell: Cell) -> list[Cell]:
    return [(cell[0] + column, cell[1] + row) for column, row in NEIGHBOURS]


def distance(one: Cell, other: Cell) -> float:
    """Between their middles, in metres."""
    return sqrt(_distance2(middle(one), middle(other)))


def center(cells: Collection[Cell]) -> Cell:
    """The cell that lies most in the middle of all."""
    return nearest(cells, _mean(cells))


def nearest(cells: Iterable[Cell], spot: Spot) -> Cell:
    return min(cells, key=lambda cell: (_distance2(middle(cell), spot), cell))


def divide(cells: Collection[Cell], parts: int) -> list[list[Cell]]:
    """Connected parts of about one size, the most central first."""
    heart = center(cells)
    seeds = [heart]
    while len(seeds) < parts:
        seeds.append(max(sorted(cells), key=lambda cell: min(_distance2(middle(cell), middle(seed)) for seed in seeds)))
    for _ in range(4):
        seeds = [center(part) for part in grow(cells, seeds)]
    divided = grow(cells, seeds)
    return sorted(divided, key=lambda part: (_distance2(_mean(part), middle(heart)), part))


def grow(cells: Collection[Cell], seeds: Sequence[Cell]) -> list[list[Cell]]:
    """All cells, each given to the seed that reaches it first over ground of uneven ease."""
    ground, owner = set(cells), dict[Cell, int]()
    front = [(0.0, seed, number) for number, seed in enumerate(seeds)]
    while front:
        cost, cell, number = heapq.heappop(front)
        if cell in owner:
            continue
        owner[cell] = number
        for other in neighbours(cell):
            if other in ground and other not in owner:
                heapq.heappush(front, (cost + Dice("ground", *other).between(0.8, 1.2), other, number))
    return [sorted(cell for cell in owner if owner[cell] == number) for number in range(len(seeds))]


def outline(cells: Collection[Cell]) -> Ring:
    """The ring around the cells.

    Raises:
        ValueError: they are not one piece, or have a hole.
    """
    edges = {edge for cell in cells for edge in _edges(cell)}
    following = {start: end for start, end in edges if (end, start) not in edges}
    first = corner = min(following)
    ring = [corner]
    while (corner := following.pop(corner)) != first:
        ring.append(corner)
    if following:
        raise ValueError("more than one ring")
    return [position(_spot(corner)) for corner in [*ring, first]]


def hectares(ring: Ring) -> float:
    east, north = METRES_PER_DEGREE
    doubled = fsum(
        (a[0] - MIDDLE[0]) * (b[1] - MIDDLE[1]) - (b[0] - MIDDLE[0]) * (a[1] - MIDDLE[1]) for a, b in pairwise(ring)
    )
    return doubled / 2 * east * north / 10_000


def _edges(cell: Cell) -> list[tuple[Corner, Corner]]:
    column, row = cell
    around = [(2 * column + row + east, 3 * row + north) for east, north in CORNERS]
    return list(zip(around, around[1:] + around[:1], strict=True))


def _spot(corner: Corner) -> Spot:
    dice, reach = Dice("corner", *corner), CROOKED * HALF_RADIUS
    east, north = corner
    return east * HALF_WIDTH + dice.between(-reach, reach), north * HALF_RADIUS + dice.between(-reach, reach)


def _mean(cells: Collection[Cell]) -> Spot:
    spots = [middle(cell) for cell in cells]
    # fsum: plain sum rounds otherwise from Python 3.12 on
    return fsum(east for east, _ in spots) / len(spots), fsum(north for _, north in spots) / len(spots)


def _distance2(one: Spot, other: Spot) -> float:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
