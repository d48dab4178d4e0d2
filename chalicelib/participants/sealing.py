"""A contact as it is stored: sealed with a key that seals nothing else, so that it is gone everywhere when the key is.

The sealed text travels as it is: from the participant to the places, through matching into the ledger; only who sends
opens it. A text that is not sealed is left as it is: the twins seal nothing.
"""

import os
from base64 import urlsafe_b64encode
from binascii import a2b_base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from chalicelib.participants.model import ContactKind

MARK = "~"  # no phone number and no mail address begins with it
KEY_BYTES = 16
TAG_BYTES = 8  # whoever could try forgeries may write to the table
NONCE = bytes(13)  # always the same: a key seals one text
NUMBER_BYTES = 7  # E.164: 15 digits at most


class Unreadable(Exception):
    """The key is gone, or seals another text: whose contact it was has left, or has another one."""


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: bytes, participant: str, kind: ContactKind, text: str) -> str:
    """``text``: as ``Contact`` has it. 21 characters for a number, 4/3 of its length and 12 for a mail address."""
    plain = _packed(text) if kind is ContactKind.PHONE else text.encode()
    sealed = AESCCM(key, tag_length=TAG_BYTES).encrypt(NONCE, plain, _whose(participant, kind))
    return MARK + urlsafe_b64encode(sealed).decode().rstrip("=")


def is_sealed(text: str) -> bool:
    return text.startswith(MARK)


def unseal(key: bytes | None, participant: str, kind: ContactKind, text: str) -> str:
    """Raises ``Unreadable``."""
    if not is_sealed(text):
        return text
    if key is None:
        raise Unreadable
    sealed = a2b_base64(text[len(MARK) :].replace("-", "+").replace("_", "/") + "==")  # base64url
    try:
        plain = AESCCM(key, tag_length=TAG_BYTES).decrypt(NONCE, sealed, _whose(participant, kind))
    except InvalidTag:
        raise Unreadable from None
    return f"+{int.from_bytes(plain)}" if kind is ContactKind.PHONE else plain.decode()


def _packed(number: str) -> bytes:
    return int(number.removeprefix("+")).to_bytes(NUMBER_BYTES)


def _whose(participant: str, kind: ContactKind) -> bytes:
    return f"{participant} {kind}".encode()
