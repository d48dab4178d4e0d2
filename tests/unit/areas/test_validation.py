import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas.model import CircleShape, Point, PolygonShape
from chalicelib.areas.validation import AreaCodes, parse_area
from chalicelib.platform.errors import InvalidInput

BOUNDS = (3.2, 50.7, 7.3, 53.7)
SQUARE = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]
HOLE = [[5.02, 52.02], [5.04, 52.02], [5.04, 52.04], [5.02, 52.04], [5.02, 52.02]]


def polygon(*rings):
    return {"geometry": {"type": "Polygon", "coordinates": list(rings)}}


def moved(ring, lon, lat):
    return [[x + lon, y + lat] for x, y in ring]


def star(corners):
    turns = [2 * math.pi * n / corners for n in range(corners)]
    ring = [[5 + (0.1 + n % 2 / 10) * math.cos(t), 52 + (0.1 + n % 2 / 10) * math.sin(t)] for n, t in enumerate(turns)]
    return [*ring, ring[0]]


def refusal(spec):
    with pytest.raises(InvalidInput) as refused:
        parse_area(spec, BOUNDS)
    (field,) = refused.value.fields
    assert field.code == refused.value.code
    return refused.value.code, field.field


GEOMETRY = "area.geometry"
RINGS = "area.geometry.coordinates"


@pytest.mark.parametrize(
    ("spec", "code", "field"),
    [
        (polygon(SQUARE[:-1]), "ring_not_closed", f"{RINGS}.0"),
        (polygon(SQUARE, HOLE[:-1]), "ring_not_closed", f"{RINGS}.1"),
        (polygon([SQUARE[0], SQUARE[1], SQUARE[0]]), "too_few_points", f"{RINGS}.0"),
        (polygon([SQUARE[0]]), "too_few_points", f"{RINGS}.0"),
        (polygon([]), "too_few_points", f"{RINGS}.0"),
        (polygon(star(2002)), "too_many_vertices", RINGS),
        (polygon(star(1200), *[HOLE] * 201), "too_many_vertices", RINGS),
        (polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]), "self_intersection", f"{RINGS}.0"),
        (polygon([*SQUARE[:3], [5.05, 52.0], *SQUARE[3:]]), "self_intersection", f"{RINGS}.0"),
        (polygon(SQUARE, moved(HOLE, 0.07, 0)), "self_intersection", f"{RINGS}.1"),
        (polygon(SQUARE, [[5.0, 52.02], *HOLE[1:4], [5.0, 52.03], [5.0, 52.02]]), "self_intersection", f"{RINGS}.1"),
        (polygon(SQUARE, SQUARE), "self_intersection", f"{RINGS}.1"),
        (polygon(SQUARE, HOLE, moved(HOLE, 0.01, 0.01)), "self_intersection", f"{RINGS}.1"),
        (polygon(SQUARE, HOLE, HOLE), "self_intersection", f"{RINGS}.1"),
        (polygon(SQUARE, moved(HOLE, 0.5, 0)), "hole_outside", f"{RINGS}.1"),
        (polygon(HOLE, SQUARE), "hole_outside", f"{RINGS}.1"),
        (polygon([[y, x] for x, y in SQUARE]), "coordinates_swapped", RINGS),
        (polygon(moved(SQUARE, 10, 0)), "outside_bounds", RINGS),
        (polygon([*SQUARE[:2], [7.4, 52.1], *SQUARE[3:]]), "outside_bounds", RINGS),
        (polygon([*SQUARE[:2], [math.nan, 52.1], *SQUARE[3:]]), "coordinates_not_finite", f"{RINGS}.0.2"),
        (polygon([*SQUARE[:2], [5.1, math.inf], *SQUARE[3:]]), "coordinates_not_finite", f"{RINGS}.0.2"),
        (polygon([*SQUARE[:2], [10**400, 52.1], *SQUARE[3:]]), "coordinates_not_finite", f"{RINGS}.0.2"),
        (polygon([SQUARE[0]] * 4), "area_empty", f"{RINGS}.0"),
        (polygon([[5, 52], [5.1, 52.1], [5.2, 52.2], [5, 52]]), "area_empty", f"{RINGS}.0"),
        (polygon(), "area_empty", RINGS),
        ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "area_empty", RINGS),
        ({"geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], []]}}, "area_empty", f"{RINGS}.1"),
        (
            {"geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE[:-1]]]}},
            "ring_not_closed",
            f"{RINGS}.1.0",
        ),
        ({"geometry": {"type": "Point", "coordinates": [5, 52]}}, "unknown_type", f"{GEOMETRY}.type"),
        ({"geometry": {"type": ["Polygon"], "coordinates": []}}, "unknown_type", f"{GEOMETRY}.type"),
        ({"geometry": {}}, "unknown_type", f"{GEOMETRY}.type"),
        ({"geometry": None}, "unknown_type", f"{GEOMETRY}.type"),
        ({"geometry": {"type": "Polygon"}}, "area_malformed", RINGS),
        ({"geometry": {"type": "Polygon", "coordinates": SQUARE}}, "area_malformed", f"{RINGS}.0.0"),
        (polygon([*SQUARE[:2], ["5.1", 52.1], *SQUARE[3:]]), "area_malformed", f"{RINGS}.0.2"),
        (polygon([*SQUARE[:2], [5.1], *SQUARE[3:]]), "area_malformed", f"{RINGS}.0.2"),
        (polygon([*SQUARE[:2], [True, 52.1], *SQUARE[3:]]), "area_malformed", f"{RINGS}.0.2"),
        ({"circle": {"center": [5.1, 52.1], "radius_m": 9.9}}, "radius_out_of_range", "area.circle.radius_m"),
        ({"circle": {"center": [5.1, 52.1], "radius_m": 50_001}}, "radius_out_of_range", "area.circle.radius_m"),
        ({"circle": {"center": [5.1, 52.1], "radius_m": math.nan}}, "radius_out_of_range", "area.circle.radius_m"),
        ({"circle": {"center": [5.1, 52.1], "radius_m": 10**400}}, "radius_out_of_range", "area.circle.radius_m"),
        ({"circle": {"center": [5.1, 52.1], "radius_m": "500"}}, "area_malformed", "area.circle.radius_m"),
        ({"circle": {"center": [52.1, 5.1], "radius_m": 500}}, "coordinates_swapped", "area.circle.center"),
        ({"circle": {"center": [15.1, 52.1], "radius_m": 500}}, "outside_bounds", "area.circle.center"),
        ({"circle": {"center": [5.1, 52.1]}}, "area_malformed", "area.circle"),
        ({"circle": [5.1, 52.1, 500]}, "area_malformed", "area.circle"),
        ({"codes": ["BU03440111", "BU0344011"]}, "unknown_area_code", "area.codes.1"),
        ({"codes": ["\ud800"]}, "unknown_area_code", "area.codes.0"),
        ({"codes": [344]}, "unknown_area_code", "area.codes.0"),
        ({"codes": []}, "area_empty", "area.codes"),
        ({"codes": ["GM0344"] * 501}, "too_many_codes", "area.codes"),
        ({"codes": "GM0344"}, "area_malformed", "area.codes"),
        ({}, "area_malformed", "area"),
        ({"codes": ["GM0344"], "circle": {"center": [5.1, 52.1], "radius_m": 500}}, "area_malformed", "area"),
        ({"polygon": [SQUARE]}, "area_malformed", "area"),
        (None, "area_malformed", "area"),
        ([], "area_malformed", "area"),
    ],
)
def test_each_defect_has_its_own_code_and_names_its_field(spec, code, field):
    assert refusal(spec) == (code, field)


def test_a_circle_far_from_the_bounds_of_the_method_is_refused_too():
    with pytest.raises(InvalidInput, match="outside_bounds"):
        parse_area({"circle": {"center": [5, 85], "radius_m": 500}}, (-180, -90, 180, 90))


def test_a_polygon_with_a_hole_is_taken_as_it_is():
    shape = parse_area(polygon(SQUARE, HOLE), BOUNDS)
    assert shape.to_json() == {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]}


def test_a_hole_may_touch_its_ring_or_another_hole_in_a_point():
    touching = [[5.0, 52.05], [5.02, 52.04], [5.02, 52.06], [5.0, 52.05]]
    again = [[5.02, 52.06], [5.04, 52.06], [5.04, 52.08], [5.02, 52.06]]
    assert isinstance(parse_area(polygon(SQUARE, touching, again), BOUNDS), PolygonShape)


def test_altitudes_and_repeated_positions_are_dropped():
    ring = [[*position, 3.5] for position in SQUARE for _ in range(2)]
    assert parse_area(polygon(ring), BOUNDS).to_json()["coordinates"] == [[SQUARE]]


def test_two_thousand_vertices_are_taken():
    assert len(parse_area(polygon(star(2000)), BOUNDS).border) == 2000


def test_polygons_of_one_area_may_overlap():
    spec = {"geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [moved(SQUARE, 0.05, 0.05)]]}}
    assert parse_area(spec, BOUNDS).contains(Point(5.07, 52.07))


def test_a_circle_is_taken_with_a_whole_number_of_metres():
    assert parse_area({"circle": {"center": [5.1, 52], "radius_m": 50_000}}, BOUNDS) == CircleShape(
        Point(5.1, 52), 50_000
    )


def test_codes_are_taken_once_each_in_their_order():
    assert parse_area({"codes": ["WK034401", "GM0344", "WK034401"]}, BOUNDS) == AreaCodes(("WK034401", "GM0344"))


numbers = st.one_of(st.floats(), st.integers(), st.floats(3, 54), st.sampled_from([5.0, 5.1, 52.0, 52.1, 10**400]))
leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=4))
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
positions = st.one_of(st.tuples(st.floats(4.9, 5.1), st.floats(51.9, 52.1)).map(list), st.lists(numbers, max_size=4))
rings = st.lists(positions, max_size=7).flatmap(lambda ring: st.sampled_from([ring, ring + ring[:1]]))
nearly = st.one_of(
    st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": st.lists(rings, max_size=3)}),
    st.fixed_dictionaries(
        {"type": st.just("MultiPolygon"), "coordinates": st.lists(st.lists(rings, max_size=2), max_size=3)}
    ),
    st.fixed_dictionaries({"type": st.sampled_from(["Polygon", "MultiPolygon", "Point"]), "coordinates": anything}),
)
specs = st.one_of(
    anything,
    st.fixed_dictionaries({"geometry": st.one_of(nearly, anything)}),
    st.fixed_dictionaries(
        {"circle": st.one_of(st.fixed_dictionaries({"center": positions, "radius_m": leaves}), anything)}
    ),
    st.fixed_dictionaries({"codes": st.one_of(st.lists(st.one_of(leaves, st.just("GM0344")), max_size=3), anything)}),
)


def outcome_of(spec):
    try:
        return parse_area(spec, BOUNDS)
    except InvalidInput as refused:
        return refused


@settings(max_examples=800, deadline=None)
@given(specs)
def test_any_json_gives_an_area_or_a_refusal_with_its_field(spec):
    outcome = outcome_of(spec)
    assert isinstance(outcome, PolygonShape | CircleShape | AreaCodes) or outcome.fields[0].field.startswith("area")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 4), positions)
def test_one_wild_position_in_a_good_ring_gives_a_shape_or_a_refusal(at, position):
    ring = json.loads(json.dumps(SQUARE))
    ring[at] = position
    outcome = outcome_of(polygon(ring, HOLE))
    assert outcome.bounds[0] >= BOUNDS[0] if isinstance(outcome, PolygonShape) else outcome.fields
