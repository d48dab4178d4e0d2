"""``./dev screenshots FOLDER``: a picture of every page in every state that the tests of the pages look at.

The tests take them (``tests/e2e/conftest.py``), on a system of their own, so a picture shows what was tested.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from local.addresses import ROOT

INTO = "BURGERNET_SCREENSHOTS"  # the folder, told to the tests by their environment
BROWSERS = ROOT / ".tools" / "pages" / "bin" / "python"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev screenshots", description="Write a picture of every page in every state that the tests look at."
    )
    parser.add_argument("folder", type=Path, help="made where it is missing; pictures of the same name are replaced")
    folder = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    tests = [str(BROWSERS), "-m", "pytest", "tests/e2e"]
    status = subprocess.run(tests, cwd=ROOT, env={**os.environ, INTO: str(folder)}).returncode
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return status


if __name__ == "__main__":
    sys.exit(main())
