import math
from itertools import pairwise

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.areas.simple_ring import is_simple

# A small lattice, so that corners, edges and lines fall together often.
lattice = st.tuples(st.integers(0, 6), st.integers(0, 6))
plane = st.tuples(st.floats(-1, 1, width=16), st.floats(-1, 1, width=16))


def closed(corners):
    return (*corners, corners[0])


@settings(max_examples=800, deadline=None)
@given(st.one_of(st.lists(lattice, min_size=3, max_size=9), st.lists(plane, min_size=3, max_size=12)))
def test_a_ring_is_simple_where_the_oracle_says_so(corners):
    ring = closed(corners)
    assume(all(a != b for a, b in pairwise(ring)))
    assert is_simple(ring) == shapely.Polygon(ring).is_valid


@settings(max_examples=300, deadline=None)
@given(st.lists(lattice, min_size=4, max_size=9, unique=True), st.integers(0, 8), st.booleans())
def test_it_does_not_matter_where_a_ring_begins_or_which_way_it_runs(corners, turn, back):
    turned = corners[turn % len(corners) :] + corners[: turn % len(corners)]
    assert is_simple(closed(corners)) == is_simple(closed(turned[::-1] if back else turned))


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (1, 1), (1, 0), (0, 1)],  # a bow tie
        [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)],  # a corner on an edge
        [(0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2)],  # a corner twice
        [(0, 0), (4, 0), (4, 4), (4, 2), (4, 6), (0, 6)],  # back along itself, upright
        [(0, 0), (4, 0), (2, 0), (2, 4)],  # back along itself, level
    ],
)
def test_rings_that_touch_themselves_are_not_simple(corners):
    assert not is_simple(closed(corners))


def test_thousands_of_parallel_edges_are_one_comb():
    teeth = [(n / 1000 + (1 if n % 2 else 0), 1.0 if n % 2 else 0.0) for n in range(1998)]
    comb = [*teeth, (9.0, 1.0), (9.0, -1.0), (-1.0, -1.0)]
    assert is_simple(closed(comb))
    comb[1000], comb[1002] = comb[1002], comb[1000]
    assert not is_simple(closed(comb))


def test_a_star_of_thousands_of_corners_is_simple():
    turns = [2 * math.pi * n / 2000 for n in range(2000)]
    star = [((0.3 + n % 2) * math.cos(turn), (0.3 + n % 2) * math.sin(turn)) for n, turn in enumerate(turns)]
    assert is_simple(closed(star))
