"""What Burgernet did in a year where somebody lives or works: what the yearly mail thanks them with."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class AreaYear:
    """Over a calendar year. ``participants``: who take part there; None where that is not told.

    ``successes``: urgent alerts that ended well. ``helped``: alerts in whose result participants had a part.
    """

    place: str
    year: int
    alerts: int
    successes: int
    helped: int
    participants: int | None


class Years(Protocol):
    def of(self, area: str) -> AreaYear | None:
        """``area``: code of the smallest area; where that is too small to be told of, the municipality that it is in.

        None: there is no such area any more.
        """
        ...
