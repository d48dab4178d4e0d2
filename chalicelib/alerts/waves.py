"""Waves: the nearest are asked first, the next ring after some minutes without a tip.

The last ring is the rest of the area. Who is asked in a wave: docs/decisions says why it is so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.areas.model import Point
from chalicelib.areas.rings import Ring, ring
from chalicelib.platform.errors import Conflict


class Hold(StrEnum):
    """Why the next wave does not begin by itself."""

    TIP = "tip"
    DISPATCHER = "dispatcher"


@dataclass(frozen=True)
class Waves:
    """``radii_m``: how far from the incident each wave but the last reaches, ascending. ``minutes``: between waves."""

    radii_m: tuple[int, ...]
    minutes: int

    @property
    def count(self) -> int:
        return len(self.radii_m) + 1

    @property
    def pause(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def last_after(self) -> timedelta:
        """From the first wave to the last, if nothing holds them."""
        return len(self.radii_m) * self.pause

    def ring(self, wave: int, center: Point) -> Ring:
        """Where the people of a wave, from 1 on, are."""
        return ring(center, self.radii_m, wave - 1)


@dataclass(frozen=True, kw_only=True)
class WaveState:
    """How far the waves are.

    ``begun``: how many. ``next_at``: when the next begins by itself; None where none will, or they are held.
    ``tips_from``: a tip since then holds them: who began a wave by hand knew those that had come before.
    """

    begun: int
    next_at: datetime | None
    tips_from: datetime
    held: Hold | None = None

    def begin(self, wave: int, waves: Waves, *, by_hand: bool, at: datetime, until: datetime) -> "WaveState":
        """``until``: when the alert ends.

        Raises:
            Conflict: ``no_wave_left``, ``wave_not_next``; not by hand also ``waves_held``, ``wave_not_due``.
        """
        if self.begun >= waves.count:
            raise Conflict("no_wave_left", "All waves of this alert have begun.")
        if wave != self.begun + 1:
            raise Conflict("wave_not_next", f"The next wave is {self.begun + 1}.")
        if not by_hand:
            if self.next_at is None:
                raise Conflict("waves_held", "The waves are held.")
            if at < self.next_at:
                raise Conflict("wave_not_due", "Its time has not come.")
        next_at = at + waves.pause
        return WaveState(
            begun=wave,
            next_at=next_at if wave < waves.count and next_at < until else None,
            tips_from=at if by_hand else self.tips_from,
        )
