"""``./dev import-areas``: municipalities, districts and neighbourhoods from GeoJSON into the running local system."""

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from chalicelib import wiring
from chalicelib.areas import importer, succession_file
from chalicelib.areas.model import BoundarySource, Level
from chalicelib.areas.succession import Successor
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.platform.errors import InvalidInput
from local.addresses import NoStack, running
from local.deploy import Emulator, function_environment
from local.functions import FunctionFailed, invoke
from local.ministack import CREDENTIALS
from local.town.organisations import CONTROL_ROOM

CBS = "CBS, Kadaster"  # CC BY 4.0: its makers are to be named


def _give(system: wiring.System, municipalities: list[str]) -> None:
    """To the local control room, which sends in its own region only. In a cloud an administrator says so."""
    room = system.organisations.get(CONTROL_ROOM.id)
    system.organisations.put(replace(room, areas=tuple(sorted({*room.areas, *municipalities}))))


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev import-areas", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path, help="a GeoJSON file, or a folder with *.geojson")
    parser.add_argument("--succession", type=Path, help="what became of codes, year by year: a CSV of year;old;new")
    parser.add_argument("--source", default=CBS, help=f"whose boundaries they are, to be read under every map ({CBS})")
    arguments = parser.parse_args()
    path: Path = arguments.path
    for given in filter(None, (path, arguments.succession)):
        if not given.exists():
            print(f"There is no {given}.", file=sys.stderr)
            return 2
    try:
        addresses = running()
    except NoStack as error:
        print(error, file=sys.stderr)
        return 1
    os.environ |= function_environment(Emulator(addresses.aws)) | CREDENTIALS | {"AWS_ENDPOINT_URL": addresses.aws}
    system = wiring.system()
    try:
        features = list(importer.read(path, system.settings.bounds))
        successors = succession_file.read(arguments.succession) if arguments.succession else []
        _check_years(successors, system.parts.clock.now().astimezone(AMSTERDAM).year)
        system.areas.load(features)
        system.areas.load_successors(successors)
        if features:
            system.areas.say_source(BoundarySource(arguments.source, max(it.area.year for it in features)))
        _give(system, [it.area.code for it in features if it.area.level is Level.MUNICIPALITY])
    except InvalidInput as error:
        print(f"Nothing was imported: {error.message}", file=sys.stderr)
        return 1
    print(f"{len(features)} areas")
    return _along() if successors else 0


def _check_years(successors: Iterable[Successor], this_year: int) -> None:
    """Raises ``InvalidInput``: too_early. This year's figures would be told under codes that are none yet."""
    if early := sorted({it.year for it in successors if it.year > this_year}):
        raise InvalidInput("too_early", f"Codes of {early[0]} are loaded from 1 January {early[0]} on.")


def _along() -> int:
    """Let go along what hangs on codes, by the function that an operator would call; say what it said."""
    event: dict[str, str] = {}
    try:
        while True:
            told = invoke("new-boundaries", event)
            for name in ("ended", "missing", "undecided"):
                if told.get(name):
                    print(f"{name}: {', '.join(told[name])}")
            print(f"{told['moved']} participants moved")
            if told["done"]:
                return 1 if told.get("missing") else 0
            event = {"after": told["after"]}
    except FunctionFailed as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
