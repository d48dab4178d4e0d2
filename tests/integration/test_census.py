"""Participants per area, from the stream of real tables, and made anew while people come and go."""

from dataclasses import replace

import pytest

from chalicelib.participants.changes import changing, leaving
from chalicelib.reports.census_model import NOBODY, counted_in, without_nobody
from local import demo_data, town

PEOPLE = 60


@pytest.fixture
def people(product):
    """Participants of the invented country."""
    now, store = product.clock.now(), product.system.parts.participants
    some = town.build().participants[:PEOPLE]
    steps = [demo_data.step(invented, now, "https://web.push.apple.com") for invented in some]
    for start in range(0, PEOPLE, demo_data.TOGETHER):
        store.commit(steps[start : start + demo_data.TOGETHER])
    product.settle()
    return [store.get(step.after.id) for step in steps]


def told(product):
    census = product.system.parts.census
    rows = {partition: census.people(partition) for partition in ("NL", *census.people("NL"))}
    return without_nobody({(where, area): it for where, areas in rows.items() for area, it in areas.items()})


def true(product):
    """Added up from the participants as they are."""
    sums, after, first = {}, None, True
    while first or after is not None:
        page, after = product.system.parts.roll.page(after, 25)
        first = False
        for person in page:
            for key, numbers in counted_in(person).items():
                sums[key] = sums.get(key, NOBODY) + numbers
    return sums


def change(product, somebody):
    product.clock.advance(seconds=1)
    step = changing(somebody, replace(somebody, paused=not somebody.paused), product.clock.now())
    product.system.parts.participants.commit([step])


def test_the_counts_are_those_of_the_participants_also_while_they_are_made_anew(product, people):
    assert sum(it.participants for it in product.system.parts.census.people("NL").values()) == PEOPLE
    assert told(product) == true(product)
    change(product, people[0])
    assert product.invoke("recensus", {})["done"]
    assert told(product) == true(product)
    change(product, people[1])
    product.system.parts.participants.commit([leaving(people[2])])
    newcomer = demo_data.step(town.build().participants[PEOPLE], product.clock.now(), "https://web.push.apple.com")
    product.system.parts.participants.commit([newcomer])
    product.settle()
    assert told(product) == true(product)
    assert product.invoke("recensus", {}) == {"done": True, "counted": PEOPLE, "corrected": 0}


def test_a_day_that_has_ended_is_kept_once(product, people):
    kept = product.invoke("snapshot", {})["kept"]
    assert kept > 1
    assert product.invoke("snapshot", {}) == {"kept": 0}
