"""The invented country is one that the areas feature could have been given by CBS."""

import re
from itertools import combinations

import pytest
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from local.town import JOINED, build

NETHERLANDS = (3.2, 50.7, 7.3, 53.7)


@pytest.fixture(scope="module")
def features():
    return {feature["id"]: feature for feature in build().areas["features"]}


@pytest.fixture(scope="module")
def shapes(features):
    return {code: shape(feature["geometry"]) for code, feature in features.items()}


def children(features, parent):
    level = {"GM": "wijk", "WK": "buurt"}[parent[:2]]
    return [
        code
        for code, feature in features.items()
        if feature["properties"]["level"] == level and parent in feature["properties"].values()
    ]


def test_there_is_enough_of_it(features):
    levels = [feature["properties"]["level"] for feature in features.values()]
    assert [levels.count(level) for level in ("gemeente", "wijk", "buurt")] == [3, 12, 40]
    assert set(JOINED) == {"GM9001", "GM9002"}


def test_codes_and_names_are_unique_and_well_formed(features):
    properties = [feature["properties"] for feature in features.values()]
    assert len({each["name"] for each in properties}) == len(properties)
    for each in properties:
        pattern = {"gemeente": r"GM900\d", "wijk": r"WK900\d{3}", "buurt": r"BU900\d{5}"}[each["level"]]
        assert re.fullmatch(pattern, each["code"])


def test_the_fields_are_those_of_an_import(features):
    common = {"code", "name", "level", "year", "inhabitants", "households", "label_lon", "label_lat"}
    own = {
        "gemeente": {"land_ha", "safety_region"},
        "wijk": {"gemeente", "buurten"},
        "buurt": {"wijk", "gemeente", "postcode4"},
    }
    for code, feature in features.items():
        assert feature["properties"]["code"] == code
        assert set(feature["properties"]) == common | own[feature["properties"]["level"]]


def test_every_outline_is_one_valid_counter_clockwise_ring(features, shapes):
    for code, feature in features.items():
        assert feature["geometry"]["type"] == "Polygon"
        assert len(feature["geometry"]["coordinates"]) == 1
        assert shapes[code].is_valid
        assert shapes[code].exterior.is_ccw


def test_children_fill_their_parent_exactly(features, shapes):
    for parent in (code for code in features if not code.startswith("BU")):
        union = unary_union([shapes[child] for child in children(features, parent)])
        assert union.equals(shapes[parent])


def test_children_carry_their_parents_in_their_codes(features):
    for code, feature in features.items():
        if code.startswith("BU"):
            assert feature["properties"]["wijk"] == f"WK{code[2:8]}"
        if not code.startswith("GM"):
            assert feature["properties"]["gemeente"] == f"GM{code[2:6]}"


def test_neighbourhoods_do_not_overlap(shapes):
    neighbourhoods = [outline for code, outline in shapes.items() if code.startswith("BU")]
    assert all(one.intersection(other).area == 0 for one, other in combinations(neighbourhoods, 2))


def test_the_country_is_one_piece_in_the_open_water_of_the_netherlands(shapes):
    country = unary_union([outline for code, outline in shapes.items() if code.startswith("GM")])
    west, south, east, north = country.bounds
    assert country.geom_type == "Polygon"
    assert not country.interiors
    assert NETHERLANDS[0] < west < east < NETHERLANDS[2]
    assert NETHERLANDS[1] < south < north < NETHERLANDS[3]


def test_the_two_joined_municipalities_share_a_border(shapes):
    assert shapes["GM9001"].intersection(shapes["GM9002"]).length > 0.01


def test_labels_lie_inside(features, shapes):
    for code, feature in features.items():
        label = Point(feature["properties"]["label_lon"], feature["properties"]["label_lat"])
        assert shapes[code].contains(label)


def test_figures_add_up(features):
    for parent in (code for code in features if not code.startswith("BU")):
        for figure in ("inhabitants", "households"):
            parts = [features[child]["properties"][figure] for child in children(features, parent)]
            assert features[parent]["properties"][figure] == sum(parts)
            assert all(part > 0 and part % 5 == 0 for part in parts)
