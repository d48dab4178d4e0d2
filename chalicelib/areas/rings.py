"""Rings around a point: what lies farther than one distance and within another. Every point lies in exactly one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.areas.cover import KeyRange, cover
from chalicelib.areas.geometry import Position
from chalicelib.areas.model import CircleShape, Point


@dataclass(frozen=True)
class Ring:
    """``inner``: what lies within is not in the ring; ``outer``: what lies beyond is not. None: no such border."""

    inner: CircleShape | None
    outer: CircleShape | None

    def contains(self, position: Position) -> bool:
        within = self.outer is None or self.outer.contains(position)
        return within and not (self.inner is not None and self.inner.contains(position))

    def ranges(self, ranges: Iterable[KeyRange], near: Point) -> list[KeyRange]:
        """What of some key ranges may lie in the ring, nearest first. Ranges that do not overlap stay so.

        What lies within ``inner`` is read along: it is less than the ring itself in most plans, and never counts.
        """
        if self.outer is None:
            return list(ranges)
        of_area: dict[str, list[KeyRange]] = {}
        for one in ranges:
            of_area.setdefault(one.partition, []).append(one)
        disc = cover(self.outer, near=near)
        return [shared for part in disc for one in of_area.get(part.partition, ()) for shared in _shared(one, part)]


def ring(center: Point, radii_m: tuple[float, ...], number: int) -> Ring:
    """``radii_m``: where each ring but the last ends, ascending. ``number``: from 0, the nearest, to their number."""
    return Ring(
        CircleShape(center, radii_m[number - 1]) if number else None,
        CircleShape(center, radii_m[number]) if number < len(radii_m) else None,
    )


def _shared(area: KeyRange, disc: KeyRange) -> Iterator[KeyRange]:
    """What two ranges of one partition have in common; it lies as far inside the area as the area's range did."""
    first = max(area.first, disc.first)
    last = min(area.last, disc.last, key=_end)
    if first <= _end(last):
        yield KeyRange(area.partition, first, last, area.interior, area.marks)


def _end(last: str) -> str:
    """Sorts after all that begins with ``last``."""
    return last + "~"
