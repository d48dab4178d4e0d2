"""The units of an alert as the product plans them, over an invented country of Dutch size, and who lives in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bench.example_alert import active_alert
from bench.matching.country import PARTICIPANTS, Country
from chalicelib.areas import geohash
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.model import CircleShape, Point, Shape, shape_from_json
from chalicelib.delivery.plan import units
from chalicelib.platform import ids

BITS = 30  # of each of longitude and latitude: geohashes of 12 characters
CHARACTERS = 12
_TO_IDS = str.maketrans(geohash.ALPHABET, ids.ALPHABET)
METRES = np.array([68_500.0, 111_200.0])  # a degree of longitude and of latitude, in the middle of the country


@dataclass(frozen=True)
class Unit:
    """``places``: read by its matcher; ``people``: of whom it finds in the area."""

    places: int
    people: int


@cache
def _country() -> Country:
    return Country()


def planned(recipients: int) -> list[Unit]:
    """Around the largest town, as far as it takes to reach so many; all of the country for all of its participants."""
    if recipients > PARTICIPANTS:
        raise ValueError(f"the country has {PARTICIPANTS:,} participants")
    places = _country().places
    points = np.c_[places.lon, places.lat]
    homes = points[places.rank == 0]
    shape: Shape
    if recipients == PARTICIPANTS:
        shape = shape_from_json(next(area for area in _country().areas if area.kind == "nation").geometry or {})
    else:
        middle = _country().towns[0]
        far = np.sort(np.hypot(*((homes - middle) * METRES).T))
        shape = CircleShape(Point(*map(float, middle)), float(far[recipients - 1]))
    return counted(units(active_alert(shape)), _codes(homes), _codes(points), recipients)


def counted(lots: Sequence[Any], homes: Any, places: Any, recipients: int) -> list[Unit]:
    """``homes``, ``places``: sorted codes. Who lives just outside an edge is among those read; sums are made to fit."""
    ranges = [[KeyRange(*parts) for parts in lot] for lot in lots]
    found = [(sum(_within(it, places) for it in lot), sum(_within(it, homes) for it in lot)) for lot in ranges]
    total = sum(people for _, people in found)
    made: list[Unit] = []
    exact = given = 0.0
    for read, people in found:
        exact += people * recipients / total
        share = round(exact - given)
        given += share
        made.append(Unit(read, share))
    return made


def _within(key_range: KeyRange, codes: Any) -> int:
    first, last = (_code(text) for text in (key_range.first, key_range.last))
    after = last + (1 << 5 * (CHARACTERS - len(key_range.last)))
    return int(np.searchsorted(codes, np.uint64(after)) - np.searchsorted(codes, np.uint64(first)))


def _code(text: str) -> int:
    return ids.decode(text.translate(_TO_IDS)) << 5 * (CHARACTERS - len(text))


def _codes(points: Any) -> Any:
    """Geohashes of 12 characters as numbers, sorted."""
    lon = ((points[:, 0] + 180.0) / 360.0 * 2.0**BITS).astype(np.uint64)
    lat = ((points[:, 1] + 90.0) / 180.0 * 2.0**BITS).astype(np.uint64)
    return np.sort(_spread(lon) << np.uint64(1) | _spread(lat))


def _spread(number: Any) -> Any:
    """Every bit twice as far up."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        number = (number | number << np.uint64(shift)) & np.uint64(mask)
    return number
