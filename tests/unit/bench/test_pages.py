"""What the benchmark of the pages makes of single loads, and whose session it begins."""

import json
import time
from collections import Counter
from datetime import date

import pytest

from bench.pages import browser, nation, world
from bench.pages.browser import Load
from bench.pages.country import municipalities
from chalicelib.areas.sketch import sketch
from chalicelib.reports.figures import MonthRow
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


def test_a_map_that_comes_by_itself_has_a_figure_of_its_own() -> None:
    loads = [Load(0.2, 0.1, 20_000, 0.9), Load(0.4, 0.2, 20_500, 0.5), Load(0.3, 0.2, 20_500, 0.7)]
    assert browser.figures("nation", loads)["nation_map_s"] == 0.7


def test_the_country_has_municipalities_as_crooked_as_those_of_cbs() -> None:
    features = municipalities(40)
    assert len({it.area.code for it in features}) == len({it.area.name for it in features}) == 40
    corners = [sum(map(len, sketch(it.shape, it.area.level).polygons[0])) for it in features]
    assert 30 < sum(corners) / len(corners) < 60
    assert all(it.area.label and it.shape.contains(it.area.label) for it in features)
    assert not any(it.shape.contains(other.area.label) for it in features for other in features if it is not other)


def test_every_month_touches_every_municipality_and_costs_something() -> None:
    codes = [f"GM{8000 + number}" for number in range(300)]
    rows = nation._alerts(date(2026, 2, 1), codes)
    touched = Counter(code for row in rows for code in row.people)
    assert (touched.keys(), len(rows)) == (set(codes), 660)
    assert MonthRow.of("NL", "2026-02", 1, rows).sums["NL"].alerts == 660
    assert {row.facts.month for row in rows} == {"2026-02"}
    assert all(nation._share(row).cents > 0 for row in rows)
