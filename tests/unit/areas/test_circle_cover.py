import math

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas import geohash
from chalicelib.areas.cover import cover
from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.model import CircleShape, Point

circles = st.builds(
    CircleShape,
    st.builds(Point, st.floats(-10, 30), st.floats(-79, 79)),
    st.one_of(st.floats(10, 3_000), st.floats(10, 50_000)),
)


def rim(circle, bearing, share):
    """A point inside the circle, ``share`` of the way from the middle to the rim, found by halving."""
    lon, lat = circle.center
    far = degrees_of(circle.radius_m)
    east, north = math.sin(bearing) / math.cos(math.radians(lat)), math.cos(bearing)
    low, high = 0.0, 3 * far
    for _ in range(60):
        middle = (low + high) / 2
        inside = distance_m(lon, lat, lon + middle * east, lat + middle * north) <= circle.radius_m
        low, high = (middle, high) if inside else (low, middle)
    return Point(lon + share * low * east, lat + share * low * north)


def degrees_of(metres):
    return math.degrees(metres / 6356752.0)


bearings = st.one_of(st.floats(0, 2 * math.pi), st.sampled_from([n * math.pi / 4 for n in range(8)]))


@settings(max_examples=300, deadline=None)
@given(circles, bearings, st.one_of(st.just(1.0), st.floats(0, 1)))
def test_every_point_inside_is_in_exactly_one_range(circle, bearing, share):
    point = rim(circle, bearing, share)
    code = geohash.encode(*point, 12)
    assert circle.contains(point) or share == 1.0  # the last halving may land a nanometre outside
    assert [found.holds(code) for found in cover(circle)].count(True) == 1


@settings(max_examples=200, deadline=None)
@given(circles, bearings, st.floats(1.0005, 1.5))
def test_a_point_outside_is_in_no_interior_range(circle, bearing, share):
    point = rim(circle, bearing, share)
    code = geohash.encode(*point, 12)
    assert not any(found.holds(code) for found in cover(circle) if found.interior)


def test_a_circle_that_fills_partitions_has_interior_ranges():
    assert any(found.interior for found in cover(CircleShape(Point(5.1, 52.1), 20_000)))


def test_the_widest_part_of_a_circle_far_north_is_covered():
    circle = CircleShape(Point(20.0, 79.0), 50_000)
    _, south, _, north = circle.bounds
    steps = [south + (north - south) * n / 2000 for n in range(2001)]
    widths = [max((w for w in [circle.half_width(lat, outer=False)] if w), default=0) for lat in steps]
    assert max(widths) <= circle.widest
    lean = abs(steps[widths.index(max(widths))] - circle.center.lat)
    assert lean <= circle.lean + (north - south) / 2000
