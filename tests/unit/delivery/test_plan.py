"""A plan is written before its units are handed out, and nothing but a withdrawal makes it go away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.example_alert import active_alert
from chalicelib.alerts.model import MessageKind, version_changed
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.states import State
from chalicelib.areas.cover import KeyRange, cover
from chalicelib.areas.model import CircleShape, Point, shape_from_json
from chalicelib.delivery.messages import AHEAD_S, PlanMessage
from chalicelib.delivery.model import Cap
from chalicelib.delivery.plan import PARTITIONS_PER_UNIT, RANGES_PER_UNIT, Planner, units
from chalicelib.delivery.week import Week
from chalicelib.platform.batch import Record
from chalicelib.platform.errors import Conflict
from chalicelib.platform.queues import QueueName


@pytest.fixture
def planner(alerts, ledger, queues, clock):
    return Planner(AlertService(alerts, None, clock, 10, 4, "", None), ledger, queues, clock, Week(alerts, 1))


def plan(planner, alert, message=MessageKind.CALL):
    planner.plan(Record("m1", 1, None, PlanMessage(alert=alert.id, message=message)))


def test_when_the_countdown_is_over_every_unit_is_handed_out(planner, scheduled, alerts, ledger, queues, clock):
    clock.advance(seconds=10)
    plan(planner, scheduled)
    assert alerts.get(scheduled.id).state is State.ACTIVE
    assert ledger.plan(scheduled.id, MessageKind.CALL).units == len(units(scheduled)) > 0
    assert [body["unit"] for body in queues.take(QueueName.MATCH)] == list(range(len(units(scheduled))))


def test_a_repeat_hands_out_the_same_again(planner, scheduled, queues, clock):
    clock.advance(seconds=10)
    plan(planner, scheduled)
    first = queues.take(QueueName.MATCH)
    plan(planner, scheduled)
    assert queues.take(QueueName.MATCH) == first


def test_the_cap_of_the_first_plan_is_that_of_its_repeats(planner, scheduled, put, ledger, queues, clock):
    earlier = replace(scheduled, id="0000000abd", approved_at=clock.now() - timedelta(minutes=5))
    put(earlier)
    clock.advance(seconds=10)
    plan(planner, scheduled)
    first = queues.take(QueueName.MATCH)
    assert {(body["most"], tuple(body["before"])) for body in first} == {(1, (earlier.id,))}
    put(replace(earlier, id="0000000abe"))
    plan(planner, scheduled)
    assert queues.take(QueueName.MATCH) == first
    assert ledger.plan(scheduled.id, MessageKind.CALL).cap == Cap(1, (earlier.id,))


def test_a_plan_that_comes_too_soon_comes_back(planner, scheduled, ledger, queues):
    plan(planner, scheduled)
    assert queues.sent == [(QueueName.PLAN, {"alert": scheduled.id, "message": "call", "wave": 1}, 1)]
    assert ledger.plan(scheduled.id, MessageKind.CALL) is None


@pytest.mark.parametrize("left_s", [0.25, AHEAD_S])
def test_a_planner_that_comes_shortly_before_the_end_waits_for_it(planner, scheduled, alerts, queues, clock, left_s):
    clock.advance(seconds=10 - left_s)
    plan(planner, scheduled)
    assert clock.now() == scheduled.due == alerts.get(scheduled.id).activated_at
    assert queues.take(QueueName.MATCH)


def test_what_is_undone_while_its_planner_waits_is_not_planned(planner, scheduled, put, ledger, queues, clock):
    class Undoes(type(clock)):
        def sleep(self, seconds):
            put(scheduled.return_to_draft(reason="wrong street", at=self.now()))
            super().sleep(seconds)

    clock.advance(seconds=9)
    plan(replace(planner, clock=Undoes(clock.now())), scheduled)
    assert queues.sent == []
    assert ledger.plan(scheduled.id, MessageKind.CALL) is None


def test_an_alert_whose_countdown_was_undone_is_not_planned(planner, scheduled, put, ledger, queues, clock):
    put(scheduled.return_to_draft(reason="wrong street", at=clock.now()))
    clock.advance(seconds=10)
    plan(planner, scheduled)
    assert queues.sent == []
    assert ledger.plan(scheduled.id, MessageKind.CALL) is None


def test_a_plan_that_only_lost_a_race_is_not_dropped(planner, scheduled, alerts, queues, clock):
    class Contended(type(alerts)):
        def put(self, alert, expected_version, event, outbox=None):
            raise version_changed()

    clock.advance(seconds=10)
    busy = AlertService(Contended(alerts.rows, alerts.history), None, clock, 10, 4, "", None)
    with pytest.raises(Conflict):
        plan(replace(planner, alerts=busy), scheduled)


def test_the_outcome_goes_to_the_units_of_the_call(planner, active, put, close, queues, clock):
    plan(planner, active)
    calls = queues.take(QueueName.MATCH)
    put(close(active, clock.now() + timedelta(minutes=1)))
    plan(planner, active, MessageKind.OUTCOME)
    assert [body["unit"] for body in queues.take(QueueName.MATCH_FOLLOWUP)] == [body["unit"] for body in calls]


def test_the_outcome_of_a_call_that_never_went_out_has_no_units(planner, active, put, close, ledger, queues, clock):
    put(close(active, clock.now()))
    plan(planner, active, MessageKind.OUTCOME)
    assert queues.sent == []
    assert ledger.plan(active.id, MessageKind.OUTCOME).units == 0


def country():
    ring = [[3.4, 50.8], [7.1, 50.8], [7.1, 53.4], [3.4, 53.4], [3.4, 50.8]]
    return shape_from_json({"type": "Polygon", "coordinates": [ring]})


@pytest.mark.parametrize(
    ("area", "fewest", "most"),
    [
        (CircleShape(Point(5.1, 52.1), 300), 1, 1),
        (CircleShape(Point(5.1, 52.1), 3_000), 1, 2),
        (CircleShape(Point(5.1, 52.1), 10_000), 2, 20),
        (country(), 100, 1_500),
    ],
)
def test_a_neighbourhood_is_a_message_or_two_and_a_nation_some_hundreds(area, fewest, most):
    lots = units(active_alert(area))
    assert fewest <= len(lots) <= most
    assert lots == units(active_alert(area))
    assert max(map(len, lots)) <= RANGES_PER_UNIT
    assert [found for lot in lots for found in lot] == [
        (found.partition, found.first, found.last, found.interior, found.marks) for found in cover(area)
    ]


def test_no_unit_is_larger_than_a_few_partitions():
    for lot in units(active_alert(country())):
        assert sum(KeyRange(*parts).share for parts in lot) <= PARTITIONS_PER_UNIT
