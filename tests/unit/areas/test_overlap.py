import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.areas.geodesy import distance_m
from chalicelib.areas.model import CircleShape, Point, PolygonShape
from chalicelib.areas.overlap import overlap


@st.composite
def geometries(draw):
    """Unions and differences of rectangles and triangles on a small lattice: borders coincide in every way."""
    whole = shapely.Polygon()
    for _ in range(draw(st.integers(1, 4))):
        x, y, w, h = (draw(st.integers(low, high)) for low, high in [(0, 8), (0, 8), (1, 6), (1, 6)])
        corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        if draw(st.booleans()):
            corners.pop(draw(st.integers(0, 3)))
        part = shapely.Polygon(corners)
        whole = whole.difference(part) if draw(st.integers(0, 3)) == 0 else whole.union(part)
    polygons = [it for it in shapely.get_parts(whole) if isinstance(it, shapely.Polygon) and not it.is_empty]
    assume(polygons)
    return shapely.MultiPolygon(polygons)


def on_the_lattice(geometry):
    return all(number == round(number) for corner in shapely.get_coordinates(geometry) for number in corner)


def shape_of(geometry):
    return PolygonShape(
        tuple(tuple(tuple(ring.coords) for ring in (it.exterior, *it.interiors)) for it in geometry.geoms)
    )


@settings(max_examples=500, deadline=None)
@given(geometries(), geometries())
def test_shapes_overlap_where_they_share_more_than_a_border(one, other):
    # The oracle cuts at rounded points; on this lattice what they share is far larger than that, or nothing.
    # Corners that are themselves rounded cuts stand beside the line they were on: then both answers can be right.
    shared = one.intersection(other).area
    assume(shared > 1e-9 or (on_the_lattice(one) and on_the_lattice(other)))
    expected = shared > 1e-9
    assert overlap(shape_of(one), shape_of(other)) == expected
    assert overlap(shape_of(other), shape_of(one)) == expected


def square(west, south, side):
    ring = ((west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south))
    return PolygonShape(((ring,),))


def test_neighbours_that_share_a_border_do_not_overlap():
    assert not overlap(square(5, 52, 0.1), square(5.1, 52, 0.1))


def test_a_bar_through_corners_alone_overlaps():
    bar = PolygonShape(
        (
            (
                (
                    (
                        (0.0, 1.0),
                        (1.0, 1.0),
                        (2.0, 1.0),
                        (3.0, 1.0),
                        (3.0, 2.0),
                        (2.0, 2.0),
                        (1.0, 2.0),
                        (0.0, 2.0),
                        (0.0, 1.0),
                    )
                ),
            ),
        )
    )
    post = PolygonShape(
        (
            (
                (
                    (
                        (1.0, 0.0),
                        (2.0, 0.0),
                        (2.0, 1.0),
                        (2.0, 2.0),
                        (2.0, 3.0),
                        (1.0, 3.0),
                        (1.0, 2.0),
                        (1.0, 1.0),
                        (1.0, 0.0),
                    )
                ),
            ),
        )
    )
    assert overlap(bar, post)


@pytest.mark.parametrize(
    ("center", "radius", "expected"),
    [
        ((5.05, 52.05), 10, True),  # well inside
        ((5.2, 52.05), 7_000, True),  # its rim comes in: the side is 6.85 km away
        ((5.2, 52.05), 6_500, False),
        ((4.9, 51.9), 20_000, True),  # swallows it
        ((5.3, 52.3), 10_000, False),
    ],
)
def test_circles_overlap_what_they_reach(center, radius, expected):
    assert distance_m(5.2, 52.05, 5.1, 52.05) == pytest.approx(6_857, abs=10)
    assert overlap(CircleShape(Point(*center), radius), square(5, 52, 0.1)) == expected
