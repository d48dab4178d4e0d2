"""``python -m local.town --out DIR``: write the invented country."""

import argparse
from pathlib import Path

from local.town import build, write


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.town", description="Write the invented demo country.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the three files")
    folder: Path = parser.parse_args().out
    write(folder)
    town = build()
    print(
        f"{len(town.areas['features'])} areas, {len(town.addresses)} addresses,"
        f" {len(town.participants)} participants in {folder}"
    )


if __name__ == "__main__":
    main()
