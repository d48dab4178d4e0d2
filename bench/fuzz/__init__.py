"""Requests that fit the published API, almost fit it, and do not: by schemathesis, against the deployed template.

Whatever is sent, no answer is a fault of ours and every answer is as the document says: all checks of schemathesis,
with tokens and ids that the system knows, so that requests get behind the first refusal.
"""

import shutil
from argparse import ArgumentParser
from math import ceil

from bench.figures import Outcome
from bench.fuzz.run import fuzz
from local.addresses import FOLDER
from local.stack import Stack

REQUESTS = 10_000
ROUTES = 38  # about
OF_COVERAGE = 2_000  # about what the phase that goes through every boundary of the schema sends, however much is asked


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--requests", type=int, default=REQUESTS, help="at least so many in all (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)


def run(requests: int, seed: int) -> Outcome:
    folder = FOLDER / "fuzz"
    sent = untested = 0
    failures: list[str] = []
    with Stack(folder, parameters={"CountdownSeconds": "2"}, progress=print) as stack:
        while sent < requests and not failures:
            examples = max(10, ceil((requests - sent - OF_COVERAGE) / ROUTES))
            found = fuzz(stack.addresses, folder / "report", examples, seed)
            sent, untested, seed = sent + found.requests, found.operations - found.tested, seed + 1
            failures += found.failures
            print(found.output if failures else f"{sent} requests")
    shutil.rmtree(folder)
    figures = {
        "requests": sent,
        "requests_short": max(0, requests - sent),
        "operations_not_reached": untested,
        "kinds_of_failure": len(failures),
    }
    return Outcome("fuzz", figures, {name: 0 for name in figures if name != "requests"})
