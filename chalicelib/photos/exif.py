"""Of Exif (CIPA DC-008), the one number that it takes to draw a picture: which way is up."""

from typing import Literal

START = b"Exif\0\0"  # JPEG writes it before the directory, WebP sometimes
UPRIGHT = 1
_ORIENTATION, _SHORT = 0x0112, 3
_BYTE_ORDERS: dict[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}


def orientation(tiff: bytes) -> int:
    """1 to 8, as Exif counts; ``UPRIGHT`` where nothing sensible is said."""
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return UPRIGHT

    def number(position: int, length: int) -> int:
        return int.from_bytes(tiff[position : position + length], order)

    directory = number(4, 4)
    for index in range(number(directory, 2)):
        entry = directory + 2 + 12 * index
        if entry + 12 > len(tiff):
            break
        if number(entry, 2) == _ORIENTATION and number(entry + 2, 2) == _SHORT:
            turned = number(entry + 8, 2)
            return turned if 1 <= turned <= 8 else UPRIGHT
    return UPRIGHT


def written(turned: int) -> bytes:
    """A TIFF that says which way is up, and nothing else."""
    entry = b"".join(
        number.to_bytes(length, "big")
        for number, length in ((_ORIENTATION, 2), (_SHORT, 2), (1, 4), (turned, 2), (0, 2))
    )
    return b"MM\0*" + (8).to_bytes(4, "big") + (1).to_bytes(2, "big") + entry + bytes(4)
