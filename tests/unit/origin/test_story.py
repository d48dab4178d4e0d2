"""The story behind a button: told as it goes, one at a time, and again."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from local.demo.client import NeverHappened
from local.demo.timeline import Timeline
from local.loopback import running
from local.origin.app import create_app

PATIENCE_S = 20


class Play:
    """Tells one line, and ends when it may."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.times = 0
        self.holds = True
        self.breaks = False

    def __call__(self, timeline: Timeline) -> None:
        self.times += 1
        timeline.say("neighbour", f"telling {self.times}")
        assert self.may_end.wait(PATIENCE_S)
        if self.breaks:
            raise NeverHappened("a code")
        timeline.check("everybody heard", self.holds, "nobody")


@pytest.fixture
def play() -> Play:
    return Play()


@pytest.fixture
def origin(play: Play, web: Path) -> Iterator[httpx.Client]:
    with running(create_app(web, "http://127.0.0.1:1", play=play)) as url, httpx.Client(base_url=url) as client:
        yield client
    play.may_end.set()


def seen(origin: httpx.Client, wanted: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        told: dict[str, object] = origin.get("/local/story").json()
        if wanted(told):
            return told
    raise AssertionError("it never came to that")


def ended(told: dict[str, object]) -> bool:
    return told["state"] != "playing"


def test_before_anybody_presses_the_button_nothing_is_told(origin: httpx.Client) -> None:
    assert origin.get("/local/story").json() == {"state": "none", "lines": []}


def test_it_is_told_as_it_goes_and_two_presses_are_one(origin: httpx.Client, play: Play) -> None:
    assert origin.post("/local/story").status_code == 202
    told = seen(origin, lambda it: bool(it["lines"]))
    assert told["state"] == "playing"
    assert origin.post("/local/story").json()["state"] == "playing"
    play.may_end.set()
    told = seen(origin, ended)
    assert told["state"] == "right"
    assert isinstance(told["lines"], list)
    assert [(line["who"], line["what"]) for line in told["lines"]] == [
        ("neighbour", "telling 1"),
        ("CHECK", "everybody heard"),
    ]
    origin.post("/local/story")
    assert "telling 2" in str(seen(origin, ended)["lines"])


def test_what_does_not_hold_is_said(origin: httpx.Client, play: Play) -> None:
    play.holds = False
    play.may_end.set()
    origin.post("/local/story")
    told = seen(origin, ended)
    assert told["state"] == "wrong"
    assert "everybody heard: nobody" in str(told["lines"])


def test_a_story_that_breaks_off_says_why_and_can_be_tried_again(origin: httpx.Client, play: Play) -> None:
    play.breaks = True
    play.may_end.set()
    origin.post("/local/story")
    told = seen(origin, ended)
    assert told["state"] == "broke_off"
    assert "NeverHappened: a code" in str(told["lines"])
    play.breaks = False
    origin.post("/local/story")
    assert seen(origin, ended)["state"] == "right"


def test_where_there_is_no_story_the_address_is_not_there(web: Path) -> None:
    with running(create_app(web, "http://127.0.0.1:1")) as url:
        assert httpx.post(f"{url}/local/story").status_code in (404, 405)
