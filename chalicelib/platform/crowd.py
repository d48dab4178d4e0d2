"""How often one network may do what anybody may: a flood of it hides, or costs, what is meant.

Limits are high, for a phone company has a whole town behind a few addresses.
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
class Flood:
    """What there may be too much of. ``metric``: counts what is refused, with ``code`` and ``message``."""

    name: str
    metric: str
    code: str
    message: str
    window_s: int = WINDOW_S


@dataclass(frozen=True)
class Crowd:
    """``most``: of a network, in the window of ``flood``."""

    counters: Counters
    keyed: KeyedHash
    clock: Clock
    flood: Flood
    most: int

    def admit(self, address: str, about: str = "") -> None:
        """Count one more. ``address``: of whoever sent the request. ``about``: each is counted apart.

        Raises ``TooManyRequests`` with the code of the flood.
        """
        flood, where = self.flood, self.keyed("network", network(address))[:32]
        name = "#".join(filter(None, (flood.name, about, where)))
        if self.counters.add(name, flood.window_s, self.clock.now()) > self.most:
            count(flood.metric)
            logger.warning("crowd.refused", flood=flood.name, about=about)
            raise TooManyRequests(flood.code, flood.message)
