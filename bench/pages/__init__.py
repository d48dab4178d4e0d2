"""How soon each page can be used in a real browser, what it weighs, and how the live view keeps up with 2,000 tips.

On the deployed template of a local stack, in Debian's Chromium. *Usable* is the mark that a page sets at the frame
which shows its first state (``web/js/usable.js``), after the beginning of the navigation; of a map, when its outlines
stand there, after the press that opens it. The median of several, once the functions are awake. *Cold*: an empty cache,
a new context of the browser. *Warm*: the same page again. Bytes are those of all answers, bodies only, compressed with
gzip as the edge does; what is a picture already counts as it is.
"""

import argparse
import importlib
import shutil
from collections.abc import Sequence
from typing import Any

import httpx

from bench.figures import Outcome
from bench.pages import browser, live, nation
from bench.pages.world import PHONES, Page, build
from local.addresses import FOLDER, Addresses
from local.addresses import running as addresses
from local.stack import Stack

FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
RUNS = 7
LIGHT_KB, WITH_MAP_KB = 150, 300
USABLE_S = 1.0


class NoBrowser(Exception):
    """There is no Chromium here: install it (on Debian: apt install chromium)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=RUNS, help="of each page, cold and warm")
    parser.add_argument("--running", action="store_true", help="on the system that runs here, not on one of its own")


def run(runs: int, running: bool) -> Outcome:
    if running:
        return _measured(addresses(), runs)
    with Stack(FOLDER / "bench", parameters={"CountdownSeconds": "0"}) as stack:
        return _measured(stack.addresses, runs)


def _measured(where: Addresses, runs: int) -> Outcome:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise NoBrowser(NoBrowser.__doc__)
    playwright = importlib.import_module("playwright.sync_api")  # ./dev runs this where it is installed
    with httpx.Client(timeout=30) as http, playwright.sync_playwright() as driver:
        world = build(http, where)
        chromium = driver.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        figures, limits = _pages(chromium, world.web, world.pages, runs)
        figures |= live.measure(chromium, world)
        nation.build(world)
        more = _pages(chromium, world.web, nation.PAGES, runs)
        figures, limits = figures | more[0], limits | more[1]
        chromium.close()
    return Outcome("pages", figures, {**limits, **live.LIMITS})


def _pages(chromium: Any, web: str, pages: Sequence[Page], runs: int) -> tuple[dict[str, float], dict[str, float]]:
    """Figures, and their limits."""
    figures: dict[str, float] = {}
    limits: dict[str, float] = {}
    for page in pages:
        browser.load(chromium, web, page)  # wakes the functions
        loads = [browser.load(chromium, web, page) for _ in range(runs)]
        figures |= browser.figures(page.name, loads)
        if page.name != PHONES:
            limits[f"{page.name}_kb"] = WITH_MAP_KB if page.shows else LIGHT_KB
        limits |= {f"{page.name}_{state}_s": USABLE_S for state in browser.STATES}
    return figures, limits
