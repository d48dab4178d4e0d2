"""What ``Idempotency-Key`` promises."""

import hashlib
import json

import boto3
import pytest

from chalicelib.platform.errors import Conflict, InvalidInput
from chalicelib.platform.idempotency import DynamoIdempotency, MemoryIdempotency

KEY = "a-key-of-my-own-1"
ANSWER = (201, {"Content-Type": "application/json"}, '{"id":"een"}')


class Died(BaseException):
    """As when Lambda ends the function: nothing of ours runs any more."""


class Deed:
    def __init__(self):
        self.done = 0

    def __call__(self):
        self.done += 1
        return ANSWER


@pytest.fixture
def deed():
    return Deed()


@pytest.fixture
def idempotency(backend):
    return MemoryIdempotency() if backend.name == "memory" else DynamoIdempotency(backend.table("idempotency"))


def test_the_same_key_acts_once_and_gets_the_same_answer(idempotency, deed):
    assert [idempotency.once("anna orders", KEY, b"{}", deed) for _ in range(2)] == [ANSWER, ANSWER]
    assert deed.done == 1


def test_another_caller_with_the_same_key_is_another(idempotency, deed):
    for caller in ("anna", "bram"):
        idempotency.once(f"{caller} orders", KEY, b"{}", deed)
    assert deed.done == 2


def test_the_key_with_another_body_is_refused(idempotency, deed):
    idempotency.once("anna orders", KEY, b"{}", deed)
    with pytest.raises(InvalidInput, match="key_reused"):
        idempotency.once("anna orders", KEY, b"[]", deed)


def test_the_table_holds_neither_the_answer_nor_who_asked_nor_the_key(backend):
    if backend.name == "memory":
        pytest.skip("it has no table")
    table = backend.table("idempotency")
    told = {"manage_token": "0a1b2c3d4e"}
    DynamoIdempotency(table).once("+31612345678 orders", KEY, b'{"phone": "x"}', lambda: (201, {}, json.dumps(told)))
    (row,) = boto3.client("dynamodb").scan(TableName=table)["Items"]
    for word in (*told, *told.values(), "+31612345678", KEY, hashlib.sha256(b'{"phone": "x"}').hexdigest()):
        assert word not in str(row)


@pytest.mark.parametrize(("length", "code"), [(1, "short"), (15, "short"), (16, ""), (128, ""), (129, "long")])
def test_a_key_is_long_enough_to_be_nobody_elses_and_no_longer(idempotency, deed, length, code):
    if code:
        with pytest.raises(InvalidInput, match=f"key_too_{code}"):
            idempotency.once("anna orders", "k" * length, b"{}", deed)
    else:
        assert idempotency.once("anna orders", "k" * length, b"{}", deed) == ANSWER
    assert deed.done == (not code)


def test_while_the_first_runs_the_second_is_told_to_wait(idempotency, deed):
    def within():
        with pytest.raises(Conflict, match="in_progress"):
            idempotency.once("anna orders", KEY, b"{}", deed)
        return ANSWER

    assert idempotency.once("anna orders", KEY, b"{}", within) == ANSWER
    assert deed.done == 0


def test_what_was_refused_may_be_tried_again(idempotency, deed):
    def refused():
        raise Conflict("wrong_state", "Not now.")

    with pytest.raises(Conflict, match="wrong_state"):
        idempotency.once("anna orders", KEY, b"{}", refused)
    assert idempotency.once("anna orders", KEY, b"{}", deed) == ANSWER


def test_a_first_call_that_died_does_not_keep_its_key(backend, deed):
    table = backend.table("idempotency")
    idempotency = MemoryIdempotency() if backend.name == "memory" else DynamoIdempotency(table, deadline_ms=-1)

    def died():
        raise Died

    with pytest.raises(Died):
        idempotency.once("anna orders", KEY, b"{}", died)
    assert idempotency.once("anna orders", KEY, b"{}", deed) == ANSWER
