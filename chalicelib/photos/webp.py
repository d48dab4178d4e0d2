"""WebP (RFC 9649): a still picture's pixels, its transparency and which way is up are copied."""

from collections.abc import Iterator

from chalicelib.photos import exif
from chalicelib.photos.picture import NoPicture, Picture

START = b"RIFF"
MEDIA_TYPE = "image/webp"
_ALPHA, _EXIF = 0x10, 0x08  # flags
_CLEAR = 0x10  # in the header of lossless pixels: some can be seen through
_VP8_START, _VP8L_START = b"\x9d\x01\x2a", b"\x2f"


def rewritten(content: bytes) -> Picture:
    """Raises ``NoPicture``, ``TooManyPixels``."""
    chunks = dict(_chunks(content))
    if (b"VP8 " in chunks) == (b"VP8L" in chunks) or b"ANIM" in chunks or b"ANMF" in chunks:
        raise NoPicture("not one still picture")
    width, height = _size_lossless(chunks[b"VP8L"]) if b"VP8L" in chunks else _size_lossy(chunks[b"VP8 "])
    if not width or not height:
        raise NoPicture("no pixels")
    drawn = b"".join(_written(kind, chunks[kind]) for kind in (b"ALPH", b"VP8 ", b"VP8L") if kind in chunks)
    turned = exif.orientation(chunks.get(b"EXIF", b"").removeprefix(exif.START))
    up = b"" if turned == exif.UPRIGHT else _written(b"EXIF", exif.written(turned))
    clear = b"ALPH" in chunks or bool(chunks.get(b"VP8L", bytes(5))[4] & _CLEAR)
    flags = (_ALPHA if clear else 0) | (_EXIF if up else 0)
    sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
    extended = _written(b"VP8X", bytes([flags, 0, 0, 0]) + sides) if up or b"ALPH" in chunks else b""
    parts = extended + drawn + up
    return Picture(START + (4 + len(parts)).to_bytes(4, "little") + b"WEBP" + parts, MEDIA_TYPE, width, height)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and payload; what stands behind the file's own end is not looked at."""
    file_end = 8 + int.from_bytes(content[4:8], "little")
    if content[8:12] != b"WEBP" or file_end > len(content):
        raise NoPicture("not a whole WebP")
    position = 12
    while position < file_end:
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        end = position + 8 + length
        if position + 8 > file_end or end > file_end:
            raise NoPicture("a chunk is not whole")
        yield content[position : position + 4], content[position + 8 : end]
        position = end + length % 2


def _size_lossy(pixels: bytes) -> tuple[int, int]:
    if len(pixels) < 10 or pixels[0] & 1 or pixels[3:6] != _VP8_START:
        raise NoPicture("not a key frame")
    return int.from_bytes(pixels[6:8], "little") & 0x3FFF, int.from_bytes(pixels[8:10], "little") & 0x3FFF


def _size_lossless(pixels: bytes) -> tuple[int, int]:
    if len(pixels) < 5 or pixels[:1] != _VP8L_START:
        raise NoPicture("not lossless pixels")
    bits = int.from_bytes(pixels[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _written(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "little") + payload + bytes(len(payload) % 2)
