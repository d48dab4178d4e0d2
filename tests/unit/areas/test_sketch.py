"""Outlines drawn coarsely: fewer corners, nowhere far from the border."""

from itertools import pairwise
from math import cos, hypot, pi, radians, sin

import pytest

from chalicelib.areas.model import Level, PolygonShape
from chalicelib.areas.sketch import DETAIL, sketch
from tests.unit.areas.conftest import box

LAT = 52.0
NARROW = cos(radians(LAT))


def around(lon, lat, radius, corners=720):
    """A closed ring; ``radius`` in degrees of latitude."""
    angles = [2 * pi * number / corners for number in range(corners)]
    ring = [(lon + radius / NARROW * cos(angle), lat + radius * sin(angle)) for angle in angles]
    return (*ring, ring[0])


def corners(shape):
    return sum(len(ring) for polygon in shape.polygons for ring in polygon)


@pytest.mark.parametrize("level", list(Level))
def test_the_line_lies_nowhere_farther_from_the_border_than_it_may(level):
    tolerance, _ = DETAIL[level]
    radius = tolerance * 20
    drawn = sketch(PolygonShape(((around(5, LAT, radius),),)), level).polygons[0][0]
    assert 8 < len(drawn) < 100
    assert drawn[0] == drawn[-1]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(drawn)]
    for lon, lat in (*drawn, *middles):
        assert abs(hypot((lon - 5) * NARROW, lat - LAT) - radius) < tolerance * 1.1


def test_corners_that_matter_stay():
    square = box(5, 52, 5.1, 52.1)
    assert sketch(square, Level.MUNICIPALITY) == square


def test_a_hole_stays_unless_it_would_be_no_more_than_a_line():
    outer = around(5, LAT, 0.05)
    kept = sketch(PolygonShape(((outer, around(5, LAT, 0.01), around(5.02, LAT, 0.00001)),)), Level.MUNICIPALITY)
    assert [len(polygon) for polygon in kept.polygons] == [2]


def test_a_small_island_goes_but_an_area_never_goes_whole():
    land, rock = (around(5, LAT, 0.05),), (around(5.2, LAT, 0.0001),)
    assert len(sketch(PolygonShape((land, rock)), Level.MUNICIPALITY).polygons) == 1
    assert sketch(PolygonShape((rock,)), Level.MUNICIPALITY) == PolygonShape((rock,))


def test_a_border_in_full_detail_becomes_a_few_hundred_corners():
    ragged = [(lon + (number % 2) * 1e-5, lat) for number, (lon, lat) in enumerate(around(5, LAT, 0.1, 20_000))]
    shape = PolygonShape((((*ragged[:-1], ragged[0]),),))
    assert corners(sketch(shape, Level.MUNICIPALITY)) < 100
