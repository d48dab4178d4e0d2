"""What alerts have cost some municipalities over a period, beside the budget of one."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from chalicelib.reports.budgets import Budget, Budgets
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.money_store import MoneyStore, Share


@dataclass(frozen=True)
class Spent:
    """Whole cents, of alerts that began in the period. ``exercises``: of ``cents``, those of exercises and tests.

    ``budget``: of one municipality, in the year of the period's last day.
    """

    cents: int
    exercises: int
    budget: Budget | None = None


@dataclass(frozen=True)
class Spending:
    money: MoneyStore
    budgets: Budgets

    def over(self, codes: Collection[str], period: Period) -> Spent | None:
        """Of municipalities and all that lie in them now, or of the nation; None where another area is among them:
        shares go no deeper.
        """
        (found,) = self.each(codes, [period])
        (one,) = codes if len(codes) == 1 else (NATION,)
        return found and replace(found, budget=None if one == NATION else self.budgets.of(one, period.last.year))

    def each(self, codes: Collection[str], periods: Sequence[Period]) -> list[Spent | None]:
        """As ``over``, of each period in turn, without a budget. ``periods``: one after the other."""
        if not periods or not all(code == NATION or code.startswith("GM") for code in codes):
            return [None] * len(periods)
        last = min(periods[-1].last.year, self.budgets.year)  # nothing has begun later
        whose = None if NATION in codes else frozenset().union(*self.budgets.lying_in(codes).values())
        begins, ends = zip(*(period.bounds() for period in periods), strict=True)
        found: list[list[Share]] = [[] for _ in periods]
        for year in range(periods[0].first.year, last + 1):
            for share in self.money.shares(year, whose):
                place = bisect_right(begins, share.opened) - 1
                if place >= 0 and share.opened < ends[place]:
                    found[place].append(share)
        return list(map(_spent, found))


def _spent(shares: list[Share]) -> Spent:
    return Spent(sum(share.cents for share in shares), sum(share.cents for share in shares if not share.real))
