"""Polygons against an oracle (shapely) on shapes of every kind, in particular where points lie on borders."""

import math
from itertools import pairwise

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.areas import geohash
from chalicelib.areas.cover import cover, partitions
from chalicelib.areas.edges import Where
from chalicelib.areas.model import Point, PolygonShape, shape_from_json

CELL = 360 / 2**18  # degrees: a side of a geohash-7 cell
CORNER = (5.0 // CELL * CELL, 52.0 // CELL * CELL)  # a corner of geohash-7 cells


@st.composite
def lattices(draw):
    """Positions on a lattice whose lines are cell borders, or halves of them: sums and halves are exact."""
    step = draw(st.sampled_from([CELL, CELL / 2, CELL * 8, CELL * 32, CELL * 1.25]))
    return lambda x, y: (CORNER[0] + x * step, CORNER[1] + y * step)


@st.composite
def lattice_polygons(draw):
    """Unions of random lattice rectangles and triangles, less others: concave, with holes and touching corners."""
    at = draw(lattices())
    whole = shapely.Polygon()
    for _ in range(draw(st.integers(1, 5))):
        x, y = draw(st.integers(0, 12)), draw(st.integers(0, 12))
        w, h = draw(st.integers(1, 8)), draw(st.integers(1, 8))
        corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        if draw(st.booleans()):
            corners.pop(draw(st.integers(0, 3)))
        part = shapely.Polygon([at(*corner) for corner in corners])
        whole = whole.difference(part) if draw(st.integers(0, 3)) == 0 else whole.union(part)
    points = [at(draw(st.integers(-2, 42)) / 2, draw(st.integers(-2, 42)) / 2) for _ in range(8)]
    return whole, points


@st.composite
def stars(draw):
    """Star-shaped rings of any size and roughness, some with a star-shaped hole, from slivers to half a country."""
    lon, lat = draw(st.floats(3.5, 7)), draw(st.floats(51, 53))
    size = 10 ** draw(st.floats(-4.5, -0.5))
    stretch = draw(st.sampled_from([1.0, 1.0, 0.01, 100.0]))
    count = draw(st.integers(3, 60))
    radii = draw(st.lists(st.floats(0.4, 1), min_size=count, max_size=count))

    def ring(scale):
        turns = [2 * math.pi * n / count for n in range(count)]
        return [
            (
                lon + size * scale * r * math.cos(turn) * min(stretch, 1),
                lat + size * scale * r * math.sin(turn) / max(stretch, 1),
            )
            for turn, r in zip(turns, radii, strict=True)
        ]

    polygon = shapely.Polygon(ring(1), [ring(0.5)] if draw(st.booleans()) else [])
    west, south, east, north = polygon.bounds
    points = [
        (west + draw(st.floats(-0.1, 1.1)) * (east - west), south + draw(st.floats(-0.1, 1.1)) * (north - south))
        for _ in range(8)
    ]
    return polygon, points


def parts(geometry):
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon) and not part.is_empty]


def shape_of(geometry):
    return PolygonShape(
        tuple(tuple(tuple(ring.coords) for ring in (part.exterior, *part.interiors)) for part in parts(geometry))
    )


def corners(geometry):
    return [tuple(position) for position in shapely.get_coordinates(geometry)]


def halves(geometry):
    positions = corners(geometry)
    return [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(positions)]


def stretch_of(found, code):
    """What the cells around a place are said to be: the first stretch whose end it does not pass."""
    return next(where for end, where in found.stretches() if code[: len(end)] <= end)


def check(geometry, points):
    shape = shape_of(geometry)
    ranges = cover(shape)
    for position in points:
        inside = shapely.covers(geometry, shapely.Point(position))
        assert shape.contains(Point(*position)) == inside
        holding = [found for found in ranges if found.holds(geohash.encode(*position, 12))]
        assert len(holding) <= 1
        if inside:
            assert holding
        if not inside:
            assert not any(found.interior for found in holding)
        for found in holding:
            assert stretch_of(found, geohash.encode(*position, 12)) in (Where.BORDER, Where.INSIDE if inside else 0)


@settings(max_examples=200, deadline=None)
@given(lattice_polygons())
def test_lattice_polygons_agree_with_the_oracle(drawn):
    whole, points = drawn
    polygons = shapely.MultiPolygon(parts(whole)) if parts(whole) else None
    if polygons:
        check(polygons, points + corners(polygons) + halves(polygons))


@settings(max_examples=150, deadline=None)
@given(stars())
def test_stars_agree_with_the_oracle(drawn):
    polygon, points = drawn
    check(polygon, points + corners(polygon))


@settings(max_examples=150, deadline=None)
@given(lattice_polygons(), lattice_polygons())
def test_overlapping_and_touching_polygons_are_their_union(one, other):
    first, second = shapely.MultiPolygon(parts(one[0])), shapely.MultiPolygon(parts(other[0]))
    if not (parts(first) and parts(second)):
        return
    shape = PolygonShape(shape_of(first).polygons + shape_of(second).polygons)
    ranges = cover(shape)
    for position in one[1] + other[1] + corners(first) + corners(second):
        inside = bool(shapely.covers(first, shapely.Point(position)) or shapely.covers(second, shapely.Point(position)))
        assert shape.contains(Point(*position)) == inside
        holding = [found for found in ranges if found.holds(geohash.encode(*position, 12))]
        assert len(holding) == 1 if inside else len(holding) <= 1


@settings(max_examples=150, deadline=None)
@given(st.one_of(stars(), lattice_polygons()), st.integers(25, 42), st.integers(0, 64), st.integers(1, 400))
def test_ranges_never_overlap_whatever_the_depth(drawn, depth, bridge, most):
    geometry, points = drawn
    if not parts(geometry):
        return
    shape = shape_of(geometry)
    ranges = cover(shape, depth=depth, bridge=bridge, max_ranges=most)
    spans = sorted((found.first.ljust(12, "0"), found.last.ljust(12, "z")) for found in ranges)
    assert all(first <= last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert all(found.first.startswith(found.partition) and found.last.startswith(found.partition) for found in ranges)
    for position in points:
        if shape.contains(Point(*position)):
            assert any(found.holds(geohash.encode(*position, 12)) for found in ranges)


@settings(max_examples=100, deadline=None)
@given(st.one_of(stars(), lattice_polygons()))
def test_the_order_and_direction_of_rings_do_not_matter(drawn):
    geometry, points = drawn
    shape = shape_of(geometry)
    if not shape.polygons:
        return
    turned = PolygonShape(tuple(tuple(ring[::-1] for ring in polygon) for polygon in shape.polygons[::-1]))
    assert cover(turned) == cover(shape)
    assert [turned.contains(Point(*it)) for it in points] == [shape.contains(Point(*it)) for it in points]


@settings(max_examples=100, deadline=None)
@given(st.one_of(stars(), lattice_polygons()))
def test_a_shape_is_read_back_as_it_was(drawn):
    shape = shape_of(drawn[0])
    assert shape_from_json(shape.to_json()) == shape


@settings(max_examples=100, deadline=None)
@given(stars())
def test_partitions_agree_with_the_cover(drawn):
    shape = shape_of(drawn[0])
    found = partitions(shape)
    assert {it.partition for it in cover(shape)} <= set(found)
    for code, full in found.items():
        cell = shapely.box(*geohash.box(code))
        assert not full or shapely.covers(drawn[0], cell)


def square(west, south, side):
    ring = ((west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south))
    return PolygonShape(((ring,),))


def test_ranges_are_ordered_by_distance_where_a_point_is_given():
    shape = square(5.0, 52.0, 0.3)
    near = Point(5.29, 52.01)
    ranges = cover(shape, near=near)
    assert sorted(ranges, key=str) == sorted(cover(shape), key=str)
    assert ranges[0].holds(geohash.encode(*near, 12))
    assert ranges[-1].partition != ranges[0].partition


def test_whole_partitions_inside_are_interior():
    west, south, east, _ = geohash.box("u178k")
    width = east - west
    shape = square(west - width, south - width, 3 * width)
    whole = [found for found in cover(shape) if found.partition == "u178k"]
    assert [(found.first, found.last, found.interior) for found in whole] == [("u178k", "u178k", True)]


def test_a_bridged_range_is_not_interior():
    ring = square(CORNER[0], CORNER[1], 40 * CELL).polygons[0][0]
    hole = square(CORNER[0] + 10.25 * CELL, CORNER[1] + 10.25 * CELL, CELL / 2).polygons[0][0]
    shape = PolygonShape(((ring, hole),))
    inside_hole = geohash.encode(CORNER[0] + 10.5 * CELL, CORNER[1] + 10.5 * CELL, 12)
    assert [found.interior for found in cover(shape) if found.holds(inside_hole)] == [False]


def test_a_country_costs_one_range_for_each_partition():
    shape = square(3.4, 50.8, 2.8)
    ranges = cover(shape)
    assert len(ranges) == len(partitions(shape))
    assert sum(found.interior for found in ranges) / len(ranges) > 0.9


def test_ranges_stay_within_the_limit_for_a_border_that_never_ends():
    teeth = [(4 + n * 0.0005, 52.0 if n % 2 else 52.4) for n in range(1000)]
    shape = PolygonShape((((*teeth, (5.0, 51.9), (3.9, 51.9), teeth[0]),),))
    assert 0 < len(cover(shape)) <= 400


@settings(max_examples=60, deadline=None)
@given(stars())
def test_a_point_of_a_range_is_in_a_stretch_that_says_the_truth(drawn):
    """Corners of cells are where a stretch begins and ends."""
    polygon, points = drawn
    shape = shape_of(polygon)
    for found in cover(shape):
        ends = [geohash.box(end)[:2] for end, _ in found.stretches()]
        for position in [*ends[:20], *points]:
            code = geohash.encode(*position, 12)
            if found.holds(code):
                inside = shape.contains(Point(*position))
                assert stretch_of(found, code) in (Where.BORDER, Where.INSIDE if inside else Where.OUTSIDE)


def test_the_share_of_a_partition():
    west, south, east, _ = geohash.box("u178k")
    whole = next(found for found in cover(square(west - 0.1, south - 0.1, 0.3)) if found.partition == "u178k")
    assert whole.share == 1
    shape = square(west + (east - west) / 4, south, (east - west) / 4)
    assert 0.1 < sum(found.share for found in cover(shape) if found.partition == "u178k") < 0.3
