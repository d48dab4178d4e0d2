"""``./dev screenshots FOLDER``: a picture of every page in every state that the tests of the pages look at.

The tests take them (``tests/e2e/conftest.py``), on a system of their own, so a picture shows what was tested.
``tests/e2e/pictures.txt`` names every one: the run fails where one was not taken, and so does a test that takes others.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from local.addresses import ROOT

INTO = "BURGERNET_SCREENSHOTS"  # the folder, told to the tests by their environment
BROWSERS = ROOT / ".tools" / "pages" / "bin" / "python"
LISTED = ROOT / "tests" / "e2e" / "pictures.txt"
README = ROOT / "docs" / "images"
SHOWN = {"phones": 1400}  # pixels from the top, of one that goes on and on
IN_README: Mapping[str, str] = {
    "sign-up": "sign-up-a-neighbour-signs-up-on-a-phone-with-every-slip-on-the-way-17-kloppen-uw-antwoorden",
    "console": "console-an-alert-from-the-first-word-to-the-outcome-by-two-people-06-meldkamer",
    "reply": "photos-a-photo-goes-from-a-neighbour-to-the-control-room-without-its-p-01-uw-antwoord",
    "phones": "phones-the-story-plays-at-the-press-of-a-button-and-its-messages-come--01-telefoons-en-e-mails",
}


def names() -> list[str]:
    """Of every picture that there must be, without ``.png``."""
    return LISTED.read_text().split()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev screenshots", description="Write a picture of every page in every state that the tests look at."
    )
    parser.add_argument("folder", type=Path, help="made where it is missing; pictures of the same name are replaced")
    parser.add_argument("--readme", action="store_true", help="also make those of the README anew from them")
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {name: folder / f"{name}.png" for name in names()}
    for file in pictures.values():
        file.unlink(missing_ok=True)  # of an earlier run
    tests = [str(BROWSERS), "-m", "pytest", "tests/e2e"]
    status = subprocess.run(tests, cwd=ROOT, env={**os.environ, INTO: str(folder)}).returncode
    missing = [name for name, file in pictures.items() if not file.exists()]
    print(f"{len(pictures) - len(missing)} of {len(pictures)} pictures in {folder}")
    for name in missing:
        print(f"missing: {name}")
    if status or missing:
        return status or 1
    if options.readme:
        for shown, name in IN_README.items():
            _cut(pictures[name], README / f"{shown}.png", SHOWN.get(shown))
    return 0


def _cut(source: Path, target: Path, height: int | None) -> None:
    picture = Image.open(source)
    picture.crop((0, 0, picture.width, height or picture.height)).save(target, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
