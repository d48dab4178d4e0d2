"""A small generated year, counted over the emulator's tables: every way out tells what it must."""

from datetime import UTC, datetime

import pytest

from local.year.inbox import of_twin
from local.year.plan import SMALL, YEAR
from local.year.product import NETWORK
from local.year.story import play

# The schedule looks in five weeks, late and twice; and once the year is over.
DAYS = [datetime(YEAR, 5, day, 8, tzinfo=UTC) for day in (1, 5, 5, 12, 19, 26)]
MORNINGS = [*DAYS, datetime(YEAR, 6, 2, 9, tzinfo=UTC), datetime(YEAR + 1, 1, 1, 7, tzinfo=UTC)]


@pytest.fixture
def nowhere(make_product, dynamo_areas):
    """The product without the invented country."""
    with dynamo_areas() as (_, name), make_product(areas=name, yearly_emails=(NETWORK,)) as product:
        yield product


def test_a_small_year_comes_back_exactly_from_real_tables(nowhere, token):
    def ask(role, tenant):
        return token(role, "year", tenant)

    table = play(nowhere.system, ask, SMALL, of_twin(nowhere.email), MORNINGS, print)
    assert table.wrong() == []
    assert {source for told in table.said.values() for source in told} >= {
        "API", "CSV", "summary", "summary HTML", "open data",
    }  # fmt: skip
