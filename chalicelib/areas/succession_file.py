"""The file that says what became of codes: ``year;old;new``, a line for each part where an area was split.

A code that stands nowhere under ``old`` went on as it was. Municipalities, districts and neighbourhoods have lines of
their own.
"""

import csv
from pathlib import Path

from chalicelib.areas.succession import Successor
from chalicelib.areas.validation import CODE
from chalicelib.platform.errors import InvalidInput

HEADER = ["year", "old", "new"]
YEARS = range(1995, 2200)


def read(path: Path) -> list[Successor]:
    """The lines of a CSV file with ``;``, each once, in order.

    Raises:
        InvalidInput: import_failed; names the line.
    """
    try:
        lines = list(csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))
    except (OSError, UnicodeDecodeError) as error:
        raise _failed(path, 1, f"cannot be read ({error})") from None
    if not lines or lines[0] != HEADER:
        raise _failed(path, 1, f"the first line is {';'.join(HEADER)}")
    return sorted({_line(path, number, line) for number, line in enumerate(lines[1:], 2) if line})


def _line(path: Path, number: int, line: list[str]) -> Successor:
    if len(line) != len(HEADER):
        raise _failed(path, number, f"{len(HEADER)} fields, {';'.join(HEADER)}")
    year, old, new = line
    if not (year.isascii() and year.isdigit() and int(year) in YEARS):
        raise _failed(path, number, "year is no year")
    for name, code in (("old", old), ("new", new)):
        if not CODE.fullmatch(code):
            raise _failed(path, number, f"{name} is no code, such as GM0344, WK034401 or BU03440111")
    if old[:2] != new[:2]:
        raise _failed(path, number, "old and new are areas of one level")
    return Successor(int(year), old, new)


def _failed(path: Path, number: int, why: str) -> InvalidInput:
    return InvalidInput("import_failed", f"{path.name}, line {number}: {why}")
