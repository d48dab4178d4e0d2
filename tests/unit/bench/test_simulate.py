"""Many senders on the product's own pacing, in simulated time: together they keep to the granted rate and use it."""

from dataclasses import replace

import pytest

from bench.simulation.assumptions import Assumptions
from bench.simulation.pipeline import simulate
from bench.simulation.plan import Unit


def even(people):
    """Units of 5,000, about what they are in a city."""
    return [Unit(min(5_000, people - start), min(5_000, people - start)) for start in range(0, people, 5_000)]


PLENTY = 10_000  # messages a second that the other channel takes


@pytest.mark.parametrize(
    ("rate", "functions", "call_s"),
    [
        (20, 2, 0.03),
        (20, 5, 0.15),
        (20, 50, 0.04),
        (200, 8, 0.1),
        (200, 20, 0.03),
        (200, 50, 0.15),
        (1_000, 15, 0.03),
        (1_000, 25, 0.1),
        (1_000, 50, 0.15),
    ],
)
def test_senders_together_use_what_is_granted_and_no_more(rate, functions, call_s):
    # Functions are there from the start: how fast AWS adds them is not the product's.
    given = Assumptions(most_functions=functions, publish_s=call_s, pollers_at_start=functions)
    sms = simulate(even(40 * rate), rate, PLENTY, given).channels["sms"]
    assert 0.95 <= sms.provider.used <= 1.05
    assert sms.provider.most <= 1.05
    assert sms.provider.refused == 0


@pytest.mark.parametrize(("rate", "functions"), [(14, 2), (14, 20), (200, 5), (1_000, 10)])
def test_mails_keep_to_their_rate_though_they_leave_together(rate, functions):
    given = Assumptions(most_functions=functions, pollers_at_start=functions)
    email = simulate(even(min(60 * rate, 20_000)), PLENTY, rate, given).channels["email"]
    assert 0.95 <= email.provider.used <= 1.05
    assert email.provider.most <= 1.05
    assert email.provider.refused == 0


def test_a_small_alert_uses_a_high_rate_to_its_end():
    played = simulate([Unit(2_000, 1_500)], 1_000, 1_000, Assumptions(most_functions=50))
    assert played.last <= 1.05 * 1_500 / 1_000


def test_matchers_leave_senders_so_much_of_the_ledger_that_they_keep_to_their_rate():
    given, units = Assumptions(most_functions=50), [Unit(2_000, 2_000)] * 50
    assert simulate(units, 1_000, PLENTY, given).channels["sms"].provider.most <= 1.05
    crowded = simulate(units, 1_000, PLENTY, replace(given, most_matchers=50))
    assert crowded.channels["sms"].provider.most > 1.05


@pytest.mark.parametrize(("rate", "functions", "people"), [(20, 5, 300), (20, 50, 300), (1_000, 50, 1_500)])
def test_a_small_alert_beside_a_large_one_has_half_of_the_rate_at_least(rate, functions, people):
    given, small = Assumptions(most_functions=functions), [Unit(people, people)]
    alone = simulate(small, rate, rate, given).alerts[0]
    _, beside = simulate(even(100 * rate), rate, rate, given, then=[(small, 10.0)]).alerts
    assert len(beside.times["sms"]) == len(alone.times["sms"])
    assert beside.last <= 2 * alone.last + 5


def test_without_fair_queues_it_would_wait_for_all_of_the_large_one():
    given, small = Assumptions(most_functions=50, fair=False), [Unit(1_500, 1_500)]
    large, behind = simulate(even(100_000), 1_000, 1_000, given, then=[(small, 10.0)]).alerts
    assert behind.last > 0.7 * large.last - 10


def test_a_write_to_the_shared_clock_serves_a_batch():
    given = Assumptions(pollers_at_start=20)
    sms = simulate(even(20_000), 1_000, PLENTY, given).channels["sms"]
    assert sms.pace.writes <= 0.02 * 20_000 + 2


def test_a_provider_that_takes_less_than_it_granted_slows_all_down_and_loses_nothing():
    given = Assumptions(most_functions=5)
    played = simulate(even(1_500), 20, PLENTY, given)
    whole = len(played.channels["sms"].provider.times)
    slower = simulate(even(1_500), 20, PLENTY, given, takes={"sms": 10}).channels["sms"]
    assert slower.provider.refused > 0
    assert len(slower.provider.times) == whole
