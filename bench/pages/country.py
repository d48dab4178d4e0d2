"""A country of as many municipalities as the Netherlands has, with outlines as crooked, to draw its map from.

Made as the invented island is (``local.town.mesh``), ten times as large, around the lake in which that lies.
"""

from itertools import product
from math import hypot

from chalicelib.areas.model import Area, Feature, Level, Point, PolygonShape
from local.town import mesh
from local.town.areas import YEAR
from local.town.dice import Dice
from local.town.mesh import MIDDLE, Cell, Position
from local.town.names import STREET_SUBJECTS

MUNICIPALITIES = 342
FIRST = 8001  # of their codes: none of CBS's, nor of the island's
TIMES = 10  # as large as the island's ground
HEART: Position = (5.30, 52.18)
APART = 5  # cells between the hearts of two municipalities
WIDE, HIGH = 1.0, 1.5  # of the country, one to the other
LAKE_M = 8_000.0  # around the island's middle
SPAN = 110  # cells to each side of the middle that are looked at
ENDINGS = ("dam", "drecht", "veen", "horst", "wijk", "dorp", "broek", "rade", "zand", "kerk", "meer")


def municipalities(count: int = MUNICIPALITIES) -> list[Feature]:
    """Always the same; of fewer those in the middle of the country."""
    span = range(-SPAN, SPAN + 1)
    land = sorted((cell for cell in product(span, span) if not _lake(cell)), key=_far)
    ground = land[: (count + 8) * APART**2]
    hearts = [cell for cell in ground if cell[0] % APART == 0 and cell[1] % APART == 0][:count]
    names = [subject.lower().capitalize() + ending for subject, ending in product(STREET_SUBJECTS, ENDINGS)]
    parts = mesh.grow(ground, hearts)
    return [_feature(FIRST + number, name, part) for number, (name, part) in enumerate(zip(names, parts, strict=False))]


def _feature(number: int, name: str, cells: list[Cell]) -> Feature:
    code, households = f"GM{number}", Dice("households", number).below(37_000) + 4_000
    area = Area(
        code=code,
        name=name,
        level=Level.MUNICIPALITY,
        year=YEAR,
        municipality=code,
        inhabitants=households * 2 // 5 * 5,
        households=households // 5 * 5,
        safety_region=f"VR{number % 25 + 1:02}",
        label=Point(*_spread(mesh.position(mesh.middle(mesh.center(cells))))),
    )
    return Feature(area, PolygonShape(((tuple(map(_spread, mesh.outline(cells))),),)))


def _spread(place: Position) -> Position:
    """From the island's ground to the country's."""
    lon, lat = (heart + TIMES * (one - middle) for heart, one, middle in zip(HEART, place, MIDDLE, strict=True))
    return round(lon, 6), round(lat, 6)


def _far(cell: Cell) -> tuple[float, Cell]:
    east, north = mesh.middle(cell)
    return hypot(east / WIDE, north / HIGH), cell


def _lake(cell: Cell) -> bool:
    place = _spread(mesh.position(mesh.middle(cell)))
    east, north = (
        (one - middle) * metres for one, middle, metres in zip(place, MIDDLE, mesh.METRES_PER_DEGREE, strict=True)
    )
    return hypot(east, north) < LAKE_M
