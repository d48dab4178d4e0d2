"""An invented country of Dutch size: 400 towns of neighbourhoods, and areas of every kind that an alert may have.

The same numbers every time. Nothing of it is real but the proportions.
"""

from typing import Any, TypeAlias

import numpy as np
import shapely

from bench.matching.inputs import Floats, NamedArea, Places, sorted_places

PARTICIPANTS = 1_700_000
WORKING = 0.4  # have a second place
TOWNS = 400
RURAL = 0.1
BOUNDS = (3.4, 50.8, 7.1, 53.4)
KM = np.array([1 / 68.5, 1 / 111.2])  # degrees of longitude and latitude, in the middle
DECIMALS = 7

Geometry: TypeAlias = Any  # a Polygon or MultiPolygon of shapely, which has no types


class Country:
    """``places`` and ``areas``; ``scale``: a share of the participants, for smaller runs."""

    def __init__(self, participants: int = PARTICIPANTS) -> None:
        self.dice = np.random.default_rng(2026)
        self.land = self._land()
        self.towns = self._towns()
        self.sizes = self._sizes(participants)
        self.places = self._places(participants)
        self.areas = self._areas()

    def _land(self) -> shapely.Polygon:
        middle = np.array([5.25, 52.1])
        reach = np.array([1.75, 1.25])
        turns = np.linspace(0, 2 * np.pi, 1_200, endpoint=False)
        radii = _rough(self.dice, 1_200, 0.12)
        return _polygon(middle + np.c_[np.cos(turns), np.sin(turns)] * radii[:, None] * reach)

    def _inside(self, count: int, land: shapely.Polygon) -> Floats:
        shapely.prepare(land)
        west, south, east, north = land.bounds
        points = np.empty((0, 2))
        while len(points) < count:
            more = self.dice.uniform((west, south), (east, north), (2 * count, 2))
            points = np.concatenate([points, more[shapely.contains_xy(land, more)]])
        return points[:count]

    def _towns(self) -> Floats:
        return self._inside(TOWNS, self.land.buffer(-0.08))

    def _sizes(self, participants: int) -> Any:
        """Participants of each town, largest first."""
        weight = 1 / (np.arange(TOWNS) + 6.0) ** 0.9
        return np.round(weight / weight.sum() * participants * (1 - RURAL)).astype(int)

    def _places(self, participants: int) -> Places:
        homes = np.concatenate([self._town(number) for number in range(TOWNS)])[:participants]
        rural = self._inside(participants - len(homes), self.land)
        homes = np.concatenate([homes, rural])
        self.dice.shuffle(homes)
        workers = np.flatnonzero(self.dice.random(participants) < WORKING)
        work = (
            homes[self.dice.integers(0, participants, len(workers))] + self.dice.normal(0, 0.1, (len(workers), 2)) * KM
        )
        points = np.round(np.concatenate([homes, work]), DECIMALS)
        who = np.concatenate([np.arange(participants), workers])
        rank = np.concatenate([np.zeros(participants, int), np.ones(len(workers), int)])
        return sorted_places([f"p{n:07d}" for n in range(participants)], who, rank, points[:, 0], points[:, 1])

    def _town(self, number: int) -> Any:
        """Neighbourhoods of about 800 participants, 180 to 420 m wide, in a town as wide as its size asks."""
        people = self.sizes[number]
        count = max(people // 800, 1)
        middles = self.dice.normal(0, self.radius_km(number) / 2, (count, 2))
        spread = self.dice.uniform(0.18, 0.42, count)
        which = self.dice.integers(0, count, people)
        return self.towns[number] + (middles[which] + self.dice.normal(0, 1, (people, 2)) * spread[which, None]) * KM

    def radius_km(self, number: int) -> float:
        return float(0.75 * np.sqrt(self.sizes[number] / 800))

    def _areas(self) -> list[NamedArea]:
        return [
            *(self._circle(n) for n in range(14)),
            *(_named(f"concave {n}", "neighbourhood", self._concave(n)) for n in range(20)),
            *(_named(f"with a hole {n}", "neighbourhood", self._holed(n)) for n in range(4)),
            *(_named(f"in pieces {n}", "neighbourhood", self._pieces(n)) for n in range(4)),
            *(
                _named(f"rural {n}", "neighbourhood", self._star(self._inside(1, self.land)[0], 1.2, 24))
                for n in range(3)
            ),
            *(_named(f"corridor {n}", "corridor", self._corridor(n)) for n in range(5)),
            *(_named(f"city {n}", "city", self._star(self.towns[n], 1.25 * self.radius_km(n), 400)) for n in range(5)),
            *(_named(f"province {n}", "province", self._province(n)) for n in range(4)),
            _named("nation", "nation", self.land),
        ]

    def _somewhere(self) -> Any:
        """Where people live: towns by size."""
        town = int(self.dice.choice(TOWNS, p=self.sizes / self.sizes.sum()))
        return self.towns[town] + self.dice.normal(0, self.radius_km(town) / 3, 2) * KM

    def _circle(self, number: int) -> NamedArea:
        lon, lat = np.round(self._somewhere(), DECIMALS)
        radius = float(np.round(300 * 10 ** (number / 13)))
        return NamedArea(f"circle {number}", "neighbourhood", None, (float(lon), float(lat), radius))

    def _star(self, middle: Any, radius_km: float, corners: int) -> shapely.Polygon:
        turns = np.sort(self.dice.uniform(0, 2 * np.pi, corners))
        radii = _rough(self.dice, corners, 0.35) * radius_km
        return _polygon(middle + np.c_[np.cos(turns), np.sin(turns)] * radii[:, None] * KM)

    def _walk(self, middle: Any, steps: int, step_km: float, wide_km: float) -> Geometry:
        """Along some streets, so many km to each side."""
        turns = np.cumsum(self.dice.normal(0, 0.7, steps)) + self.dice.uniform(0, 2 * np.pi)
        path = np.cumsum(np.c_[np.cos(turns), np.sin(turns)] * step_km, axis=0)
        return _scaled(shapely.LineString(path - path.mean(axis=0)).buffer(wide_km), middle)

    def _concave(self, number: int) -> Geometry:
        if number % 2:
            return self._walk(self._somewhere(), 8, 0.35, 0.25 + number / 80)
        return self._star(self._somewhere(), 0.5 + number / 14, 31 + 20 * number)

    def _holed(self, number: int) -> Geometry:
        middle = self._somewhere()
        return self._star(middle, 1.2 + number / 5, 60) - self._star(middle, 0.3, 12)

    def _pieces(self, number: int) -> Geometry:
        middle = self._somewhere()
        other = middle + self.dice.normal(0, 1.5, 2) * KM
        return self._star(middle, 0.7 + number / 10, 40) | self._star(other, 0.5, 12)

    def _corridor(self, number: int) -> Geometry:
        """A road of 30 km from town to town, 250 m to each side."""
        turns = np.cumsum(self.dice.normal(0, 0.12, 60)) + self.dice.uniform(0, 2 * np.pi)
        path = np.cumsum(np.c_[np.cos(turns), np.sin(turns)] * 0.5, axis=0)
        return _scaled(shapely.LineString(path - path[30]).buffer(0.25), self.towns[5 + number])

    def _province(self, number: int) -> Geometry:
        return shapely.intersection(self._star(self.towns[number] + 0.1, 28 + 5 * number, 1_000), self.land)


def _rough(dice: Any, count: int, depth: float) -> Any:
    """Radii of a rough ring, at most 1: a random walk that comes back to where it began."""
    walk = np.cumsum(dice.normal(0, 1, count))
    walk -= np.linspace(0, walk[-1], count)
    low, high = walk.min(), walk.max()
    return 1 - depth * (walk - low) / (high - low + 1e-9)


def _polygon(points: Any) -> shapely.Polygon:
    return shapely.Polygon(np.round(points, DECIMALS))


def _scaled(geometry: Geometry, middle: Any) -> Geometry:
    return shapely.transform(geometry, lambda points: np.round(middle + points * KM, DECIMALS))


def _named(name: str, kind: str, geometry: Geometry) -> NamedArea:
    parts = [part for part in shapely.get_parts(shapely.make_valid(geometry)) if isinstance(part, shapely.Polygon)]
    polygons = [[list(map(list, ring.coords)) for ring in (part.exterior, *part.interiors)] for part in parts]
    return NamedArea(name, kind, {"type": "MultiPolygon", "coordinates": polygons})
