"""What a photo is, once it may be shown, and what none may be."""

from dataclasses import dataclass, field

MOST_PIXELS = 50_000_000  # what a telephone makes; more could bring down the browser of a dispatcher
LONGEST_SIDE = 16_384


class NoPicture(Exception):
    """These bytes are not a whole picture of their kind."""


class TooManyPixels(NoPicture):
    pass


@dataclass(frozen=True)
class Picture:
    """``media_type``: of ``content``. ``width``, ``height``: pixels, before it is turned."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise NoPicture("no pixels")
        if self.width * self.height > MOST_PIXELS or max(self.width, self.height) > LONGEST_SIDE:
            raise TooManyPixels(f"{self.width} x {self.height}")
