"""A shape as it is shown to people: rings of a few decimals. Never for deciding who is inside."""

from math import cos, degrees, pi, sin
from typing import Any

from chalicelib.areas.geodesy import radii_m
from chalicelib.areas.model import CircleShape, Shape

DECIMALS = 5  # a metre
CORNERS = 64  # of what stands for a circle


def picture(shape: Shape) -> dict[str, Any]:
    """A GeoJSON MultiPolygon, lon before lat."""
    polygons = [[_circle(shape)]] if isinstance(shape, CircleShape) else shape.to_json()["coordinates"]
    rounded = [[[_rounded(*position) for position in ring] for ring in polygon] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": rounded}


def _circle(shape: CircleShape) -> list[tuple[float, float]]:
    north, east = radii_m(shape.center.lat)
    high, wide = degrees(shape.radius_m / north), degrees(shape.radius_m / east)
    angles = [2 * pi * corner / CORNERS for corner in range(CORNERS)]
    ring = [(shape.center.lon + wide * cos(angle), shape.center.lat + high * sin(angle)) for angle in angles]
    return [*ring, ring[0]]


def _rounded(lon: float, lat: float) -> list[float]:
    return [round(lon, DECIMALS), round(lat, DECIMALS)]
