"""Municipalities, districts and neighbourhoods of the invented country, coded as CBS codes the real ones.

Codes from GM9001 on, safety region VR99 and postcodes 8950 to 8989 are not in use in the Netherlands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.town import mesh
from local.town.dice import Dice
from local.town.mesh import Cell, Position
from local.town.names import MUNICIPALITIES, Municipality

YEAR = 2026
SAFETY_REGION = "VR99"
FIRST_POSTCODE = 8950
PER_HOUSEHOLD = 2.2
DENSITY = (2_600, 700)  # inhabitants per square kilometre: in a municipality's heart, and far from it
FAR_M = 2_000.0


@dataclass(frozen=True)
class Neighbourhood:
    """``cells``: the ground it stands on. ``households`` and ``inhabitants`` are multiples of 5, as CBS rounds them."""

    code: str
    name: str
    district: str
    municipality: Municipality
    postcode4: str
    cells: list[Cell]
    inhabitants: int
    households: int


@dataclass(frozen=True)
class District:
    code: str
    name: str
    neighbourhoods: list[Neighbourhood]


@dataclass(frozen=True)
class Country:
    municipalities: list[tuple[Municipality, list[District]]]

    @property
    def neighbourhoods(self) -> list[Neighbourhood]:
        return [
            one for _, districts in self.municipalities for district in districts for one in district.neighbourhoods
        ]


def settle() -> Country:
    """Divide the island: municipalities, in each its districts, in each its neighbourhoods."""
    land = mesh.land()
    seats = [mesh.nearest(land, municipality.seat) for municipality in MUNICIPALITIES]
    grounds = mesh.grow(land, seats)
    postcodes = iter(range(FIRST_POSTCODE, FIRST_POSTCODE + 1000))
    return Country(
        [
            (municipality, list(_districts(municipality, ground, postcodes)))
            for municipality, ground in zip(MUNICIPALITIES, grounds, strict=True)
        ]
    )


def _districts(municipality: Municipality, ground: list[Cell], postcodes: Iterator[int]) -> Iterator[District]:
    heart: Cell | None = None
    parts = mesh.divide(ground, len(municipality.districts))
    for number, (named, part) in enumerate(zip(municipality.districts, parts, strict=True)):
        code = f"WK{municipality.code[2:]}{number:02}"
        neighbourhoods = []
        for order, (name, cells) in enumerate(
            zip(named.neighbourhoods, mesh.divide(part, len(named.neighbourhoods)), strict=True)
        ):
            heart = heart or mesh.center(cells)
            inhabitants, households = _people(cells, heart)
            neighbourhoods.append(
                Neighbourhood(
                    code=f"BU{code[2:]}{order:02}",
                    name=name,
                    district=code,
                    municipality=municipality,
                    postcode4=str(next(postcodes)),
                    cells=cells,
                    inhabitants=inhabitants,
                    households=households,
                )
            )
        yield District(code, named.name, neighbourhoods)


def _people(cells: list[Cell], heart: Cell) -> tuple[int, int]:
    """Inhabitants and households: the nearer to the heart, the closer together they live."""
    far = min(mesh.distance(mesh.center(cells), heart) / FAR_M, 1.0)
    density = DENSITY[0] + (DENSITY[1] - DENSITY[0]) * far
    km2 = mesh.hectares(mesh.outline(cells)) / 100
    inhabitants = km2 * density * Dice("density", *cells[0]).between(0.8, 1.2)
    return _rounded(inhabitants), _rounded(inhabitants / PER_HOUSEHOLD)


def _rounded(number: float) -> int:
    return max(round(number / 5), 1) * 5


def collection(country: Country) -> dict[str, Any]:
    """All areas as a GeoJSON FeatureCollection: municipalities, districts, neighbourhoods."""
    features = [_municipality(municipality, districts) for municipality, districts in country.municipalities]
    features += [
        _district(municipality, district)
        for municipality, districts in country.municipalities
        for district in districts
    ]
    features += [_neighbourhood(neighbourhood) for neighbourhood in country.neighbourhoods]
    return {"type": "FeatureCollection", "features": features}


def _municipality(municipality: Municipality, districts: list[District]) -> dict[str, Any]:
    parts = [neighbourhood for district in districts for neighbourhood in district.neighbourhoods]
    cells = _ground(parts)
    return _feature(
        municipality.code,
        municipality.name,
        "gemeente",
        cells,
        **_figures(parts),
        land_ha=round(mesh.hectares(mesh.outline(cells))),
        safety_region=SAFETY_REGION,
    )


def _district(municipality: Municipality, district: District) -> dict[str, Any]:
    parts = district.neighbourhoods
    return _feature(
        district.code,
        district.name,
        "wijk",
        _ground(parts),
        gemeente=municipality.code,
        **_figures(parts),
        buurten=len(parts),
    )


def _neighbourhood(neighbourhood: Neighbourhood) -> dict[str, Any]:
    return _feature(
        neighbourhood.code,
        neighbourhood.name,
        "buurt",
        neighbourhood.cells,
        wijk=neighbourhood.district,
        gemeente=neighbourhood.municipality.code,
        **_figures([neighbourhood]),
        postcode4=neighbourhood.postcode4,
    )


def _figures(parts: list[Neighbourhood]) -> dict[str, int]:
    return {
        "inhabitants": sum(part.inhabitants for part in parts),
        "households": sum(part.households for part in parts),
    }


def _ground(parts: list[Neighbourhood]) -> list[Cell]:
    return [cell for part in parts for cell in part.cells]


def _feature(code: str, name: str, level: str, cells: list[Cell], **more: Any) -> dict[str, Any]:
    label: Position = mesh.position(mesh.middle(mesh.center(cells)))
    return {
        "type": "Feature",
        "id": code,
        "properties": {
            "code": code,
            "name": name,
            "level": level,
            "year": YEAR,
            **more,
            "label_lon": label[0],
            "label_lat": label[1],
        },
        "geometry": {"type": "Polygon", "coordinates": [[list(position) for position in mesh.outline(cells)]]},
    }
