"""The live view of an alert with 2,000 tips: until it can be used, and how smooth it stays while more come in.

*Usable* is the mark of the page: what the alert says and whom it reached, its buttons, and the newest tips, in the list
and on the map. Once while the functions still count what came in a moment ago (*busy*); then, when the report of the
municipality tells all tips, the median of several.
"""

import os
import random
import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bench.pages.browser import NOW, USABLE
from bench.pages.world import World, session
from chalicelib.areas.model import Point
from chalicelib.platform.ids import random_id
from chalicelib.staff.model import Role
from chalicelib.tips.model import CHANCE_CHARACTERS, Tip, TipKind, tip_id
from chalicelib.tips.store import DynamoTipStore
from local.demo.client import until
from local.ministack import CREDENTIALS
from local.town.names import FABELSTAD

LOADS = 5
TIPS, MORE, ROUNDS = 2_000, 20, 10
TABLE = "burgernet-local-tips"
DOT = ".tip-dot"
WEST, SOUTH, EAST, NORTH = 5.4265, 52.7700, 5.4570, 52.7858
LIMITS: Mapping[str, float] = {
    "live_usable_s": 1.0,
    "live_longest_task_ms": 100,
    "live_frame_p95_ms": 34,  # two frames of a screen with 60 a second
}
# From now on: how long each frame took, and each task of more than 50 ms.
RECORD = """() => {
  const seen = { frames: [], tasks: [] };
  globalThis.seen = seen;
  let last = performance.now();
  const frame = (now) => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const tasks = new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((task) => task.duration)));
  tasks.observe({ type: "longtask" });
}"""


def measure(chromium: Any, world: World) -> dict[str, float]:
    """Figures by name; ``LIMITS`` has the most that some may be."""
    os.environ |= {**CREDENTIALS, "AWS_ENDPOINT_URL_DYNAMODB": world.aws}
    store, dice, before = DynamoTipStore(TABLE), random.Random(7), _told(world)
    now = datetime.now(UTC)
    for number in range(TIPS):
        store.add(_tip(world.alert, now - timedelta(seconds=60 + TIPS - number), dice), 1)
    with _opened(chromium, world) as opened:
        busy = opened
    until(lambda: _told(world) >= before + TIPS or None, "the report of all tips")
    loads = []
    for _ in range(LOADS):
        with _opened(chromium, world) as opened:
            loads.append(opened)
    with _opened(chromium, world) as opened:
        tab = opened.tab
        tab.evaluate(RECORD)
        for count in _rounds(store, world.alert, dice):
            tab.locator(DOT).nth(count - 1).wait_for(state="attached")
        mark = _mark(tab)
        seen = tab.evaluate("() => globalThis.seen")
    return {
        "live_tips": TIPS + MORE * ROUNDS,
        "live_usable_s": statistics.median(it.usable_s for it in loads),
        "live_busy_usable_s": busy.usable_s,
        "live_all_drawn_s": statistics.median(it.whole_s for it in loads),
        "live_longest_task_ms": max(seen["tasks"], default=0),
        "live_long_tasks": len(seen["tasks"]),
        "live_frame_p95_ms": statistics.quantiles(seen["frames"], n=20)[-1],
        "live_frame_worst_ms": max(seen["frames"]),
        "live_mark_s": mark,
    }


class Opened(NamedTuple):
    """``whole_s``: until all tips are on the map."""

    tab: Any
    usable_s: float
    whole_s: float


@contextmanager
def _opened(chromium: Any, world: World) -> Iterator[Opened]:
    """The live view in a tab of its own."""
    context = chromium.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    context.add_init_script(f"sessionStorage.setItem('burgernet.staff', {session(Role.DISPATCHER)!r})")
    tab = context.new_page()
    try:
        tab.goto(f"{world.web}/console#/alerts/{world.alert}")
        usable_ms = tab.evaluate(USABLE)
        tab.locator(DOT).nth(TIPS - 1).wait_for(state="attached")
        yield Opened(tab, usable_ms / 1000, tab.evaluate(NOW) / 1000)
    finally:
        context.close()


def _told(world: World) -> int:
    """How many tips the report of the municipality tells."""
    return int(world.analyst.get(f"/reports/areas/{FABELSTAD.code}")["tips"])


def _rounds(store: DynamoTipStore, alert: str, dice: random.Random) -> Iterator[int]:
    """Adds tips; gives how many there are then."""
    for number in range(1, ROUNDS + 1):
        for _ in range(MORE):
            store.add(_tip(alert, datetime.now(UTC), dice), 1)
        yield TIPS + number * MORE


def _mark(tab: Any) -> float:
    """Seconds from the press on what became of a tip until the page says so."""
    button = tab.locator(".tip").nth(50).locator("[data-status=useful]")
    button.scroll_into_view_if_needed()
    begin = tab.evaluate(NOW)
    button.click()
    tab.locator(".tip [aria-pressed=true]").first.wait_for()
    return float(tab.evaluate(NOW) - begin) / 1000


def _tip(alert: str, at: datetime, dice: random.Random) -> Tip:
    return Tip(
        id=tip_id(at, random_id(CHANCE_CHARACTERS)),
        alert=alert,
        reply=random_id(20),
        kind=TipKind.SEEN,
        at=at,
        text="Twee mannen met een sporttas liepen over de dijk naar het noorden, een met een grijze trui.",
        place=Point(round(dice.uniform(WEST, EAST), 5), round(dice.uniform(SOUTH, NORTH), 5)),
    )
