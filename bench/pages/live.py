"""The live view of an alert with 2,000 tips: until all are there, and how smooth it stays while more come in."""

import os
import random
import statistics
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.pages.browser import NOW, USABLE
from bench.pages.world import World, session
from chalicelib.areas.model import Point
from chalicelib.platform.ids import random_id
from chalicelib.staff.model import Role
from chalicelib.tips.model import CHANCE_CHARACTERS, Tip, TipKind, tip_id
from chalicelib.tips.store import DynamoTipStore
from local.ministack import CREDENTIALS

TIPS, MORE, ROUNDS = 2_000, 20, 10
TABLE = "burgernet-local-tips"
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
    store, dice = DynamoTipStore(TABLE), random.Random(7)
    now = datetime.now(UTC)
    for number in range(TIPS):
        store.add(_tip(world.alert, now - timedelta(seconds=60 + TIPS - number), dice), 1)
    context = chromium.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    context.add_init_script(f"sessionStorage.setItem('burgernet.staff', {session(Role.DISPATCHER)!r})")
    tab = context.new_page()
    tab.goto(f"{world.web}/console#/alerts/{world.alert}")
    usable = tab.evaluate(USABLE)
    drawn = tab.locator(".tip-dot")
    drawn.nth(TIPS - 1).wait_for(state="attached")
    whole = tab.evaluate(NOW)
    tab.evaluate(RECORD)
    for count in _rounds(store, world.alert, dice):
        drawn.nth(count - 1).wait_for(state="attached")
    mark = _mark(tab)
    seen = tab.evaluate("() => globalThis.seen")
    context.close()
    return {
        "live_tips": TIPS + MORE * ROUNDS,
        "live_usable_s": usable / 1000,
        "live_all_drawn_s": whole / 1000,
        "live_longest_task_ms": max(seen["tasks"], default=0),
        "live_long_tasks": len(seen["tasks"]),
        "live_frame_p95_ms": statistics.quantiles(seen["frames"], n=20)[-1],
        "live_frame_worst_ms": max(seen["frames"]),
        "live_mark_s": mark,
    }


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
