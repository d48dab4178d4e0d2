"""Rings share out an area: every place in it lies in one ring, and in one of the key ranges of that ring."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas import geohash
from chalicelib.areas.cover import cover
from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.model import CircleShape, Point, PolygonShape
from chalicelib.areas.rings import Ring, ring

CENTER = Point(5.2, 52.5)
SQUARE = PolygonShape((((((5.19, 52.49), (5.23, 52.49), (5.23, 52.51), (5.19, 52.51), (5.19, 52.49)),)),))
shapes = st.one_of(
    st.just(SQUARE), st.builds(CircleShape, st.just(Point(5.204, 52.501)), st.floats(400, 6_000, allow_nan=False))
)
radii = st.lists(st.integers(50, 5_000), min_size=1, max_size=4, unique=True).map(sorted).map(tuple)
points = st.builds(Point, st.floats(5.1, 5.3), st.floats(52.45, 52.55))


@settings(max_examples=60, deadline=None)
@given(shapes, radii, st.lists(points, min_size=1, max_size=10))
def test_a_place_in_the_area_is_in_one_ring_by_its_distance_and_in_one_range_of_it(shape, radii, places):
    ranges = cover(shape, near=CENTER)
    rings = [ring(CENTER, radii, number) for number in range(len(radii) + 1)]
    parts = [one.ranges(ranges, CENTER) for one in rings]
    for place in filter(shape.contains, places):
        expected = sum(distance_m(*CENTER, *place) > radius for radius in radii)
        assert [one.contains(place) for one in rings] == [number == expected for number in range(len(rings))]
        held = [part for part in parts[expected] if part.holds(geohash.encode(*place, 12))]
        assert len(held) == 1


def test_the_last_ring_reaches_as_far_as_the_area():
    ranges = cover(SQUARE, near=CENTER)
    assert ring(CENTER, (500,), 1) == Ring(CircleShape(CENTER, 500), None)
    assert ring(CENTER, (500,), 1).ranges(ranges, CENTER) == ranges


def test_the_first_ring_of_a_large_area_reads_little_of_it():
    country = cover(CircleShape(CENTER, 50_000), near=CENTER)
    near = ring(CENTER, (300, 1_000), 0).ranges(country, CENTER)
    box = [geohash.box(part.first[:7]) for part in near]
    assert 0 < len(near) <= 40
    assert all(distance_m(*CENTER, west, south) < 1_500 for west, south, _, _ in box)
