"""A report as it is told: of an area, or of an organisation's areas together, its parts and its months."""

from dataclasses import dataclass

from chalicelib.areas.model import Area
from chalicelib.reports.census_figures import PeopleTold
from chalicelib.reports.figures import Sums, Times
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.spending import Spent
from chalicelib.reports.trend import Trend


@dataclass(frozen=True)
class Place:
    """What a report is about. ``level``: of an area, ``nation``, or the kind of an organisation, with its ``areas``.

    ``until``: the year from which on it is no area any more; ``areas`` are those that it became. On the nation's
    dashboard ``areas`` are the reader's own.
    """

    code: str
    name: str
    level: str
    year: int | None = None
    inhabitants: int | None = None
    areas: tuple[str, ...] = ()
    until: int | None = None

    @classmethod
    def of(cls, area: Area) -> "Place":
        return cls(area.code, area.name, area.level, area.year, area.inhabitants, until=area.until)


THE_NATION = Place(NATION, "Nederland", "nation")


@dataclass(frozen=True)
class AreaReport:
    """``figures``: None where they could tell of a few people. ``times``: medians over the alerts.
    ``by_channel``: whether messages may be told. ``whole``: of municipalities or the nation, of which all may be told.
    ``trend``: of participants. ``cost``: of municipalities and the nation, but not on the nation's dashboard.
    ``comparable_from``: the year before which the area was part of one that was split, where the period begins before
    it.
    """

    area: Place
    period: Period
    participants: PeopleTold
    figures: Sums | None
    times: Times | None = None
    by_channel: bool = True
    whole: bool = True
    trend: Trend | None = None
    cost: Spent | None = None
    comparable_from: int | None = None


@dataclass(frozen=True)
class Part:
    """An area below the one that was asked for; or a month or day of it, its ``period``. ``by_channel`` as in
    ``AreaReport``.

    ``figures``: None where there were no alerts, or they are held back; which of them is not told. ``participants``: of
    areas now, of months and days when they ended. ``inhabitants``, ``comparable_from``: of areas. ``times``, ``cost``:
    of months and days; only ``times`` on a dashboard.
    """

    code: str
    name: str
    figures: Sums | None
    by_channel: bool = True
    participants: PeopleTold | None = None
    comparable_from: int | None = None
    inhabitants: int | None = None
    times: Times | None = None
    cost: Spent | None = None
    period: Period | None = None


@dataclass(frozen=True)
class Dashboard:
    """All of an area in one look. ``months``: those that lie in the period as a whole."""

    whole: AreaReport
    parts: tuple[Part, ...]
    months: tuple[Part, ...]


@dataclass(frozen=True)
class CostReport:
    """``code``: of an area, or the id of an organisation. ``cost``: None below a municipality."""

    code: str
    period: Period
    cost: Spent | None


@dataclass(frozen=True)
class PartsReport:
    area: Place
    period: Period
    parts: tuple[Part, ...]
