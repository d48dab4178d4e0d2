"""Figures as a table for spreadsheets: the area itself, then every area below it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import Messages
from chalicelib.reports.figures import Sums
from chalicelib.reports.report import AreaReport, Part, PartsReport
from chalicelib.reports.withheld import is_whole

BOM = "\ufeff"  # by which Excel knows UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a text that begins so is reckoned with by a spreadsheet

_FIGURES = ("alerts", "open", "break_glass", "tips", "closed", "successes", "people", "asked", "reached")
_MESSAGES_BELOW = ("sent", "delivered")  # a municipality: few of the others may tell of as few people
_MESSAGES = (*_MESSAGES_BELOW, "failed", "parts")
COLUMNS = (
    "code",
    "name",
    "first_day",
    "last_day",
    "participants",
    *_FIGURES,
    "spared",
    *(f"{channel}_{name}" for channel in Channel for name in _MESSAGES),
)
_NONE = [""] * (len(COLUMNS) - COLUMNS.index("alerts"))


def as_csv(report: AreaReport, parts: PartsReport, separator: str) -> str:
    """UTF-8 with a byte order mark, lines ended as RFC 4180 has it. What is not told is empty."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    days = [report.period.first.isoformat(), report.period.last.isoformat()]
    whole = Part(report.area.code, report.area.name, report.figures, report.by_channel, report.participants)
    told_of = [(whole, report.whole), *((part, is_whole(part.code)) for part in parts.parts)]
    for part, all_told in told_of:
        people = part.participants.participants if part.participants else None
        numbers = _numbers(part.figures, by_channel=part.by_channel, whole=all_told) if part.figures else _NONE
        writer.writerow([part.code, safe(part.name), *days, "" if people is None else people, *numbers])
    return BOM + text.getvalue()


def _numbers(figures: Sums, *, by_channel: bool, whole: bool) -> Iterator[Any]:
    yield from (getattr(figures, name) for name in _FIGURES)
    yield figures.spared if whole else ""
    told = _MESSAGES if whole else _MESSAGES_BELOW if by_channel else ()
    for channel in Channel:
        there = figures.messages.get(channel, Messages())
        yield from (getattr(there, name) if name in told else "" for name in _MESSAGES)


def safe(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name
