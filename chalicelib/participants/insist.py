"""A change that others may get ahead of."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from chalicelib.platform.errors import Conflict

ATTEMPTS = 8  # each time another request was first, which cannot go on for long on one participant

T = TypeVar("T")


def insist(act: Callable[[], T]) -> T:
    """Act; where another request was first, read again and act on what it left."""
    for _ in range(ATTEMPTS - 1):
        with suppress(Conflict):
            return act()
    return act()
