"""``./dev run``: the whole system on this machine until Ctrl-C."""

import argparse
import signal
import sys
import time
from types import FrameType

from infra.package import PackageError
from local.addresses import FILE, NoStack, running
from local.deploy import DeploymentFailed
from local.process import ProcessError
from local.stack import Stack, StackEnded


class Asked(Exception):
    """Somebody asked us to end."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev run", description="Start the whole system on this machine.")
    parser.add_argument("--empty", action="store_true", help="without the invented country")
    parser.add_argument("--tiles", default="", metavar="URL", help="pictures under maps, with {z}, {x} and {y}")
    parser.add_argument("--tiles-by", default="", metavar="WHOM", help="whose they are")
    options = parser.parse_args()
    if other := _other():
        print(f"Burgernet already runs here, at {other}: stop that one first.", file=sys.stderr)
        return 1
    return _run(populated=not options.empty, parameters={"MapTiles": options.tiles, "MapTilesBy": options.tiles_by})


def _other() -> str | None:
    try:
        return running().web
    except NoStack:
        return None


def _run(*, populated: bool, parameters: dict[str, str]) -> int:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _asked)
    begin = time.monotonic()

    def progress(step: str) -> None:
        print(f"{time.monotonic() - begin:4.0f} s  {step}", flush=True)

    try:
        with Stack(populated=populated, parameters=parameters, progress=progress, announce=FILE) as stack:
            _tell(stack, time.monotonic() - begin)
            stack.watch()
    except Asked:
        print("\nstopped", flush=True)
        return 0
    except (StackEnded, ProcessError, PackageError, DeploymentFailed) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell(stack: Stack, seconds: float) -> None:
    addresses = stack.addresses
    print(
        f"\nBurgernet is ready ({seconds:.0f} s)\n"
        f"  pages              {addresses.web}/\n"
        f"  API                {addresses.api}/openapi.json\n"
        f"  phones, inboxes    {addresses.carrier}/\n"
        f"  emulator of AWS    {addresses.aws}\n"
        "A staff token: ./dev token dispatcher. One whole alert: ./dev demo. Ctrl-C stops everything.\n",
        flush=True,
    )


def _asked(number: int, frame: FrameType | None) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # once is enough; what follows is orderly
    raise Asked


if __name__ == "__main__":
    sys.exit(main())
