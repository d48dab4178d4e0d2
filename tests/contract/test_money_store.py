"""What every store of shares and budgets promises."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.platform import aws
from chalicelib.reports.money_store import FEW, DynamoMoneyStore, MemoryMoneyStore, Share

OPENED = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
SHARE = Share("GM9001", "0000000abc", OPENED, 1_234, real=True, version=5)
MANY = [f"GM{number}" for number in range(9_100, 9_101 + FEW)]


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryMoneyStore()
    return DynamoMoneyStore(lambda: aws.client("dynamodb"), backend.table("reports"))


def test_shares_are_read_back_of_all_or_of_some(store):
    others = [replace(SHARE, municipality="GM90010"), replace(SHARE, alert="0000000abd", real=False, cents=0)]
    for share in (SHARE, *others):
        store.put_share(share)
    assert list(store.shares(2026, {"GM9001"})) == [SHARE, others[1]]
    assert set(store.shares(2026, None)) == {SHARE, *others}
    assert list(store.shares(2026, set())) == []


def test_an_older_share_never_replaces_a_newer_one_and_one_of_the_same_version_does(store):
    for share in (SHARE, replace(SHARE, version=4, cents=9), replace(SHARE, cents=1_300)):
        store.put_share(share)
    assert list(store.shares(2026, None)) == [replace(SHARE, cents=1_300)]


def test_a_year_is_a_dutch_one(store):
    before, after = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    store.put_share(replace(SHARE, opened=before))
    store.put_share(replace(SHARE, opened=after, alert="0000000abd"))
    assert [it.opened for it in store.shares(2026, None)] == [before]
    assert [it.opened for it in store.shares(2027, {"GM9001"})] == [after]


@pytest.mark.parametrize("said", [7, None])
def test_a_budget_is_given_only_where_none_was_set(store, said):
    store.put_budget("GM9001", 2026, said)
    for code in ("GM9001", "GM9002"):
        store.give_budget(code, 2026, 500)
        store.give_budget(code, 2026, 600)
    assert store.budgets(2026, {"GM9001", "GM9002"}) == {"GM9002": 500} | ({"GM9001": said} if said else {})


def test_a_budget_holds_until_another_is_set_and_can_be_taken_away(store):
    store.put_budget("GM9001", 2026, 500_000)
    store.put_budget("GM9001", 2028, None)
    store.put_budget("GM9002", 2027, 0)
    assert [store.budgets(year, {"GM9001"}) for year in (2025, 2026, 2027, 2028, 2029)] == [
        {},
        {"GM9001": 500_000},
        {"GM9001": 500_000},
        {},
        {},
    ]
    assert store.budgets(2027, None) == {"GM9001": 500_000, "GM9002": 0}
    store.put_budget("GM9001", 2026, 600_000)
    assert store.budgets(2026, {"GM9001", "GM9003"}) == {"GM9001": 600_000}


def test_many_are_read_as_few_are(store):
    for code in ("GM9001", *MANY):
        store.put_budget(code, 2026, 100)
        store.put_share(replace(SHARE, municipality=code))
    assert store.budgets(2026, MANY) == dict.fromkeys(MANY, 100)
    assert [it.municipality for it in store.shares(2026, MANY)] == MANY
