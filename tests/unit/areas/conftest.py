"""Sevendorp and Achtendorp, two municipalities side by side, made of square districts and neighbourhoods.

Each is 0.2 degrees wide and 0.1 high, from (5.0, 52.0) and from (5.2, 52.0). Each has two districts side by side, and
each district two neighbourhoods: its southern and its northern half.
"""

import pytest

from chalicelib.areas.model import Area, Feature, Level, Point, PolygonShape
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore

BOUNDS = (3.2, 50.7, 7.3, 53.7)


def box(*sides):
    west, south, east, north = (round(side, 6) for side in sides)  # so that neighbours share their corners
    return PolygonShape(((((west, south), (east, south), (east, north), (west, north), (west, south)),),))


def feature(code, level, west, south, east, north, **more):
    label = Point((west + east) / 2, (south + north) / 2)
    area = Area(code=code, name=f"Name of {code}", level=level, year=2024, label=label, **more)
    return Feature(area, box(west, south, east, north))


def municipality(number, west):
    code = f"GM{number}"
    yield feature(code, Level.MUNICIPALITY, west, 52.0, west + 0.2, 52.1, municipality=code, safety_region="VR09")
    for d in (0, 1):
        district, begin = f"WK{number}0{d}", west + d * 0.1
        yield feature(
            district,
            Level.DISTRICT,
            begin,
            52.0,
            begin + 0.1,
            52.1,
            municipality=code,
            district=district,
            inhabitants=90,
        )
        for n in (0, 1):
            south = 52.0 + n * 0.05
            yield feature(
                f"BU{number}0{d}0{n}",
                Level.NEIGHBOURHOOD,
                begin,
                south,
                begin + 0.1,
                south + 0.05,
                municipality=code,
                district=district,
                households=40,
            )


@pytest.fixture
def features():
    return [*municipality(7000, 5.0), *municipality(8000, 5.2)]


@pytest.fixture
def store(features):
    store = MemoryAreaStore()
    store.load(features)
    return store


@pytest.fixture
def service(store):
    """Sevendorp takes part, Achtendorp does not."""
    service = AreaService(store, BOUNDS)
    service.put_municipality("GM7000", True, ("council@sevendorp.example",))
    return service
