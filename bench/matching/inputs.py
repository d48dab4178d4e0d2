"""Places and areas, as given in files or invented."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """CSV with the header ``place_id,participant_id,rank,lon,lat``."""
    numbers: dict[str, int] = {}
    columns: tuple[list[int], list[int], list[float], list[float]] = ([], [], [], [])
    with file.open(newline="", encoding="utf-8-sig") as lines:
        rows = csv.reader(lines)
        if next(rows, None) != HEADER:
            raise BadInput(f"{file}: the first line must be {','.join(HEADER)}")
        try:
            for _, participant, rank, lon, lat in rows:
                columns[0].append(numbers.setdefault(participant, len(numbers)))
                columns[1].append(int(rank))
                columns[2].append(float(lon))
                columns[3].append(float(lat))
        except ValueError as error:
            raise BadInput(f"{file}, line {rows.line_num}: {error}") from error
    return sorted_places(list(numbers), *columns)


def sorted_places(ids: Sequence[str], who: Any, rank: Any, lon: Any, lat: Any) -> Places:
    who, rank = np.asarray(who, np.int64), np.asarray(rank, np.int64)
    order = np.lexsort((rank, who))
    return Places(ids, who[order], rank[order], np.asarray(lon, float)[order], np.asarray(lat, float)[order])


def read_areas(file: Path) -> list[NamedArea]:
    """A FeatureCollection; properties ``name``, and optionally ``kind`` and ``circle``: ``[lon, lat, radius_m]``."""
    try:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        areas = [_area(feature, number) for number, feature in enumerate(features)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{file} is not a FeatureCollection of polygons and circles: {error!r}") from error
    if len({area.name for area in areas}) < len(areas):
        raise BadInput(f"{file}: two features have the same name")
    return areas


def _area(feature: Mapping[str, Any], number: int) -> NamedArea:
    properties = feature.get("properties") or {}
    given = properties.get("circle")
    circle = (float(given[0]), float(given[1]), float(given[2])) if given else None
    kind = str(properties.get("kind") or properties.get("class") or "")
    area = NamedArea(str(properties.get("name", number)), kind, feature.get("geometry"), circle)
    assert area.shape  # or it raises
    return area
