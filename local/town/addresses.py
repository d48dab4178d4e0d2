"""An address book in the shape of PDOK Locatieserver v3.1, with invented streets."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any

from local.town import mesh
from local.town.areas import Country, Neighbourhood
from local.town.dice import Dice
from local.town.mesh import Cell, Position, Spot
from local.town.names import MARKET, STREET_KINDS, STREET_SUBJECTS

ADDRESSES = 6_000
HOUSES_PER_STREET = 25
CORNERS_PER_STREET = 3
FRONT_M = 9.0  # from the middle of the street to the door
LETTERS = "ABCDEGHJKLMNPRSTVWXZ"  # those that Dutch postcodes began with


@dataclass(frozen=True)
class Address:
    """``point``: lon, lat."""

    street: str
    number: int
    postcode: str
    neighbourhood: Neighbourhood
    point: Position

    @property
    def label(self) -> str:
        """``Kikkerkoningstraat 12, 8950AB Fabelstad``."""
        return f"{self.street} {self.number}, {self.postcode} {self.neighbourhood.municipality.name}"

    def pdok(self) -> dict[str, Any]:
        """One of PDOK's ``response.docs``."""
        neighbourhood, municipality = self.neighbourhood, self.neighbourhood.municipality
        return {
            "id": f"adr-{neighbourhood.code[2:]}-{self.postcode[4:].lower()}-{self.number}",
            "type": "adres",
            "weergavenaam": self.label,
            "straatnaam": self.street,
            "huisnummer": self.number,
            "postcode": self.postcode,
            "woonplaatsnaam": municipality.name,
            "gemeentenaam": municipality.name,
            "gemeentecode": municipality.code[2:],
            "wijkcode": neighbourhood.district,
            "buurtcode": neighbourhood.code,
            "centroide_ll": f"POINT({self.point[0]} {self.point[1]})",
        }


def book(country: Country) -> list[Address]:
    """About 6,000 of the addresses, spread as the households are."""
    households = sum(neighbourhood.households for neighbourhood in country.neighbourhoods)
    names = iter([MARKET, *Dice("streets").shuffled([s + kind for s in STREET_SUBJECTS for kind in STREET_KINDS])])
    addresses: list[Address] = []
    for neighbourhood in country.neighbourhoods:
        houses = round(ADDRESSES * neighbourhood.households / households)
        addresses += _neighbourhood(neighbourhood, houses, names)
    return addresses


def _neighbourhood(neighbourhood: Neighbourhood, houses: int, names: Iterator[str]) -> Iterator[Address]:
    streets = max(round(houses / HOUSES_PER_STREET), 1)
    for order in range(streets):
        count = houses // streets + (order < houses % streets)
        postcode = neighbourhood.postcode4 + LETTERS[order // len(LETTERS)] + LETTERS[order % len(LETTERS)]
        street = next(names)
        path = _path(neighbourhood.cells, Dice("path", neighbourhood.code, order))
        for index in range(count):
            spot = _door(path, (index + 0.5) / count, side=1 if index % 2 else -1)
            yield Address(street, index + 1, postcode, neighbourhood, mesh.position(spot))


def _path(cells: list[Cell], dice: Dice) -> list[Spot]:
    """A walk over neighbouring cells."""
    walk = [dice.pick(cells)]
    while len(walk) < CORNERS_PER_STREET:
        onward = [cell for cell in mesh.neighbours(walk[-1]) if cell in cells and cell not in walk]
        if not onward:
            break
        walk.append(dice.pick(onward))
    spots = [mesh.middle(cell) for cell in walk]
    east, north = dice.between(-25, 25), dice.between(-25, 25)  # so that streets over the same cells lie apart
    return [(spot[0] + east, spot[1] + north) for spot in spots]


def _door(path: list[Spot], along: float, *, side: int) -> Spot:
    """The place of a house ``along`` (0 to 1) the path, on one side of it."""
    legs = list(pairwise(path)) or [(path[0], (path[0][0] + HOUSES_PER_STREET, path[0][1]))]
    leg = min(int(along * len(legs)), len(legs) - 1)
    share = along * len(legs) - leg
    (east, north), (to_east, to_north) = legs[leg]
    ahead = to_east - east, to_north - north
    length = sqrt(ahead[0] ** 2 + ahead[1] ** 2)
    aside = side * FRONT_M / length
    return east + ahead[0] * share - ahead[1] * aside, north + ahead[1] * share + ahead[0] * aside
