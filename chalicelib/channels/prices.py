"""What messages cost: one table of prices, which is data, and the one function that reckons with it.

Previews, progress, reports and budgets all ask ``PriceTable.micros``. ``prices.csv`` beside this file holds EXAMPLES of
a plausible size, no provider's list price; ``./dev package --prices FILE`` puts an operator's own in its place.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from chalicelib.channels.model import Channel

CURRENCY = "EUR"
MICROS_PER_CENT = 10_000
ANYWHERE = ""
HOME = "NL"  # whose prices hold where the number is not known any more
CALL_MINUTES = 1
FILE = Path(__file__).with_name("prices.csv")
COLUMNS = ("channel", "country", "per", "micro_euros", "valid_from", "source")
HIGHEST = 10_000_000  # millionths: whoever writes ten euros a message has taken another unit
_COUNTRIES = {"+31": "NL", "+32": "BE", "+49": "DE"}


class Per(StrEnum):
    """What is counted."""

    PART = "part"  # of an SMS
    MINUTE = "minute"  # of a call, begun
    MESSAGE = "message"


COUNTED = {
    Channel.SMS: (Per.PART, Per.MESSAGE),
    Channel.VOICE: (Per.MINUTE, Per.MESSAGE),
    Channel.EMAIL: (Per.MESSAGE,),
    Channel.PUSH: (Per.MESSAGE,),
}


class PricesError(ValueError):
    """A table of prices that cannot be used; says the line and what is wrong with it."""


@dataclass(frozen=True)
class Price:
    """``micros``: millionths of a euro. ``country``: ISO 3166 alpha-2 of the number, or ``ANYWHERE``.

    ``valid_from``: the first day. ``source``: where the figure comes from.
    """

    channel: Channel
    country: str
    micros: int
    per: Per
    valid_from: date
    source: str = ""


class Sent(NamedTuple):
    """Messages of one price. ``parts``: of all of them together, as SMS have; of others it does not matter."""

    channel: Channel
    country: str
    messages: int
    parts: int


@dataclass(frozen=True)
class PriceTable:
    """Of every channel there is a price that holds anywhere: a cost is never a reason for an alert to fail."""

    prices: tuple[Price, ...]

    def __post_init__(self) -> None:
        for channel in Channel:
            if not any(it.channel is channel and it.country == ANYWHERE for it in self.prices):
                raise PricesError(f"{channel}: a price without a country is missing, which holds for all others")

    @classmethod
    def read(cls, text: str) -> "PriceTable":
        """``text``: CSV with the columns of ``COLUMNS``. Raises ``PricesError``."""
        return cls(tuple(_read(text)))

    def price(self, channel: Channel, country: str, day: date) -> Price:
        """The newest price that holds on that day, of the country if it has one, else of anywhere.

        A day before all of them has the oldest price of anywhere.
        """
        ours = [it for it in self.prices if it.channel is channel and it.country in (country, ANYWHERE)]
        if valid := [it for it in ours if it.valid_from <= day]:
            return max(valid, key=lambda it: (it.country == country, it.valid_from))
        return min((it for it in ours if it.country == ANYWHERE), key=lambda it: it.valid_from)

    def micros(self, sent: Iterable[Sent], day: date) -> int:
        """What these messages cost together, in millionths of a euro."""
        return sum(_micros(self.price(it.channel, it.country, day), it) for it in sent)


@cache
def shipped() -> PriceTable:
    """The table that is in the package."""
    return PriceTable.read(FILE.read_text(encoding="utf-8"))


def cents(micros: int) -> int:
    """Rounded up."""
    return -(-micros // MICROS_PER_CENT)


def country_of(contact: str) -> str:
    """Of a number in E.164, as far as it makes a difference to a price; ``ANYWHERE`` for all else."""
    return _COUNTRIES.get(contact[:3], ANYWHERE)


def _micros(price: Price, sent: Sent) -> int:
    counted = {Per.PART: sent.parts, Per.MINUTE: sent.messages * CALL_MINUTES, Per.MESSAGE: sent.messages}
    return price.micros * counted[price.per]


def _read(text: str) -> Iterator[Price]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise PricesError(f"line 1: the columns are {','.join(COLUMNS)}")
    seen: set[tuple[Channel, str, date]] = set()
    for row in rows:
        try:
            price = _price(row)
        except (TypeError, ValueError) as error:
            raise PricesError(f"line {rows.line_num}: {error}") from None
        key = price.channel, price.country, price.valid_from
        if key in seen:
            raise PricesError(f"line {rows.line_num}: a second price from that day on")
        seen.add(key)
        yield price


def _price(row: dict[str, str]) -> Price:
    """Raises ``ValueError`` that says what is wrong."""
    if None in row or None in row.values():
        raise ValueError(f"there are {len(COLUMNS)} columns")
    channel, per, country = Channel(row["channel"]), Per(row["per"]), row["country"]
    if per not in COUNTED[channel]:
        raise ValueError(f"{channel} is not counted per {per}")
    if country not in (ANYWHERE, *_COUNTRIES.values()):
        raise ValueError(f"{country!r} is not told apart: leave it out, or one of {', '.join(_COUNTRIES.values())}")
    micros = int(row["micro_euros"])
    if not 0 <= micros <= HIGHEST:
        raise ValueError(f"{micros} millionths of a euro are not from 0 to {HIGHEST}")
    return Price(channel, country, micros, per, date.fromisoformat(row["valid_from"]), row["source"])
