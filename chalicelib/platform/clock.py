"""The time, as an argument: nothing else in the product reads a clock, or waits."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class ManualClock:
    """The twin: stands still until it is moved, or somebody sleeps."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.advance(seconds=seconds)

    def advance(self, **delta: float) -> None:
        """Move forward; takes the keywords of ``timedelta``."""
        self.at += timedelta(**delta)


def rfc3339(moment: datetime) -> str:
    """``2026-11-23T20:15:00.123Z``: UTC, milliseconds, sorts as text."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def parse_rfc3339(text: str) -> datetime:
    """Raises ``ValueError`` where the text is no moment or has no offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset from UTC")
    return moment.astimezone(UTC)


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970, as DynamoDB's time to live wants them."""
    return int(moment.timestamp())


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970: what the validity of a place is counted in."""
    return epoch(moment) * 1000 + moment.microsecond // 1000


def epoch_us(moment: datetime) -> int:
    """Microseconds since 1970: fine enough for a thousand messages a second."""
    return epoch(moment) * 1_000_000 + moment.microsecond
