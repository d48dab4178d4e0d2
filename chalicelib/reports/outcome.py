"""How an alert ended, as the mail after its closing tells it."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.reports.figures import AlertRow


@dataclass(frozen=True)
class Touched:
    """A municipality in which somebody was to be asked, or that the area of the alert overlaps.

    ``code``: as reports tell it today. ``asked``: people there. ``cents``: its share of the cost so far. ``areas``:
    the smallest ones with anybody, by today's codes. ``lies_in``: municipalities of today; several where it was split.
    """

    code: str
    name: str
    asked: int
    cents: int
    areas: frozenset[str]
    lies_in: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """``row``: the nation's. ``touched``: with the most people first. ``late``: it had closed before that was known."""

    row: AlertRow
    touched: tuple[Touched, ...]
    late: bool = False

    @property
    def asked(self) -> int:
        return sum(tally.asked for tally in self.row.people.values())

    @property
    def reached(self) -> int:
        return sum(tally.reached for tally in self.row.people.values())

    @property
    def cents(self) -> int:
        return sum(it.cents for it in self.touched)

    def of(self, municipalities: Iterable[str]) -> tuple[Touched, ...]:
        """Those of these codes."""
        wanted = frozenset(municipalities)
        return tuple(it for it in self.touched if it.code in wanted)
