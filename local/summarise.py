"""``./dev summarise [WEEK]``: send the running system's outcome summaries now, by the function the schedule calls."""

import argparse
import json
import sys

from local.addresses import NoStack, running
from local.deploy import STACK, Emulator


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev summarise", description="E-mail each municipality of the running system its outcome summary, now."
    )
    parser.add_argument("week", nargs="?", help="as 2026-W47; by default what the schedule would send now")
    week = parser.parse_args().week
    event = {"period": week, "again": True} if week else {}
    try:
        addresses = running()
    except NoStack as error:
        print(error, file=sys.stderr)
        return 1
    answer = (
        Emulator(addresses.aws)
        .client("lambda")
        .invoke(FunctionName=f"{STACK}-summarise", Payload=json.dumps(event).encode())
    )
    told = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        print(told.get("errorMessage", told), file=sys.stderr)
        return 1
    print(f"{told['sent']} summaries sent, {told['failed']} failed; read them at {addresses.carrier}/")
    return 0 if not told["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
