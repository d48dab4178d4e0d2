"""Who counts: whatever the area, the places, the order in which they are read, and what moves meanwhile."""

import math
import random
from dataclasses import replace

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.example_alert import START, active_alert
from chalicelib.areas import geohash
from chalicelib.areas.cover import KeyRange
from chalicelib.areas.model import CircleShape, Point, shape_from_json
from chalicelib.delivery.plan import units
from chalicelib.delivery.question import answers, asked_by
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.platform.clock import epoch_ms

APPROVED = epoch_ms(START)
MIDDLE = Point(5.3, 52.55)
CELL = 360 / 2**18  # degrees: a side of a geohash-7 cell


def rows_of(participant, points, since=0, until=None, version=1):
    return [
        PlaceRow(
            f"{participant:013d}",
            rank,
            point,
            tuple(points[:rank]),
            "+31612345678",
            None,
            "nl",
            "BU90010101",
            since,
            until,
            version,
            tuple(points[rank + 1 :]),
        )
        for rank, point in enumerate(points)
    ]


def store_of(*rows):
    store = MemoryPlaceStore()
    store.load(row for some in rows for row in some)
    return store


def lots_of(alert):
    return [[KeyRange(*parts) for parts in lot] for lot in units(alert)]


def asked(alert, store, lots=None):
    lots = lots_of(alert) if lots is None else lots
    return [int(person.participant) for lot in lots for person in answers(asked_by(alert), lot, store)]


@st.composite
def polygons(draw):
    """Rough rings of any size, some slivers, some with a hole; corners may lie on the corners of cells."""
    size = 10 ** draw(st.floats(-3.5, -0.3))
    count = draw(st.integers(3, 40))
    radii = draw(st.lists(st.floats(0.3, 1), min_size=count, max_size=count))
    flat = draw(st.sampled_from([1.0, 1.0, 0.02]))
    on_cells = draw(st.booleans())

    def ring(scale):
        turns = [2 * math.pi * n / count for n in range(count)]
        corners = [
            (MIDDLE.lon + size * scale * r * math.cos(t), MIDDLE.lat + size * scale * flat * r * math.sin(t))
            for t, r in zip(turns, radii, strict=True)
        ]
        return [(x // CELL * CELL, y // CELL * CELL) for x, y in corners] if on_cells else corners

    polygon = shapely.make_valid(shapely.Polygon(ring(1), [ring(0.4)] if draw(st.booleans()) else []))
    parts = [part for part in shapely.get_parts(polygon) if isinstance(part, shapely.Polygon)]
    return shapely.MultiPolygon(parts), size


def shape_of(geometry):
    polygons = [[list(ring.coords) for ring in (part.exterior, *part.interiors)] for part in geometry.geoms]
    return shape_from_json({"type": "MultiPolygon", "coordinates": polygons})


@settings(max_examples=25, deadline=None)
@given(polygons(), st.randoms(use_true_random=False))
def test_matched_is_what_the_oracle_says_on_borders_and_corners_too(drawn, dice):
    geometry, size = drawn
    if geometry.is_empty:
        return
    corners = [Point(*position) for position in shapely.get_coordinates(geometry)]
    cells = [Point(*geohash.box(geohash.encode(*corner, 7))[:2]) for corner in corners[:10]]
    somewhere = [
        Point(MIDDLE.lon + dice.uniform(-size, size), MIDDLE.lat + dice.uniform(-size, size)) for _ in range(60)
    ]
    points = corners + cells + somewhere
    homes = [[dice.choice(points) for _ in range(dice.randint(1, 5))] for _ in range(60)]
    store = store_of(*(rows_of(who, home) for who, home in enumerate(homes)))
    inside = {who for who, home in enumerate(homes) if any(shapely.covers(geometry, shapely.Point(p)) for p in home)}
    found = asked(active_alert(shape_of(geometry)), store)
    assert sorted(found) == sorted(inside)


@settings(max_examples=32, deadline=None)
@given(st.lists(st.booleans(), min_size=5, max_size=5), st.randoms(use_true_random=False))
def test_five_places_in_any_pattern_ask_once_or_not_at_all(inside, dice):
    def somewhere(within):
        reach = dice.uniform(0, 0.004) if within else dice.uniform(0.02, 0.05)
        return Point(MIDDLE.lon + reach, MIDDLE.lat + dice.uniform(-0.001, 0.001))

    store = store_of(rows_of(7, [somewhere(within) for within in inside]))
    assert asked(active_alert(CircleShape(MIDDLE, 800)), store) == ([7] if any(inside) else [])


class Shuffled(MemoryPlaceStore):
    """Rows come in any order, as if pages did."""

    def within(self, key_range, limit=None):
        rows = list(super().within(key_range, limit))
        random.Random(len(rows)).shuffle(rows)
        return iter(rows)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_ranges_and_units_does_not_matter(seed):
    dice = random.Random(seed)
    homes = [
        [Point(MIDDLE.lon + dice.gauss(0, 0.05), MIDDLE.lat + dice.gauss(0, 0.03)) for _ in range(dice.randint(1, 3))]
        for _ in range(80)
    ]
    rows = [row for who, home in enumerate(homes) for row in rows_of(who, home)]
    alert = active_alert(CircleShape(MIDDLE, 4_000))
    store, shuffled = store_of(rows), Shuffled()
    shuffled.load(rows)
    lots = lots_of(alert)
    expected = sorted(asked(alert, store))
    turned = [dice.sample(lot, len(lot)) for lot in dice.sample(lots, len(lots))]
    assert sorted(asked(alert, shuffled, turned)) == expected
    assert set(asked(alert, store, lots + lots)) == set(expected)


class Moving(MemoryPlaceStore):
    """Somebody moves house after so many rows have been read."""

    def watch(self, after, move):
        self.left, self.move = after, move

    def within(self, key_range, limit=None):
        for row in super().within(key_range, limit):
            if self.left == 0:
                self.move()
            self.left -= 1
            yield row


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), st.booleans(), st.booleans())
def test_who_moves_while_pages_are_read_is_asked_once_where_they_lived_at_the_approval(after, was_inside, goes_inside):
    near, far = Point(MIDDLE.lon - 0.01, MIDDLE.lat), Point(MIDDLE.lon + 0.01, MIDDLE.lat + 0.001)
    outside, away = Point(MIDDLE.lon + 0.2, MIDDLE.lat), Point(MIDDLE.lon - 0.2, MIDDLE.lat)
    old, new = near if was_inside else away, far if goes_inside else outside
    store = Moving()
    neighbours = [Point(MIDDLE.lon + n * 0.0015 - 0.008, MIDDLE.lat) for n in range(12)]
    store.load(row for who, point in enumerate(neighbours) for row in rows_of(who, [point]))
    (before,) = rows_of(99, [old])
    store.load([before])

    def move():
        store.end(*before.key, APPROVED + 1)
        store.load(rows_of(99, [new], since=APPROVED + 1, version=2))

    store.watch(after, move)
    found = asked(active_alert(CircleShape(MIDDLE, 1_500)), store)
    assert found.count(99) == was_inside
    assert sorted(found) == [*range(12), *[99] * was_inside]


def test_marks_only_save_tests_and_change_nobody():
    dice = random.Random(3)
    points = [Point(MIDDLE.lon + dice.gauss(0, 0.02), MIDDLE.lat + dice.gauss(0, 0.01)) for _ in range(500)]
    store = store_of(*(rows_of(who, [point]) for who, point in enumerate(points)))
    alert = active_alert(CircleShape(MIDDLE, 1_500))
    lots = lots_of(alert)
    assert any(found.marks for lot in lots for found in lot)
    plain = [[replace(found, marks="") for found in lot] for lot in lots]
    assert asked(alert, store, plain) == asked(alert, store, lots)
