"""What the benchmark of the pages makes of single loads, and whose session it begins."""

import json
import time

import pytest

from bench.pages import browser, world
from bench.pages.browser import Load
from chalicelib.staff.model import Role


def test_the_median_counts_and_the_heaviest_load() -> None:
    loads = [Load(0.2, 0.1, 20_000), Load(3.0, 0.3, 21_000), Load(0.4, 0.2, 20_500)]
    assert browser.figures("home", loads) == {"home_cold_s": 0.4, "home_warm_s": 0.2, "home_kb": 21.0}


class Answer:
    def __init__(self, status: int, kind: str, content: bytes) -> None:
        self.status, self.headers, self.content = status, {"content-type": kind}, content

    def body(self) -> bytes:
        return self.content


@pytest.mark.parametrize(
    ("answer", "weight"),
    [
        (Answer(304, "text/css", b"a" * 1000), range(1)),
        (Answer(200, "text/css", b"a" * 1000), range(1, 100)),
        (Answer(200, "image/png", b"a" * 1000), range(1000, 1001)),
    ],
)
def test_an_answer_weighs_what_the_edge_would_send(answer: Answer, weight: range) -> None:
    assert browser.weight_of(answer) in weight


def test_a_session_is_that_of_the_role_and_still_counts() -> None:
    kept = json.loads(world.session(Role.ANALYST))
    assert (kept["roles"], kept["tenant"]) == (["analyst"], "GM9001")
    assert kept["until"] > time.time() * 1000
