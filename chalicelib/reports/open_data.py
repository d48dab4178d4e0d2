"""What everybody may know of a year: counts of alerts, by month, of the nation and each municipality that one touched.

Nothing below a municipality, and no exact number of people: those who were reached are told in bands, so that no figure
less another gives away a few of them. A month is told when it is over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.areas.service import AreaService
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.errors import NotFound
from chalicelib.reports.figures import Sums, added
from chalicelib.reports.figures_store import FiguresStore
from chalicelib.reports.model import NATION
from chalicelib.reports.report import THE_NATION

FIRST_YEAR = 2000
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Line:
    """``month``: ``2026-11``. ``figures``: not as they may be told; ``band`` says how many people may be."""

    month: str
    code: str
    name: str
    figures: Sums


@dataclass(frozen=True)
class OpenYear:
    """``whole``: the nation over the months that are told. ``lines``: by month, the nation first."""

    year: int
    whole: Sums
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class OpenData:
    areas: AreaService
    figures: FiguresStore
    clock: Clock

    def year(self, name: str) -> OpenYear:
        """One Query, of the nation's months.

        Raises:
            NotFound: no_such_year: not a year, or one that has not begun.
        """
        today = self.clock.now().astimezone(AMSTERDAM).date()
        if not (len(name) == len("2026") and name.isdecimal() and FIRST_YEAR <= int(name) <= today.year):
            raise NotFound("no_such_year", "There are no figures of such a year.")
        rows = [it for it in self.figures.months(NATION, f"{name}-01", f"{name}-12") if it.month < f"{today:%Y-%m}"]
        names = self.areas.names({code for row in rows for code in row.sums} - {NATION}) | {NATION: THE_NATION.name}
        lines = [
            Line(row.month, code, names.get(code, code), row.sums[code])
            for row in rows
            for code in sorted(row.sums, key=lambda code: (code != NATION, code))
        ]
        return OpenYear(int(name), _whole(lines), tuple(lines))


def band(people: int) -> tuple[int, int]:
    """The band in which a number of people lies, both ends included: 0, 1 to 49, and from 50 on by steps of 1, 2, 5."""
    if people < 50:
        return (0, 0) if people == 0 else (1, 49)
    power = 10 ** (len(str(people)) - 1)
    starts = [step * power for step in (*STEPS, 10)]
    place = max(index for index, start in enumerate(starts) if start <= people)
    return starts[place], starts[place + 1] - 1


def _whole(lines: Iterable[Line]) -> Sums:
    return added(line.figures for line in lines if line.code == NATION)
