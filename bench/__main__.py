"""``python -m bench [NAME] [--json FILE]``: run one benchmark; exit 1 when a target is missed.

One that can be told more has a ``parser``, and its ``run`` takes what that reads.
"""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

import bench

PLUMBING = {"__main__", "deployed", "figures", "floor", "other_side", "simulate", "write_units"}


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in PLUMBING)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("name", nargs="?", default="pipeline", choices=names(), help="default: pipeline")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and targets there")
    arguments, more = parser.parse_known_args()
    benchmark = importlib.import_module(f"bench.{arguments.name}")
    if hasattr(benchmark, "parser"):
        outcome = benchmark.run(benchmark.parser().parse_args(more))
    elif more:
        parser.error(f"{arguments.name} takes no {' '.join(more)}")
    else:
        outcome = benchmark.run()
    print("\n".join(outcome.lines()))
    if arguments.json:
        outcome.write(arguments.json)
    return 0 if outcome.ok else 1


if __name__ == "__main__":
    sys.exit(main())
