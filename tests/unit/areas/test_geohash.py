import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.areas import geohash

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [(10.40744, 57.64911, "u4pruydqqvj"), (-5.6, 42.6, "ezs42"), (112.5584, 37.8324, "ww8p1r4t8")],
)
def test_published_examples(lon, lat, code):
    assert geohash.encode(lon, lat, len(code)) == code


@given(lons, lats, st.integers(1, 12))
def test_a_point_lies_in_its_cell_which_is_open_to_the_east_and_north(lon, lat, length):
    west, south, east, north = geohash.box(geohash.encode(lon, lat, length))
    assert west <= lon < east or lon == east == 180
    assert south <= lat < north or lat == north == 90


@given(lons, lats)
def test_a_shorter_geohash_is_the_begin_of_a_longer_one(lon, lat):
    full = geohash.encode(lon, lat, 12)
    assert [geohash.encode(lon, lat, length) for length in range(1, 13)] == [full[:length] for length in range(1, 13)]


@given(st.integers(0, 2**30 - 1), st.integers(0, 2**30 - 1))
def test_a_cell_begins_at_its_south_west_corner_and_ends_just_before_the_next(column, row):
    code = geohash.text(geohash.interleave(column, row, 60), 12)
    west, south, east, north = geohash.box(code)
    assert geohash.encode(west, south, 12) == code
    assert geohash.encode(math.nextafter(east, west), math.nextafter(north, south), 12) == code


@given(st.integers(1, 60), st.data())
def test_interleaving_is_undone(bits, data):
    column = data.draw(st.integers(0, 2 ** ((bits + 1) // 2) - 1))
    row = data.draw(st.integers(0, 2 ** (bits // 2) - 1))
    assert geohash.deinterleave(geohash.interleave(column, row, bits), bits) == (column, row)


@pytest.mark.parametrize("wrong", ["a", "u1l", "U17", "é"])
def test_other_characters_are_refused(wrong):
    with pytest.raises(ValueError, match="not a geohash"):
        geohash.box(wrong)
