"""Who is asked about: the nation, a control room, a police team and a municipality, and what must be told of each."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from chalicelib.staff.model import Role
from local.year import expected
from local.year.expected import EVERY, Cases, Figures
from local.year.fill import ROOM, TEAM
from local.year.plan import DAILY, NEIGHBOURHOODS, YEAR, Plan


class Span(NamedTuple):
    """A day, a month or a year: from the first day to the last."""

    first: date
    last: date


def _months() -> Sequence[Span]:
    begins = [*(date(YEAR, month, 1) for month in range(1, 13)), date(YEAR + 1, 1, 1)]
    return [Span(first, following - timedelta(days=1)) for first, following in pairwise(begins)]


ALL = Span(date(YEAR, 1, 1), date(YEAR, 12, 31))
MONTHS = _months()
DAYS = [
    Span(day, day)
    for number in range((MONTHS[DAILY - 1].last - MONTHS[DAILY - 1].first).days + 1)
    for day in [MONTHS[DAILY - 1].first + timedelta(days=number)]
]
SERIES = {"months": MONTHS, "days": DAYS}


@dataclass(frozen=True)
class Subject:
    """``figures``: of so many slots (None: all) and these cases; ``touching``: the cases whose alerts touch it, each as
    often as they do in a slot. ``whole``: of it everything is told, by month and by day too.
    """

    code: str
    tenant: str
    role: Role
    plan: Plan
    neighbourhoods: int
    figures: Callable[[int | None, Cases], Figures]
    touching: Callable[[Cases], list[int]]
    whole: bool = True

    def year(self) -> Figures:
        people = expected.participants(self.neighbourhoods) + expected.growth(self.neighbourhoods, *ALL)
        return self.figures(None, EVERY) + people + expected.times(self.touching(EVERY))

    def series(self, by: str) -> dict[str, Figures]:
        """``by``: of ``SERIES``. By the name that a month or a day has."""
        if not self.whole:
            return {}
        if by == "months":
            return {f"{span.first:%Y-%m}": self._month(span) for span in MONTHS}
        return {span.first.isoformat(): self._day(span.first) for span in DAYS}

    def _month(self, span: Span) -> Figures:
        return self._began(span.first.month, EVERY) + expected.participants(self.neighbourhoods, span.last)

    def _day(self, day: date) -> Figures:
        """How many there are is told, not what they chose."""
        people = expected.participants(self.neighbourhoods, day)
        told = {name: people[name] for name in ("participants.participants", "participants.per_thousand")}
        return self._began(day.month, expected.on_day(day)) + Counter(told)

    def _began(self, month: int, cases: Cases) -> Figures:
        slots = Counter(self.plan.slots)[month]
        if not slots or not cases:
            return Counter()
        return self.figures(slots, cases) + expected.times(self.touching(cases))


def subjects(plan: Plan) -> list[Subject]:
    """As their organisations ask; of all of them the nation is asked by everybody."""
    ours = plan.municipalities // 2
    return [
        Subject(
            "NL",
            ROOM,
            Role.DISPATCHER,
            plan,
            plan.municipalities * NEIGHBOURHOODS,
            lambda slots, cases: expected.nation(plan, slots, cases),
            expected.of_nation,
        ),
        Subject(
            ROOM,
            ROOM,
            Role.DISPATCHER,
            plan,
            ours * NEIGHBOURHOODS,
            lambda slots, cases: expected.control_room(plan, slots, cases),
            lambda cases: expected.of_control_room(plan, cases),
        ),
        Subject(
            plan.area(0),
            ROOM,
            Role.DISPATCHER,
            plan,
            NEIGHBOURHOODS,
            lambda slots, cases: expected.municipality(plan, slots, cases),
            expected.of_municipality,
        ),
        Subject(
            TEAM,
            TEAM,
            Role.POLICE_TEAM,
            plan,
            NEIGHBOURHOODS // 2,
            lambda slots, cases: expected.below(expected.team(plan)),
            lambda cases: expected.of_team(),
            whole=False,
        ),
    ]
