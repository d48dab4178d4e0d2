"""``./dev summarise [WEEK]``: send the running system's outcome summaries now, by the function the schedule calls."""

import argparse
import sys

from local.addresses import NoStack, running
from local.functions import FunctionFailed, invoke


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev summarise", description="E-mail each municipality of the running system its outcome summary, now."
    )
    parser.add_argument("week", nargs="?", help="as 2026-W47; by default what the schedule would send now")
    week = parser.parse_args().week
    try:
        told = invoke("summarise", {"period": week, "again": True} if week else {})
        inboxes = running().carrier
    except (NoStack, FunctionFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{told['sent']} summaries sent, {told['failed']} failed; read them at {inboxes}/")
    return 0 if not told["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
