"""Points, shapes and the administrative areas of CBS. Longitude before latitude, degrees on WGS 84, everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import degrees, radians, tan
from typing import Any, NamedTuple, TypeAlias

from chalicelib.areas.edges import EdgeIndex, Polygon, Where, border_of
from chalicelib.areas.geodesy import (
    EQUATORIAL_M,
    NEAR_ERROR,
    NEAR_LATITUDE,
    NEAR_M,
    POLAR_M,
    distance_m,
    half_width,
    near_m,
    radii_m,
)
from chalicelib.areas.geometry import Bounds, Edge, Position, bounds_of
from chalicelib.staff.mailing import BY_DEFAULT, Mailing


class Point(NamedTuple):
    lon: float
    lat: float


@dataclass(frozen=True)
class PolygonShape:
    """The union of polygons, which may touch and overlap. Each is an outer ring and its holes; rings are closed.

    A point on the border, of a hole too, is inside. So is one where two polygons meet.
    """

    polygons: tuple[Polygon, ...]

    def contains(self, position: Position) -> bool:
        return self.index.where(*position) is not Where.OUTSIDE

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east, north."""
        return bounds_of(position for polygon in self.polygons for position in polygon[0])

    @cached_property
    def border(self) -> list[Edge]:
        """Directed edges around the union, the inside on their left."""
        return border_of(self.polygons)

    @cached_property
    def index(self) -> EdgeIndex:
        return EdgeIndex(self.border, self.bounds)

    def to_json(self) -> dict[str, Any]:
        """A GeoJSON MultiPolygon."""
        coordinates = [[[list(position) for position in ring] for ring in polygon] for polygon in self.polygons]
        return {"type": "MultiPolygon", "coordinates": coordinates}


@dataclass(frozen=True)
class CircleShape:
    """Every point whose geodesic distance to the centre is at most ``radius_m`` metres."""

    center: Point
    radius_m: float

    def __post_init__(self) -> None:
        if not (abs(self.center.lat) <= NEAR_LATITUDE and 0 < self.radius_m * (1 + NEAR_ERROR) < NEAR_M):
            raise ValueError(f"a circle of less than {NEAR_M} m, at most {NEAR_LATITUDE} degrees from the equator")

    def contains(self, position: Position) -> bool:
        lon, lat = position
        west, south, east, north = self.bounds
        if not (west <= lon <= east and south <= lat <= north):
            return False
        about = near_m(*self.center, lon, lat)
        if abs(about - self.radius_m) > NEAR_ERROR * self.radius_m:
            return about < self.radius_m
        return distance_m(*self.center, lon, lat) <= self.radius_m

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east, north: a box around the circle, a little wider than need be."""
        lon, lat = self.center
        reach = self.radius_m * (1 + 2 * NEAR_ERROR)
        # A degree of latitude is shortest towards the equator.
        height = degrees(reach / radii_m(max(abs(lat) - 1, 0))[0])
        return lon - self.widest, lat - height, lon + self.widest, lat + height

    @cached_property
    def widest(self) -> float:
        """Half the circle's greatest width in degrees of longitude, or a little more."""
        radius = self.radius_m * (1 + NEAR_ERROR)
        bend = self.radius_m / EQUATORIAL_M * tan(radians(self.center.lat))
        return degrees(radius / radii_m(self.center.lat)[1]) * (1 + bend**2 / 4)

    @cached_property
    def lean(self) -> float:
        """How many degrees of latitude, at most, the circle's greatest width lies from its middle."""
        return degrees((self.radius_m / POLAR_M) ** 2 * tan(radians(abs(self.center.lat))) + 1e-9)

    def half_width(self, lat: float, *, outer: bool) -> float | None:
        """Half the circle's width in degrees at ``lat``: at least so much (not ``outer``) or at most (``outer``)."""
        radius = self.radius_m * (1 + NEAR_ERROR if outer else 1 - NEAR_ERROR)
        return half_width(self.center.lat, radius, lat)

    def to_json(self) -> dict[str, Any]:
        return {"type": "Circle", "center": list(self.center), "radius_m": self.radius_m}


Shape: TypeAlias = PolygonShape | CircleShape


def shape_from_json(stored: Mapping[str, Any]) -> Shape:
    """What ``to_json`` wrote, or a GeoJSON Polygon; trusted, so not validated.

    Raises:
        ValueError: another type.
    """
    match stored["type"]:
        case "Circle":
            return CircleShape(Point(*map(float, stored["center"])), float(stored["radius_m"]))
        case "Polygon":
            return PolygonShape((_polygon(stored["coordinates"]),))
        case "MultiPolygon":
            return PolygonShape(tuple(_polygon(polygon) for polygon in stored["coordinates"]))
        case other:
            raise ValueError(f"no shape is a {other}")


def _polygon(rings: Any) -> Polygon:
    return tuple(tuple((float(position[0]), float(position[1])) for position in ring) for ring in rings)


class Level(StrEnum):
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    NEIGHBOURHOOD = "neighbourhood"


NATION = "NL"
PREFIX: Mapping[Level, str] = {Level.MUNICIPALITY: "GM", Level.DISTRICT: "WK", Level.NEIGHBOURHOOD: "BU"}  # of codes


@dataclass(frozen=True)
class Area:
    """A municipality (GM), district (WK) or neighbourhood (BU) of CBS, as it was in ``year``.

    ``municipality`` and ``district`` are codes: the area's own where it is one, None where unknown or not above it.
    ``label``: a point inside. ``bounds``: the box around its shape, filled in when it is stored. ``joined``: its
    municipality takes part. ``mailing``: what goes to ``summary_emails``. ``until``: the year from which on it is no
    more. ``heirs``: which municipalities got what an ended one had; None: nobody has said so. Figures are None where
    CBS gives none.
    """

    code: str
    name: str
    level: Level
    year: int
    municipality: str
    district: str | None = None
    inhabitants: int | None = None
    households: int | None = None
    safety_region: str | None = None
    label: Point | None = None
    bounds: Bounds | None = None
    joined: bool = False
    summary_emails: tuple[str, ...] = ()
    mailing: Mailing = BY_DEFAULT
    until: int | None = None
    heirs: tuple[str, ...] | None = None

    @property
    def bequeaths(self) -> bool:
        """Whether it has something that others may still get: that it takes part, or who gets its summaries."""
        return self.heirs is None and (self.joined or bool(self.summary_emails))

    def with_what_had(self, other: "Area") -> "Area":
        """This municipality, once it got what another had: it takes part if that did, and its mail goes to both's."""
        return replace(
            self,
            joined=self.joined or other.joined,
            summary_emails=tuple(sorted({*self.summary_emails, *other.summary_emails})),
            mailing=self.mailing if self.joined or self.summary_emails else other.mailing,
        )

    @property
    def parent(self) -> str | None:
        """The code of the area in whose list of children this one stands."""
        if self.level is Level.MUNICIPALITY:
            return None
        return (self.district if self.level is Level.NEIGHBOURHOOD else None) or self.municipality

    @property
    def within(self) -> str:
        """With which areas it is drawn: those of its municipality; of a municipality all others, ``NL``."""
        return NATION if self.level is Level.MUNICIPALITY else self.municipality


@dataclass(frozen=True)
class Feature:
    """An area with its shape: what an import reads."""

    area: Area
    shape: PolygonShape


@dataclass(frozen=True)
class BoundarySource:
    """Whose boundaries those are that were imported last, and of which year: what their licence wants to be said."""

    name: str
    year: int


@dataclass(frozen=True)
class Location:
    """The areas that hold a point; ``joined``: the municipality takes part."""

    neighbourhood: str | None
    district: str | None
    municipality: str
    municipality_name: str
    joined: bool

    @property
    def smallest(self) -> str:
        """The code of the smallest of them that is known."""
        return self.neighbourhood or self.district or self.municipality


@dataclass(frozen=True)
class Outline:
    """Where an area lies, and in what. ``shape`` None: it fills the whole cell that was asked for."""

    code: str
    level: Level
    municipality: str
    district: str | None
    shape: PolygonShape | None
