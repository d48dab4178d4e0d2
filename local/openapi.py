"""``python -m local.openapi [--check]``: write the committed OpenAPI document, or say where it has drifted."""

import argparse
import json
import sys

from chalicelib import wiring
from chalicelib.platform import openapi


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the committed copy is stale")
    arguments = parser.parse_args()
    text = json.dumps(openapi.document(wiring.endpoints()), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if not arguments.check:
        openapi.COMMITTED.write_text(text, encoding="utf-8")
        return 0
    if openapi.COMMITTED.read_text(encoding="utf-8") == text:
        return 0
    print(f"{openapi.COMMITTED.name} is not what the code says: run python -m local.openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
