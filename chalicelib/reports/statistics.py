"""Shares, rates and growth that say how sure they are, or that they cannot be told."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054  # standard normal: 95 % lie within
ENOUGH = 30  # of fewer, the interval of a share can be wider than a third of the scale: it says little


@dataclass(frozen=True)
class Share:
    """``count`` of ``total``, with the 95 % Wilson score interval from ``low`` to ``high``; 0 to 1.

    All three are None of nothing at all.
    """

    count: int
    total: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def too_few(self) -> bool:
        """Whether there are fewer than ``ENOUGH``, so that the share says little; the interval says how little."""
        return self.total < ENOUGH


def share(count: int, total: int) -> Share:
    """Raises ``ValueError`` unless 0 <= count <= total."""
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total}")
    if total == 0:
        return Share(0, 0, None, None, None)
    low, high = wilson(count, total)
    return Share(count, total, count / total, low, high)


def wilson(count: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of Wilson (1927), without correction for continuity: low, high."""
    p, zz = count / total, z * z
    middle = p + zz / (2 * total)
    half = z * sqrt(p * (1 - p) / total + zz / (4 * total * total))
    scale = 1 + zz / total
    # At the ends the interval reaches the end itself; floating point would miss it by a hair.
    low = 0.0 if count == 0 else (middle - half) / scale
    high = 1.0 if count == total else (middle + half) / scale
    return low, high


def per_thousand(count: int | None, inhabitants: int | None) -> float | None:
    """Per 1,000 inhabitants, to one decimal; None where either is not known, or nobody lives there."""
    if count is None or not inhabitants:
        return None
    return round(1000 * count / inhabitants, 1)


@dataclass(frozen=True)
class Growth:
    """``net``: how many more, negative for fewer. ``share``: of what there was, None where there was nothing."""

    before: int
    now: int

    @property
    def net(self) -> int:
        return self.now - self.before

    @property
    def share(self) -> float | None:
        return round(self.net / self.before, 4) if self.before else None


def growth(before: int | None, now: int | None) -> Growth | None:
    """None where either is not known."""
    return None if before is None or now is None else Growth(before, now)
