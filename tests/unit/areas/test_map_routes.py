import json

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.areas.map_routes import MapRoutes
from chalicelib.areas.model import BoundarySource
from chalicelib.platform import http
from chalicelib.platform.idempotency import MemoryIdempotency

TILES = ("https://tiles.example/{z}/{x}/{y}.png", "Somebody")


@pytest.fixture
def answer(service):
    """``answer(*tiles)``: what lies under maps, and its headers."""

    def answered(*tiles):
        app = Chalice("test", configure_logs=False)
        routes = MapRoutes(lambda: service, lambda: tiles)
        http.mount(app, routes.endpoints(), authorizer=None, idempotency=MemoryIdempotency)
        found = Client(app).http.get("/map")
        return json.loads(found.body), found.headers

    return answered


def test_nothing_lies_under_maps_until_somebody_says_so(answer):
    body, headers = answer("", "")
    assert body == {}
    assert headers["Cache-Control"] == "public, max-age=3600"


def test_tiles_and_boundaries_are_told_with_their_makers(answer, service):
    service.say_source(BoundarySource("CBS, Kadaster", 2026))
    body, _ = answer(*TILES)
    assert body == {
        "tiles": {"url": TILES[0], "by": "Somebody"},
        "boundaries": {"by": "CBS, Kadaster", "year": 2026},
    }
