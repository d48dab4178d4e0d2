"""Two alerts at the same time, simulated: how long a small one takes that begins while a large one is going out.

The simulation is that of ``./dev simulate``; that SQS hands out first what is of an alert with few messages under way
is assumed, as its documentation says of fair queues. What is ours is how senders share the granted rate.
"""

from dataclasses import dataclass, replace

from bench.figures import Outcome
from bench.matching.country import PARTICIPANTS
from bench.simulation.assumptions import Assumptions
from bench.simulation.pipeline import Alert, simulate
from bench.simulation.plan import planned

# However large the other: with half of the rate it takes twice as long as alone, and so many seconds more at most.
LATE_S = 5.0


@dataclass(frozen=True)
class Case:
    """``large``, ``small``: people; ``after_s``: when the small one begins. ``senders``: of each channel, at most."""

    large: int
    small: int
    after_s: float
    sms_rate: float
    email_rate: float
    senders: int

    def play(self, *, fair: bool = True) -> tuple[Alert, Alert]:
        """The small alert when nothing else is sent, and the same beside the large one."""
        given = replace(Assumptions(), most_functions=self.senders, fair=fair)
        large, small = planned(self.large), planned(self.small)
        alone = simulate(small, self.sms_rate, self.email_rate, given).alerts[0]
        beside = simulate(large, self.sms_rate, self.email_rate, given, then=[(small, self.after_s)]).alerts[1]
        return alone, beside


CASES = {
    "nation": Case(PARTICIPANTS, 1_500, 20, 1_000, 1_000, 50),
    "city": Case(200_000, 1_500, 20, 1_000, 1_000, 25),
    "town": Case(20_000, 1_500, 20, 200, 100, 5),
    "slow": Case(20_000, 300, 60, 20, 14, 5),
    "slow_with_many_senders": Case(20_000, 300, 60, 20, 14, 50),
}


def run() -> Outcome:
    figures: dict[str, float] = {}
    limits: dict[str, float] = {}
    for name, case in CASES.items():
        alone, beside = case.play()
        figures |= {
            f"{name}_alone_s": alone.last,
            f"{name}_beside_s": beside.last,
            f"{name}_later_than_with_half_the_rate_s": beside.last - 2 * alone.last,
        }
        limits[f"{name}_later_than_with_half_the_rate_s"] = LATE_S
    return Outcome("together", figures, limits)
