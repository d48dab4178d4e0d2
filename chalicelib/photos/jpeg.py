"""JPEG (ITU T.81): the frame, the scans and the tables that these use are copied; of all else, which way is up and how
colours are coded.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.photos import exif, jpeg_tables
from chalicelib.photos.jpeg_tables import HUFFMAN, QUANTISATION, Key, Tables
from chalicelib.photos.picture import NoPicture, Picture

START = b"\xff\xd8\xff"
MEDIA_TYPE = "image/jpeg"
MOST_SCANS = 100  # a progressive one has about ten; each is drawn over the whole picture
MOST_SEGMENTS = 2_000  # a phone writes some tens, and 8 MB of the largest are 128; of empty ones they are two million

_EOI, _SOS = 0xD9, 0xDA
_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
_PROGRESSIVE = 0xC2
_FRAMES = {0xC0, 0xC1, _PROGRESSIVE}  # baseline, extended; browsers draw no others
_APP0, _APP1, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
_TAKEN = _FRAMES | jpeg_tables.MARKERS | {_SOS, _COMMENT} | set(range(_APP0, _APP15 + 1))
_FILLED = re.compile(rb"\xff+")
# In a scan, what begins with 0xFF is a marker unless it is stuffed (00) or a restart (D0 to D7). One 0xFF and no more:
# a pattern that takes all that fill it takes hours where somebody sends megabytes of them.
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


class _Frame(NamedTuple):
    """``tables``: component -> its quantisation table."""

    progressive: bool
    width: int
    height: int
    tables: dict[int, int]


class _Segment(NamedTuple):
    """``payload``: without its length. ``scan``: the coded pixels that follow it."""

    marker: int
    payload: bytes
    scan: bytes = b""


def rewritten(content: bytes) -> Picture:
    """Raises ``NoPicture``, ``TooManyPixels``."""
    frame: _Frame | None = None
    tables = Tables()
    body: list[bytes] = []
    jfif, adobe, turned, scans = False, b"", exif.UPRIGHT, 0
    for number, (marker, payload, scan) in enumerate(_segments(content), 1):
        if number > MOST_SEGMENTS:
            raise NoPicture("too many segments")
        if marker in jpeg_tables.MARKERS:
            tables.read(marker, payload)
        elif marker in _FRAMES:
            if frame is not None:
                raise NoPicture("two frames")
            frame = _frame(marker, payload)
            body.append(_written(marker, payload))
        elif marker == _SOS:
            scans += 1
            if frame is None or scans > MOST_SCANS:
                raise NoPicture("scans without a frame, or too many")
            body += [_written(*table) for table in tables.handed_on(_used(frame, payload))]
            body.append(_written(marker, payload) + scan)
        elif marker == _APP0 and payload.startswith(b"JFIF\0"):
            jfif = True
        elif marker == _APP1 and payload.startswith(exif.START):
            turned = exif.orientation(payload[len(exif.START) :])
        elif marker == _APP14 and payload.startswith(b"Adobe") and len(payload) == 12:
            adobe = b"Adobe\0\x64\0\0\0\0" + bytes([min(payload[11], 2)])
    if frame is None or not scans:
        raise NoPicture("no frame or no scan")
    head = [_written(_APP0, _JFIF)] if jfif else []
    if turned != exif.UPRIGHT:
        head.append(_written(_APP1, exif.START + exif.written(turned)))
    head += [_written(_APP14, adobe)] if adobe else []
    return Picture(b"".join([_BEGIN, *head, *body, _END]), MEDIA_TYPE, frame.width, frame.height)


def _segments(content: bytes) -> Iterator[_Segment]:
    """Up to the end of the image; what stands behind it is not looked at."""
    position = 2
    while True:
        filled = _FILLED.match(content, position)
        if filled is None or filled.end() == len(content):
            raise NoPicture("no marker where one must be")
        position = filled.end()
        marker = content[position]
        if marker == _EOI:
            return
        if marker not in _TAKEN:
            raise NoPicture(f"marker {marker:02x}")
        length = int.from_bytes(content[position + 1 : position + 3], "big")
        end = position + 1 + length
        if length < 2 or end > len(content):
            raise NoPicture("a segment is not whole")
        payload, scan = content[position + 3 : end], b""
        if marker == _SOS:
            after = _AFTER_SCAN.search(content, end)
            if after is None:
                raise NoPicture("a scan does not end")
            scan, end = content[end : after.start()].rstrip(b"\xff"), after.start()
        yield _Segment(marker, payload, scan)
        position = end


def _frame(marker: int, header: bytes) -> _Frame:
    """Of precision, height, width, number of components, and three bytes for each: name, sampling, table."""
    if len(header) < 6 or header[0] != 8 or header[5] not in (1, 3, 4) or len(header) != 6 + 3 * header[5]:
        raise NoPicture("not a frame that browsers draw")
    height, width = int.from_bytes(header[1:3], "big"), int.from_bytes(header[3:5], "big")
    return _Frame(marker == _PROGRESSIVE, width, height, dict(zip(header[6::3], header[8::3], strict=True)))


def _used(frame: _Frame, header: bytes) -> list[Key]:
    """The tables of a scan: of a number of components, two bytes for each (name, tables), and which coefficients."""
    if not header or not 1 <= header[0] <= 4 or len(header) != 4 + 2 * header[0]:
        raise NoPicture("not the header of a scan")
    names, first, refined = header[1:-3:2], header[-3], header[-1] >> 4
    if not set(names) <= frame.tables.keys():
        raise NoPicture("a scan of what is not in the frame")
    # Progressive: the mean of each block (coefficient 0), or the others. A mean is refined without a table.
    means = not frame.progressive or (not first and not refined)
    others = not frame.progressive or first
    used: list[Key] = [(QUANTISATION, frame.tables[name]) for name in names]
    for pair in header[2:-3:2]:
        used += [(HUFFMAN, pair >> 4)] if means else []
        used += [(HUFFMAN, 0x10 | pair & 15)] if others else []
    return used


def _written(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload
