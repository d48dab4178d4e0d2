"""Which summaries of outcomes a municipality or an organisation wants by e-mail, and in what language."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field


class Summary(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    CLOSED = "closed"  # after each alert


Language: TypeAlias = Literal["nl", "en"]
Summaries: TypeAlias = list[Annotated[Summary, Field(strict=False)]]


@dataclass(frozen=True)
class Mailing:
    kinds: frozenset[Summary] = frozenset({Summary.MONTHLY, Summary.CLOSED})
    language: Language = "nl"

    @property
    def listed(self) -> list[Summary]:
        """The kinds, always in the same order."""
        return [kind for kind in Summary if kind in self.kinds]

    def attributes(self) -> dict[str, Any]:
        """In DynamoDB's own JSON."""
        return {
            "summaries": {"L": [{"S": kind.value} for kind in self.listed]},
            "summary_language": {"S": self.language},
        }

    @classmethod
    def read(cls, item: Any, default: "Mailing") -> "Mailing":
        """``default``: of a row from before there was a choice."""
        if "summaries" not in item:
            return default
        kinds = frozenset(Summary(kind["S"]) for kind in item["summaries"]["L"])
        return cls(kinds, item["summary_language"]["S"])


BY_DEFAULT = Mailing()
OF_ALERTS = Mailing(frozenset({Summary.CLOSED}))  # what an organisation gets unless it says otherwise
