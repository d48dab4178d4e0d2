"""A browser that listens to areas, and what became of a message to it. Nobody knows whose browser it is."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.alerts.text import Language
from chalicelib.channels.model import Device

MOST_AREAS = 20
ID_CHARACTERS = 32
SHARDS = 16  # parts in which the browsers of an alert are kept: a partition takes 1,000 writes a second


def listener_id(device: Device) -> str:
    """A hash of the endpoint: the same browser is the same listener, and nobody guesses another's."""
    return hashlib.sha256(device.endpoint.encode()).hexdigest()[:ID_CHARACTERS]


def shard(listener: str) -> int:
    return int(listener[0], 16)


@dataclass(frozen=True)
class Listener:
    """A browser, and in which language it is told."""

    id: str
    device: Device
    language: Language


@dataclass(frozen=True)
class Page:
    """Some listeners in the order of their ids. ``after``: where the next page begins; empty where there is none."""

    listeners: tuple[Listener, ...]
    after: str = ""


class Outcome(StrEnum):
    """Of a message to a listener. One that is claimed is being sent, or its sender was killed."""

    CLAIMED = "claimed"
    SENT = "sent"
    UNKNOWN = "unknown"  # may have been taken: never repeated
    FAILED = "failed"
    GONE = "gone"  # the browser has ended its subscription


HEARD = frozenset({Outcome.CLAIMED, Outcome.SENT, Outcome.UNKNOWN})  # who may have got the call must hear the rest


@dataclass(frozen=True)
class Claim:
    """``page``: whose sender took it. ``at_ms``: when, epoch. ``said``: how many updates the alert had for that sender.

    ``mine``: it was free, and is the caller's now.
    """

    outcome: Outcome
    page: str
    at_ms: int
    said: int = 0
    mine: bool = False


@dataclass(frozen=True)
class Figures:
    """How many messages, never to whom. ``sent``: also those that may have been taken."""

    sent: int = 0
    failed: int = 0
    gone: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.sent + other.sent, self.failed + other.failed, self.gone + other.gone)

    @classmethod
    def of(cls, outcomes: list[Outcome]) -> "Figures":
        sent = sum(outcome in HEARD for outcome in outcomes)
        return cls(sent, outcomes.count(Outcome.FAILED), outcomes.count(Outcome.GONE))
