"""What is told to the trail of requests, and how little a flood of them fills it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.audit.witness import Witness
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.counters import MemoryCounters
from chalicelib.platform.http import Call, Endpoint
from chalicelib.platform.queues import MemoryQueues, QueueName

STAFF = {"user": "anna", "roles": "dispatcher", "tenant": "MK90", "address": "192.0.2.7"}
TIPS = Endpoint("GET", "/alerts/{alert}/tips", lambda call: None, "", roles=frozenset({"dispatcher"}))
PUT = Endpoint("PUT", "/municipalities/{code}", lambda call: None, "", roles=frozenset({"admin"}))


def call(staff=STAFF, request_id="r1", **path):
    return Call(None, path, None, staff, "", "192.0.2.7", request_id)


@pytest.fixture
def queues():
    return MemoryQueues()


@pytest.fixture
def witness(queues):
    return Witness(queues, MemoryCounters(), ManualClock(datetime(2026, 11, 24, 20, 0, tzinfo=UTC)))


def told(queues):
    return queues.take(QueueName.AUDIT)


def test_who_looked_when_at_what_and_from_where(witness, queues):
    witness.asked(TIPS, call(alert="0000000abc"), {})
    (deed,) = told(queues)
    assert deed.pop("id")
    assert deed == {
        "at": "2026-11-24T20:00:00.000Z",
        "action": "get_alerts_alert_tips",
        "actor": "anna",
        "tenant": "MK90",
        "subject": "0000000abc",
        "facts": {},
        "address": "192.0.2.7",
    }


def test_who_keeps_looking_is_told_of_every_quarter_of_an_hour(witness, queues):
    for _ in range(450):  # every two seconds
        witness.asked(TIPS, call(alert="0000000abc"), {})
        witness.clock.advance(seconds=2)
    witness.asked(TIPS, call(alert="0000000abc"), {})
    assert len(told(queues)) == 2


def test_another_question_is_another_look_and_the_next_page_is_not(witness, queues):
    for facts in ({"actor": "anna"}, {"actor": "bram"}, {"actor": "bram", "after": "100"}, {"actor": "anna"}):
        witness.asked(TIPS, call(), facts)
    assert [deed["facts"] for deed in told(queues)] == [{"actor": "anna"}, {"actor": "bram"}]


def test_another_function_tells_the_same_so_that_it_stands_once(witness, queues):
    for one in (witness, replace(witness, _looks={})):
        one.asked(TIPS, call(alert="0000000abc"), {})
    first, second = told(queues)
    assert first == second


def test_each_change_is_told(witness, queues):
    for request_id in ("r1", "r2"):
        witness.asked(PUT, call(request_id=request_id, code="GM9001"), {"joined": "true"})
    assert [(deed["subject"], deed["facts"]) for deed in told(queues)] == [("GM9001", {"joined": "true"})] * 2


def test_an_export_is_told_without_a_name(witness, queues):
    witness.asked(Endpoint("GET", "/me/export", lambda call: None, "", link=True), call({}), {})
    assert [deed["actor"] for deed in told(queues)] == ["participant"]


def test_a_flood_of_bad_tokens_is_told_in_powers_of_ten(witness, queues):
    for _ in range(12_345):
        witness.sign_in_refused("token_expired")
    assert [deed["facts"] for deed in told(queues)] == [
        {"why": "token_expired", "times": str(10**power)} for power in range(5)
    ]
    witness.clock.advance(minutes=1)
    witness.sign_in_refused("token_expired")
    assert [deed["facts"]["times"] for deed in told(queues)] == ["1"]


def test_a_refusal_names_route_and_reason_and_nothing_that_was_made_up(witness, queues):
    witness.refused(TIPS, STAFF, {"alert": "x' OR 1=1 --"}, "role_missing")
    (deed,) = told(queues)
    assert (deed["actor"], deed["action"], deed.get("subject", "")) == ("anna", "refused", "")
    assert deed["facts"] == {"route": "GET /alerts/{alert}/tips", "why": "role_missing", "times": "1"}


class Broken:
    def add(self, name, ttl):
        raise OSError("no table today")


def test_a_refusal_that_cannot_be_told_stays_a_refusal(witness, queues, caplog):
    broken = replace(witness, counters=Broken())
    broken.sign_in_refused("token_expired")
    broken.refused(TIPS, STAFF, {}, "role_missing")
    assert told(queues) == []
    assert [record.message for record in caplog.records] == ["audit.refusal_not_told"] * 2


class Full:
    def send(self, queue, bodies, *, delay_s=0):
        raise OSError("no queue today")


def test_who_cannot_be_told_of_gets_no_answer(witness):
    with pytest.raises(OSError, match="no queue"):
        replace(witness, queues=Full()).asked(TIPS, call(alert="0000000abc"), {})
