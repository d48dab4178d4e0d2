"""What an alert costs, and who pays: its price from the tallies of its messages, split over municipalities.

Amounts are whole cents of ``channels.prices.CURRENCY``. What providers charged in dollars is no part of it: it stands
beside it in an alert's progress (docs/decisions/0045-one-table-of-prices.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.alerts.forecast import ASSUMED_PARTS
from chalicelib.areas import codes
from chalicelib.channels import prices
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import HOME, PriceTable, Sent
from chalicelib.delivery.model import ASKED, AreaTally, Tally


@dataclass(frozen=True)
class ChannelCost:
    """``messages``: that a provider took. ``parts``: of SMS; by receipts, those without one in proportion."""

    channel: Channel
    messages: int
    parts: int
    cents: int


@dataclass(frozen=True)
class AlertCost:
    """``cents``: of all messages, rounded up once; those of ``channels`` add up to it.

    ``recipients``: code of a municipality -> people asked there, once for each message of the alert.
    """

    cents: int
    channels: tuple[ChannelCost, ...]
    recipients: Mapping[str, int]

    @property
    def shares(self) -> dict[str, int]:
        """Code of a municipality -> its cents. They add up to ``cents``."""
        return split(self.cents, self.recipients)


def cost_of(tally: Tally, day: date, table: PriceTable) -> AlertCost:
    """``tally``: of all messages of an alert together. ``day``: of the first one, Dutch; its prices hold for all."""
    sent = list(_sent(tally))
    micros = {it.channel.value: table.micros([it], day) for it in sent}
    cents = prices.cents(sum(micros.values()))
    by_channel = split(cents, micros)
    return AlertCost(
        cents,
        tuple(ChannelCost(it.channel, it.messages, it.parts, by_channel[it.channel]) for it in sent),
        recipients({code: _asked(area) for code, area in tally.areas.items()}),
    )


def recipients(people: Mapping[str, int]) -> dict[str, int]:
    """``people``: by the smallest known area. Their sums by municipality; what lies in none stands by itself."""
    sums: dict[str, int] = {}
    for area, number in sorted(people.items()):
        municipality = codes.lineage(area)[-1]
        sums[municipality] = sums.get(municipality, 0) + number
    return sums


def split(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share out ``amount`` (not negative) by ``weights`` (not negative), by the largest remainder.

    The shares are whole, add up to the amount, and each differs by less than 1 from its exact share. Who weighs more
    never gets less. Of equal remainders the heavier comes first, then the one whose key does, so that the same always
    gets the same. Not promised, as no such method can: that nobody's share falls when the amount grows.

    Raises:
        ValueError: there is an amount, and nobody to bear it.
    """
    total = sum(weights.values())
    if not total:
        if amount:
            raise ValueError(f"nobody bears {amount}")
        return dict.fromkeys(weights, 0)
    shares = {key: amount * weight // total for key, weight in weights.items()}
    first = sorted(weights, key=lambda key: (-(amount * weights[key] % total), -weights[key], key))
    for key in first[: amount - sum(shares.values())]:
        shares[key] += 1
    return shares


def _sent(tally: Tally) -> Iterator[Sent]:
    """By channel what a provider took, or says that it charged for. All at home prices: the number is not kept."""
    for channel in Channel:
        told, parts_told, _ = tally.costs.get(channel, (0, 0, 0))
        taken = sum(number for result, number in tally.results.get(channel, {}).items() if result in ASKED)
        if messages := max(taken, told):
            parts = -(-messages * parts_told // told) if told else messages * _assumed(channel)
            yield Sent(channel, HOME, messages, parts)


def _asked(area: AreaTally) -> int:
    """Who opted out with the message was asked as well, if the provider charged for it; so somebody bears any cost."""
    return max([area.asked, *(some.priced for some in area.messages.values())])


def _assumed(channel: Channel) -> int:
    return ASSUMED_PARTS if channel is Channel.SMS else 1
