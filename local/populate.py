"""``python -m local.populate FOLDER``: make the invented country, then load it once there is somewhere to load it.

It writes the country's files into FOLDER at once, and waits there for ``environment.json``: the variables of a deployed
function, and where the emulator and the carrier are.
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from chalicelib import wiring
from chalicelib.platform import aws
from local import demo_data, staff_accounts, town
from local.addresses import PUSH_SERVICE
from local.origin.people import PEOPLE

LOOK_S = 0.05


def main() -> None:
    folder = Path(sys.argv[1])
    country = town.build()
    town.write(folder)
    # Neighbours after each other: then the census has few areas to write for many people.
    neighbours = sorted(country.participants, key=lambda somebody: somebody.home.neighbourhood.code)
    os.environ |= _environment(folder / "environment.json")
    system = wiring.system()
    bounds = system.settings.bounds
    in_order = replace(country, participants=tuple(neighbours))
    staff_accounts.make(aws.client("cognito-idp"), system.settings.staff_pool, PEOPLE)
    count = demo_data.load(system.parts, bounds, in_order, folder, os.environ[PUSH_SERVICE])
    print(f"{count} participants")


def _environment(file: Path) -> dict[str, str]:
    while not file.exists():
        if os.getppid() == 1:
            sys.exit("nobody waits for the country any more")
        time.sleep(LOOK_S)
    variables: dict[str, str] = json.loads(file.read_text())
    return variables


if __name__ == "__main__":
    main()
