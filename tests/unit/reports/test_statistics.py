from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reports.statistics import ENOUGH, Growth, growth, per_thousand, share, wilson


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998),
        # table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_the_literature(count, total, low, high):
    found = share(count, total)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == count / total


@given(st.integers(1, 5_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_mirrors_its_opposite(numbers):
    count, total = numbers
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1
    other_low, other_high = wilson(total - count, total)
    assert (low, high) == pytest.approx((1 - other_high, 1 - other_low))


@pytest.mark.parametrize("truth", [0.05, 0.1, 0.4])
def test_it_holds_the_truth_about_95_times_in_100(truth):
    total = 80
    chances = [comb(total, n) * truth**n * (1 - truth) ** (total - n) for n in range(total + 1)]
    held = sum(chance for n, chance in enumerate(chances) if wilson(n, total)[0] <= truth <= wilson(n, total)[1])
    assert 0.92 < held < 0.98


def test_few_are_called_few_and_none_have_no_share():
    assert share(3, ENOUGH - 1).too_few
    assert not share(3, ENOUGH).too_few
    nothing = share(0, 0)
    assert (nothing.value, nothing.low, nothing.high, nothing.too_few) == (None, None, None, True)


def test_below_enough_an_interval_can_be_wider_than_a_third():
    def widest(total):
        return max(high - low for low, high in (wilson(n, total) for n in range(total + 1)))

    assert widest(ENOUGH - 1) > 1 / 3 > widest(ENOUGH + 2)


@pytest.mark.parametrize(("count", "total"), [(-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(count, total):
    with pytest.raises(ValueError, match="of 5"):
        share(count, total)


@pytest.mark.parametrize(
    ("count", "inhabitants", "expected"),
    [(123, 4_560, 27.0), (1, 3, 333.3), (0, 10, 0.0), (5, 0, None), (5, None, None), (None, 10, None)],
)
def test_per_thousand_inhabitants(count, inhabitants, expected):
    assert per_thousand(count, inhabitants) == expected


def test_growth_is_told_where_both_ends_are():
    assert growth(40, 50) == Growth(40, 50)
    assert (growth(40, 50).net, growth(40, 50).share) == (10, 0.25)
    assert (growth(50, 40).net, growth(50, 40).share) == (-10, -0.2)
    assert growth(0, 7).share is None
    assert growth(None, 7) is growth(7, None) is None
