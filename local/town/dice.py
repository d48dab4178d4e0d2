"""Chance that repeats: the same name throws the same dice, on every machine and every Python.

Only ``Random.random`` is used; Python promises its sequence, and that of no other method.
"""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """``name``: what is diced for. Things of different names are independent of each other."""

    def __init__(self, *name: object) -> None:
        digest = hashlib.sha256(" ".join(map(str, name)).encode()).digest()
        self._random = Random(int.from_bytes(digest[:8]))

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def below(self, end: int) -> int:
        """A whole number from 0, less than ``end``."""
        return int(self._random.random() * end)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[T, float]]) -> T:
        """``options``: each with its share; the shares add up to 1."""
        thrown = self._random.random()
        for option, share in options:
            thrown -= share
            if thrown < 0:
                return option
        return options[-1][0]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]
