"""``./dev redrive [QUEUE]``: what lies in the dead-letter queues of the running system, and the way back."""

import argparse
import sys

from chalicelib.platform.redrive import MOST, NAMES
from local.addresses import NoStack
from local.functions import FunctionFailed, invoke


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev redrive",
        description="Put the dead letters of a queue or function of the running system back, by the function that does "
        "it in the cloud; without a name, only say how many wait.",
    )
    parser.add_argument("queue", nargs="?", choices=NAMES, metavar="QUEUE", help=", ".join(NAMES))
    parser.add_argument("--most", type=int, default=MOST, help="at most so many letters (default: %(default)s)")
    options = parser.parse_args()
    try:
        told = invoke("redrive", {"queue": options.queue, "most": options.most} if options.queue else {})
    except (NoStack, FunctionFailed) as error:
        print(error, file=sys.stderr)
        return 1
    if options.queue:
        print(f"{told['moved']} put back")
    for name, count in told["waiting"].items():
        print(f"{count:6}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
