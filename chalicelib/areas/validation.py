"""The area of an alert as it comes in: any JSON at all. Each defect has its own code, and nothing else is raised.

One of ``{"geometry": Polygon or MultiPolygon}``, ``{"circle": {"center": [lon, lat], "radius_m": number}}`` and
``{"codes": ["BU...", "WK...", "GM..."]}``. The polygons of a MultiPolygon may overlap: the area is their union.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import isfinite
from typing import Any, NoReturn

from chalicelib.areas.edges import EdgeIndex, Polygon, Ring, Where, border_of
from chalicelib.areas.geodesy import NEAR_LATITUDE
from chalicelib.areas.geometry import Bounds, Position, bounds_of, edges, flat, meet, within
from chalicelib.areas.model import CircleShape, Point, PolygonShape, Shape
from chalicelib.areas.overlap import overlap, sides
from chalicelib.areas.simple_ring import is_simple
from chalicelib.platform.errors import InvalidInput

MAX_VERTICES = 2_000
MAX_CODES = 500
MIN_RADIUS_M, MAX_RADIUS_M = 10, 50_000
CODE = re.compile(r"GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}")


@dataclass(frozen=True)
class AreaCodes:
    """Well-formed codes of areas, each once; whether they exist is for the service to say."""

    codes: tuple[str, ...]


def parse_area(spec: object, bounds: Bounds, field: str = "area") -> Shape | AreaCodes:
    """The area that ``spec`` describes.

    Args:
        bounds: west, south, east, north: where areas may lie.
        field: where the spec stands in the body, for the error.

    Raises:
        InvalidInput: area_malformed, unknown_type, ring_not_closed, too_few_points, too_many_vertices,
            coordinates_not_finite, coordinates_swapped, outside_bounds, area_empty, self_intersection, hole_outside,
            radius_out_of_range, too_many_codes or unknown_area_code, with the field at fault.
    """
    kinds = {"geometry", "circle", "codes"}
    if not isinstance(spec, dict) or len(spec) != 1 or not kinds.issuperset(spec):
        _refuse(field, "area_malformed", "An area is exactly one of geometry, circle and codes.")
    ((kind, value),) = spec.items()
    if kind == "geometry":
        return parse_geometry(value, bounds, f"{field}.geometry")
    if kind == "circle":
        return _circle(value, bounds, f"{field}.circle")
    return _codes(value, f"{field}.codes")


def parse_geometry(value: object, bounds: Bounds, field: str, max_vertices: int = MAX_VERTICES) -> PolygonShape:
    """The shape of a GeoJSON Polygon or MultiPolygon. Altitudes are dropped, and positions that repeat the one before.

    Raises:
        InvalidInput: as ``parse_area``.
    """
    polygons = _rings(value, field)
    path = f"{field}.coordinates"
    count = sum(max(len(ring) - 1, 0) for _, rings in polygons for ring in rings)
    if count > max_vertices:
        _refuse(path, "too_many_vertices", f"An area has at most {max_vertices} vertices; this one has {count}.")
    read = [
        (f"{path}{part}", [_positions(ring, f"{path}{part}.{n}") for n, ring in enumerate(rings)])
        for part, rings in polygons
    ]
    check_bounds((position for _, rings in read for ring in rings for position in ring), bounds, path)
    return PolygonShape(tuple(_polygon(rings, part) for part, rings in read))


def _rings(value: object, field: str) -> list[tuple[str, list[list[Any]]]]:
    """Each polygon's place within the coordinates, and its rings, so far unread."""
    if not isinstance(value, dict) or value.get("type") not in ("Polygon", "MultiPolygon"):
        _refuse(f"{field}.type", "unknown_type", "The geometry is a GeoJSON Polygon or MultiPolygon.")
    coordinates = value.get("coordinates")
    path = f"{field}.coordinates"
    if not isinstance(coordinates, list):
        _refuse(path, "area_malformed", "Coordinates are a list of rings, or of polygons.")
    if value["type"] == "Polygon":
        polygons = [("", coordinates)]
    else:
        polygons = [(f".{n}", polygon) for n, polygon in enumerate(coordinates)]
    if not polygons:
        _refuse(path, "area_empty", "The area has no polygons.")
    for part, rings in polygons:
        if not isinstance(rings, list) or not all(isinstance(ring, list) for ring in rings):
            _refuse(f"{path}{part}", "area_malformed", "A polygon is a list of rings, a ring a list of positions.")
        if not rings:
            _refuse(f"{path}{part}", "area_empty", "The polygon has no rings.")
    return polygons


def _positions(ring: Sequence[object], field: str) -> list[Position]:
    return [_position(position, f"{field}.{n}") for n, position in enumerate(ring)]


def _position(value: object, field: str) -> Position:
    if not isinstance(value, list | tuple) or len(value) not in (2, 3):
        _refuse(field, "area_malformed", "A position is [longitude, latitude].")
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in value):
        _refuse(field, "area_malformed", "Longitude and latitude are numbers.")
    try:
        lon, lat = float(value[0]), float(value[1])
    except OverflowError:
        lon = lat = float("inf")
    if not (isfinite(lon) and isfinite(lat)):
        _refuse(field, "coordinates_not_finite", "Longitude and latitude are finite numbers.")
    return lon, lat


def check_bounds(positions: Iterable[Position], bounds: Bounds, field: str) -> None:
    """Raises ``InvalidInput``: coordinates_swapped where all lie in ``bounds`` the other way round; outside_bounds."""
    outside = [position for position in positions if not within(position, bounds)]
    if not outside:
        return
    if all(within((lat, lon), bounds) for lon, lat in outside):
        _refuse(field, "coordinates_swapped", "Longitude comes first, then latitude.")
    _refuse(field, "outside_bounds", f"This must lie within {', '.join(map(str, bounds))} (west, south, east, north).")


def _polygon(rings: Sequence[Sequence[Position]], field: str) -> Polygon:
    outer, *holes = polygon = tuple(_ring(ring, f"{field}.{n}") for n, ring in enumerate(rings))
    if holes:
        _check_holes(outer, holes, field)
    return polygon


def _ring(positions: Sequence[Position], field: str) -> Ring:
    if not positions or (len(positions) < 4 and positions[0] == positions[-1]):
        _refuse(field, "too_few_points", "A ring has at least four positions, the last equal to the first.")
    if positions[0] != positions[-1]:
        _refuse(field, "ring_not_closed", "The last position of a ring is equal to its first.")
    if flat(positions):
        _refuse(field, "area_empty", "The ring encloses nothing.")
    ring = (positions[0], *(after for before, after in pairwise(positions) if before != after))
    if not is_simple(ring):
        _refuse(field, "self_intersection", "The ring crosses or touches itself.")
    return ring


def _check_holes(outer: Ring, holes: Sequence[Ring], field: str) -> None:
    index = EdgeIndex(border_of([(outer,)]), bounds_of(outer))
    for n, hole in enumerate(holes, 1):
        found = set().union(*(sides(edge, index) for edge in edges(hole)))
        if found == {Where.OUTSIDE}:
            _refuse(f"{field}.{n}", "hole_outside", "The hole lies outside its polygon.")
        if found != {Where.INSIDE}:
            _refuse(f"{field}.{n}", "self_intersection", "The hole crosses the outer ring, or runs along it.")
    shapes = [PolygonShape(((hole,),)) for hole in holes]
    for (n, one), (_, other) in combinations(enumerate(shapes, 1), 2):
        if meet(one.bounds, other.bounds) and (_share_an_edge(one, other) or overlap(one, other)):
            _refuse(f"{field}.{n}", "self_intersection", "Two holes cross or overlap.")


def _share_an_edge(one: PolygonShape, other: PolygonShape) -> bool:
    return any(Where.BORDER in sides(edge, other.index) for edge in one.border)


def _circle(value: object, bounds: Bounds, field: str) -> CircleShape:
    if not isinstance(value, dict) or value.keys() != {"center", "radius_m"}:
        _refuse(field, "area_malformed", "A circle has a center and a radius_m.")
    center = _position(value["center"], f"{field}.center")
    check_bounds([center], bounds, f"{field}.center")
    if abs(center[1]) > NEAR_LATITUDE:
        _refuse(f"{field}.center", "outside_bounds", f"A circle lies within {NEAR_LATITUDE} degrees of the equator.")
    radius = value["radius_m"]
    if not isinstance(radius, int | float) or isinstance(radius, bool):
        _refuse(f"{field}.radius_m", "area_malformed", "The radius is a number of metres.")
    if not MIN_RADIUS_M <= radius <= MAX_RADIUS_M:
        _refuse(f"{field}.radius_m", "radius_out_of_range", f"The radius is {MIN_RADIUS_M} to {MAX_RADIUS_M} metres.")
    return CircleShape(Point(*center), float(radius))


def _codes(value: object, field: str) -> AreaCodes:
    if not isinstance(value, list):
        _refuse(field, "area_malformed", "Codes are a list of texts.")
    if not value:
        _refuse(field, "area_empty", "The list of codes is empty.")
    if len(value) > MAX_CODES:
        _refuse(field, "too_many_codes", f"An area has at most {MAX_CODES} codes.")
    for n, code in enumerate(value):
        if not isinstance(code, str) or not CODE.fullmatch(code):
            _refuse(
                f"{field}.{n}", "unknown_area_code", "This is no code of a municipality, district or neighbourhood."
            )
    return AreaCodes(tuple(dict.fromkeys(value)))


def _refuse(field: str, code: str, message: str) -> NoReturn:
    raise InvalidInput.of(field, code, message)
