"""The way by which places are read, against a server that answers as it is told."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from botocore.exceptions import ClientError
from msgspec import DecodeError, Struct

from chalicelib.platform.flat_dynamo import (
    ATTEMPTS,
    MOST_KEYS,
    Address,
    Binary,
    FlatDynamo,
    NotAnswered,
    Number,
    Page,
    Text,
    read_items,
    reader,
)

REQUEST = {"TableName": "places", "KeyConditionExpression": "c = :c", "ExpressionAttributeValues": {":c": {"S": "u"}}}
EMPTY = {"Items": [], "Count": 0, "ScannedCount": 0}
NOTHING = Page([], 0)


@dataclass
class Server:
    answers: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    pauses: list = field(default_factory=list)

    def pages(self, read=read_items):
        return list(FlatDynamo(self.pauses.append).pages(REQUEST, read))

    def rows(self, keys):
        return list(FlatDynamo(self.pauses.append).get_many("places", keys))


@pytest.fixture
def server(monkeypatch):
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(({name.lower(): value for name, value in self.headers.items()}, json.loads(body)))
            status, answer = told.answers.pop(0)
            if status == 0:
                self.close_connection = True
                return
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{http.server_port}")
    yield told
    http.shutdown()
    thread.join()
    http.server_close()


def refusal(kind, status=400):
    return status, {"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "no"}


def test_pages_come_as_they_are_and_are_followed_to_the_end(server):
    items, last = [{"c": {"S": "u"}, "x": {"N": "5.1"}}], {"c": {"S": "u"}}
    server.answers = [(200, {"Items": items, "Count": 1, "LastEvaluatedKey": last}), (200, EMPTY)]
    assert server.pages() == [Page(items, 1, last_evaluated_key=last), NOTHING]
    assert [body.get("ExclusiveStartKey") for _, body in server.asked] == [None, {"c": {"S": "u"}}]


class Row(Struct, frozen=True):
    x: Binary
    k: Text
    u: Number | None = None


read_rows = reader(Row)


def test_rows_are_read_as_their_form_says_in_whatever_order_their_attributes_come(server):
    items = [
        {"k": {"S": 'a "quoted" ë'}, "x": {"B": "AQI="}},
        {"u": {"N": "12"}, "x": {"B": ""}, "more": {"M": {"k": {"S": "no"}}}, "k": {"S": ""}},
    ]
    server.answers = [(200, {"Count": 2, "Items": items, "ConsumedCapacity": {"CapacityUnits": 0.5}})]
    (page,) = server.pages(read_rows)
    assert page.items == [Row(Binary(b"\1\2"), Text('a "quoted" ë')), Row(Binary(b""), Text(""), Number("12"))]
    assert (page.count, page.consumed_capacity.capacity_units) == (2, 0.5)


@pytest.mark.parametrize(
    "item", [{"k": {"S": "a"}}, {"k": {"N": "1"}, "x": {"B": ""}}, {"k": {"S": "a"}, "x": {"B": "?"}}]
)
def test_rows_of_another_form_are_an_error_and_none_is_left_out(server, item):
    server.answers = [(200, {**EMPTY, "Items": [item]})]
    with pytest.raises(DecodeError):
        server.pages(read_rows)


def test_a_request_is_what_the_ordinary_client_would_send(server):
    server.answers = [(200, EMPTY), (200, EMPTY)]
    server.pages()
    boto3.client("dynamodb").query(**REQUEST)
    (ours, our_body), (theirs, their_body) = server.asked
    assert our_body == their_body
    for name in ["content-type", "x-amz-target", "host"]:
        assert ours[name] == theirs[name]
    signed, _, rest = ours["authorization"].partition(" ")
    assert signed == "AWS4-HMAC-SHA256"
    assert "/eu-west-1/dynamodb/aws4_request" in rest
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-target" in rest


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        refusal("RequestLimitExceeded"),
        refusal("InternalServerError", 500),
        (503, b"<html>busy</html>"),
        (0, None),
    ],
)
def test_what_passes_is_tried_again_after_a_pause(server, trouble):
    server.answers = [trouble, trouble, (200, EMPTY)]
    assert server.pages() == [NOTHING]
    assert len(server.pauses) == 2
    assert all(0 <= pause <= 0.3 for pause in server.pauses)


def test_what_does_not_pass_is_an_error_at_once_as_any_client_raises_it(server):
    server.answers = [refusal("ResourceNotFoundException")]
    with pytest.raises(ClientError) as failed:
        server.pages()
    assert failed.value.response["Error"] == {"Code": "ResourceNotFoundException", "Message": "no"}
    assert len(server.asked) == 1


def test_what_does_not_pass_in_time_is_an_error(server):
    server.answers = [refusal("ThrottlingException")] * ATTEMPTS
    with pytest.raises(ClientError, match="ThrottlingException"):
        server.pages()
    assert len(server.asked) == ATTEMPTS


def key(number):
    return {"id": {"S": str(number)}}


def part(found, left=()):
    """Of a batch: what was read of it, and what was not."""
    rest = {"places": {"Keys": list(left), "ConsistentRead": True}}
    return 200, {"Responses": {"places": list(found)}, "UnprocessedKeys": rest if left else {}}


def test_what_a_batch_leaves_unread_is_read_after_a_pause(server):
    keys = [key(number) for number in range(4)]
    server.answers = [part(keys[:1], keys[1:]), part([], keys[1:]), part(keys[1:3])]  # the last does not exist
    assert server.rows(keys) == keys[:3]
    asked = [body["RequestItems"]["places"] for _, body in server.asked]
    assert [lot["Keys"] for lot in asked] == [keys, keys[1:], keys[1:]]
    assert all(lot["ConsistentRead"] for lot in asked)
    assert len(server.pauses) == 2


def test_more_keys_than_a_batch_takes_go_in_several_and_none_in_no_request(server):
    keys = [key(number) for number in range(MOST_KEYS + 1)]
    server.answers = [part(keys[:MOST_KEYS]), part(keys[MOST_KEYS:])]
    assert server.rows(keys) == keys
    assert server.rows([]) == []
    assert (len(server.asked), server.pauses) == (2, [])


def test_of_rows_only_the_attributes_that_are_named_are_asked_for(server):
    server.answers = [part([key(1)])]
    assert list(FlatDynamo(server.pauses.append).get_many("places", [key(1)], ["id", "k"])) == [key(1)]
    ((_, body),) = server.asked
    lot = body["RequestItems"]["places"]
    assert (lot["ProjectionExpression"], lot["ExpressionAttributeNames"]) == ("#id,#k", {"#id": "id", "#k": "k"})


def test_rows_of_several_tables_are_read_at_once_and_told_in_the_order_asked(server):
    at = [Address("a", key(1)), Address("b", key(1)), Address("a", key(2)), Address("b", key(3))]
    first = {"a": [{**key(2), "t": {"S": "two"}}]}
    rest = {"b": [{**key(1), "t": {"S": "one of b"}}], "a": [{**key(1), "t": {"S": "one of a"}}]}
    left = {"a": {"Keys": [key(1)], "ConsistentRead": True}, "b": {"Keys": [key(1), key(3)], "ConsistentRead": True}}
    server.answers = [(200, {"Responses": first, "UnprocessedKeys": left}), (200, {"Responses": rest})]
    found = FlatDynamo(server.pauses.append).rows(*at)
    assert [row and row["t"]["S"] for row in found] == ["one of a", "one of b", "two", None]
    (_, asked), (_, again) = server.asked
    assert asked["RequestItems"]["a"] == {"Keys": [key(1), key(2)], "ConsistentRead": True}
    assert (again["RequestItems"], len(server.pauses)) == (left, 1)


def test_a_batch_that_is_left_unread_too_often_is_an_error(server):
    server.answers = [part([], [key(1)])] * ATTEMPTS
    with pytest.raises(NotAnswered):
        server.rows([key(1)])
    assert (len(server.asked), len(server.pauses)) == (ATTEMPTS, ATTEMPTS - 1)
