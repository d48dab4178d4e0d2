"""``./dev bench faults``: one alert from approval to outcome, again and again, each time with something going wrong.

In one process and in virtual time, over the shipped twins: every call of every port is a point at which a function can
be killed, throttled, left without an answer, kept waiting or doubled, and a dispatcher can stop, correct or close.
Every kill at every point, other kinds at every fourth (``--all``: at every one); then worlds drawn by a seed with
several faults, disorder and functions that run through each other. After each, when everything is quiet, the promises
are checked: ``checks.py``.
"""

import argparse
import os
import sys
from itertools import chain

from bench.faults.checks import PROMISES
from bench.faults.points import Kind
from bench.faults.runs import Run, drawn, points, single, total
from bench.figures import Outcome

DRAWN = 300
PER_KILL, PER_CALL = 10, 50
COMPLETE = (Kind.KILL_BEFORE, Kind.KILL_AFTER)
OF_THE_OTHERS = 4  # every so many of the other kinds, where not all are wanted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--all", action="store_true", help="every kind at every point, not only every kill: half an hour"
    )
    parser.add_argument("--runs", type=int, metavar="N", help="only so many, evenly out of them")
    parser.add_argument("--seed", type=int, default=1, help="draws the worlds with several faults (default: 1)")
    parser.add_argument("--only", metavar="RUN", help="repeat one run: POINT:KIND or seed:N, as a failure names it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at the same time")


def run(*, all: bool, runs: int | None, seed: int, only: str | None, jobs: int) -> Outcome:  # noqa: A002
    there = points()
    alone = single()
    chosen = [Run.named(only)] if only else _chosen(alone, seed, everything=all)
    found = total(chosen[:: max(1, len(chosen) // runs)] if runs else chosen, jobs)
    for name, problems in sorted(found.broken.items()):
        print(f"{name}\n  " + "\n  ".join(problems[:5]), file=sys.stderr)
    broken = list(chain.from_iterable(found.broken.values()))
    kinds = {figure: sum(line.startswith(words) for line in broken) for figure, words in PROMISES.items()}
    figures = {
        "points": len(there),
        "points_with_kinds": len(alone),
        "runs": found.runs,
        "calls": found.calls,
        "faults": found.faults,
        "kills": found.kills,
        "messages": found.messages,
        "doubled": found.doubled,
        "doubled_per_kill_most": found.most_doubled,
        "mails_doubled_per_kill_without_events_most": found.most_doubled_late,
        "unknown_and_not_taken": found.unknown,
        **kinds,
        "runs_that_broke_a_promise": len(found.broken),
    }
    limits = {"doubled_per_kill_most": PER_KILL, "mails_doubled_per_kill_without_events_most": PER_CALL}
    return Outcome("faults", figures, limits | dict.fromkeys((*kinds, "runs_that_broke_a_promise"), 0.0))


def _chosen(alone: list[Run], seed: int, *, everything: bool) -> list[Run]:
    others = [run for run in alone if run.kind not in COMPLETE]
    return [
        *(run for run in alone if run.kind in COMPLETE),
        *others[:: 1 if everything else OF_THE_OTHERS],
        *drawn(DRAWN, seed),
    ]
