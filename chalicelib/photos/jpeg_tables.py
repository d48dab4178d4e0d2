"""The tables of a JPEG (ITU T.81, B.2.4): read one by one, and handed on to the scan that is drawn with them.

A segment of tables has room for 64 KB that no decoder looks at. So none is copied: each table is read to its end, and
what no scan uses, or what another table takes the place of before one does, stays behind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chalicelib.photos.picture import NoPicture

HUFFMAN, QUANTISATION, RESTART = 0xC4, 0xDB, 0xDD  # markers
MARKERS = {HUFFMAN, QUANTISATION, RESTART}
_MOST_VALUES = 256  # of a Huffman table
_LENGTHS = 16  # of codes; how many there are of each stands before the values

Key = tuple[int, int]  # marker, and which one of its kind


@dataclass
class Tables:
    """``held``: as they are now. ``written``: as they were handed on last."""

    held: dict[Key, bytes] = field(default_factory=dict)
    written: dict[Key, bytes] = field(default_factory=dict)

    def read(self, marker: int, payload: bytes) -> None:
        """Raises ``NoPicture`` where a segment holds anything but whole tables."""
        if marker == RESTART:
            if len(payload) != 2:
                raise NoPicture("not a restart interval")
            self.held[RESTART, 0] = payload
            return
        for table in _huffman(payload) if marker == HUFFMAN else _quantisation(payload):
            # The upper half of its first byte is the class of a Huffman table, and part of its name.
            self.held[marker, table[0] if marker == HUFFMAN else table[0] & 15] = table

    def handed_on(self, keys: Sequence[Key]) -> Iterator[tuple[int, bytes]]:
        """Marker and payload of those that have changed. Raises ``NoPicture`` where one is missing."""
        for key in [*keys, *([(RESTART, 0)] if (RESTART, 0) in self.held else [])]:
            if key not in self.held:
                raise NoPicture("a scan without its tables")
            if self.held[key] != self.written.get(key):
                self.written[key] = self.held[key]
                yield key[0], self.held[key]


def _huffman(payload: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(payload):
        values = sum(payload[start + 1 : start + 1 + _LENGTHS])
        end = start + 1 + _LENGTHS + values
        if payload[start] & 0xEC or not 0 < values <= _MOST_VALUES or end > len(payload):
            raise NoPicture("not a Huffman table")
        yield payload[start:end]
        start = end


def _quantisation(payload: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(payload):
        end = start + 1 + 64 * (1 + (payload[start] >> 4))
        if payload[start] & 0xEC or end > len(payload):
            raise NoPicture("not a quantisation table")
        yield payload[start:end]
        start = end
