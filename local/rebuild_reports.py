"""``./dev rebuild-reports``: make the running system's reports again, by the function that an operator would call."""

import argparse
import sys

from local.addresses import NoStack
from local.functions import FunctionFailed, invoke


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev rebuild-reports",
        description="Make the figures of the running system again from its ledger, and print what differed.",
    )
    parser.add_argument("--first", metavar="MONTH", help="as 2026-01; by default that of the first alert")
    parser.add_argument("--last", metavar="MONTH", help="by default this one")
    asked = {name: month for name, month in vars(parser.parse_args()).items() if month}
    try:
        while True:
            told = invoke("rebuild-reports", asked)
            for month in told["months"]:
                print(_line(month))
            if "next" not in told:
                return 0
            asked["first"] = told["next"]
    except (NoStack, FunctionFailed) as error:
        print(error, file=sys.stderr)
        return 1


def _line(month: dict[str, object]) -> str:
    names = ("alerts", "rows", "differed", "removed", "sums")
    which = month["which"]
    assert isinstance(which, list)
    return (
        f"{month['month']}: "
        + ", ".join(f"{month[name]} {name}" for name in names)
        + "".join(f"\n  {row}" for row in which)
    )


if __name__ == "__main__":
    sys.exit(main())
