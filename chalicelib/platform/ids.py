"""Names of things: short, URL-safe, unguessable or deterministic."""

import hashlib
import secrets

# Crockford's base 32: no I, L, O, U, so an id can be read over the telephone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]  # two at once: it is done per message


def encode(value: int, length: int) -> str:
    """``value`` in base 32, left-padded to ``length`` characters.

    Raises:
        ValueError: negative, or too large for that length.
    """
    if value < 0 or value >= 1 << (5 * length):
        raise ValueError(f"{value} does not fit in {length} characters")
    text = "".join([_PAIRS[value >> shift & 1023] for shift in range(10 * ((length - 1) // 2), -1, -10)])
    return text[-length:]


def decode(text: str) -> int:
    """The number that ``encode`` wrote.

    Raises:
        ValueError: a character outside the alphabet.
    """
    value = 0
    for character in text:
        value = value << 5 | ALPHABET.index(character)
    return value


def random_id(length: int = 16) -> str:
    """An unguessable id of ``length`` characters, 5 bits each."""
    return encode(secrets.randbits(5 * length), length)


def derived_id(*parts: str, length: int = 16) -> str:
    """The same parts give the same id: what makes a repeated step harmless."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return encode(int.from_bytes(digest[:16]) % (1 << (5 * length)), length)
