"""How many SMS a text takes: 3GPP TS 23.038. Counted apart from the product, so that the two can be compared."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True)
class Parts:
    """``encoding``: GSM-7 or UCS-2. ``units``: septets, or 16-bit units."""

    encoding: str
    units: int
    parts: int


def count(text: str) -> Parts:
    if all(character in _BASIC or character in _EXTENDED for character in text):
        weights = [2 if character in _EXTENDED else 1 for character in text]
        return Parts("GSM-7", sum(weights), _parts(weights, 160, 153))
    weights = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Parts("UCS-2", sum(weights), _parts(weights, 70, 67))


def _parts(weights: list[int], alone: int, joined: int) -> int:
    """A character that takes two units is never cut in half."""
    if sum(weights) <= alone:
        return 1
    parts, filled = 1, 0
    for weight in weights:
        if filled + weight > joined:
            parts, filled = parts + 1, 0
        filled += weight
    return parts
