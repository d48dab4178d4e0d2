"""Signed links: a reference and a purpose, bound together by a keyed hash, without a row to look up."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from functools import cached_property

from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound

MAC_CHARACTERS = 12
_SHAPE = re.compile(rf"[{ids.ALPHABET}]+")


@dataclass(frozen=True)
class LinkSigner:
    """Writes and reads ``<reference><mac>`` in base 32: short enough for an SMS, 60 bits against guessing.

    A token of one purpose is worthless for another. Ids are not secret; the key is.
    """

    key: bytes = field(repr=False)

    def sign(self, purpose: str, reference: str) -> str:
        """Raises ``ValueError`` where the reference has characters outside the id alphabet."""
        if not _SHAPE.fullmatch(reference):
            raise ValueError("a reference is made of id characters")
        return reference + self._mac(purpose, reference)

    def read(self, purpose: str, token: str) -> str:
        """The reference inside.

        Raises:
            NotFound: not a token of ours, or not of this purpose. The answer does not say which.
        """
        reference, mac = token[:-MAC_CHARACTERS], token[-MAC_CHARACTERS:]
        if _SHAPE.fullmatch(token) and reference and hmac.compare_digest(mac, self._mac(purpose, reference)):
            return reference
        raise NotFound("link_not_valid", "This link is not valid.")

    def _mac(self, purpose: str, reference: str) -> str:
        keyed = self._keyed.copy()
        keyed.update(f"{purpose}\x1f{reference}".encode())
        return ids.encode(int.from_bytes(keyed.digest()[:8]) >> 4, MAC_CHARACTERS)

    @cached_property
    def _keyed(self) -> hmac.HMAC:
        """The hash with the key taken in, which is half the work: copied for each message."""
        return hmac.new(self.key, digestmod=hashlib.sha256)


@dataclass(frozen=True)
class KeyedHash:
    """Finds a contact without storing it in clear: the same text gives the same hash, for holders of the key."""

    key: bytes = field(repr=False)

    def __call__(self, kind: str, text: str) -> str:
        return hmac.new(self.key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()
