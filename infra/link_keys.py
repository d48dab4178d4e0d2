"""``python -m infra.link_keys < OLD > NEW``: the value of the secret of links with a new key in front.

The key before it stays, so that links which it signed are still believed; the one before that goes. ``--only``: none
stays, and every link that was ever sent is worthless.
"""

import secrets
import sys

from chalicelib.platform import ids
from chalicelib.platform.tokens import read_keys

BYTES = 48


def rotated(text: str, *, only: bool = False) -> str:
    """Raises ``ValueError`` as ``read_keys``."""
    keys = read_keys(text)
    newest = next(iter(keys))
    following = ids.ALPHABET[(ids.ALPHABET.index(newest) + 1) % len(ids.ALPHABET)]
    kept = "" if only else f" {newest}:{keys[newest].decode()}"
    return f"{following}:{secrets.token_urlsafe(BYTES)}{kept}"


def main() -> int:
    try:
        print(rotated(sys.stdin.read().strip(), only="--only" in sys.argv[1:]))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
