"""The real thing: Dutch municipalities, districts and neighbourhoods, where BURGERNET_BOUNDARIES says they are."""

import json
import random

import pytest
import shapely

from chalicelib.areas import geohash
from chalicelib.areas.cover import cover
from chalicelib.areas.importer import read
from chalicelib.areas.model import Level, Point
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore


@pytest.fixture(scope="module")
def features(boundaries):
    return list(read(boundaries))


@pytest.fixture(scope="module")
def country(features):
    service = AreaService(MemoryAreaStore(), (3.2, 50.7, 7.3, 53.7))
    service.load(features)
    service.put_municipality("GM0356", True, ())
    return service


def of(features, level):
    return [feature for feature in features if feature.area.level is level]


def test_every_municipality_and_its_areas_are_read(features):
    assert len(of(features, Level.MUNICIPALITY)) == 342
    assert len(of(features, Level.NEIGHBOURHOOD)) == 316
    assert sum(feature.area.inhabitants or 0 for feature in of(features, Level.MUNICIPALITY)) == 17_811_291


def test_the_label_of_each_neighbourhood_is_located_in_it(country, features):
    wrong = [
        feature.area.code
        for feature in of(features, Level.NEIGHBOURHOOD)
        if country.locate(feature.area.label).neighbourhood != feature.area.code
    ]
    assert wrong == []


def test_the_point_test_and_the_cover_agree_with_the_oracle_on_every_boundary(features):
    dice = random.Random(1)
    for feature in features:
        geometry = shapely.from_geojson(json.dumps(feature.shape.to_json()))
        west, south, east, north = feature.shape.bounds
        ranges = cover(feature.shape)
        points = [Point(dice.uniform(west, east), dice.uniform(south, north)) for _ in range(15)]
        points += [Point(*position) for position in dice.sample(feature.shape.polygons[0][0], 3)]
        for point in points:
            inside = shapely.covers(geometry, shapely.Point(point))
            assert feature.shape.contains(point) == inside
            holding = [found for found in ranges if found.holds(geohash.encode(*point, 12))]
            assert len(holding) == 1 if inside else not any(found.interior for found in holding)


def test_the_neighbourhoods_of_a_municipality_are_one_area_without_inner_borders(country, features):
    codes = [it.area.code for it in of(features, Level.NEIGHBOURHOOD) if it.area.municipality == "GM0356"]
    shape = country.resolve({"codes": codes})
    edges = sum(len(ring) - 1 for polygon in shape.polygons for ring in polygon)
    assert len(shape.border) < edges / 2
    dice = random.Random(2)
    ranges = cover(shape)
    for polygon in shape.polygons:
        for position in dice.sample(polygon[0], min(3, len(polygon[0]))):
            assert shape.contains(Point(*position))
            assert [found.holds(geohash.encode(*position, 12)) for found in ranges].count(True) == 1


def test_a_polygon_over_the_border_of_two_municipalities_lies_in_both(country):
    ring = [[5.08, 52.03], [5.12, 52.03], [5.12, 52.06], [5.08, 52.06], [5.08, 52.03]]
    shape = country.resolve({"geometry": {"type": "Polygon", "coordinates": [ring]}})
    assert {"Utrecht", "Nieuwegein"} <= {area.name for area in country.municipalities_in(shape)}


def test_a_municipality_overlaps_itself_alone(country):
    for code in ("GM0344", "GM0356", "GM0307", "GM0308"):
        assert [area.code for area in country.municipalities_in(country.shape(code))] == [code]
