"""``python -m bench [NAME] [--json FILE]``: run one benchmark; exit 1 when a target is missed.

A benchmark is a module of ``bench`` with ``run``, and with ``add_arguments(parser)`` where it takes any of its own:
``run`` then gets them by name.
"""

import argparse
import importlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from chalicelib.platform.observe import logger

BENCHMARKS: Mapping[str, str] = {
    "pipeline": "what our own code spends per recipient, in one process",
    "delivery": "the same beside the bare calls to the providers",
    "fuzz": "whatever is sent to the API, the answer is as it is published: 10,000 requests on the deployed template",
    "faults": "an alert with faults at every call: nothing lost, nothing twice",
    "preview": "what a preview costs, and by how much it errs",
    "updates": "how fast an update gets ahead of a call that is still going out",
    "together": "how long a small alert takes while a large one is going out, simulated",
    "storm": "a bad evening on the deployed template: the carrier's record against the figures that are told",
    "tokens": "10,000 tokens that nobody may get in with, none of them admitted",
    "signups": "five hundred sign-ups at once, and whether an answer's time tells who is known",
    "reports": "what a dashboard costs to read, and an alert to count",
    "pages": "how soon each page can be used in a browser, what it weighs, and the live view with 2,000 tips",
    "matching": "who is inside an area, what finding out costs, and what it costs others",
}


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what a benchmark started must end with it
    known, rest = _named().parse_known_args()
    parser = argparse.ArgumentParser(prog=f"./dev bench {known.name}", description=BENCHMARKS[known.name])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and targets there")
    logger.setLevel("WARNING")  # the product's own log would drown the figures
    benchmark = importlib.import_module(f"bench.{known.name}")
    if hasattr(benchmark, "add_arguments"):
        benchmark.add_arguments(parser)
    asked = vars(parser.parse_args([*rest, "--help"] if known.help else rest))
    file = asked.pop("json")
    outcome = benchmark.run(**asked)
    print("\n".join(outcome.lines()))
    if file:
        outcome.write(file)
    return 0 if outcome.ok else 1


def _named() -> argparse.ArgumentParser:
    """The benchmark's name; all else is for the benchmark."""
    width = max(map(len, BENCHMARKS))
    names = "\n".join(f"  {name:<{width}}  {what}" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description=f"Measure our own code.\n\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("name", nargs="?", default="pipeline", choices=BENCHMARKS, help="default: pipeline")
    parser.add_argument("-h", "--help", action="store_true", help="of the benchmark")
    if sys.argv[1:] in (["-h"], ["--help"]):
        parser.print_help()
        sys.exit()
    return parser


if __name__ == "__main__":
    sys.exit(main())
