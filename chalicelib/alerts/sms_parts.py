"""How many SMS a text takes: what it costs, and how long it takes to arrive.

3GPP TS 23.038 (alphabets) and TS 23.040 (concatenation): an SMS holds 140 octets. In parts, 6 of them are the header.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # written as an escape and a character: two septets


class Encoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


_ALONE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
_IN_PARTS = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}


@dataclass(frozen=True)
class Parts:
    """``units``: septets in GSM-7, UTF-16 units in UCS-2. ``parts``: how many SMS."""

    encoding: Encoding
    units: int
    parts: int


def outside_gsm(text: str) -> tuple[str, ...]:
    """The characters of a text that make all of it UCS-2, each once."""
    return tuple(dict.fromkeys(it for it in text if it not in _BASIC and it not in _EXTENSION))


def count(text: str) -> Parts:
    """Neither an escaped character nor a surrogate pair is ever split over two parts."""
    encoding = Encoding.GSM_7 if _BASIC.union(_EXTENSION).issuperset(text) else Encoding.UCS_2
    sizes = [_size(character, encoding) for character in text]
    units = sum(sizes)
    if units <= _ALONE[encoding]:
        return Parts(encoding, units, 1)
    return Parts(encoding, units, _packed(sizes, _IN_PARTS[encoding]))


def _size(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM_7:
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _packed(sizes: Iterable[int], room: int) -> int:
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
