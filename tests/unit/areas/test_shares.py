"""The covered shares of cells, against shapely."""

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas import geohash
from chalicelib.areas.model import CircleShape, Point, PolygonShape
from chalicelib.areas.shares import shares

TOLERANCE = 0.26  # of a cell: a border may cut through every one of its parts in a row


def cell_area(code):
    west, south, east, north = geohash.box(code)
    return (east - west) * (north - south)


def total(found):
    """In square degrees."""
    return sum(
        cell_area(partition) if cells is None else sum(cell_area(cell) * share for cell, share in cells.items())
        for partition, cells in found.items()
    )


def star(lon, lat, radii):
    """A concave polygon around a point."""
    ring = [
        (lon + radius * x, lat + radius * y)
        for radius, (x, y) in zip(radii, shapely.Point(0, 0).buffer(1, quad_segs=3).exterior.coords, strict=False)
    ]
    return PolygonShape((((*ring, ring[0]),),))


@settings(max_examples=25, deadline=None)
@given(st.floats(4.9, 5.4), st.floats(52.0, 52.4), st.lists(st.floats(0.01, 0.06), min_size=12, max_size=12))
def test_each_share_is_about_what_shapely_says(lon, lat, radii):
    shape = star(lon, lat, radii)
    polygon = shapely.Polygon(shape.polygons[0][0])
    for partition, cells in shares(shape).items():
        if cells is None:
            assert polygon.contains(shapely.box(*geohash.box(partition)))
            continue
        for cell, share in cells.items():
            square = shapely.box(*geohash.box(cell))
            assert abs(share - polygon.intersection(square).area / square.area) <= TOLERANCE


@settings(max_examples=25, deadline=None)
@given(st.floats(4.9, 5.4), st.floats(52.0, 52.4), st.lists(st.floats(0.01, 0.06), min_size=12, max_size=12))
def test_all_shares_together_are_the_area(lon, lat, radii):
    shape = star(lon, lat, radii)
    true = shapely.Polygon(shape.polygons[0][0]).area
    assert abs(total(shares(shape)) - true) <= 0.02 * true


def test_a_circle_is_covered_to_a_hundredth():
    circle = CircleShape(Point(5.2, 52.1), 6_000)
    degree_m = 111_200
    true = 3.14159 * circle.radius_m**2 / degree_m**2 / 0.6143  # the cosine of its latitude
    assert abs(total(shares(circle)) - true) <= 0.01 * true


def test_a_partition_wholly_inside_needs_no_cells():
    west, south, east, north = geohash.box("u178k")
    ring = (
        (west - 0.01, south - 0.01),
        (east + 0.01, south - 0.01),
        (east + 0.01, north + 0.01),
        (west - 0.01, north + 0.01),
    )
    found = shares(PolygonShape((((*ring, ring[0]),),)))
    assert found["u178k"] is None
    assert all(cells for partition, cells in found.items() if partition != "u178k")


def test_a_cell_wholly_inside_is_covered_wholly_and_one_outside_is_not_named():
    west, south, east, north = geohash.box("u178kbb")
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    (cells,) = [cells for cells in shares(PolygonShape(((ring,),))).values() if cells]
    assert cells == {"u178kbb": 1.0}
