"""Requests take turns: no more of them at once than this machine can serve, in the order in which they came.

The emulator starts a process for each call of a function that finds none free. Left alone, forty requests at once are
forty processes that import the whole product on a few cores, and the last is ready when nobody waits for it any more.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

AT_ONCE = 2 * (os.cpu_count() or 1)  # a request waits for the emulator half of its time
PATIENCE_S = 20.0  # leaves time for the answer within the 29 s that API Gateway gives it, and the 30 s that a page does


class NoTurn(Exception):
    """It did not come to a turn in time."""


@dataclass
class Turns:
    at_once: int = AT_ONCE
    patience_s: float = PATIENCE_S
    _free: asyncio.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Raises ``NoTurn``."""
        try:
            async with asyncio.timeout(self.patience_s):
                await self._free.acquire()
        except TimeoutError:
            raise NoTurn from None
        try:
            yield
        finally:
            self._free.release()
