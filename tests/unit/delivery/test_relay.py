from datetime import UTC, datetime

import pytest

from chalicelib.channels.social import Network
from chalicelib.delivery.messages import AHEAD_S
from chalicelib.delivery.relay import Relay
from chalicelib.platform.clock import ManualClock, epoch
from chalicelib.platform.queues import MemoryQueues, QueueName

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


@pytest.fixture
def queues():
    return MemoryQueues()


@pytest.fixture
def relay(queues):
    return Relay(queues, ManualClock(NOW))


def change(keys, event="MODIFY", **image):
    return {
        "eventName": event,
        "dynamodb": {"Keys": {name: {"S": value} for name, value in keys.items()}, "NewImage": image},
    }


def outbox(due, event="INSERT", message="call", **more):
    keys = {"id": "0000000abc", "sk": f"outbox#{message}"}
    return change(keys, event, id={"S": "0000000abc"}, message={"S": message}, due={"N": str(due)}, **more)


def test_an_approval_sends_for_the_planner_shortly_before_the_countdown_is_over(relay, queues):
    relay.pass_on({"Records": [outbox(epoch(NOW) + 10)]})
    assert queues.sent == [(QueueName.PLAN, {"alert": "0000000abc", "message": "call", "wave": 1}, 10 - AHEAD_S)]


@pytest.mark.parametrize("message", ["update-1", "outcome"])
def test_what_comes_after_the_call_does_not_wait_for_the_second_to_be_full(relay, queues, message):
    relay.pass_on({"Records": [outbox(epoch(NOW) + 1, message=message)]})
    assert [delay for _, _, delay in queues.sent] == [0]


@pytest.mark.parametrize(("due", "delay"), [(-5, 0), (5000, 900)])
def test_the_delay_stays_within_what_the_queue_takes(relay, queues, due, delay):
    relay.pass_on({"Records": [outbox(epoch(NOW) + due)]})
    assert [entry[2] for entry in queues.sent] == [delay]


def test_of_a_public_alert_browsers_hear_at_the_same_time_whatever_the_waves(relay, queues):
    rows = [outbox(epoch(NOW) + 10, public={"BOOL": True}, wave={"N": str(wave)}) for wave in (1, 2)]
    relay.pass_on({"Records": rows})
    told = [(body["alert"], body["message"], delay) for queue, body, delay in queues.sent if queue is QueueName.TOPICS]
    assert told == [("0000000abc", "call", 10)]


def test_an_outbox_row_that_is_taken_back_starts_nothing(relay, queues):
    relay.pass_on({"Records": [outbox(epoch(NOW), "REMOVE")]})
    assert queues.sent == []


def test_many_changes_of_one_unit_are_one_tally(relay, queues):
    rows = [{"m": "0000000abc#call", "b": f"batch#00003-{n:05d}"} for n in range(20)]
    relay.pass_on({"Records": [change(row) for row in rows]})
    assert queues.sent == [(QueueName.TALLY, {"alert": "0000000abc", "message": "call", "unit": 3}, 0)]


@pytest.mark.parametrize(
    "keys",
    [
        {"m": "0000000abc#call", "b": "unit#00003"},
        {"id": "0000000abc", "sk": "alert"},
        {"alert": "0000000abc", "sk": "2026-11-23T20:15:00.000Z#t1"},
    ],
)
def test_a_tally_an_alert_and_a_tip_make_the_alert_counted_again(relay, queues, keys):
    relay.pass_on({"Records": [change(keys), change(keys)]})
    assert queues.sent == [(QueueName.COUNT, {"alert": "0000000abc", "due": False}, 0)]


def test_a_plan_row_interests_nobody(relay, queues):
    relay.pass_on({"Records": [change({"m": "0000000abc#call", "b": "plan"})]})
    assert queues.sent == []


@pytest.mark.parametrize(
    "unknown",
    [
        {},
        {"dynamodb": {}},
        change({"m": "no-message", "b": "batch#00003-00001"}),
        change({"m": "0000000abc#no-kind", "b": "batch#00003-00001"}),
        change({"m": "0000000abc#call", "b": "batch#x"}),
        change({"id": "no id of ours", "sk": "alert"}),
        change({"id": "0000000abc", "sk": "outbox#call"}, "INSERT", id={"S": "0000000abc"}),
        change({"name": "x"}),
    ],
)
def test_a_row_that_is_not_ours_does_not_hold_up_those_behind_it(relay, queues, unknown):
    relay.pass_on({"Records": [unknown, outbox(epoch(NOW) + 10)]})
    assert queues.sent == [(QueueName.PLAN, {"alert": "0000000abc", "message": "call", "wave": 1}, 10 - AHEAD_S)]


@pytest.mark.parametrize(
    ("type_", "told"), [("glass_broken", 1), ("reminded", 1), ("escalated", 1), ("closed", 1), ("approved", 0)]
)
def test_a_broken_glass_and_a_reminder_lead_to_a_mail(relay, queues, type_, told):
    keys = {"id": "0000000abc", "sk": "event#2026-11-23T20:15:00.000Z#0123456789abcdef"}
    row = change(keys, "INSERT", **{name: {"S": value} for name, value in keys.items()}, type={"S": type_})
    relay.pass_on({"Records": [row]})
    cursor = "2026-11-23T20:15:00.000Z_0123456789abcdef"
    message = {"alert": "0000000abc", "event": cursor}
    assert [entry for entry in queues.sent if entry[0] is QueueName.STAFF_MAIL] == [
        (QueueName.STAFF_MAIL, message, 0)
    ] * told


def test_every_event_of_the_history_leads_to_the_audit_trail(relay, queues):
    keys = {"id": "0000000abc", "sk": "event#2026-11-23T20:15:00.000Z#0123456789abcdef"}
    facts = {"type": "returned", "by": "bram", "facts": '{"reason": "nee"}', "tenant": "MK90", "address": "192.0.2.1"}
    row = change(keys, "INSERT", **{name: {"S": value} for name, value in (keys | facts).items()})
    relay.pass_on({"Records": [row]})
    assert queues.take(QueueName.AUDIT) == [
        {
            "id": "0000000abc-0123456789abcdef",
            "at": "2026-11-23T20:15:00.000Z",
            "action": "alert_returned",
            "actor": "bram",
            "tenant": "MK90",
            "subject": "0000000abc",
            "facts": {"reason": "nee"},
            "address": "192.0.2.1",
        }
    ]


def test_a_row_of_the_history_that_goes_tells_nobody(relay, queues):
    keys = {"id": "0000000abc", "sk": "event#2026-11-23T20:15:00.000Z#0123456789abcdef"}
    relay.pass_on({"Records": [change(keys, "REMOVE", type={"S": "glass_broken"})]})
    assert queues.take(QueueName.STAFF_MAIL) == []


def alert_row(state, **more):
    return change({"id": "0000000abc", "sk": "alert"}, state={"S": state}, **more)


@pytest.mark.parametrize("state", ["active", "closed"])
def test_a_public_alert_that_has_begun_is_told_to_whoever_posts_on_each_network_once(queues, state):
    relay = Relay(queues, ManualClock(NOW), (Network.X, Network.MASTODON))
    row = alert_row(state, public={"BOOL": True})
    relay.pass_on({"Records": [row, row]})
    posts = [body for queue, body, _ in queues.sent if queue is QueueName.SOCIAL]
    assert posts == [{"alert": "0000000abc", "network": network, "attempt": 0} for network in ("x", "mastodon")]


@pytest.mark.parametrize(
    ("row", "networks"),
    [
        (alert_row("active"), tuple(Network)),
        (alert_row("scheduled", public={"BOOL": True}), tuple(Network)),
        (alert_row("cancelled", public={"BOOL": True}), tuple(Network)),
        (alert_row("active", public={"BOOL": True}), ()),
    ],
)
def test_nobody_else_is(queues, row, networks):
    Relay(queues, ManualClock(NOW), networks).pass_on({"Records": [row]})
    assert QueueName.SOCIAL not in [queue for queue, _, _ in queues.sent]
