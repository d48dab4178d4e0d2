"""What alerts have cost an area over a period."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.platform.clock import ManualClock
from chalicelib.reports.budgets import Budget, Budgets
from chalicelib.reports.model import Period
from chalicelib.reports.money_store import MemoryMoneyStore, Share
from chalicelib.reports.spending import Spending, Spent

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def spending():
    money = MemoryMoneyStore()
    shares = [
        Share("GM9001", "0000000ab1", datetime(2025, 12, 31, 22, 59, tzinfo=UTC), 1, real=True, version=1),
        Share("GM9001", "0000000ab2", datetime(2025, 12, 31, 23, 0, tzinfo=UTC), 10, real=True, version=1),
        Share("GM9001", "0000000ab3", NOON, 100, real=False, version=1),
        Share("GM9002", "0000000ab3", NOON, 1_000, real=False, version=1),
    ]
    for share in shares:
        money.put_share(share)
    money.put_budget("GM9001", 2026, 500)
    return Spending(
        money, Budgets(money, lambda codes: {}, lambda codes: {code: {code} for code in codes}, ManualClock(NOON))
    )


def test_a_municipality_is_told_what_it_bears_and_its_budget(spending):
    assert spending.over({"GM9001"}, YEAR) == Spent(110, 100, Budget("GM9001", 2026, 500, 110))
    assert spending.over({"GM9002"}, YEAR) == Spent(1_000, 1_000, Budget("GM9002", 2026, None, 1_000))


def test_a_period_of_dutch_days_may_lie_in_several_years(spending):
    assert spending.over({"GM9001"}, Period(date(2025, 12, 31), date(2026, 1, 1))).cents == 11
    assert spending.over({"GM9001"}, Period(date(2026, 11, 25), date(2026, 12, 31))).cents == 0


def test_several_together_and_the_nation_have_no_budget(spending):
    assert spending.over({"GM9001", "GM9002"}, YEAR) == Spent(1_110, 1_100)
    assert spending.over({"NL"}, YEAR) == Spent(1_110, 1_100)


def test_below_a_municipality_nothing_is_told(spending):
    assert spending.over({"WK900101"}, YEAR) is None
    assert spending.over({"GM9001", "BU90020101"}, YEAR) is None
