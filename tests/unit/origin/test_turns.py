"""How many requests reach the API at once, and what becomes of the others."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local.loopback import running
from local.origin.app import create_app
from local.origin.turns import Turns

PATIENCE_S = 0.3


class Upstream:
    """Holds every request until the gate opens; counts how many it holds, and the most that it ever held."""

    def __init__(self) -> None:
        self.gate, self.full = threading.Event(), threading.Event()
        self.inside = self.most = 0
        self.came: list[str] = []

    async def hold(self, request: Request) -> JSONResponse:
        self.came.append(request.url.path)
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == 2:
            self.full.set()
        await anyio.to_thread.run_sync(self.gate.wait)
        self.inside -= 1
        return JSONResponse({})


@pytest.fixture
def upstream() -> Iterator[tuple[Upstream, str]]:
    held = Upstream()
    app = Starlette(routes=[Route("/{path:anything}", held.hold, methods=["GET", "POST"])])
    with running(app) as url:
        try:
            yield held, url
        finally:
            held.gate.set()


def test_the_others_wait_for_their_turn_and_all_are_served(web, upstream):
    held, address = upstream
    with running(create_app(web, address, turns=Turns(2))) as url, ThreadPoolExecutor(9) as pool:
        answers = [pool.submit(httpx.post, f"{url}/api/{number}", trust_env=False) for number in range(9)]
        assert held.full.wait(10)
        held.gate.set()
        assert [answer.result().status_code for answer in answers] == [200] * 9
    assert held.most == 2
    assert sorted(held.came) == [f"/{number}" for number in range(9)]


def test_who_waits_too_long_is_told_when_to_come_again_and_never_reaches_the_api(web, upstream):
    held, address = upstream
    with running(create_app(web, address, turns=Turns(2, PATIENCE_S))) as url, ThreadPoolExecutor(2) as pool:
        first = [pool.submit(httpx.post, f"{url}/api/first", trust_env=False) for _ in range(2)]
        assert held.full.wait(10)
        answer = httpx.post(f"{url}/api/late", trust_env=False)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json()["error"]["code"] == "unavailable"
        held.gate.set()
        assert [answer.result().status_code for answer in first] == [200, 200]
        assert httpx.post(f"{url}/api/again", trust_env=False).status_code == 200
    assert "/late" not in held.came


def test_pages_and_the_carrier_take_no_turn_of_the_api(web, upstream):
    held, address = upstream
    with running(create_app(web, address, address, turns=Turns(1))) as url, ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(httpx.get, f"{url}/{door}/x", trust_env=False) for door in ("api", "carrier")]
        assert held.full.wait(10)
        assert httpx.get(url, trust_env=False).status_code == 200
        held.gate.set()
        assert [answer.result().status_code for answer in asked] == [200, 200]


def test_an_api_that_is_away_gives_its_turn_back(web):
    with running(create_app(web, "http://127.0.0.1:1", turns=Turns(1, PATIENCE_S))) as url:
        answers = [httpx.get(f"{url}/api/x", trust_env=False) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert {answer.json()["error"]["message"] for answer in answers} == {
        "The service does not answer; try again in a moment."
    }
