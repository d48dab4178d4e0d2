"""What sending an alert now would mean: how many people, where, at what cost, and when the last one has it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from chalicelib.alerts.bands import Band, band
from chalicelib.alerts.budget import BudgetReader, Warnings, unhindered
from chalicelib.alerts.content import Occasion
from chalicelib.alerts.reach import Reach, ReachReader
from chalicelib.alerts.text import Language
from chalicelib.areas import codes
from chalicelib.areas.model import Level, Shape
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import CURRENCY, PriceTable, Sent, cents
from chalicelib.platform.clock import AMSTERDAM, Clock

# Fewer people than this are neither told of nor priced: who draws a circle around one house must not learn whether
# somebody there has signed up.
SMALLEST = 5
MOST_LISTED = 1_000  # areas of one level; a level that has more is left out
ASSUMED_PARTS = 3  # of an SMS that nobody has written yet
ASSUMED = dict.fromkeys(Language, ASSUMED_PARTS)
LEVELS = {"GM": Level.MUNICIPALITY, "WK": Level.DISTRICT, "BU": Level.NEIGHBOURHOOD}


@dataclass(frozen=True)
class ChannelForecast:
    """``people``: messages, one a person. ``seconds``: until the last, from the first on. ``cents``: rounded up."""

    channel: Channel
    people: int
    seconds: int
    cents: int


@dataclass(frozen=True)
class AreaForecast:
    code: str
    name: str
    people: int


@dataclass(frozen=True)
class Forecast:
    """``people`` None: fewer than ``SMALLEST``, and then nothing is said of channels, costs and areas.

    ``sms_parts``: what one SMS takes, by the language of its reader; ``assumed`` where no text is written yet. None
    where the alert does not go by SMS. ``areas``: those with at least ``SMALLEST`` people, most people first; a level
    that has too many is left out. ``budget``: municipalities that this would take near the end of theirs, or over it.
    """

    exact: bool
    people: int | None
    band: Band
    sms_parts: Mapping[Language, int] | None
    assumed: bool
    channels: tuple[ChannelForecast, ...] = ()
    cents: int | None = None
    currency: str = CURRENCY
    areas: Mapping[Level, tuple[AreaForecast, ...]] | None = None
    budget: Warnings = None

    @property
    def seconds(self) -> int | None:
        """Until the last message of all channels, which send side by side."""
        return max((it.seconds for it in self.channels), default=None)


@dataclass(frozen=True)
class Forecaster:
    """``names``: of areas, by code. ``rates``: messages a second that the provider of a channel granted."""

    reach: ReachReader
    names: Callable[[Iterable[str]], Mapping[str, str]]
    rates: Mapping[Channel, float]
    prices: PriceTable
    budgets: BudgetReader
    clock: Clock

    def forecast(
        self, shape: Shape, channels: Sequence[Channel], occasion: Occasion, parts: Mapping[Language, int] | None
    ) -> Forecast:
        """``parts``: of the SMS by language, None where it is not written yet."""
        reach = self.reach.reach(shape, channels, occasion)
        told = parts or ASSUMED
        known = Forecast(
            exact=reach.exact,
            people=None,
            band=band(reach.people),
            sms_parts=told if Channel.SMS in channels else None,
            assumed=parts is None,
        )
        if reach.people < SMALLEST:
            return known
        micros = {channel: self._micros(reach, channel, told) for channel in channels}
        return Forecast(
            exact=known.exact,
            people=reach.people,
            band=known.band,
            sms_parts=known.sms_parts,
            assumed=known.assumed,
            channels=tuple(self._channel(reach, channel, micros[channel]) for channel in channels),
            cents=cents(sum(micros.values())),
            areas=self._areas(reach.areas),
            budget=self.warnings(reach, channels, told),
        )

    def warnings(self, reach: Reach, channels: Sequence[Channel], parts: Mapping[Language, int]) -> Warnings:
        """Of municipalities with at least ``SMALLEST`` people in reach.

        ``parts``: of the SMS by language; empty where none goes out.
        """
        if reach.people < SMALLEST:
            return None
        people = _by_level(reach.areas)[Level.MUNICIPALITY]
        cost = cents(sum(self._micros(reach, channel, parts or ASSUMED) for channel in channels))
        found = unhindered(lambda: tuple(self.budgets.warnings(cost, reach.areas)))
        return found and tuple(it for it in found if people.get(it.code, 0) >= SMALLEST)

    def _channel(self, reach: Reach, channel: Channel, micros: int) -> ChannelForecast:
        people = sum(n for group, n in reach.messages.items() if group.channel is channel)
        return ChannelForecast(channel, people, ceil(people / self.rates[channel]), cents(micros))

    def _micros(self, reach: Reach, channel: Channel, parts: Mapping[Language, int]) -> int:
        day = self.clock.now().astimezone(AMSTERDAM).date()
        sent = (
            Sent(channel, group.country, messages, messages * parts[group.language])
            for group, messages in reach.messages.items()
            if group.channel is channel
        )
        return self.prices.micros(sent, day)

    def _areas(self, people: Mapping[str, int]) -> dict[Level, tuple[AreaForecast, ...]]:
        listed = {level: found for level, found in _by_level(people).items() if len(found) <= MOST_LISTED}
        names = self.names([code for found in listed.values() for code, n in found.items() if n >= SMALLEST])
        return {
            level: tuple(
                AreaForecast(code, names.get(code, code), number)
                for code, number in sorted(found.items(), key=lambda it: (-it[1], it[0]))
                if number >= SMALLEST
            )
            for level, found in listed.items()
        }


def _by_level(people: Mapping[str, int]) -> dict[Level, dict[str, int]]:
    """``people``: by the smallest known area."""
    sums: dict[Level, dict[str, int]] = {level: {} for level in Level}
    for smallest, number in people.items():
        for code in codes.lineage(smallest):
            if level := LEVELS.get(code[:2]):
                sums[level][code] = sums[level].get(code, 0) + number
    return sums
