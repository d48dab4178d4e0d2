"""``python -m local.populate FOLDER``: load the invented country. Settings come from the environment."""

import sys
from pathlib import Path

from chalicelib import wiring
from local import demo_data, town


def main() -> None:
    system = wiring.system()
    count = demo_data.load(system.parts, system.settings.bounds, town.build(), Path(sys.argv[1]))
    print(f"{count} participants")


if __name__ == "__main__":
    main()
