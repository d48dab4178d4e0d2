"""The key set: rotated, withdrawn, out of reach, or nonsense."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from chalicelib.platform.errors import Unauthenticated, Unavailable
from chalicelib.staff.keys import FetchFailed, fetch_over_http, read_keys


def test_the_keys_are_fetched_once(verifier, pool):
    for _ in range(5):
        verifier.verify(pool.token())
    assert pool.fetches == 1


def test_a_new_key_is_fetched_when_a_token_names_it(verifier, pool, clock):
    verifier.verify(pool.token())
    pool.publish("first", "second")
    clock.advance(seconds=30)
    assert verifier.verify(pool.token(kid="second"))
    assert pool.fetches == 2


def test_unknown_key_ids_make_us_fetch_at_most_every_30_seconds(verifier, pool, clock):
    verifier.verify(pool.token())
    for _ in range(60):
        clock.advance(seconds=1)
        with pytest.raises(Unauthenticated):
            verifier.verify(pool.token(kid="made-up", signed_by="second"))
    assert pool.fetches == 3


def test_the_old_keys_stay_when_a_fetch_fails(verifier, pool, clock):
    verifier.verify(pool.token())
    pool.document = None
    clock.advance(minutes=10)
    with pytest.raises(Unauthenticated):
        verifier.verify(pool.token(kid="second"))
    assert verifier.verify(pool.token())


def test_a_withdrawn_key_counts_for_an_hour_at_most(verifier, pool, clock):
    token = pool.token({"exp": int(pool.now) + 7200})
    verifier.verify(token)
    pool.publish("second")
    clock.advance(minutes=59)
    assert verifier.verify(token)
    clock.advance(minutes=1)
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


def test_without_any_key_nobody_is_refused_or_let_in(verifier, pool):
    pool.document = None
    with pytest.raises(Unavailable) as caught:
        verifier.verify(pool.token())
    assert caught.value.code == "keys_unavailable"
    pool.publish("first")
    assert verifier.verify(pool.token())


@pytest.mark.parametrize("document", [None, [], "keys", {}, {"keys": {}}, {"keys": []}, {"keys": [7, None, {}]}])
def test_what_is_no_key_set_counts_as_a_failed_fetch(document):
    with pytest.raises(FetchFailed):
        read_keys(document)


def test_keys_that_cannot_sign_a_token_of_ours_are_passed_over(pool):
    good = pool.entry("first")
    others = [
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "curve"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "n": "AA", "e": "AA"},
        good | {"kid": "encrypting", "use": "enc"},
        good | {"kid": "other-algorithm", "alg": "RS512"},
        good | {"kid": "broken", "n": "!"},
        good | {"kid": "number", "n": 7},
        good | {"kid": 7},
        {"kty": "RSA", "kid": "empty"},
    ]
    assert set(read_keys({"keys": [*others, good]})) == {"first"}


def test_a_key_set_out_of_reach_is_a_failed_fetch():
    with pytest.raises(FetchFailed):
        fetch_over_http("http://127.0.0.1:1/jwks.json")


@contextmanager
def answering(status, body, **headers):
    """A server on this machine that gives every request the same answer; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        finally:
            server.shutdown()
            thread.join()


def test_the_key_set_comes_over_http(pool):
    with answering(200, json.dumps(pool.document).encode()) as url:
        assert fetch_over_http(url) == pool.document


@pytest.mark.parametrize(("status", "body"), [(404, b"{}"), (500, b"{}"), (200, b"<html>"), (200, b"\xff"), (200, b"")])
def test_another_answer_is_a_failed_fetch(status, body):
    with answering(status, body) as url, pytest.raises(FetchFailed):
        fetch_over_http(url)


def test_the_key_set_is_not_taken_from_elsewhere(pool):
    with (
        answering(200, json.dumps(pool.document).encode()) as elsewhere,
        answering(302, b"", Location=elsewhere) as url,
        pytest.raises(FetchFailed),
    ):
        fetch_over_http(url)
