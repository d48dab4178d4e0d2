"""What sending an alert would do to a municipality's budget: said before it goes out, and never a reason to stop it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from chalicelib.platform.observe import logger


class Strain(StrEnum):
    """How far an alert takes a municipality."""

    NEAR = "near"  # over 80 % of this year's budget
    OVER = "over"  # over all of it


@dataclass(frozen=True)
class BudgetWarning:
    """Whole cents. ``budget``: of this year; ``spent`` of it so far; ``alert``: what this alert would add."""

    code: str
    name: str
    strain: Strain
    budget: int
    spent: int
    alert: int


Warnings: TypeAlias = tuple[BudgetWarning, ...] | None  # None: it was not, or could not be looked up


class BudgetReader(Protocol):
    def warnings(self, cents: int, people: Mapping[str, int]) -> list[BudgetWarning]:
        """Of an alert that would cost so much now. ``people``: by the smallest known area."""
        ...


def unhindered(look: Callable[[], Warnings]) -> Warnings:
    """Whatever goes wrong with money, the alert goes on."""
    try:
        return look()
    except Exception:
        logger.exception("budget.unknown")
        return None
