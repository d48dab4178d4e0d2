"""What alerts have cost some municipalities over a period, beside the budget of one."""

from collections.abc import Collection
from dataclasses import dataclass

from chalicelib.reports.budgets import Budget, Budgets
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.money_store import MoneyStore


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
        if not all(code == NATION or code.startswith("GM") for code in codes):
            return None
        since, until = period.bounds()
        last = min(period.last.year, self.budgets.year)  # nothing has begun later
        whose = None if NATION in codes else frozenset(it for code in codes for it in self.budgets.lying_in(code))
        found = [
            share
            for year in range(period.first.year, last + 1)
            for share in self.money.shares(year, whose)
            if since <= share.opened < until
        ]
        (one,) = codes if len(codes) == 1 else (NATION,)
        return Spent(
            sum(share.cents for share in found),
            sum(share.cents for share in found if not share.real),
            None if one == NATION else self.budgets.of(one, period.last.year),
        )
