"""What happened to an alert, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class EventRecord:
    """One entry of an alert's history. Times grow along it, so a reader who follows misses none.

    ``address``: of the network that it was asked for from, for the audit trail alone; empty where unknown.
    """

    id: str
    at: datetime
    type: str
    by: str
    facts: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
