"""``./dev canary``: send a test to the canaries of the running system, and wait until each has arrived."""

import argparse
import sys
import time

import httpx

from chalicelib.staff.model import Role
from local import tokens
from local.addresses import NoStack, running
from local.functions import FunctionFailed, invoke

PATIENCE_S, LOOK_S = 90, 0.5


def main() -> int:
    argparse.ArgumentParser(
        prog="./dev canary", description="Send a test to the running system's canaries, and tell how long each took."
    ).parse_args()
    try:
        api = running().api
        expected = invoke("canary", {"send": True})["sent"]
    except (NoStack, FunctionFailed) as error:
        print(error, file=sys.stderr)
        return 1
    headers = {"Authorization": f"Bearer {tokens.issue(Role.ADMIN, user='canary-watcher')}"}
    until = time.monotonic() + PATIENCE_S
    with httpx.Client(base_url=api, headers=headers, timeout=30) as http:
        while True:
            arrived = http.get("/canary").raise_for_status().json()["runs"][0]["arrived"]
            if len(arrived) == expected or time.monotonic() > until:
                break
            time.sleep(LOOK_S)
    for it in arrived:
        print(f"{it['seconds']:6.1f} s  {it['channel']:6} {it['area']}")
    print(f"{len(arrived)} of {expected} arrived")
    return 0 if len(arrived) == expected else 1


if __name__ == "__main__":
    sys.exit(main())
