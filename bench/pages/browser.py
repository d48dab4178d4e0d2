"""One page in Chromium: when it can be used, and what it weighs."""

import gzip
import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.pages.world import Page, session

STATES = ("cold", "warm")
PACKED = ("image/png", "image/jpeg", "image/webp", "font/woff2")
USABLE = """() => new Promise((done) => {
  const look = (list) => list.getEntriesByName("usable").forEach(({ startTime }) => done(startTime));
  new PerformanceObserver(look).observe({ type: "mark", buffered: true });
})"""
NOW = "() => performance.now()"


class Load(NamedTuple):
    """Seconds, cold and warm, and bytes of the answers to the first. ``map``: seconds, where one comes by itself."""

    cold: float
    warm: float
    weight: int
    map: float | None = None


def load(chromium: Any, web: str, page: Page) -> Load:
    """Twice in a context of its own."""
    context = chromium.new_context(locale="nl-NL")
    if page.staff:
        context.add_init_script(f"sessionStorage.setItem('burgernet.staff', {session(page.staff)!r})")
    try:
        cold, weight, drawn = _once(context, web, page)
        warm, *_ = _once(context, web, page)
    finally:
        context.close()
    return Load(cold, warm, weight, drawn)


def figures(name: str, loads: Sequence[Load]) -> dict[str, float]:
    """The median of each."""
    maps = [it.map for it in loads if it.map is not None]
    return {
        f"{name}_cold_s": statistics.median(it.cold for it in loads),
        f"{name}_warm_s": statistics.median(it.warm for it in loads),
        f"{name}_kb": max(it.weight for it in loads) / 1000,
        **({f"{name}_map_s": statistics.median(maps)} if maps else {}),
    }


def _once(context: Any, web: str, page: Page) -> tuple[float, int, float | None]:
    """Seconds until it can be used, bytes, and seconds until its map stood there, where that comes by itself."""
    tab = context.new_page()
    answers: list[Any] = []
    tab.on("response", lambda answer: answers.append(answer))
    tab.goto(web + page.path)
    usable_ms, drawn = tab.evaluate(USABLE), None
    if page.press:
        begin = tab.evaluate(NOW)
        tab.locator(page.press).click()
        tab.locator(page.shows).first.wait_for()
        usable_ms = tab.evaluate(NOW) - begin
    elif page.shows:
        tab.locator(page.shows).first.wait_for()
        drawn = float(tab.evaluate(NOW)) / 1000
    tab.wait_for_load_state("networkidle")
    weight = sum(map(weight_of, answers))
    tab.close()
    return usable_ms / 1000, weight, drawn


def weight_of(answer: Any) -> int:
    """Bytes of a response's body as the edge sends it; none of one that the browser had."""
    if answer.status != 200:
        return 0
    body: bytes = answer.body()
    return len(body) if answer.headers.get("content-type", "") in PACKED else len(gzip.compress(body))
