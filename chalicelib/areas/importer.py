"""Boundaries of CBS from GeoJSON files: FeatureCollections of municipalities, districts and neighbourhoods.

| property | of | what |
|---|---|---|
| ``code`` | all | ``GM0344``, ``WK034401``, ``BU03440111`` |
| ``name``, ``level``, ``year`` | all | level: gemeente, wijk or buurt |
| ``gemeente`` | districts, neighbourhoods | code of the municipality |
| ``wijk`` | neighbourhoods | code of the district; may be missing or null |
| ``inhabitants``, ``households`` | all | may be missing or null |
| ``safety_region`` | municipalities | may be missing or null |
| ``label_lon``, ``label_lat`` | all | a point inside; may be missing or null |

Other properties are left alone. Geometry is Polygon or MultiPolygon in WGS 84, longitude first.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.areas.geometry import Bounds, within
from chalicelib.areas.model import PREFIX, Area, Feature, Level, Point
from chalicelib.areas.validation import CODE, parse_geometry
from chalicelib.platform.errors import InvalidInput

WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)
# The border of a whole province at full detail stays well below this, and its row below DynamoDB's 400 KB.
MAX_VERTICES = 20_000
MAX_NAME = 100
LEVELS = {"gemeente": Level.MUNICIPALITY, "wijk": Level.DISTRICT, "buurt": Level.NEIGHBOURHOOD}

T = TypeVar("T")


class ImportFailed(InvalidInput):
    """A file that cannot be imported; the message names the file, the feature and the field."""

    def __init__(self, file: Path, feature: str, field: str, why: str) -> None:
        where = ", ".join(filter(None, (file.name, feature, field)))
        super().__init__("import_failed", f"{where}: {why}")


def read(path: Path, bounds: Bounds = WORLD) -> Iterator[Feature]:
    """The features of a .geojson file, or of all in a folder, by file name.

    Args:
        bounds: west, south, east, north: where they must lie.

    Raises:
        ImportFailed: something is wrong or missing. Features before it have been given out.
    """
    files = sorted(path.glob("*.geojson")) if path.is_dir() else [path]
    if not files:
        raise ImportFailed(path, "", "", "there are no .geojson files here")
    for file in files:
        yield from _read_file(file, bounds)


def _read_file(file: Path, bounds: Bounds) -> Iterator[Feature]:
    try:
        collection = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ImportFailed(file, "", "", "there is no such file") from None
    except (ValueError, RecursionError) as error:
        raise ImportFailed(file, "", "", f"this is not JSON ({error})") from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise ImportFailed(file, "", "features", "this is no FeatureCollection")
    for number, feature in enumerate(features):
        yield _Reader(file, number, feature).feature(bounds)


class _Reader:
    """One feature of a file; knows where it is, to say so."""

    def __init__(self, file: Path, number: int, feature: object) -> None:
        self._file = file
        self._name = f"feature {number}"
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise self._failed("properties", "a feature has an object of properties")
        self._feature = feature
        self._properties: dict[str, Any] = feature["properties"]
        if isinstance(code := self._properties.get("code"), str):
            self._name += f" ({code[:10]!a})"

    def feature(self, bounds: Bounds) -> Feature:
        level = LEVELS.get(self._required("level", str))
        if level is None:
            raise self._failed("level", f"one of {', '.join(LEVELS)}")
        code = self._code("code", level)
        municipality = code if level is Level.MUNICIPALITY else self._code("gemeente", Level.MUNICIPALITY)
        district = code if level is Level.DISTRICT else None
        if level is Level.NEIGHBOURHOOD and self._properties.get("wijk") is not None:
            district = self._code("wijk", Level.DISTRICT)
        try:
            shape = parse_geometry(self._feature.get("geometry"), bounds, "geometry", MAX_VERTICES)
        except InvalidInput as error:
            raise self._failed(error.fields[0].field, error.message) from None
        area = Area(
            code=code,
            name=self._required("name", str)[:MAX_NAME],
            level=level,
            year=self._required("year", int),
            municipality=municipality,
            district=district,
            inhabitants=self._optional("inhabitants", int),
            households=self._optional("households", int),
            safety_region=self._optional("safety_region", str),
            label=self._label(bounds),
            bounds=shape.bounds,
        )
        return Feature(area, shape)

    def _code(self, field: str, level: Level) -> str:
        code = self._required(field, str)
        if not (CODE.fullmatch(code) and code.startswith(PREFIX[level])):
            raise self._failed(field, f"no code of a {level}, such as GM0344, WK034401 or BU03440111")
        return code

    def _label(self, bounds: Bounds) -> Point | None:
        lon, lat = self._optional("label_lon", float), self._optional("label_lat", float)
        if lon is None or lat is None:
            return None
        if not within((lon, lat), bounds):
            raise self._failed("label_lon", "the label lies outside the bounds")
        return Point(lon, lat)

    def _required(self, field: str, kind: type[T]) -> T:
        value = self._optional(field, kind)
        if value is None or value == "":
            raise self._failed(field, "is missing")
        return value

    def _optional(self, field: str, kind: type[T]) -> T | None:
        value = self._properties.get(field)
        if kind is float and type(value) is int and abs(value) <= 180:
            value = float(value)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool) or (kind is str and not _clean(value)):
            raise self._failed(field, f"is no {kind.__name__}")
        return value

    def _failed(self, field: str, why: str) -> ImportFailed:
        return ImportFailed(self._file, self._name, field, why)


def _clean(text: Any) -> bool:
    """Whether a text can be stored: no lone surrogates, no control characters."""
    return all(character.isprintable() for character in text)
