"""The messages of an alert, by name: ``call``, ``update-1`` to ``update-9``, ``outcome``, ``outcome-late``."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.alerts.text import Text

MAX_UPDATES = 9
NAME = r"^(call|update-[1-9]|outcome(-late)?)$"
LATE_OUTCOME = "outcome-late"  # of what closed by itself, once somebody says how it ended


class MessageKind(StrEnum):
    CALL = "call"
    UPDATE = "update"
    OUTCOME = "outcome"


class UpdateType(StrEnum):
    UPDATE = "update"  # there is more to know
    CORRECTION = "correction"  # what was said is not so


@dataclass(frozen=True)
class Update:
    """News to those who were asked. The newest one counts: it says all that has changed since the call."""

    type: UpdateType
    text: Text
    at: datetime
    by: str


def kind_of(name: str) -> MessageKind:
    return MessageKind(name.partition("-")[0])


def update_name(number: int) -> str:
    """Numbers begin at 1."""
    return f"{MessageKind.UPDATE}-{number}"


def update_number(name: str) -> int:
    return int(name.partition("-")[2])
