"""What municipalities have spent on alerts this year, what they may, and what another alert would do to that."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.alerts.budget import BudgetWarning, Strain
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.reports.cost import recipients, split
from chalicelib.reports.money_store import MoneyStore

NEAR_PERCENT = 80


@dataclass(frozen=True)
class Budget:
    """``cents``: what a municipality may spend in a Dutch calendar year, None: no end to it. ``spent``: so far."""

    code: str
    year: int
    cents: int | None
    spent: int


@dataclass(frozen=True)
class Budgets:
    """``names``: of areas, by code. ``lying_in``: by municipality the codes of all that lie in it now, its own."""

    money: MoneyStore
    names: Callable[[Iterable[str]], Mapping[str, str]]
    lying_in: Callable[[Iterable[str]], Mapping[str, Collection[str]]]
    clock: Clock

    @property
    def year(self) -> int:
        """This one, in the Netherlands."""
        return self.clock.now().astimezone(AMSTERDAM).year

    def set(self, code: str, year: int, cents: int | None) -> Budget:
        """For that year and those after it, until another is set."""
        self.money.put_budget(code, year, cents)
        return Budget(code, year, cents, self._spent(year, {code}).get(code, 0))

    def of(self, code: str, year: int) -> Budget:
        return Budget(code, year, self.money.budgets(year, {code}).get(code), self._spent(year, {code}).get(code, 0))

    def all(self, year: int) -> list[Budget]:
        """Of those that have one, by code."""
        budgets = self.money.budgets(year, None)
        spent = self._spent(year, budgets.keys())
        return [Budget(code, year, cents, spent.get(code, 0)) for code, cents in sorted(budgets.items())]

    def warnings(self, cents: int, people: Mapping[str, int]) -> list[BudgetWarning]:
        """Of an alert that would cost so much now; ``people``: by the smallest known area. By code.

        What is being sent at this moment, and was not counted yet, is not in it.
        """
        year = self.year
        bearers = {code: number for code, number in recipients(people).items() if number}
        budgets = self.money.budgets(year, bearers.keys()) if cents else {}
        if not budgets:
            return []
        shares, spent = split(cents, bearers), self._spent(year, budgets.keys())
        strained = {
            code: strain
            for code, budget in sorted(budgets.items())
            if shares[code] and (strain := strain_of(budget, spent.get(code, 0) + shares[code]))
        }
        names = self.names(strained) if strained else {}
        return [
            BudgetWarning(code, names.get(code, code), strain, budgets[code], spent.get(code, 0), shares[code])
            for code, strain in strained.items()
        ]

    def _spent(self, year: int, codes: Iterable[str]) -> dict[str, int]:
        sums: dict[str, int] = {}
        now = {former: code for code, formers in self.lying_in(codes).items() for former in formers}
        for share in self.money.shares(year, frozenset(now)):
            code = now[share.municipality]
            sums[code] = sums.get(code, 0) + share.cents
        return sums


def strain_of(budget: int, spent: int) -> Strain | None:
    """Both in cents. Exactly all of it, or exactly 80 %, is not over it."""
    if spent > budget:
        return Strain.OVER
    return Strain.NEAR if spent * 100 > budget * NEAR_PERCENT else None
