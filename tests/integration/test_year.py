"""A small generated year, counted over the emulator's tables: every way out tells what it must."""

import pytest

from local.year.plan import SMALL
from local.year.story import play


@pytest.fixture
def nowhere(make_product, dynamo_areas):
    """The product without the invented country."""
    with dynamo_areas() as (_, name), make_product(areas=name) as product:
        yield product


def test_a_small_year_comes_back_exactly_from_real_tables(nowhere, token):
    def ask(role, tenant):
        return token(role, "year", tenant)

    table = play(nowhere.system, ask, SMALL, print)
    assert table.wrong() == []
    assert {source for told in table.said.values() for source in told} >= {"API", "CSV", "summary", "open data"}
