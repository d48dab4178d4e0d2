"""Types of the fields that staff fill in: bounded, and free of what would break or disguise a message."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.platform.clock import rfc3339

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _printable(text: str) -> str:
    """Line breaks become ``\\n``; other control characters, and marks that reorder or hide text, are refused."""
    lines = text.replace("\r\n", "\n")
    for character in lines:
        joiner = character == "\u200d"  # of emoji
        if character != "\n" and not joiner and unicodedata.category(character) in ("Cc", "Cf", "Cs"):
            name = f"U+{ord(character):04X}"
            raise PydanticCustomError("control_character", "Contains the control character {name}.", {"name": name})
    return lines


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("line_break", "Is one line.")
    return text


def _within_reason(moment: datetime) -> datetime:
    """UTC, as fine as stored times."""
    if not EARLIEST <= moment <= LATEST:
        raise PydanticCustomError("time_out_of_range", "Lies between the years 1900 and 2200.")
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _trimmed(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


_LINE = (AfterValidator(_printable), AfterValidator(_one_line))
Word = Annotated[str, _trimmed(30), *_LINE]
Trait = Annotated[str, _trimmed(80), *_LINE]
Line = Annotated[str, _trimmed(200), *_LINE]
Headline = Annotated[str, _trimmed(120), *_LINE]
Passage = Annotated[str, _trimmed(300), AfterValidator(_printable)]
Story = Annotated[str, _trimmed(2000), AfterValidator(_printable)]

# Strict JSON takes a time as text only; without an offset it is refused.
Moment = Annotated[
    AwareDatetime,
    AfterValidator(_within_reason),
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
