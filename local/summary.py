"""``./dev summary AREA PERIOD``: an outcome summary of the running system as files, as it goes out by e-mail."""

import argparse
import sys
from pathlib import Path

from local.addresses import NoStack
from local.functions import FunctionFailed, invoke


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev summary", description="Write an outcome summary of the running system to a .html and a .txt file."
    )
    parser.add_argument("area", help="a municipality, as GM9001; or NL")
    parser.add_argument("period", help="as 2026-W47, 2026-10 or 2026")
    parser.add_argument("--folder", type=Path, default=Path(), help="where to write them; by default here")
    given = parser.parse_args()
    try:
        mail = invoke("summarise", {"area": given.area, "period": given.period, "show": True})
    except (NoStack, FunctionFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(mail["subject"])
    for path in write(mail, given.folder, f"summary-{given.area}-{given.period}"):
        print(path)
    return 0


def write(mail: dict[str, str], folder: Path, name: str) -> list[Path]:
    """The files, which are written over."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {folder / f"{name}.html": mail["html"], folder / f"{name}.txt": mail["text"]}
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8")
    return list(paths)


if __name__ == "__main__":
    sys.exit(main())
