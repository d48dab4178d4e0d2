"""Signed links: a reference and a purpose, bound together by a keyed hash, without a row to look up."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.keyed_sha256 import KeyedSha256

MAC_CHARACTERS = 12
TAIL = 1 + MAC_CHARACTERS  # of a token: the key's id, and the keyed hash
KEYS = 2  # the newest signs; the one before it is still believed
SHORTEST_KEY = 32
_LETTERS = ids.ALPHABET.encode()
_LETTER_OF = bytes([_LETTERS[byte % len(_LETTERS)] for byte in range(256)])  # of its lowest five bits
_KEY = re.compile(rf"(?:([{ids.ALPHABET}]):)?([!-~]{{{SHORTEST_KEY},}})")


def read_keys(text: str) -> dict[str, bytes]:
    """Key id -> key, the newest first: ``1:new 0:old``, or a key alone, whose id is 0.

    Raises:
        ValueError: not that. Tells no key.
    """
    entries = [_KEY.fullmatch(entry) for entry in text.split()]
    keys = {entry[1] or "0": entry[2].encode() for entry in entries if entry}
    if not 1 <= len(entries) <= KEYS or len(keys) != len(entries):
        raise ValueError(f"one key or {KEYS} of them, each of {SHORTEST_KEY} characters or more with an id of its own")
    return keys


@dataclass(frozen=True)
class LinkSigner:
    """Writes and reads ``<reference><key id><mac>`` in base 32: short enough for an SMS, 60 bits against guessing.

    A token of one purpose is worthless for another. Ids are not secret; the keys are. ``key``, named ``id``, signs;
    what one of ``earlier`` signed is still believed.
    """

    key: bytes = field(repr=False)
    id: str = "0"
    earlier: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @classmethod
    def of(cls, text: str) -> "LinkSigner":
        """Raises ``ValueError`` as ``read_keys``."""
        (newest, key), *earlier = read_keys(text).items()
        return cls(key, newest, dict(earlier))

    def sign(self, purpose: str, reference: str) -> str:
        """Raises ``ValueError`` where the reference has characters outside the id alphabet."""
        if not _is_reference(reference):
            raise ValueError("a reference is made of id characters")
        begun = self._begun.get(purpose)
        if begun is None:
            begun = self._begun[purpose] = self._keyed[self.id].begun(_context(purpose, self.id))
        return f"{reference}{self.id}{_mac(begun, reference)}"

    def read(self, purpose: str, token: str) -> str:
        """The reference inside.

        Raises:
            NotFound: not a token of ours, or not of this purpose. The answer does not say which.
        """
        reference, key_id, mac = token[:-TAIL], token[-TAIL:-MAC_CHARACTERS], token[-MAC_CHARACTERS:]
        keyed = self._keyed.get(key_id)
        known = keyed and _is_reference(reference) and _is_reference(mac)
        if keyed and known and hmac.compare_digest(mac, _mac(keyed.begun(_context(purpose, key_id)), reference)):
            return reference
        raise NotFound("link_not_valid", "This link is not valid.")

    @cached_property
    def _begun(self) -> dict[str, KeyedSha256]:
        """By purpose, of which there are a handful: a mail has three links."""
        return {}

    @cached_property
    def _keyed(self) -> Mapping[str, KeyedSha256]:
        return {name: KeyedSha256(key) for name, key in {self.id: self.key, **self.earlier}.items()}


def _context(purpose: str, key_id: str) -> bytes:
    """What everything that a key signs for a purpose begins with."""
    return f"{purpose}\x1f{key_id}\x1f".encode()


def _is_reference(text: str) -> bool:
    return text != "" and not text.encode(errors="replace").translate(None, _LETTERS)


def _mac(begun: KeyedSha256, reference: str) -> str:
    """Five bits of each of so many bytes."""
    return begun.digest(reference.encode())[:MAC_CHARACTERS].translate(_LETTER_OF).decode()


@dataclass(frozen=True)
class KeyedHash:
    """Finds a contact without storing it in clear: the same text gives the same hash, for holders of the key."""

    key: bytes = field(repr=False)

    def __call__(self, kind: str, text: str) -> str:
        return hmac.new(self.key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()
