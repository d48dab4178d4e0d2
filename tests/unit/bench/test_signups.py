"""The statistic by which the timing of answers is judged."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.signups import longer

SOME = st.lists(st.integers(0, 9), min_size=1, max_size=12)


@given(SOME, SOME)
def test_it_is_the_share_of_all_pairs(some, others):
    pairs = list(itertools.product(some, others))
    expected = sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs)
    assert longer(some, others) == pytest.approx(expected)
