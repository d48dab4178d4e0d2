"""What an alert costs and how that is split: to the cent, the same each time, and nobody pays for another."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.forecast import ASSUMED_PARTS
from chalicelib.alerts.messages import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import ANYWHERE, CALL_MINUTES, HOME, Per, Price, PriceTable
from chalicelib.delivery.family import families, tally_of
from chalicelib.delivery.model import AreaTally, Batch, BatchKey, Cost, Lane, LaneState, Person, Result, Tally
from chalicelib.reports.cost import cost_of, recipients, split

DAY = date(2026, 11, 23)
BEGIN = date(2026, 1, 1)
TABLE = PriceTable(
    (
        Price(Channel.SMS, HOME, 70_001, Per.PART, BEGIN),
        Price(Channel.SMS, ANYWHERE, 990_000, Per.PART, BEGIN),
        Price(Channel.VOICE, ANYWHERE, 60_000, Per.MINUTE, BEGIN),
        Price(Channel.EMAIL, ANYWHERE, 100, Per.MESSAGE, BEGIN),
        Price(Channel.PUSH, ANYWHERE, 0, Per.MESSAGE, BEGIN),
    )
)
weighed = st.dictionaries(
    st.integers(0, 9_999).map("GM{:04d}".format), st.one_of(st.integers(0, 9), st.integers(0, 2_000_000)), min_size=1
)
amounts = st.integers(0, 10**9)


@given(amounts, weighed)
def test_shares_add_up_and_each_is_within_a_cent_of_what_is_exact(amount, weights):
    weights["GM9999"] = weights.get("GM9999", 0) + 1
    shares, total = split(amount, weights), sum(weights.values())
    assert sum(shares.values()) == amount
    assert all(abs(shares[key] - Fraction(amount * weight, total)) < 1 for key, weight in weights.items())
    assert all(share == 0 for key, share in shares.items() if not weights[key])


@given(amounts, weighed)
def test_who_weighs_more_never_pays_less_and_the_order_of_asking_does_not_matter(amount, weights):
    weights["GM9999"] = weights.get("GM9999", 0) + 1
    shares = split(amount, weights)
    by_weight = sorted(weights, key=lambda key: (weights[key], shares[key]))
    assert [shares[key] for key in by_weight] == sorted(shares.values())
    assert all(shares[more] - shares[less] <= 1 for less, more in pairwise(by_weight) if weights[less] == weights[more])
    assert split(amount, dict(reversed(list(weights.items())))) == shares


def test_of_equal_remainders_the_heavier_comes_first_then_the_lower_code():
    assert split(1, {"GM0002": 1, "GM0001": 1}) == {"GM0002": 0, "GM0001": 1}
    assert split(2, {"GM0001": 1, "GM0002": 3}) == {"GM0001": 0, "GM0002": 2}  # exactly half a cent remains of both


def test_nothing_is_split_over_nobody_and_something_cannot_be():
    assert split(0, {"GM0001": 0}) == {"GM0001": 0}
    assert split(0, {}) == {}
    with pytest.raises(ValueError, match="nobody bears 3"):
        split(3, {"GM0001": 0})


def test_people_are_summed_by_municipality():
    people = {"BU90010101": 3, "BU90010102": 4, "WK900201": 5, "GM9002": 1, "GM9003": 0, "elsewhere": 2}
    assert recipients(people) == {"GM9001": 7, "GM9002": 6, "GM9003": 0, "elsewhere": 2}


def tally(results, costs=None, areas=None):
    return Tally(results=results, costs=costs or {}, areas=areas or {"BU90010101": AreaTally(9, 9, 9)})


def test_a_message_costs_once_a_provider_has_taken_it():
    taken = {Result.SENT: 1, Result.DELIVERED: 2, Result.FAILED: 3, Result.UNKNOWN: 4, Result.UNSURE: 5}
    free = {Result.QUEUED: 100, Result.TEMPORARY: 100, Result.STOPPED: 100, Result.REFUSED: 100}
    found = cost_of(tally({Channel.VOICE: {**taken, **free}}), DAY, TABLE)
    assert found.cents == 15 * CALL_MINUTES * 6
    assert [(it.channel, it.messages, it.cents) for it in found.channels] == [(Channel.VOICE, 15, found.cents)]


def test_an_sms_costs_by_the_parts_that_receipts_tell_and_the_rest_in_proportion():
    told = {Channel.SMS: (4, 10, 123_456)}
    found = cost_of(tally({Channel.SMS: {Result.SENT: 3, Result.DELIVERED: 4}}, told), DAY, TABLE)
    assert [(it.messages, it.parts) for it in found.channels] == [(7, 18)]
    assert found.cents == -(-18 * 70_001 // 10_000)


def test_as_long_as_no_receipt_tells_the_parts_are_those_that_a_preview_assumes():
    (sms,) = cost_of(tally({Channel.SMS: {Result.SENT: 7}}), DAY, TABLE).channels
    assert sms.parts == 7 * ASSUMED_PARTS


def test_what_a_provider_charged_for_costs_even_where_its_result_says_otherwise():
    (sms,) = cost_of(tally({Channel.SMS: {Result.OPTED_OUT: 1}}, {Channel.SMS: (1, 2, 9)}), DAY, TABLE).channels
    assert (sms.messages, sms.parts) == (1, 2)


def test_where_all_opted_out_their_municipality_still_bears_what_the_provider_charged():
    key = BatchKey("ALERT00001", MessageKind.CALL, 0, 0)
    people = (Person("p1", "BU90010101", "nl", {}), Person("p2", "BU90020101", "nl", {}))
    lane = Lane(LaneState.DONE, (Result.OPTED_OUT, Result.REFUSED), costs={0: Cost(2, 9)})
    found = cost_of(tally_of(families([Batch(key, people, {Channel.SMS: lane})])), DAY, TABLE)
    assert (found.cents, found.shares) == (-(-2 * 70_001 // 10_000), {"GM9001": found.cents, "GM9002": 0})


def test_it_is_rounded_up_once_for_all_channels_and_they_add_up():
    results = {Channel.EMAIL: {Result.SENT: 1}, Channel.SMS: {Result.SENT: 1}, Channel.PUSH: {Result.SENT: 50}}
    found = cost_of(tally(results, {Channel.SMS: (1, 1, 1)}), DAY, TABLE)
    assert found.cents == -(-(70_001 + 100) // 10_000)
    assert sum(it.cents for it in found.channels) == found.cents
    assert next(it.cents for it in found.channels if it.channel is Channel.PUSH) == 0


def test_municipalities_pay_by_those_who_were_asked_in_them():
    areas = {
        "BU90010101": AreaTally(100, 60, 0),
        "BU90010102": AreaTally(100, 0, 0),
        "BU90020101": AreaTally(100, 40, 40),
    }
    found = cost_of(tally({Channel.VOICE: {Result.SENT: 100}}, areas=areas), DAY, TABLE)
    assert (found.cents, found.shares) == (600, {"GM9001": 360, "GM9002": 240})


def test_what_nobody_was_sent_costs_nothing():
    found = cost_of(Tally(areas={"BU90010101": AreaTally(5, 0, 0)}), DAY, TABLE)
    assert (found.cents, found.channels, found.shares) == (0, (), {"GM9001": 0})
