"""The adapter against a server that answers in the shape of PDOK's Locatieserver."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.areas.geocoder import Address, MemoryGeocoder, PdokGeocoder
from chalicelib.areas.model import Point
from chalicelib.platform.errors import Unavailable

DOCUMENT = {"weergavenaam": "Dorpsstraat 1, 3511AB Lindestad", "centroide_ll": "POINT(5.12144 52.09083)"}
ADDRESS = Address("Dorpsstraat 1, 3511AB Lindestad", Point(5.12144, 52.09083))


class Locatieserver(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.status = 200
        self.body = b""

    def answers(self, documents):
        self.body = json.dumps({"response": {"numFound": len(documents), "start": 0, "docs": documents}}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(urlsplit(self.path))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = Locatieserver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def geocoder(server):
    geocoder = PdokGeocoder(f"http://127.0.0.1:{server.server_port}/search/v3_1")
    yield geocoder
    geocoder.pool.clear()


def test_addresses_come_back_with_their_points(server, geocoder):
    server.answers([DOCUMENT])
    assert geocoder.find("Dorpsstraat 1 & co", 3) == [ADDRESS]
    (asked,) = server.asked
    assert asked.path == "/search/v3_1/free"
    query = parse_qs(asked.query)
    assert (query["q"], query["fq"], query["rows"]) == (["Dorpsstraat 1 & co"], ["type:adres"], ["3"])


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"gemeentecode": "0344"}, "GM0344"),
        ({}, None),
        ({"gemeentecode": None}, None),
        ({"gemeentecode": "../x"}, None),
    ],
)
def test_an_address_says_in_which_municipality_it_lies_where_the_register_does(server, geocoder, told, code):
    server.answers([DOCUMENT | told])
    assert [address.municipality for address in geocoder.find("Dorpsstraat")] == [code]
    assert "gemeentecode" in parse_qs(server.asked[0].query)["fl"][0]


def test_no_address_is_an_empty_answer(server, geocoder):
    server.answers([])
    assert geocoder.find("nowhere") == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (302, b""),
        (404, b'{"response": {"docs": []}}'),
        (200, b"<html>"),
        (200, b"\xff\xfe"),
        (200, b"[]"),
        (200, b'{"response": null}'),
        (200, b'{"response": {"docs": {"a": 1}}}'),
        (200, json.dumps({"response": {"docs": [{**DOCUMENT, "centroide_ll": "POINT(x y)"}]}}).encode()),
        (200, json.dumps({"response": {"docs": [{**DOCUMENT, "centroide_ll": None}]}}).encode()),
        (200, json.dumps({"response": {"docs": [{**DOCUMENT, "weergavenaam": 3}]}}).encode()),
        (200, json.dumps({"response": {"docs": ["x"]}}).encode()),
    ],
)
def test_an_answer_that_is_none_means_unavailable(server, geocoder, status, body):
    server.status, server.body = status, body
    with pytest.raises(Unavailable, match="geocoder_unavailable"):
        geocoder.find("Dorpsstraat 1")


def test_a_service_that_is_gone_is_unavailable_and_the_address_stays_private(server, geocoder):
    server.shutdown()
    server.server_close()
    with pytest.raises(Unavailable) as gone:
        geocoder.find("Dorpsstraat 1")
    assert "Dorpsstraat" not in repr(gone.value)
    assert gone.value.__cause__ is None
    assert gone.value.__suppress_context__


def test_the_twin_finds_addresses_that_hold_every_word():
    other = Address("Lindelaan 2, Lindestad", Point(5.1, 52.1))
    twin = MemoryGeocoder([ADDRESS, other])
    assert twin.find("lindestad DORPSSTRAAT") == [ADDRESS]
    assert twin.find("lindestad") == [ADDRESS, other]
    assert twin.find("lindestad", 1) == [ADDRESS]
    assert twin.find("dorpsstraat 9") == []
    assert twin.find(" ") == []
