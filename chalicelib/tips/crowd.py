"""How many tips of an alert one network may give: a flood of inventions hides the one that is true.

The limit is high, for a phone company has a whole town behind a few addresses; and each link has a limit of its own.
"""

from dataclasses import dataclass

from chalicelib.platform.clock import Clock
from chalicelib.platform.counters import Counters
from chalicelib.platform.errors import TooManyRequests
from chalicelib.platform.network import network
from chalicelib.platform.observe import count, logger
from chalicelib.platform.tokens import KeyedHash

WINDOW_S = 600


@dataclass(frozen=True)
class Crowd:
    """``most``: tips from a network about an alert in ten minutes."""

    counters: Counters
    keyed: KeyedHash
    clock: Clock
    most: int

    def admit(self, alert: str, address: str) -> None:
        """``address``: of whoever sent the tip. Raises ``TooManyRequests`` ``too_many_tips_at_once``."""
        name = f"tip#{alert}#{self.keyed('network', network(address))[:32]}"
        if self.counters.add(name, WINDOW_S, self.clock.now()) > self.most:
            count("TipsRefused")
            logger.warning("tip.refused", alert=alert)
            raise TooManyRequests(
                "too_many_tips_at_once", "Many tips came from here just now. Call the police instead."
            )
