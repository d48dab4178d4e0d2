import json
from collections import deque

import pytest

from chalicelib.platform.queues import MemoryQueues, QueueName, SqsQueues, SqsRefused


class Sqs:
    """Answers each call with the next list of refused positions."""

    def __init__(self, *refused):
        self.refused = deque(refused)
        self.calls = []
        self.groups = []

    def send_message_batch(self, QueueUrl, Entries):
        self.groups += [entry.get("MessageGroupId") for entry in Entries]
        self.calls.append((QueueUrl, [json.loads(entry["MessageBody"]).get("n") for entry in Entries]))
        refused = self.refused.popleft() if self.refused else []
        return {"Failed": [{"Id": Entries[position]["Id"]} for position in refused]}


def queues(sqs):
    return SqsQueues(lambda: sqs, {QueueName.PLAN: "url"})


def test_bodies_go_in_calls_of_ten():
    sqs = Sqs()
    queues(sqs).send(QueueName.PLAN, ({"n": n} for n in range(23)))
    assert [len(bodies) for _, bodies in sqs.calls] == [10, 10, 3]


def test_nothing_to_send_calls_nobody():
    sqs = Sqs()
    queues(sqs).send(QueueName.PLAN, [])
    assert sqs.calls == []


def test_what_is_about_an_alert_is_of_a_group_so_that_alerts_do_not_wait_for_each_other():
    sqs = Sqs()
    queues(sqs).send(QueueName.PLAN, [{"alert": "0000000fir"}, {"n": 1}, {"alert": "0000000chd"}])
    assert sqs.groups == ["0000000fir", None, "0000000chd"]


def test_a_refused_entry_is_sent_once_more():
    sqs = Sqs([1])
    queues(sqs).send(QueueName.PLAN, [{"n": 0}, {"n": 1}])
    assert [bodies for _, bodies in sqs.calls] == [[0, 1], [1]]


def test_an_entry_refused_twice_is_an_error_and_never_silence():
    with pytest.raises(SqsRefused):
        queues(Sqs([0], [0])).send(QueueName.PLAN, [{"n": 0}])


def test_the_twin_gives_bodies_back_in_order_and_refuses_a_long_delay():
    memory = MemoryQueues()
    memory.send(QueueName.PLAN, [{"n": 1}, {"n": 2}], delay_s=5)
    assert memory.take(QueueName.PLAN) == [{"n": 1}, {"n": 2}]
    assert memory.take(QueueName.PLAN) == []
    with pytest.raises(ValueError, match="delay"):
        memory.send(QueueName.PLAN, [{}], delay_s=901)
