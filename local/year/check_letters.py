"""The schedule of summaries goes through the year, and every e-mail that then lies in an inbox is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from chalicelib.platform.clock import AMSTERDAM
from chalicelib.wiring import System
from local.year import expected
from local.year.check import Table
from local.year.expected import Figures
from local.year.letters import Inbox, in_html, in_text
from local.year.plan import NEIGHBOURHOODS, YEAR, Plan
from local.year.product import NETWORK, wake

SENDS_FROM = timedelta(hours=7)  # of the day after a period, in Dutch time
COMPARED = ("alerts.total", "people.asked", "people.reached", "tips")
SAID = (
    *COMPARED,
    "alerts.open",
    "alerts.by_category.",
    "success.",
    "results.",
    "contributions.",
    "cost.",
)


class Days(NamedTuple):
    """From the first to the last."""

    first: date
    last: date


def every_hour() -> Iterator[datetime]:
    """From the first morning of the year until its last week is over too."""
    moment = datetime(YEAR, 1, 1, 6, tzinfo=UTC)
    while moment <= datetime(YEAR + 1, 1, 5, 7, tzinfo=UTC):
        yield moment
        moment += timedelta(hours=1)


def run_schedule(system: System, moments: Iterable[datetime]) -> None:
    wake(system, system.summaries.run, moments)


def check_letters(inbox: Inbox, plan: Plan, moments: Iterable[datetime], table: Table) -> int:
    """Each letter that was due must lie in the right inbox once, and say what the plan comes to. How many there are."""
    letters = inbox()
    due = _due(plan, moments)
    came = Counter(letter.about for letter in letters if letter.to == _to(letter.about[0]))
    for about in {*due, *came}:
        table.add("summary", " ".join(about), {"letters": int(about in due)}, {"letters": came[about]})
    for letter in letters:
        area, period = letter.about
        if (area, period) in due:
            must = _said(plan, area, due[area, period])
            where = area if (area, period) == ("NL", str(YEAR)) else f"{area} {period}"
            table.add("summary", where, must, in_text(letter))
            table.add("summary HTML", where, must, in_html(letter))
    return len(letters)


def _to(area: str) -> str:
    return NETWORK if area == "NL" else f"{area.lower()}@burgernet.example"


def _due(plan: Plan, moments: Iterable[datetime]) -> dict[tuple[str, str], tuple[Days, Days]]:
    """By area and period, its days and those of the one before."""
    days = {(moment.astimezone(AMSTERDAM) - SENDS_FROM).date() for moment in moments}
    areas = [plan.area(number) for number in range(plan.municipalities)]
    found = {}
    for day in days:
        week, month, year = _week_before(day), _month_before(day), _year_before(day)
        number = week.first.isocalendar()
        for area in areas:
            found[area, f"{number.year}-W{number.week:02d}"] = week, _week_before(week.first)
            found[area, f"{month.first:%Y-%m}"] = month, _month_before(month.first)
        found["NL", f"{year.first.year}"] = year, _year_before(year.first)
    return found


def _week_before(day: date) -> Days:
    first = day - timedelta(days=day.weekday() + 7)
    return Days(first, first + timedelta(days=6))


def _month_before(day: date) -> Days:
    last = day.replace(day=1) - timedelta(days=1)
    return Days(last.replace(day=1), last)


def _year_before(day: date) -> Days:
    return Days(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))


def _said(plan: Plan, area: str, periods: tuple[Days, Days]) -> Figures:
    """What a letter must say, of all that the plan comes to."""
    now, before = (_of(plan, area, days) for days in periods)
    neighbourhoods = NEIGHBOURHOODS * (plan.municipalities if area == "NL" else 1)
    said = Counter({name: number for name, number in now.items() if name.startswith(SAID)})
    said.update({f"before.{name}": before[name] for name in COMPARED})
    said["helped"] = now["contributions.direct"] + now["contributions.indirect"]
    said["listed"] = 0 if area == "NL" else now["alerts.total"]
    said.update(_minutes(_times_of(plan, area, periods[0])))
    return said + _people(neighbourhoods, *periods[0])


def _of(plan: Plan, area: str, days: Days) -> Figures:
    if area == "NL":
        return expected.nation(plan) if days.first.year == YEAR else Counter()
    return expected.days(plan, *days)


def _times_of(plan: Plan, area: str, days: Days) -> Figures:
    if area == "NL":
        return expected.times(expected.of_nation()) if days.first.year == YEAR else Counter()
    return expected.times_of_days(plan, *days)


def _minutes(times: Figures) -> Figures:
    """Whole minutes that were begun; from two hours on, whole hours that were."""
    found: Figures = Counter()
    for name, seconds in times.items():
        minutes = -(-seconds // 60)
        found[name.replace("times", "minutes")] = minutes if minutes < 120 else -(-minutes // 60) * 60
    return found


def _people(neighbourhoods: int, first: date, last: date) -> Figures:
    """Who took part when the period was over, where it is known how they grew; else now."""
    grown = expected.growth(neighbourhoods, first, last)
    people = expected.participants(neighbourhoods, last if grown else expected.NOW)
    told = Counter({"grew": grown["participants.growth.net"]})
    return told + Counter({name: people[name] for name in ("participants.participants", "participants.per_thousand")})
