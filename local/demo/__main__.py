"""``./dev demo``: play one whole alert on the running system, or on one of its own; exit 1 if anything differs."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from infra.package import PackageError
from local.addresses import FOLDER, Addresses, NoStack, running
from local.demo.client import NeverHappened, Refused
from local.demo.play import play
from local.deploy import DeploymentFailed
from local.process import ProcessError
from local.stack import Stack
from local.year import story as year


@contextmanager
def _system() -> Iterator[Addresses]:
    try:
        addresses = running()
    except NoStack:
        print("No system is running here: starting one for this demo.", flush=True)
        with Stack(FOLDER / "demo", progress=lambda step: print(f"        {step}", flush=True)) as stack:
            yield stack.addresses
    else:
        yield addresses


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--year", action="store_true", help="count a year of 8,000 alerts whose totals are known")
    if parser.parse_args().year:
        return year.main(FOLDER / "year")
    try:
        with _system() as addresses:
            wrong = play(addresses.api, addresses.carrier).wrong
    except (NeverHappened, Refused, ProcessError, PackageError, DeploymentFailed) as error:
        print(f"The story broke off: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print("\nEverything is as it must be." if not wrong else f"\n{len(wrong)} things are not as they must be.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
