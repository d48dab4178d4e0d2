"""Verification codes: derived, never stored."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.participants.model import ContactKind, SignUp

DIGITS = 6
VALID = timedelta(minutes=10)
MAX_TRIES = 5


@dataclass(frozen=True)
class Codes:
    """Six digits that follow from a secret, the sign-up and the contact: whoever sends them twice sends the same."""

    key: bytes = field(repr=False)

    def code(self, sign_up: SignUp, kind: ContactKind) -> str:
        text = f"verification\x1f{sign_up.id}\x1f{kind}\x1f{sign_up.codes_sent}"
        digest = hmac.digest(self.key, text.encode(), hashlib.sha256)
        return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"

    def matches(self, sign_up: SignUp, kind: ContactKind, given: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(self.code(sign_up, kind).encode(), given.encode())
