"""Faults on demand: which message meets which misfortune; for one seed the same, in whatever order messages come."""

import hashlib
import re
from collections import Counter
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from local.carrier.inbox import Channel


class Fault(StrEnum):
    SLOW = "slow"  # taken at once, answered delay_ms later: a caller that gave up cannot know
    THROTTLED = "throttled"  # not taken: too fast
    REJECTED = "rejected"  # not taken: never will be
    BOUNCED = "bounced"  # taken, then refused for good
    UNDELIVERED = "undelivered"  # taken, then not delivered for now
    OPTED_OUT = "opted_out"  # taken, then not sent: the person had told the provider to stop; a call is not taken
    SILENT = "silent"  # delivered, and nobody says so
    DUPLICATE_RECEIPT = "duplicate_receipt"  # delivered, said twice
    LATE_RECEIPT = "late_receipt"  # delivered, said delay_ms later
    BUSY = "busy"  # call only: taken, and the line was engaged
    GONE = "gone"  # push only: not taken, the device has unsubscribed
    UNAVAILABLE = "unavailable"  # posts only: not taken, the network itself is ill
    COMPLAINED = "complained"  # e-mail only: delivered, then marked as spam
    VIRUS = "virus"  # e-mail only: taken, then rejected by SES itself


POSTS = frozenset({Channel.X, Channel.MASTODON})
ONLY_FOR = {
    Fault.COMPLAINED: frozenset({Channel.EMAIL}),
    Fault.VIRUS: frozenset({Channel.EMAIL}),
    Fault.BUSY: frozenset({Channel.VOICE}),
    Fault.GONE: frozenset({Channel.PUSH}),
    Fault.UNAVAILABLE: POSTS,
}


class Rule(BaseModel):
    """``to``: a contact, or a regular expression for all of it, where a plus sign in front stands for itself.

    ``channel``, ``to``: None stands for all. ``rate``: share of the messages that match, 0 to 1. ``times``: at most so
    many in all. ``delay_ms``: of slow and late_receipt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: Channel | None = None
    to: str | None = Field(default=None, max_length=320)
    fault: Fault
    rate: float = Field(default=1.0, ge=0, le=1)
    delay_ms: int = Field(default=1000, ge=0, le=600_000)
    times: int | None = Field(default=None, ge=1)

    @field_validator("to")
    @classmethod
    def _compiles(cls, text: str | None) -> str | None:
        if text is not None:
            _pattern(text)
        return text

    def applies(self, channel: Channel, to: str) -> bool:
        if self.channel not in (None, channel) or channel not in ONLY_FOR.get(self.fault, Channel):
            return False
        return self.to is None or self.to == to or _pattern(self.to).fullmatch(to) is not None


class FaultPlan(BaseModel):
    """The first rule that strikes wins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[Rule, ...] = Field(default=(), max_length=1000)
    seed: int = 0


class Faults:
    """A rule's lot for the n-th message to a contact depends on seed, rule, contact and n alone."""

    def __init__(self, plan: FaultPlan | None = None) -> None:
        self.put(plan or FaultPlan())

    def put(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._struck: Counter[int] = Counter()
        self._drawn: Counter[tuple[int, Channel, str]] = Counter()

    def strike(self, channel: Channel, to: str) -> Rule | None:
        """What happens to this message; None: nothing."""
        for number, rule in enumerate(self._plan.rules):
            if not rule.applies(channel, to) or (rule.times is not None and self._struck[number] >= rule.times):
                continue
            self._drawn[number, channel, to] += 1
            if _lot(self._plan.seed, number, channel, to, self._drawn[number, channel, to]) < rule.rate:
                self._struck[number] += 1
                return rule
        return None

    def to_json(self) -> dict[str, Any]:
        """The plan, each rule with how often it ``struck``."""
        rules = [
            {**rule.model_dump(mode="json"), "struck": self._struck[number]}
            for number, rule in enumerate(self._plan.rules)
        ]
        return {"rules": rules, "seed": self._plan.seed}


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile("\\" + text if text.startswith("+") else text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None


def _lot(seed: int, rule: int, channel: Channel, to: str, n: int) -> float:
    digest = hashlib.blake2b(f"{seed}|{rule}|{channel}|{to}|{n}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
