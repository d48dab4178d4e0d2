from math import atan2, cos, degrees, radians, sin, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.areas.geodesy import NEAR_ERROR, NEAR_M, distance_m, near_m
from chalicelib.areas.model import CircleShape, Point


def chord_distance_m(lon1, lat1, lon2, lat2):
    """Another way to the same distance, for up to some 100 km: the straight line through the earth, bent by the radius
    of curvature in its direction (Euler). Its own error at 60 km is below a centimetre.
    """
    a, e2 = 6378137.0, 0.0066943799901413165

    def cartesian(lon, lat):
        n = a / sqrt(1 - e2 * sin(radians(lat)) ** 2)
        x, y = n * cos(radians(lat)) * cos(radians(lon)), n * cos(radians(lat)) * sin(radians(lon))
        return x, y, n * (1 - e2) * sin(radians(lat))

    chord = sqrt(sum((q - p) ** 2 for p, q in zip(cartesian(lon1, lat1), cartesian(lon2, lat2), strict=True)))
    middle = radians((lat1 + lat2) / 2)
    w2 = 1 - e2 * sin(middle) ** 2
    meridian, normal = a * (1 - e2) / w2**1.5, a / sqrt(w2)
    azimuth = atan2(radians(lon2 - lon1) * cos(middle) * normal, radians(lat2 - lat1) * meridian)
    radius = 1 / (cos(azimuth) ** 2 / meridian + sin(azimuth) ** 2 / normal)
    return chord + chord**3 / (24 * radius**2)


def dms(degrees_, minutes, seconds):
    return degrees_ + minutes / 60 + seconds / 3600


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        # Geodetic Datum of Australia, technical manual: Flinders Peak to Buninyong, on GRS 80
        (
            (dms(144, 25, 29.52440), -dms(37, 57, 3.72030)),
            (dms(143, 55, 35.38390), -dms(37, 39, 10.15610)),
            54972.271,
        ),
        ((0.0, 0.0), (1.0, 0.0), 111319.491),  # a degree of the equator
        ((0.0, 0.0), (0.0, 90.0), 10001965.729),  # a quarter of a meridian
    ],
)
def test_published_distances(one, other, metres):
    assert distance_m(*one, *other) == pytest.approx(metres, abs=0.001)


near_points = st.tuples(st.floats(-10, 30), st.floats(-80, 80), st.floats(0, 360), st.floats(0.5, NEAR_M - 1_000))


def towards(lon, lat, bearing, metres):
    """About so far in that direction."""
    step = metres / 6378137.0
    end_lat = lat + degrees(step * cos(radians(bearing)))
    return lon + degrees(step * sin(radians(bearing)) / cos(radians((lat + end_lat) / 2))), end_lat


@given(near_points)
def test_the_distance_agrees_with_another_method(near):
    lon, lat, bearing, metres = near
    end = towards(lon, lat, bearing, metres)
    assert distance_m(lon, lat, *end) == pytest.approx(chord_distance_m(lon, lat, *end), abs=0.01)


@given(near_points)
def test_the_cheap_distance_is_as_near_as_it_says(near):
    lon, lat, bearing, metres = near
    end = towards(lon, lat, bearing, metres)
    assume(abs(end[1]) <= 80.6)
    assert near_m(lon, lat, *end) == pytest.approx(distance_m(lon, lat, *end), rel=NEAR_ERROR / 1.5)


@given(near_points, st.floats(10, 50_000), st.floats(-20, 20))
def test_a_circle_ends_within_a_metre_of_its_radius(near, radius, beyond):
    lon, lat, bearing, _ = near
    circle = CircleShape(Point(lon, lat), radius)
    aimed = max(radius + beyond, 0.0)
    end = towards(lon, lat, bearing, aimed)
    for _ in range(3):
        end = towards(lon, lat, bearing, aimed := aimed + radius + beyond - chord_distance_m(lon, lat, *end))
    truth = chord_distance_m(lon, lat, *end)
    assume(abs(truth - radius) > 0.02)
    assert circle.contains(Point(*end)) == (truth < radius)


def test_the_same_place_is_at_distance_zero():
    assert distance_m(5.1, 52.1, 5.1, 52.1) == 0
    assert CircleShape(Point(5.1, 52.1), 10).contains(Point(5.1, 52.1))


def test_far_away_is_outside():
    circle = CircleShape(Point(5.1, 52.1), 50_000)
    assert not any(map(circle.contains, [Point(-174.9, -52.1), Point(5.1, -52.1), Point(185.1, 52.1), Point(5.1, 90)]))


@pytest.mark.parametrize(
    ("lat", "radius"), [(80.1, 10), (-85, 10), (52, 0), (52, -1), (52, 60_000), (52, float("nan"))]
)
def test_circles_that_are_not_exact_cannot_be_made(lat, radius):
    with pytest.raises(ValueError, match="a circle"):
        CircleShape(Point(5, lat), radius)
