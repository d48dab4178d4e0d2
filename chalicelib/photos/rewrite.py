"""A photo written anew from the parts that draw it, and from nothing else.

What a phone writes into a photo says where it was taken, when and by which device. So nothing is searched for and taken
out: the parts without which there is no picture are copied, and whatever else there is, before, between or behind them,
stays behind. Pixels are neither opened nor changed. Why so: docs/decisions/0039-photos.md.
"""

from collections.abc import Callable, Mapping

from chalicelib.photos import jpeg, png, webp
from chalicelib.photos.picture import NoPicture, Picture

_KINDS: Mapping[bytes, Callable[[bytes], Picture]] = {
    jpeg.START: jpeg.rewritten,
    png.START: png.rewritten,
    webp.START: webp.rewritten,
}


def rewritten(content: bytes) -> Picture:
    """The picture that the bytes hold, whatever they are called. Raises ``NoPicture``, ``TooManyPixels``."""
    for start, rewrite in _KINDS.items():
        if content.startswith(start):
            return rewrite(content)
    raise NoPicture("neither JPEG, PNG nor WebP")
