"""Whether a ring crosses or touches itself: a sweep from west to east, n log n.

M. I. Shamos and D. Hoey, "Geometric intersection problems" (1976), with the exact ``side`` of ``geometry``. Points are
swept in the order of (lon, lat), so an upright edge has a left end too: its lower one.
"""

from collections.abc import Sequence
from typing import TypeAlias

from chalicelib.areas.geometry import ROUNDING, UNDERFLOW, Position, side

_Segment: TypeAlias = tuple[Position, Position]  # left end, right end


def is_simple(ring: Sequence[Position]) -> bool:
    """Whether no two edges of a closed ring share more than the corner between neighbours.

    Needs three corners or more, and no two equal positions in a row.
    """
    corners = ring[:-1]
    if len(set(corners)) < len(corners):
        return False
    count = len(corners)
    segments: list[_Segment] = [
        (min(a, b), max(a, b)) for a, b in ((corners[n], corners[(n + 1) % count]) for n in range(count))
    ]
    status: list[_Segment] = []  # those that the sweep line meets, from low to high
    for n in sorted(range(count), key=corners.__getitem__):
        point = corners[n]
        touching = segments[n - 1], segments[n]
        ending = [segment for segment in touching if segment[1] == point]
        starting = [segment for segment in touching if segment[0] == point]
        if not (_remove(status, ending, point) and _insert(status, starting)):
            return False
    return True


def _remove(status: list[_Segment], ending: list[_Segment], point: Position) -> bool:
    """Take out the segments that end at ``point``; False where those that become neighbours meet."""
    if not ending:
        return True
    at = _below(status, point)
    if status[at : at + len(ending)] != ending and status[at : at + len(ending)] != ending[::-1]:
        return False  # another segment runs through the point
    del status[at : at + len(ending)]
    return not 0 < at < len(status) or not _meet(status[at - 1], status[at])


def _insert(status: list[_Segment], starting: list[_Segment]) -> bool:
    """Put in the segments that start at one point; False where one meets a new neighbour."""
    if not starting:
        return True
    point = starting[0][0]
    at = _below(status, point)
    if at < len(status) and side(*status[at][0], *status[at][1], *point) == 0:
        return False  # the point lies on another segment
    if len(starting) == 2:
        turn = side(*starting[0][0], *starting[0][1], *starting[1][1])
        if turn == 0:
            return False  # one lies along the other
        if turn < 0:
            starting = starting[::-1]
    lowest, highest = starting[0], starting[-1]
    if at > 0 and _meet(status[at - 1], lowest):
        return False
    if at < len(status) and _meet(status[at], highest):
        return False
    status[at:at] = starting
    return True


def _below(status: list[_Segment], point: Position) -> int:
    """How many segments of the status lie wholly below the point."""
    x, y = point
    low, high = 0, len(status)
    while low < high:
        middle = (low + high) // 2
        (x1, y1), (x2, y2) = status[middle]
        # ``side``, written out: nearly all of the time goes here.
        up, down = (x2 - x1) * (y - y1), (y2 - y1) * (x - x1)
        turn = up - down
        if abs(turn) <= ROUNDING * (abs(up) + abs(down)) + UNDERFLOW:
            turn = side(x1, y1, x2, y2, x, y)
        if turn > 0:
            low = middle + 1
        else:
            high = middle
    return low


def _meet(a: _Segment, b: _Segment) -> bool:
    """Whether two segments share a point, other than an end of both."""
    if a[0] in b or a[1] in b:
        return False
    b_sides = side(*a[0], *a[1], *b[0]), side(*a[0], *a[1], *b[1])
    a_sides = side(*b[0], *b[1], *a[0]), side(*b[0], *b[1], *a[1])
    if b_sides == (0, 0):
        return a[0] <= b[1] and b[0] <= a[1]
    return not (_same_sign(b_sides) or _same_sign(a_sides))


def _same_sign(sides: tuple[float, float]) -> bool:
    return (sides[0] > 0 and sides[1] > 0) or (sides[0] < 0 and sides[1] < 0)
