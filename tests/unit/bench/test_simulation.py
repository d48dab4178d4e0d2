"""The parts of the simulation: who lives where, functions and tables that are slow to begin, what is drawn."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.example_alert import active_alert
from bench.simulation import cost, plot
from bench.simulation.assumptions import Assumptions
from bench.simulation.engine import Clock, Table
from bench.simulation.pipeline import simulate
from bench.simulation.plan import Unit, _codes, counted
from chalicelib.areas import geohash
from chalicelib.areas.model import CircleShape, Point
from chalicelib.delivery.match import batch_size
from chalicelib.delivery.plan import units

ONE = [Unit(400, 200)]


def texts(people):
    """Of a unit: three quarters of each batch."""
    sent = number = 0
    while people:
        size = min(batch_size(number, people), people)
        people, sent, number = people - size, sent + round(size * 0.75), number + 1
    return sent


@given(st.floats(3.2, 7.3), st.floats(50.7, 53.7))
def test_a_place_has_the_geohash_of_the_product(lon, lat):
    (code,) = _codes(np.array([[lon, lat]]))
    text = "".join(geohash.ALPHABET[int(code) >> shift & 31] for shift in range(55, -1, -5))
    assert text == geohash.encode(lon, lat, 12)


def test_everybody_is_in_a_unit_of_the_plan_and_in_one_only():
    dice = np.random.default_rng(7)
    points = np.array([5.3, 52.5]) + dice.normal(0, 0.01, (3_000, 2))
    shape = CircleShape(Point(5.3, 52.5), 900)
    inside = sum(shape.contains(Point(*map(float, point))) for point in points)
    found = counted(units(active_alert(shape)), _codes(points), _codes(points), inside)
    assert sum(unit.people for unit in found) == inside
    assert inside <= sum(unit.places for unit in found) <= len(points)


def test_the_first_alert_of_the_day_waits_for_two_functions():
    warm, cold = (simulate(ONE, 100, 100, Assumptions(warm=number)) for number in (1_000, 0))
    assert cold.first - warm.first == pytest.approx(2 * Assumptions.cold_start_s, abs=0.05)
    assert (warm.matchers.made, cold.matchers.made) == (0, 1)


def test_an_account_with_few_functions_still_sends_everything():
    few = simulate([Unit(500, 500)] * 4, 1_000, 1_000, Assumptions(account_functions=2))
    assert len(few.channels["sms"].provider.times) == 4 * texts(500)


def test_a_partition_takes_so_many_writes_a_second():
    clock = Clock()
    table = Table(clock, 1_000)
    assert [table.write(500), table.write(500), table.write(1)] == pytest.approx([0.5, 1.0, 1.001])
    clock.seconds = 5.0
    assert table.write(10) == pytest.approx(0.01)
    slow = simulate(ONE, 1_000, 1_000, Assumptions(partition_writes=5))
    assert slow.last > simulate(ONE, 1_000, 1_000, Assumptions()).last + slow.ledger_units / 5 / 2


def test_a_function_sends_no_faster_than_it_computes():
    slow = simulate(ONE, 1_000, 1_000, replace(Assumptions(), sms_cpu_s=0.5, sender_cpu=0.5, most_functions=2))
    assert slow.last > 60


def test_what_is_drawn_holds_every_message_and_its_channel():
    played = simulate(ONE, 50, 50, Assumptions())
    times = {name: channel.provider.times for name, channel in played.channels.items()}
    lines = plot.as_text(times)
    assert {len(line) for line in lines[: plot.ROWS]} == {8 + plot.COLUMNS}
    assert all(any(letter in line for line in lines[: plot.ROWS]) for letter in "se")
    drawing = ElementTree.fromstring(plot.as_svg("One alert", times, {"sms": 50, "email": 50}))  # noqa: S314
    assert len(drawing.findall("{http://www.w3.org/2000/svg}polyline")) == 4


def test_messages_are_what_an_alert_costs():
    found = cost.cost(simulate(ONE, 50, 50, Assumptions()), 400)
    assert found["sms_eur"] == pytest.approx(texts(200) * 0.09 * cost.SMS_PARTS)
    assert sum(found[name] for name in ("lambda_usd", "dynamodb_usd", "sqs_usd")) < 0.01 * found["sms_eur"]
