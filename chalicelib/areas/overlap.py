"""Whether shapes overlap: share more than a border. Polygons on shared borders with the same corners do not."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import cos, radians

from chalicelib.areas.edges import EdgeIndex, Where
from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.geometry import Bounds, Edge, meet, side
from chalicelib.areas.model import CircleShape, Point, PolygonShape, Shape


def overlap(shape: Shape, polygons: PolygonShape) -> bool:
    """Whether some point lies inside both, off the borders of both."""
    if not meet(shape.bounds, polygons.bounds):
        return False
    if isinstance(shape, CircleShape):
        return _reaches(shape, polygons)
    return (
        _enters(shape.border, polygons.index, polygons.bounds)
        or _enters(polygons.border, shape.index, shape.bounds)
        # Neither border runs through the inside of the other: they coincide, or the shapes are apart.
        or any(polygons.index.where(*_middle(PolygonShape((polygon,)))) is Where.INSIDE for polygon in shape.polygons)
    )


def sides(edge: Edge, index: EdgeIndex) -> set[Where]:
    """Where an edge runs, seen from another border: inside it, outside it, along it. A single touch counts as none."""
    x1, y1, x2, y2 = edge
    west, east = min(x1, x2), max(x1, x2)
    cuts, along = [0.0, 1.0], []
    for least, most, _, _, ox1, oy1, ox2, oy2, _ in index.near(min(y1, y2), max(y1, y2)):
        if most < west or least > east:
            continue
        first, second = side(x1, y1, x2, y2, ox1, oy1), side(x1, y1, x2, y2, ox2, oy2)
        if first == 0 and second == 0:
            stretch = sorted((_share(edge, ox1, oy1), _share(edge, ox2, oy2)))
            along.append(stretch)
            cuts += stretch
        elif first == 0:
            cuts.append(_share(edge, ox1, oy1))
        elif second == 0:
            cuts.append(_share(edge, ox2, oy2))
        elif (first > 0) != (second > 0):
            begin, end = side(ox1, oy1, ox2, oy2, x1, y1), side(ox1, oy1, ox2, oy2, x2, y2)
            if begin and end and (begin > 0) != (end > 0):
                return {Where.INSIDE, Where.OUTSIDE}
    found = set()
    cuts = sorted({cut for cut in cuts if 0 <= cut <= 1})
    for begin, end in pairwise(cuts):
        if any(low <= begin and end <= high for low, high in along):
            found.add(Where.BORDER)
        else:
            share = (begin + end) / 2
            found.add(index.where(x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    return found


def _enters(border: Iterable[Edge], index: EdgeIndex, bounds: Bounds) -> bool:
    return any(
        meet((min(edge[0], edge[2]), min(edge[1], edge[3]), max(edge[0], edge[2]), max(edge[1], edge[3])), bounds)
        and Where.INSIDE in sides(edge, index)
        for edge in border
    )


def _share(edge: Edge, x: float, y: float) -> float:
    """How far along the edge a point on its line lies: 0 at its begin, 1 at its end."""
    x1, y1, x2, y2 = edge
    if abs(x2 - x1) > abs(y2 - y1):
        return (x - x1) / (x2 - x1)
    return (y - y1) / (y2 - y1)


def _middle(shape: PolygonShape) -> Point:
    """A point inside: halfway the widest part, at a latitude well between two corners."""
    latitudes = sorted({y for edge in shape.border for y in (edge[1], edge[3])})
    south, north = max(pairwise(latitudes), key=lambda gap: gap[1] - gap[0])
    lat = (south + north) / 2
    crossings = sorted(_crossings(shape.border, lat))
    # A polygon's crossings go in and out in turn.
    west, east = max(zip(crossings[::2], crossings[1::2], strict=True), key=lambda span: span[1] - span[0])
    return Point((west + east) / 2, lat)


def _crossings(border: Sequence[Edge], lat: float) -> list[float]:
    return [x1 + (lat - y1) / (y2 - y1) * (x2 - x1) for x1, y1, x2, y2 in border if (y1 <= lat) != (y2 <= lat)]


def _reaches(circle: CircleShape, polygons: PolygonShape) -> bool:
    """Whether the middle lies inside, or an edge comes nearer than the radius."""
    lon, lat = circle.center
    if polygons.index.where(lon, lat) is Where.INSIDE:
        return True
    shrink = cos(radians(lat))  # so that both axes have about the same scale
    for x1, y1, x2, y2 in polygons.border:
        dx, dy = (x2 - x1) * shrink, y2 - y1
        share = ((lon - x1) * shrink * dx + (lat - y1) * dy) / (dx * dx + dy * dy)
        share = min(max(share, 0.0), 1.0)
        if distance_m(lon, lat, x1 + share * (x2 - x1), y1 + share * (y2 - y1)) < circle.radius_m:
            return True
    return False
