"""Figures as a table for spreadsheets: the area itself, then every area below it, or each of its months or days."""

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from chalicelib.alerts.cap import Urgency
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Messages
from chalicelib.reports.census_figures import PeopleTold
from chalicelib.reports.figures import Counts, Sums, Times
from chalicelib.reports.report import AreaReport, Part, PartsReport
from chalicelib.reports.statistics import per_thousand
from chalicelib.reports.withheld import is_whole

BOM = "\ufeff"  # by which Excel knows UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a text that begins so is reckoned with by a spreadsheet

# A column for each word, named as ``kind_alert``.
COUNTS: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "category": Category,
    "urgency": Urgency,
    "result": Result,
    "contribution": Contribution,
}
_PEOPLE = ("participants", "paused", "home", "work")
_FIGURES = ("alerts", "open", "break_glass", "tips", "closed", "successes", "people", "asked", "reached")
_MESSAGES_BELOW = ("sent", "delivered")  # a municipality: few of the others may tell of as few people
_MESSAGES = (*_MESSAGES_BELOW, "failed", "parts")
COLUMNS = (
    "code",
    "name",
    "first_day",
    "last_day",
    *_PEOPLE,
    *(f"participants_{channel}" for channel in Channel),
    "per_thousand",
    "participants_before",
    "participants_after",
    *_FIGURES,
    "spared",
    *(f"{name}_{word}" for name, words in COUNTS.items() for word in words),
    *(f"{channel}_{name}" for channel in Channel for name in _MESSAGES),
    *(f"seconds_to_{name}" for name in Times._fields),
    "cost_cents",
)

Cells = Iterator[tuple[str, Any]]


def as_csv(report: AreaReport, parts: PartsReport, separator: str) -> str:
    """UTF-8 with a byte order mark, lines ended as RFC 4180 has it. What is not told is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    whole = Part(
        report.area.code,
        report.area.name,
        report.figures,
        report.by_channel,
        report.participants,
        inhabitants=report.area.inhabitants,
        times=report.times or Times(),
        cost=report.cost,
    )
    growth = report.trend.growth if report.trend else None
    grown = {"participants_before": growth.before, "participants_after": growth.now} if growth else {}
    writer.writerow(dict(_line(report, whole, all_told=report.whole)) | grown)
    writer.writerows(
        dict(_line(report, part, all_told=part.period is not None or is_whole(part.code))) for part in parts.parts
    )
    return BOM + text.getvalue()


def _line(report: AreaReport, part: Part, *, all_told: bool) -> Cells:
    """Of an area; or of a month or day of the one that the report is about."""
    period = part.period or report.period
    yield from (("first_day", period.first.isoformat()), ("last_day", period.last.isoformat()))
    code, name = (report.area.code, report.area.name) if part.period else (part.code, part.name)
    yield from (("code", code), ("name", safe(name)))
    if part.participants:
        yield from _people(part.participants)
        inhabitants = report.area.inhabitants if part.period else part.inhabitants
        yield "per_thousand", per_thousand(part.participants.participants, inhabitants)
    if part.figures:
        yield from _alerts(part.figures, by_channel=part.by_channel, all_told=all_told)
    if part.times:
        yield from ((f"seconds_to_{name}", it) for name, it in part.times._asdict().items())
    if part.cost:
        yield "cost_cents", part.cost.cents


def _people(people: PeopleTold) -> Cells:
    yield from ((name, getattr(people, name)) for name in _PEOPLE)
    yield from ((f"participants_{channel}", people.by_channel.get(channel)) for channel in Channel)


def _alerts(figures: Sums, *, by_channel: bool, all_told: bool) -> Cells:
    yield from ((name, getattr(figures, name)) for name in _FIGURES)
    if all_told:
        yield "spared", figures.spared
    for name, counts in counted(figures).items():
        yield from ((f"{name}_{word}", counts.get(word, 0)) for word in COUNTS[name])
    told = _MESSAGES if all_told else _MESSAGES_BELOW if by_channel else ()
    for channel in Channel:
        there = figures.messages.get(channel, Messages())
        yield from ((f"{channel}_{name}", getattr(there, name)) for name in told)


def counted(figures: Sums) -> dict[str, Counts]:
    """By the names of ``COUNTS``."""
    by_word = (figures.by_kind, figures.by_category, figures.by_urgency, figures.results, figures.contributions)
    return dict(zip(COUNTS, by_word, strict=True))


def safe(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name
