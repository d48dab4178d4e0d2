"""What every place store promises."""

import random

import pytest

from chalicelib.areas import geohash
from chalicelib.areas.cover import KeyRange, cover
from chalicelib.areas.model import CircleShape, Point
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import DynamoPlaceStore, MemoryPlaceStore
from chalicelib.platform import aws

NIEUWEGEIN = Point(5.0912345, 52.0298765)
UTRECHT = Point(5.1212345, 52.0901234)
ROW = PlaceRow("0123456789ab0", 0, NIEUWEGEIN, (), "+31612345678", "jan@example.org", "nl", "BU03560101", 1_000)


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryPlaceStore()
    return DynamoPlaceStore(backend.table("places"), lambda: aws.client("dynamodb"))


def read(store, key_range):
    return [place.row for place in store.within(key_range)]


def all_of(partition):
    return KeyRange(partition, partition, partition, interior=False)


def range_around(point, length):
    code = geohash.encode(*point, length)
    return KeyRange(code[:5], code, code, interior=False)


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        ROW._replace(phone=None),
        ROW._replace(voice="+31612345678"),
        ROW._replace(phone=None, voice="+31201234567"),
        ROW._replace(push=True),
        ROW._replace(phone=None, email=None, push=True, wishes="dx"),
        ROW._replace(email=None, language="en", neighbourhood="GM0356"),
        ROW._replace(rank=4, earlier=(UTRECHT, Point(-179.9999999, -89.9999999), Point(0.1, 0.2)), version=12_345),
        ROW._replace(rank=1, earlier=(Point(0.1 + 0.2, 52 / 7),)),
        ROW._replace(valid_until_ms=1_764_000_000_123),
        ROW._replace(rank=1, earlier=(UTRECHT,), later=(Point(0.1, 0.2),), wishes="re@1hxc0,,2k4c0"),
        ROW._replace(phone=None, email=None, wishes="p"),
    ],
)
def test_a_row_comes_back_as_it_was_written(store, row):
    store.load([row])
    assert read(store, range_around(row.point, 12)) == [row]


def test_ended_and_future_rows_and_versions_lie_side_by_side(store):
    rows = [ROW._replace(valid_until_ms=2_000), ROW._replace(valid_from_ms=9_000_000_000_000, version=2)]
    store.load(rows)
    assert read(store, range_around(ROW.point, 7)) == rows


def test_a_range_holds_its_own_partition_only(store):
    assert geohash.encode(*UTRECHT, 5) != geohash.encode(*NIEUWEGEIN, 5)
    store.load([ROW, ROW._replace(point=UTRECHT, rank=1)])
    assert [row.point for row in store.within(all_of(geohash.encode(*UTRECHT, 5)))] == [UTRECHT]


def test_a_limit_takes_the_first_rows_by_key(store):
    rows = [ROW._replace(participant=f"{number:013d}") for number in range(5)]
    store.load(rows)
    assert [found.row for found in store.within(all_of(ROW.key[0]), limit=3)] == rows[:3]
    assert [found.row for found in store.within(all_of(ROW.key[0]), limit=9)] == rows


def test_an_empty_range_has_no_rows(store):
    store.load([ROW])
    assert list(store.within(all_of("u0000"))) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_range_has_exactly_the_rows_between_its_ends(store, seed):
    dice = random.Random(seed)
    rows = [
        ROW._replace(
            participant=f"{number:013d}",
            point=Point(round(5.09 + dice.gauss(0, 0.01), 7), round(52.03 + dice.gauss(0, 0.01), 7)),
        )
        for number in range(120)
    ]
    store.load(rows)
    codes = sorted(geohash.encode(*row.point, 12) for row in rows)
    for _ in range(15):
        first, last = sorted(dice.sample(codes, 2))
        first, last = first[: dice.randint(5, 12)], last[: dice.randint(5, 12)]
        key_range = KeyRange(codes[0][:5], first, last, interior=False)
        expected = {row for row in rows if key_range.holds(geohash.encode(*row.point, 12))}
        found = read(store, key_range)
        assert set(found) == expected
        assert [row.key for row in found] == sorted(row.key for row in found)


def test_a_cover_finds_everybody_in_a_circle_and_reads_few_others(store):
    dice = random.Random(1)
    rows = [
        ROW._replace(
            participant=f"{number:013d}",
            point=Point(round(dice.uniform(5.0, 5.2), 7), round(dice.uniform(52.0, 52.1), 7)),
        )
        for number in range(400)
    ]
    store.load(rows)
    circle = CircleShape(NIEUWEGEIN, 2_500)
    found = [row for key_range in cover(circle) for row in read(store, key_range)]
    assert len(found) == len(set(found)) < 200
    inside = {row for row in rows if circle.contains(row.point)}
    assert len(inside) > 20
    assert inside <= set(found)


def test_a_range_of_several_pages_is_read_to_its_end_and_counted(store):
    long = ROW._replace(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.nl")
    rows = [long._replace(participant=f"{number:013d}") for number in range(3_400)]
    store.load(rows)
    assert read(store, all_of(rows[0].key[0])) == rows
    assert store.stats.queries == 1
    assert store.stats.items == 3_400
    assert store.stats.pages == (1 if isinstance(store, MemoryPlaceStore) else 2)
