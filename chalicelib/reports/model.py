"""What an area is told about itself: who takes part, what was asked, and what it brought."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from chalicelib.areas import codes
from chalicelib.platform.clock import AMSTERDAM

NATION = "NL"


def lineage(code: str) -> tuple[str, ...]:
    """An area and all that it lies in: ``BU03440111`` -> ``BU03440111, WK034401, GM0344, NL``."""
    return (*codes.lineage(code), NATION)


@dataclass(frozen=True)
class AlertFigures:
    """What one alert meant for one area.

    ``people``: matched there; ``asked``: with a message that a provider took; ``reached``: with one delivered.
    ``result`` and ``contribution`` stand once it is closed. ``version`` grows with all that it was made from.
    ``break_glass``: one person let it out alone.
    """

    area: str
    alert: str
    opened: datetime
    status: str
    kind: str
    category: str
    people: int
    asked: int
    reached: int
    result: str | None
    contribution: str | None
    tips: int
    version: int
    break_glass: bool = False


@dataclass(frozen=True)
class Period:
    """From the first day up to and including the last, Dutch calendar days."""

    first: date
    last: date

    def bounds(self) -> tuple[datetime, datetime]:
        """Half open: from midnight in Amsterdam up to the midnight after the last day."""
        return (
            datetime.combine(self.first, time(), AMSTERDAM),
            datetime.combine(self.last + timedelta(days=1), time(), AMSTERDAM),
        )


@dataclass(frozen=True)
class AreaFigures:
    """Sums over the real alerts of a period; exercises and tests count nowhere."""

    alerts: int = 0
    open: int = 0
    break_glass: int = 0
    by_category: Mapping[str, int] = field(default_factory=dict)
    by_kind: Mapping[str, int] = field(default_factory=dict)
    asked: int = 0
    reached: int = 0
    tips: int = 0
    results: Mapping[str, int] = field(default_factory=dict)
    contributions: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[AlertFigures]) -> "AreaFigures":
        actual = [row for row in rows if row.status == "Actual"]
        return cls(
            alerts=len(actual),
            open=sum(row.result is None for row in actual),
            break_glass=sum(row.break_glass for row in actual),
            by_category=_counted(row.category for row in actual),
            by_kind=_counted(row.kind for row in actual),
            asked=sum(row.asked for row in actual),
            reached=sum(row.reached for row in actual),
            tips=sum(row.tips for row in actual),
            results=_counted(row.result for row in actual if row.result),
            contributions=_counted(row.contribution for row in actual if row.contribution),
        )


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def week_before(moment: datetime) -> Period:
    """The last whole ISO week before a moment."""
    today = moment.astimezone(AMSTERDAM).date()
    monday = today - timedelta(days=today.weekday() + 7)
    return Period(monday, monday + timedelta(days=6))


def week_name(day: date) -> str:
    """``2026-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week(name: str) -> Period:
    """The week of a name such as ``2026-W47``.

    Raises:
        ValueError: no such week.
    """
    monday = datetime.strptime(f"{name}-1", "%G-W%V-%u").date()  # noqa: DTZ007 (a calendar day)
    return Period(monday, monday + timedelta(days=6))
