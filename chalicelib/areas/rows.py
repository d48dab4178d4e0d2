"""How areas and their outlines lie in the table ``areas``, in DynamoDB's own JSON: ``{"name": {"S": "Utrecht"}}``."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from chalicelib.areas.cover import partitions
from chalicelib.areas.geometry import Bounds
from chalicelib.areas.model import Area, Feature, Level, Outline, Point, PolygonShape, shape_from_json
from chalicelib.areas.sketch import sketch
from chalicelib.staff.mailing import BY_DEFAULT, Mailing

AREA = "area"
Item: TypeAlias = dict[str, Any]

OWN = (
    "joined",
    "summary_emails",
    "summaries",
    "summary_language",
)  # what a municipality's row alone says
NAMES = (
    "code",
    "name",
    "level",
    "year",
    "municipality",
    "district",
    "inhabitants",
    "households",
    "safety_region",
    "label",
    "box",
    "until",
    "heirs",
    *OWN,
)
PLACEHOLDERS = {f"#{name}": name for name in NAMES}  # some are reserved words of DynamoDB


def key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def items_of(feature: Feature) -> list[Item]:
    """Every row that says something of this area, except that of a municipality under ``municipalities``."""
    area = feature.area
    common = attributes(feature)
    outline = {name: common[name] for name in ("code", "level", "municipality", "district", "box") if name in common}
    shape: Item = {"shape": {"B": _packed(feature.shape)}}
    cells = partitions(feature.shape)
    items = [key(area.code, AREA) | common | shape | {"cells": {"SS": sorted(cells)}}]
    items += [key(f"cell#{cell}", area.code) | outline | ({} if full else shape) for cell, full in cells.items()]
    if area.parent:
        items.append(key(f"children#{area.parent}", area.code) | common)
    items.append(key(*_sketch_key(area)) | common | {"sketch": {"B": _packed(sketch(feature.shape, area.level))}})
    return items


def _sketch_key(area: Area) -> tuple[str, str]:
    return f"sketches#{area.within}", area.code


def keys_of(item: Item) -> set[tuple[str, str]]:
    """The keys of all rows that were written with this area row."""
    area = read_area(item)
    keys = {(area.code, AREA), _sketch_key(area)} | {(f"cell#{cell}", area.code) for cell in item["cells"]["SS"]}
    return keys | ({(f"children#{area.parent}", area.code)} if area.parent else set())


def as_read(item: Item, names: Iterable[str], values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The condition that these attributes of a row still are as they were read, with what it names and holds.

    ``values``: what is written of it, as ``:name``.
    """
    wanted = tuple(names)
    said = (f"#{it} = :had_{it}" if it in item else f"attribute_not_exists(#{it})" for it in wanted)
    held = {f":had_{it}": item[it] for it in wanted if it in item}
    held |= {f":{it}": value for it, value in (values or {}).items()}
    return {
        "ConditionExpression": " AND ".join(said),
        "ExpressionAttributeNames": {f"#{it}": it for it in (*wanted, *(values or ()))},
        **({"ExpressionAttributeValues": held} if held else {}),
    }


def attributes(feature: Feature) -> Item:
    """All but the shape; what is None is left out."""
    area = feature.area
    texts = {
        "code": area.code,
        "name": area.name,
        "level": area.level.value,
        "municipality": area.municipality,
        "district": area.district,
        "safety_region": area.safety_region,
    }
    numbers = {"year": area.year, "inhabitants": area.inhabitants, "households": area.households}
    item: Item = {name: {"S": text} for name, text in texts.items() if text is not None}
    item |= {name: {"N": str(number)} for name, number in numbers.items() if number is not None}
    return item | {"box": _text(feature.shape.bounds)} | ({"label": _text(area.label)} if area.label else {})


def read_area(item: Mapping[str, Any]) -> Area:
    def number(name: str) -> int | None:
        return int(item[name]["N"]) if name in item else None

    def text(name: str) -> str | None:
        return str(item[name]["S"]) if name in item else None

    return Area(
        code=item["code"]["S"],
        name=item["name"]["S"],
        level=Level(item["level"]["S"]),
        year=int(item["year"]["N"]),
        municipality=item["municipality"]["S"],
        district=text("district"),
        inhabitants=number("inhabitants"),
        households=number("households"),
        safety_region=text("safety_region"),
        label=Point(*_numbers(item["label"])) if "label" in item else None,
        bounds=read_box(item),
        joined=item.get("joined", {}).get("BOOL", False),
        summary_emails=tuple(email["S"] for email in item.get("summary_emails", {}).get("L", ())),
        mailing=Mailing.read(item, BY_DEFAULT),
        until=number("until"),
        heirs=tuple(code["S"] for code in item["heirs"]["L"]) if "heirs" in item else None,
    )


def read_sketch(item: Mapping[str, Any]) -> Feature:
    return Feature(read_area(item), _unpacked(item["sketch"]["B"]))


def read_outline(item: Mapping[str, Any]) -> Outline:
    return Outline(
        code=item["code"]["S"],
        level=Level(item["level"]["S"]),
        municipality=item["municipality"]["S"],
        district=item["district"]["S"] if "district" in item else None,
        shape=_unpacked(item["shape"]["B"]) if "shape" in item else None,
    )


def _packed(shape: PolygonShape) -> bytes:
    return zlib.compress(json.dumps(shape.to_json()["coordinates"], separators=(",", ":")).encode())


def _unpacked(packed: bytes) -> PolygonShape:
    shape = shape_from_json({"type": "MultiPolygon", "coordinates": json.loads(zlib.decompress(packed))})
    assert isinstance(shape, PolygonShape)
    return shape


def _text(numbers: Iterable[float]) -> Item:
    return {"S": ",".join(map(repr, numbers))}


def _numbers(value: Mapping[str, str]) -> tuple[float, ...]:
    return tuple(map(float, value["S"].split(",")))


def read_box(item: Mapping[str, Any]) -> Bounds:
    west, south, east, north = _numbers(item["box"])
    return west, south, east, north
