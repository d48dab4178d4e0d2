"""A request that is signed by hand, against a server that answers, breaks off, or is not there."""

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import botocore.session
import pytest
from botocore.credentials import RefreshableCredentials

from chalicelib.platform.outgoing import Answer, NoAnswer, NoConnection
from chalicelib.platform.signed import DYNAMODB, SES, SNS, Problem, Signed, json_problem, query_problem


@pytest.fixture
def server(monkeypatch):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            asked.append((self.path, dict(self.headers.items()), self.client_address))
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if body == b"hang up":
                self.close_connection = True
                return
            self.send_response(400 if body == b"wrong" else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *arguments):
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", f"http://127.0.0.1:{http.server_port}/")
    yield asked
    http.shutdown()
    thread.join()
    http.server_close()


def test_a_connection_is_kept_and_an_error_is_an_answer(server):
    sns = Signed(SNS)
    answers = [sns.post("/", body, {}) for body in (b"a", b"wrong")]
    assert [(answer.status, answer.ok, answer.content) for answer in answers] == [
        (200, True, b"ok"),
        (400, False, b"ok"),
    ]
    assert answers[0].headers["content-length"] == "2"
    assert len({peer for _, _, peer in server}) == 1


def test_where_nobody_listens_nothing_was_taken(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(NoConnection, match="ConnectionRefusedError"):
            Signed(SNS).post("/", b"a", {})


def test_a_connection_that_breaks_off_may_have_taken_it_and_nothing_is_repeated(server):
    with pytest.raises(NoAnswer, match="ConnectionAbortedError"):
        Signed(SNS).post("/", b"hang up", {})
    assert len(server) == 1


def test_an_answer_that_does_not_come_may_have_been_taken(monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        sns = Signed(SNS)
        vars(sns)["_kept"] = replace(sns._kept, read_s=0.05)
        with pytest.raises(NoAnswer, match="TimeoutError"):
            sns.post("/", b"a", {})


@pytest.mark.parametrize("service", [DYNAMODB, SNS, SES])
def test_addresses_and_names_are_those_of_the_ordinary_client(service, monkeypatch):
    for name in ("AWS_ENDPOINT_URL", service.variable):
        monkeypatch.delenv(name, raising=False)
    named = {DYNAMODB: "dynamodb", SNS: "sns", SES: "sesv2"}[service]
    client = botocore.session.get_session().create_client(
        named, "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert Signed(service)._address == client.meta.endpoint_url
    assert service.signed_as == client.meta.service_model.signing_name
    monkeypatch.setenv(service.variable, "http://127.0.0.1:1")
    assert Signed(service)._address == "http://127.0.0.1:1"


def test_credentials_that_end_are_fetched_anew(server, monkeypatch):
    lives = iter([timedelta(seconds=-1), timedelta(hours=1)])
    names = iter(["first", "second"])

    def fetch():
        expiry = (datetime.now(UTC) + next(lives)).isoformat()
        return {"access_key": next(names), "secret_key": "s", "token": "t", "expiry_time": expiry}

    expired = {"access_key": "none", "secret_key": "s", "token": "t", "expiry_time": "2020-01-01T00:00:00Z"}
    sns = Signed(SNS)
    credentials = RefreshableCredentials.create_from_metadata(expired, fetch, "test", advisory_timeout=0)
    vars(sns)["_credentials"] = credentials
    with pytest.raises(Exception, match="expired"):
        sns.post("/", b"a", {})
    sns.post("/", b"a", {})
    sns.post("/", b"a", {})
    assert ["Credential=second/" in headers["Authorization"] for _, headers, _ in server] == [True, True]
    assert server[0][1]["X-Amz-Security-Token"] == "t"


@pytest.mark.parametrize(
    ("headers", "content", "problem"),
    [
        ({}, b'{"__type":"com.amazonaws.dynamodb.v20120810#Slow","message":"no"}', Problem("Slow", "no")),
        ({"x-amzn-errortype": "Slow:http://internal.amazon.com/"}, b'{"message":"no"}', Problem("Slow", "no")),
        ({"x-amzn-errortype": "Slow"}, b'{"Message":null}', Problem("Slow", "")),
        ({}, b'{"code":"Slow"}', Problem("Slow", "")),
        ({}, b"<html>busy</html>", Problem("503", "")),
        ({}, b"[]", Problem("503", "")),
        ({}, b"{}", Problem("503", "")),
    ],
)
def test_an_error_in_json_is_read_wherever_its_code_stands(headers, content, problem):
    assert json_problem(Answer(503, headers, content)) == problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"<E><Error><Type>Sender</Type><Code>Slow</Code><Message>a &amp; b</Message></Error></E>",
            Problem("Slow", "a & b"),
        ),
        (b"<html>busy</html>", Problem("503", "")),
        (b"\xff", Problem("503", "")),
    ],
)
def test_an_error_in_xml_is_read_as_botocore_reads_it(content, problem):
    assert query_problem(Answer(503, {}, content)) == problem
