"""``./dev summarise [PERIOD]``: send the running system's outcome summaries now, by the function the schedule calls."""

import argparse
import sys

from local.addresses import NoStack, running
from local.functions import FunctionFailed, invoke


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev summarise", description="E-mail each municipality of the running system its outcome summary, now."
    )
    parser.add_argument("period", nargs="?", help="as 2026-W47, 2026-10 or 2026; without: what is due now")
    period = parser.parse_args().period
    try:
        told = invoke("summarise", {"period": period, "again": True} if period else {})
        inboxes = running().carrier
    except (NoStack, FunctionFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{told['sent']} summaries sent, {told['failed']} failed; read them at {inboxes}/")
    return 0 if not told["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
