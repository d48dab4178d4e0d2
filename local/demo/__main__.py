"""``./dev demo``: play one whole alert on the running system, or on one of its own; exit 1 if anything differs."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from chalicelib.staff.model import Role
from infra.package import PackageError
from local import tokens, town
from local.addresses import FOLDER, Addresses, NoStack, running
from local.demo.client import Api, Carrier, NeverHappened, Refused
from local.demo.expected import Resident
from local.demo.story import Cast, Story
from local.demo.timeline import Timeline
from local.deploy import DeploymentFailed
from local.process import ProcessError
from local.scenarios import BURGLARY
from local.stack import Stack

TIMEOUT_S = 30
CONTACTS = {"sms": "phone", "voice": "phone", "email": "email", "push": "device"}


def play(addresses: Addresses) -> Timeline:
    """The story against a system that holds the invented country."""
    timeline = Timeline()
    with httpx.Client(timeout=TIMEOUT_S) as http:
        api = Api(http, addresses.api)
        cast = Cast(
            citizen=api,
            dispatcher=api.as_(tokens.issue(Role.DISPATCHER, user="anna")),
            approver=api.as_(tokens.issue(Role.APPROVER, user="bram")),
            analysts={
                code: api.as_(tokens.issue(Role.ANALYST, user=f"carla-{code}", tenant=code)) for code in town.JOINED
            },
        )
        Story(cast, Carrier(http, addresses.carrier), residents(), BURGLARY, timeline).play()
    return timeline


def residents() -> tuple[Resident, ...]:
    """The invented participants as the independent computation wants them."""
    return tuple(
        Resident(
            tuple((place["lon"], place["lat"]) for place in person["places"]),
            {channel: person[CONTACTS[channel]] for channel in person["channels"]},
            tuple(tuple(place["hours"]) for place in person["places"]),
            frozenset(person["declined"]),
        )
        for person in (invented.to_json() for invented in town.build().participants)
    )


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
    argparse.ArgumentParser(prog="./dev demo", description=__doc__).parse_args()
    try:
        with _system() as addresses:
            wrong = play(addresses).wrong
    except (NeverHappened, Refused, ProcessError, PackageError, DeploymentFailed) as error:
        print(f"The story broke off: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print("\nEverything is as it must be." if not wrong else f"\n{len(wrong)} things are not as they must be.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
