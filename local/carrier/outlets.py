"""Where receipts go, as a port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

Receipt = Mapping[str, Any]


class Kind(StrEnum):
    """Receipts of one kind go to one outlet."""

    SMS_DELIVERED = "sms_delivered"
    SMS_FAILED = "sms_failed"
    EMAIL_EVENT = "email_event"
    PHONE_EVENT = "phone_event"


class Away(Exception):
    """The first ``taken`` receipts were taken; the others must be offered again, and may then come twice."""

    def __init__(self, why: str, taken: int = 0) -> None:
        super().__init__(why)
        self.taken = taken


class Outlet(Protocol):
    def put(self, receipts: Sequence[Receipt]) -> None:
        """Take all, or raise ``Away``."""
        ...


@dataclass
class MemoryOutlet:
    """The twin: keeps what it took. ``away``: so many hand-overs fail, after having taken ``taken_first`` each."""

    taken: list[Receipt] = field(default_factory=list)
    hand_overs: int = 0
    away: int = 0
    taken_first: int = 0

    def put(self, receipts: Sequence[Receipt]) -> None:
        if self.away:
            self.away -= 1
            self.taken += receipts[: self.taken_first]
            raise Away("away", self.taken_first)
        self.hand_overs += 1
        self.taken += receipts
