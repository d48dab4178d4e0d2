"""Plays the year and says what came back: a row for each figure of the nation, a line for each other area."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chalicelib.platform.observe import logger
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.wiring import System
from local.year import check, fill, product
from local.year.check import Table
from local.year.check_letters import check_letters, every_hour, run_schedule
from local.year.inbox import carrier
from local.year.letters import Inbox
from local.year.plan import WHOLE, YEAR, Plan
from local.year.product import Caller, Token

SOURCES = ("API", "parts", "dashboard", "cost", "CSV", "summary", "summary HTML", "rebuild", "open data", "open CSV")
Say = Callable[[str], None]


def play(system: System, token: Token, plan: Plan, inbox: Inbox, moments: Sequence[datetime], say: Say) -> Table:
    """Counts the year in a system that holds nothing yet, and asks every way out of it.

    ``moments``: when the schedule looks whether a summary is due; they come to ``inbox``.
    """
    table, caller = Table(), Caller(system, token)
    fill.fill(system, plan)
    fill.alerts(system, plan)
    say(f"{plan.alerts:,} alerts in {plan.municipalities} municipalities are counted.")
    check.check(caller, plan, table)
    check.check_parts(caller, plan, table)
    check.check_open_data(caller, plan, table)
    say("Every report has been read.")
    run_schedule(system, moments)
    read = check_letters(inbox, plan, moments, table)
    say(f"{read:,} summaries have been read, as text and as HTML.")
    table.add("rebuild", "rows that were wrong", {}, {"rows": rebuild(system)})
    return table


def rebuild(system: System) -> int:
    """Make the year again; how many rows were other than they should be."""
    event, wrong = {"first": f"{YEAR}-01", "last": f"{YEAR}-12"}, 0
    while True:
        told = system.rebuild_reports.run(event)
        wrong += sum(int(month[name]) for month in told["months"] for name in ("differed", "removed", "sums"))
        if "next" not in told:
            return wrong
        event["first"] = told["next"]


def play_in_memory(folder: Path, plan: Plan, moments: Sequence[datetime], say: Say) -> Table:
    """On the twins, with a carrier for mail; and once more with reports that only a rebuild has made, from nothing."""
    token = product.tokens_in(folder)
    system = product.in_memory(folder)
    with carrier(folder) as inbox:
        table = play(system, token, plan, inbox, moments, say)
    again = System(system.settings, replace(system.parts, figures=MemoryFiguresStore()))
    rebuild(again)
    say("All of it is made again from the ledger.")
    check.check(Caller(again, token), plan, table, "rebuild")
    return table


def lines(table: Table) -> Iterable[str]:
    """The nation's figures one by one, what else there is by area, and whatever is wrong."""
    wrong = table.wrong()
    used = [it for it in SOURCES if any(it in said for (area, _), said in table.said.items() if area == "NL")]
    yield "".join([f"{'figure of the nation':<44}", *(f"{head:>14}" for head in ("expected", *used))])
    for area, figure in sorted(table.must):
        if area == "NL":
            yield _line(figure, table.must[area, figure], table.said[area, figure], used)
    yield ""
    by_area: dict[str, list[str]] = {}
    for area, figure in table.must:
        by_area.setdefault(area.split()[0] if area[:2] in ("NL", "GM") else area, []).append(figure)
    for area, figures in sorted(by_area.items()):
        bad = sum(it[0].split()[0] == area for it in wrong)
        yield f"{area:<24}{len(figures):>6} figures, {bad or 'none'} wrong"
    for area, figure in wrong:
        yield f"WRONG {area} {figure}: expected {table.must[area, figure]}, said {table.said[area, figure]}"


def _line(figure: str, must: int | None, said: dict[str, int | None], used: list[str]) -> str:
    told = (f"{said[it] or 0:>14,}" if it in said else f"{'':>14}" for it in used)
    return f"{figure:<44}{must or 0:>14,}{''.join(told)}"


def main(folder: Path) -> int:
    """``./dev demo --year``."""
    folder.mkdir(parents=True, exist_ok=True)
    logger.setLevel("WARNING")  # the product's own log would drown the figures
    table = play_in_memory(folder, WHOLE, list(every_hour()), lambda step: print(step, flush=True))
    print()
    print("\n".join(lines(table)))
    wrong = table.wrong()
    count = len(table.must)
    print(f"\nAll {count:,} figures are as they must be." if not wrong else f"\n{len(wrong)} of {count:,} are wrong.")
    return 1 if wrong else 0
