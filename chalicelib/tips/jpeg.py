"""JPEG (ITU T.81): tables, frame and scans are copied; of all else, which way is up and how colours are coded."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.tips import exif
from chalicelib.tips.picture import NoPicture, Picture

START = b"\xff\xd8\xff"
MEDIA_TYPE = "image/jpeg"
MOST_SCANS = 100  # a progressive one has about ten; each is drawn over the whole picture
MOST_SEGMENTS = 2_000  # a phone writes some tens, and 8 MB of the largest are 128; of empty ones they are two million

_EOI, _SOS = 0xD9, 0xDA
_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive; browsers draw no others
_TABLES = {0xC4, 0xDB, 0xDD}  # Huffman, quantisation, restart interval
_APP0, _APP1, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xEE, 0xEF, 0xFE
_TAKEN = _FRAMES | _TABLES | {_SOS, _COMMENT} | set(range(_APP0, _APP15 + 1))
_FILLED = re.compile(rb"\xff+")
# In a scan, what begins with 0xFF is a marker unless it is stuffed (00) or a restart (D0 to D7). One 0xFF and no more:
# a pattern that takes all that fill it takes hours where somebody sends megabytes of them.
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"


class _Segment(NamedTuple):
    """``payload``: without its length. ``scan``: the coded pixels that follow it."""

    marker: int
    payload: bytes
    scan: bytes = b""


def rewritten(content: bytes) -> Picture:
    """Raises ``NoPicture``, ``TooManyPixels``."""
    size: tuple[int, int] | None = None
    body: list[bytes] = []
    jfif, turned, scans = False, exif.UPRIGHT, 0
    for number, (marker, payload, scan) in enumerate(_segments(content), 1):
        if number > MOST_SEGMENTS:
            raise NoPicture("too many segments")
        if marker in _FRAMES:
            if size is not None:
                raise NoPicture("two frames")
            size = _size(payload)
        elif marker == _SOS:
            scans += 1
            if size is None or scans > MOST_SCANS:
                raise NoPicture("scans without a frame, or too many")
        elif marker == _APP0 and payload.startswith(b"JFIF\0"):
            jfif = True
            continue
        elif marker == _APP1 and payload.startswith(exif.START):
            turned = exif.orientation(payload[len(exif.START) :])
            continue
        elif marker == _APP14 and payload.startswith(b"Adobe") and len(payload) == 12:
            payload = b"Adobe\0\x64\0\0\0\0" + bytes([min(payload[11], 2)])
        elif marker not in _TABLES:
            continue
        body.append(_written(marker, payload) + scan)
    if size is None or not scans:
        raise NoPicture("no frame or no scan")
    head = [_written(_APP0, _JFIF)] if jfif else []
    if turned != exif.UPRIGHT:
        head.append(_written(_APP1, exif.START + exif.written(turned)))
    return Picture(b"".join([_BEGIN, *head, *body, _END]), MEDIA_TYPE, *size)


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


def _size(frame: bytes) -> tuple[int, int]:
    """Width and height of a frame header: precision, height, width, number of components, three bytes for each."""
    if len(frame) < 6 or frame[0] != 8 or frame[5] not in (1, 3, 4) or len(frame) != 6 + 3 * frame[5]:
        raise NoPicture("not a frame that browsers draw")
    return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")


def _written(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload
