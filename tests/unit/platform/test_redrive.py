"""Dead letters go back where they failed, and none is lost on the way."""

import json

import pytest

from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.queues import QueueName
from chalicelib.platform.redrive import NAMES, CallFailed, MemoryDeadLetters, MemoryTargets, Redrive


@pytest.fixture
def letters():
    return MemoryDeadLetters()


@pytest.fixture
def targets():
    return MemoryTargets()


@pytest.fixture
def redrive(letters, targets):
    return Redrive(letters, targets)


def position(first, last):
    ends = {"startSequenceNumber": str(first), "endSequenceNumber": str(last)}
    return json.dumps({"DDBStreamBatchInfo": {"shardId": "shard", "streamArn": "arn", **ends}})


def test_without_a_queue_it_only_looks(redrive, letters, targets):
    letters.letters = {"sms": ["{}", "{}"], "relay": ["{}"]}
    waiting = redrive.run({})["waiting"]
    assert {name: count for name, count in waiting.items() if count} == {"sms": 2, "relay": 1}
    assert set(waiting) == set(NAMES)
    assert targets == MemoryTargets()


def test_a_queues_letters_go_back_as_they_were_even_what_is_no_json(redrive, letters, targets):
    letters.letters = {"plan": ['{"alert":"0000000abc"}', "{", "laatste"], "sms": ["{}"]}
    assert redrive.run({"queue": "plan", "most": 2}) == {"moved": 2, "waiting": {"plan": 1}}
    assert targets.queued == [(QueueName.PLAN, '{"alert":"0000000abc"}'), (QueueName.PLAN, "{")]
    assert letters.letters["sms"] == ["{}"]


def test_an_event_that_a_function_failed_at_starts_it_again(redrive, letters, targets):
    event = {"awslogs": {"data": "H4sI"}}
    letters.letters = {"sms_log": [json.dumps({"requestPayload": event, "responsePayload": {"errorType": "x"}})]}
    redrive.run({"queue": "sms_log"})
    assert targets.started == [("sms_log", event)]


def test_records_of_a_stream_are_read_again(redrive, letters, targets):
    targets.stream = {number: {"eventID": str(number)} for number in range(1, 6)}
    letters.letters = {"relay": [position(2, 4)]}
    redrive.run({"queue": "relay"})
    assert targets.started == [("relay", {"Records": [{"eventID": "2"}, {"eventID": "3"}, {"eventID": "4"}]})]


def test_what_fails_again_stays(redrive, letters, targets):
    targets.stream, targets.failing = {1: {}}, {"relay"}
    letters.letters = {"relay": [position(1, 1)]}
    with pytest.raises(CallFailed):
        redrive.run({"queue": "relay"})
    assert letters.waiting("relay") == 1


def test_an_unknown_queue_is_refused(redrive):
    with pytest.raises(InvalidInput) as refused:
        redrive.run({"queue": "post"})
    assert refused.value.code == "unknown_queue"
