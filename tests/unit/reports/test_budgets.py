"""Who is warned of before an alert goes out, and of whom nothing is said."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.budget import BudgetWarning, Strain
from chalicelib.platform.clock import ManualClock
from chalicelib.reports.budgets import Budget, Budgets, strain_of
from chalicelib.reports.money_store import MemoryMoneyStore, Share

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def money():
    return MemoryMoneyStore()


@pytest.fixture
def budgets(money):
    return Budgets(
        money,
        lambda codes: {code: f"Name of {code}" for code in codes},
        lambda codes: {code: {code} for code in codes},
        ManualClock(NOW),
    )


@pytest.fixture
def spend(money):
    def spend(code, cents, alert="0000000abc", opened=NOW):
        money.put_share(Share(code, alert, opened, cents, real=True, version=1))

    return spend


@pytest.mark.parametrize(
    ("budget", "spent", "strain"),
    [(100, 80, None), (100, 81, Strain.NEAR), (100, 100, Strain.NEAR), (100, 101, Strain.OVER), (0, 1, Strain.OVER)],
)
def test_exactly_all_of_it_is_not_over_it(budget, spent, strain):
    assert strain_of(budget, spent) is strain


def test_an_alert_is_split_before_it_is_weighed_against_what_was_spent(budgets, spend):
    budgets.set("GM9001", 2026, 1_000)
    budgets.set("GM9002", 2026, 1_000)
    spend("GM9001", 700)
    spend("GM9001", 50, alert="0000000abd")
    spend("GM9001", 9_999, opened=datetime(2025, 12, 31, 12, tzinfo=UTC))
    people = {"BU90010101": 30, "BU90010202": 30, "GM9002": 40}
    assert budgets.warnings(100, people) == [
        BudgetWarning("GM9001", "Name of GM9001", Strain.NEAR, budget=1_000, spent=750, alert=60)
    ]
    assert [(it.code, it.strain) for it in budgets.warnings(2_600, people)] == [
        ("GM9001", Strain.OVER),
        ("GM9002", Strain.OVER),
    ]


def test_of_who_has_no_budget_or_bears_nothing_nothing_is_said(budgets, spend):
    budgets.set("GM9002", 2026, 10)
    spend("GM9002", 500)
    assert budgets.warnings(1_000, {"BU90010101": 50, "GM9002": 0}) == []
    assert budgets.warnings(0, {"GM9002": 50}) == []
    assert budgets.warnings(1, {"BU90010101": 50, "GM9002": 1}) == []  # its share is no whole cent


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**6))
def test_a_larger_budget_never_warns_of_more(spent, budget, more):
    rank = {None: 0, Strain.NEAR: 1, Strain.OVER: 2}
    assert rank[strain_of(budget + more, spent)] <= rank[strain_of(budget, spent)]
    assert rank[strain_of(budget, spent + more)] >= rank[strain_of(budget, spent)]


def test_a_budget_is_told_with_what_was_spent_of_it(budgets, spend):
    spend("GM9001", 700)
    spend("GM9003", 700)
    assert budgets.set("GM9001", 2026, 1_000) == Budget("GM9001", 2026, 1_000, 700)
    budgets.set("GM9002", 2027, 5)
    assert budgets.all(2026) == [Budget("GM9001", 2026, 1_000, 700)]
    assert budgets.all(2027) == [Budget("GM9001", 2027, 1_000, 0), Budget("GM9002", 2027, 5, 0)]
    assert budgets.of("GM9003", 2026) == Budget("GM9003", 2026, None, 700)
    assert budgets.set("GM9001", 2026, None) == Budget("GM9001", 2026, None, 700)
    assert budgets.all(2026) == []
