"""Files that come within a JSON body, in base64."""

import binascii
from base64 import b64decode

from chalicelib.platform.errors import InvalidInput

ROOM = 2_048  # for what else stands in the body


def characters(size: int) -> int:
    """So many at most for a file of so many bytes."""
    return size * 4 // 3 + 4


def decoded(text: str, field: str) -> bytes:
    """Raises ``InvalidInput`` not_base64."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput.of(field, "not_base64", "This is not base64.") from None
