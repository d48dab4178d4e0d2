"""Places and areas, as given in files or invented."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chalicelib.areas.model import CircleShape, Point, Shape, shape_from_json

HEADER = ["place_id", "participant_id", "rank", "lon", "lat"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class BadInput(Exception):
    """A file is not what it should be; the text says where."""


@dataclass(frozen=True)
class Places:
    """In order of participant, then rank. ``who``: index into ``ids``; degrees as given, not rounded."""

    ids: Sequence[str]
    who: Integers
    rank: Integers
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True)
class NamedArea:
    """``kind``: neighbourhood, corridor, city, province, nation, or empty where the file does not say.

    ``geometry``: as GeoJSON gave it; ``circle``: lon, lat, radius in metres, which then is the area.
    """

    name: str
    kind: str
    geometry: Mapping[str, Any] | None
    circle: tuple[float, float, float] | None = None

    @property
    def shape(self) -> Shape:
        if self.circle:
            lon, lat, radius_m = self.circle
            return CircleShape(Point(lon, lat), radius_m)
        assert self.geometry is not None
        return shape_from_json(self.geometry)


def read_places(file: Path) -> Places:
    """CSV with the header ``place_id,participant_id,rank,lon,lat``.

    Raises:
        BadInput
    """
    numbers: dict[str, int] = {}
    columns: tuple[list[int], list[int], list[float], list[float]] = ([], [], [], [])
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.reader(lines)
        try:
            if next(rows, None) != HEADER:
                raise BadInput(f"{file}: the first line must be {','.join(HEADER)}")
            for _, participant, rank, lon, lat in rows:
                columns[0].append(numbers.setdefault(participant, len(numbers)))
                columns[1].append(_rank(rank))
                position = _position((float(lon), float(lat)))
                columns[2].append(position[0])
                columns[3].append(position[1])
        except (ValueError, csv.Error) as error:
            raise BadInput(f"{file}, line {rows.line_num}: {error}") from error
    places = sorted_places(list(numbers), *columns)
    twice = np.flatnonzero((np.diff(places.who) == 0) & (np.diff(places.rank) == 0))
    if len(twice):
        raise BadInput(f"{file}: participant {places.ids[places.who[twice[0]]]} has two places of one rank")
    return places


def _rank(text: str) -> int:
    rank = int(text)
    if rank < 0:
        raise ValueError("a rank is 0 or more")
    return rank


def _position(given: Sequence[Any]) -> tuple[float, float]:
    lon, lat = float(given[0]), float(given[1])
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(f"no longitude and latitude: {lon}, {lat}")
    return lon, lat


def sorted_places(ids: Sequence[str], who: Any, rank: Any, lon: Any, lat: Any) -> Places:
    who, rank = np.asarray(who, np.int64), np.asarray(rank, np.int64)
    order = np.lexsort((rank, who))
    return Places(ids, who[order], rank[order], np.asarray(lon, float)[order], np.asarray(lat, float)[order])


def read_areas(file: Path) -> list[NamedArea]:
    """A FeatureCollection; properties ``name``, and optionally ``kind`` and ``circle``: ``[lon, lat, radius_m]``.

    Raises:
        BadInput
    """
    areas: list[NamedArea] = []
    try:
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            areas.append(_area(feature, len(areas)))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        what = f"{file}, feature {len(areas)}: not a Feature of a Polygon, a MultiPolygon or a circle"
        raise BadInput(f"{what} ({type(error).__name__}: {error})") from error
    if not areas:
        raise BadInput(f"{file}: no areas")
    if len({area.name for area in areas}) < len(areas):
        raise BadInput(f"{file}: two features have the same name")
    return areas


def _area(feature: Mapping[str, Any], number: int) -> NamedArea:
    properties = feature.get("properties") or {}
    given, geometry = properties.get("circle"), feature.get("geometry")
    circle = None
    if given is not None:
        lon, lat, radius_m = map(float, given)
        circle = (*_position((lon, lat)), radius_m)
    elif geometry is None:
        raise ValueError("neither a geometry nor a circle")
    else:
        for ring in _rings(geometry):
            positions = [_position(position) for position in ring]
            if len(positions) < 4 or positions[0] != positions[-1]:
                raise ValueError("a ring is four positions or more, of which the last is the first")
    kind = str(properties.get("kind") or properties.get("class") or "")
    area = NamedArea(str(properties.get("name", number)), kind, geometry, circle)
    assert area.shape  # or it raises
    return area


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    if geometry["type"] not in ("Polygon", "MultiPolygon") or not polygons or not all(polygons):
        raise ValueError("no rings")
    for polygon in polygons:
        yield from polygon
