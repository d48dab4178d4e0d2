"""PNG (W3C, third edition): header, palette, transparency, pixels and which way is up; of an animation, its still."""

import zlib
from collections.abc import Iterator

from chalicelib.photos import exif
from chalicelib.photos.picture import NoPicture, Picture

START = b"\x89PNG\r\n\x1a\n"
MEDIA_TYPE = "image/png"
_MOST_BYTES = {b"PLTE": 3 * 256, b"tRNS": 256}  # of what is there once: colours, and how clear they are
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}  # by kind of colour


def rewritten(content: bytes) -> Picture:
    """Raises ``NoPicture``, ``TooManyPixels``."""
    parts: list[bytes] = []
    header, pixels, turned = b"", False, exif.UPRIGHT
    left = dict(_MOST_BYTES)
    for kind, payload in _chunks(content):
        if (kind == b"IHDR") != (not header):
            raise NoPicture("not one header, at the start")
        if kind == b"IHDR":
            header = payload
            _check(header)
        elif kind == b"eXIf":
            turned = exif.orientation(payload)
        elif kind in _MOST_BYTES and (pixels or len(payload) > left.pop(kind, -1)):
            raise NoPicture("colours that no pixel can have")
        pixels = pixels or kind == b"IDAT"
        if kind == b"IDAT" or kind in _MOST_BYTES:
            parts.append(_written(kind, payload))
    if not pixels:
        raise NoPicture("no pixels")
    up = [] if turned == exif.UPRIGHT else [_written(b"eXIf", exif.written(turned))]
    whole = b"".join([START, _written(b"IHDR", header), *up, *parts, _written(b"IEND", b"")])
    return Picture(whole, MEDIA_TYPE, int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big"))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and payload, up to the end of the image; what stands behind it is not looked at."""
    position = len(START)
    while True:
        length = int.from_bytes(content[position : position + 4], "big")
        end = position + 8 + length
        kind, payload = content[position + 4 : position + 8], content[position + 8 : end]
        if end + 4 > len(content) or content[end : end + 4] != _checksum(kind, payload):
            raise NoPicture("a chunk is not whole")
        if kind == b"IEND":
            return
        yield kind, payload
        position = end + 4


def _check(header: bytes) -> None:
    """Width, height (4 bytes each), depth, colour, compression, filter, interlace."""
    if len(header) != 13 or header[8] not in _DEPTHS.get(header[9], ()) or header[10:12] != b"\0\0" or header[12] > 1:
        raise NoPicture("not a header that browsers draw")


def _written(kind: bytes, payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + kind + payload + _checksum(kind, payload)


def _checksum(kind: bytes, payload: bytes) -> bytes:
    return zlib.crc32(payload, zlib.crc32(kind)).to_bytes(4, "big")
