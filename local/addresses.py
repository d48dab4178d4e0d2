"""Where a running local stack answers, and how others find it: ``.local/stack.json``."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from local.process import answers

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".local"
PUSH_SERVICE = "PUSH_SERVICE"  # variable with the address of the carrier, for who makes devices
FILE = FOLDER / "stack.json"


class NoStack(Exception):
    """No system runs here."""


@dataclass(frozen=True)
class Addresses:
    """Base addresses without a slash at the end. ``aws``: the emulator. ``pid``: of the program that holds it up."""

    api: str
    web: str
    carrier: str
    aws: str
    region: str
    stage: str
    pid: int

    def write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(asdict(self), indent=1) + "\n")
        part.rename(file)


def running(file: Path = FILE) -> Addresses:
    """The stack that was announced in ``file``; raises ``NoStack`` where it does not answer."""
    try:
        addresses = Addresses(**json.loads(file.read_text()))
        os.kill(addresses.pid, 0)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        raise NoStack("no Burgernet runs here: start it with ./dev run") from None
    if not answers(f"{addresses.web}/"):
        raise NoStack(f"Burgernet does not answer at {addresses.web}: start it again with ./dev run")
    return addresses
