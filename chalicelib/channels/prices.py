"""What a message costs: one table, to be set by whoever runs this from the contracts with their providers.

The figures below are EXAMPLES of a plausible size, no provider's list price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.channels.model import Channel

CURRENCY = "EUR"
MICROS_PER_CENT = 10_000
ANYWHERE = ""
_COUNTRIES = {"+31": "NL", "+32": "BE", "+49": "DE"}


class Per(StrEnum):
    """What is counted."""

    PART = "part"  # of an SMS
    MINUTE = "minute"  # of a call, begun
    MESSAGE = "message"


@dataclass(frozen=True)
class Price:
    """``micros``: millionths of a unit of ``currency``. ``country``: ISO 3166 alpha-2 of the number, or ``ANYWHERE``.

    ``channel``: as in ``Channel``. ``valid_from``: the first day. ``source``: where the figure comes from.
    """

    channel: str
    country: str
    micros: int
    per: Per
    valid_from: date
    source: str
    currency: str = CURRENCY


class NoPrice(LookupError):
    """Nobody has set a price for this channel and day."""


_EXAMPLE = "example: set it from the provider's contract"
_BEGIN = date(2026, 1, 1)
PRICES: Sequence[Price] = (
    Price("sms", "NL", 90_000, Per.PART, _BEGIN, _EXAMPLE),
    Price("sms", "BE", 80_000, Per.PART, _BEGIN, _EXAMPLE),
    Price("sms", "DE", 100_000, Per.PART, _BEGIN, _EXAMPLE),
    Price("sms", ANYWHERE, 120_000, Per.PART, _BEGIN, _EXAMPLE),
    Price("voice", ANYWHERE, 60_000, Per.MINUTE, _BEGIN, _EXAMPLE),
    Price("push", ANYWHERE, 0, Per.MESSAGE, _BEGIN, "the makers of browsers ask nothing"),
    Price("email", ANYWHERE, 100, Per.MESSAGE, _BEGIN, _EXAMPLE),
)


def price(channel: Channel, country: str, day: date, prices: Sequence[Price] = PRICES) -> Price:
    """The newest price that holds on that day, of the country if it has one, else of anywhere.

    Raises:
        NoPrice: there is none.
    """
    valid = [
        it for it in prices if it.channel == channel and it.country in (country, ANYWHERE) and it.valid_from <= day
    ]
    if not valid:
        raise NoPrice(f"{channel} on {day}")
    return max(valid, key=lambda it: (it.country == country, it.valid_from))


def country_of(contact: str) -> str:
    """Of a number in E.164, as far as it makes a difference to a price; ``ANYWHERE`` for all else."""
    return _COUNTRIES.get(contact[:3], ANYWHERE)
