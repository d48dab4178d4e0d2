"""Codes and dates in words, Dutch and English: what summaries say."""

from collections.abc import Mapping
from datetime import date

from chalicelib.alerts.text import Language
from chalicelib.reports.calendar import CalendarPeriod, Span

NL, EN = Language.NL, Language.EN
Words = Mapping[Language, Mapping[str, str]]

CATEGORIES: Words = {
    NL: {
        "residential_burglary": "Woninginbraak",
        "robbery": "Beroving of overval",
        "hit_and_run": "Doorrijden na ongeluk",
        "missing_person": "Vermiste volwassene",
        "missing_child": "Vermist kind",
        "other_urgent": "Andere spoed",
        "theft": "Diefstal",
        "vandalism": "Vernieling",
        "arson": "Brandstichting",
        "fraud": "Oplichting",
        "other": "Anders",
    },
    EN: {
        "residential_burglary": "Burglary of a home",
        "robbery": "Robbery",
        "hit_and_run": "Hit and run",
        "missing_person": "Missing adult",
        "missing_child": "Missing child",
        "other_urgent": "Other, urgent",
        "theft": "Theft",
        "vandalism": "Vandalism",
        "arson": "Arson",
        "fraud": "Fraud",
        "other": "Other",
    },
}
RESULTS: Words = {
    NL: {
        "suspect_arrested": "Verdachte aangehouden",
        "missing_person_found": "Vermiste gevonden",
        "property_recovered": "Spullen terug",
        "other": "Anders afgerond",
        "none": "Zonder resultaat",
        "unknown": "Afloop niet bekend",
    },
    EN: {
        "suspect_arrested": "Suspect arrested",
        "missing_person_found": "Missing person found",
        "property_recovered": "Property recovered",
        "other": "Ended otherwise",
        "none": "Without result",
        "unknown": "Outcome not known",
    },
}
CONTRIBUTIONS: Words = {
    NL: {
        "direct": "Door een deelnemer",
        "indirect": "Deelnemers hielpen mee",
        "none": "Zonder hulp van deelnemers",
        "unknown": "Bijdrage niet bekend",
    },
    EN: {
        "direct": "Thanks to a participant",
        "indirect": "Participants helped",
        "none": "Without help of participants",
        "unknown": "Contribution not known",
    },
}
_DUTCH = "januari februari maart april mei juni juli augustus september oktober november december"
_ENGLISH = "January February March April May June July August September October November December"
_MONTHS: Mapping[Language, list[str]] = {NL: _DUTCH.split(), EN: _ENGLISH.split()}


def named(words: Words, language: Language, code: str) -> str:
    """The word for a code; a code without one stands for itself, so that no figure is lost."""
    return words[language].get(code, code.replace("_", " ").capitalize())


def number(language: Language, value: int) -> str:
    """``12345`` as ``12.345``, and in English as ``12,345``."""
    return f"{value:,}".replace(",", ".") if language is NL else f"{value:,}"


def rate(language: Language, value: float) -> str:
    """With one decimal, unless it is nought: ``12,3``, and in English ``12.3``."""
    said = f"{value:,.1f}".removesuffix(".0")
    return said.translate(str.maketrans(",.", ".,")) if language is NL else said


def money(language: Language, cents: int) -> str:
    """Euros: ``€ 1.234,56``, and in English ``€1,234.56``."""
    euros, rest = divmod(cents, 100)
    return f"€ {number(NL, euros)},{rest:02d}" if language is NL else f"€{number(EN, euros)}.{rest:02d}"


def day(language: Language, at: date) -> str:
    """``12 oktober``."""
    return f"{at.day} {_MONTHS[language][at.month - 1]}"


def period(language: Language, of: CalendarPeriod) -> str:
    """``week 47 (16 tot en met 22 november 2026)``, ``oktober 2026``, ``2026``."""
    first = of.period.first
    if of.span is Span.WEEK:
        return f"{period_in_text(language, of)} ({_days(language, first, of.period.last)})"
    return f"{_MONTHS[language][first.month - 1]} {first.year}" if of.span is Span.MONTH else str(first.year)


def period_in_text(language: Language, of: CalendarPeriod) -> str:
    """The same without what a reader knows by then: the days of a week, the year of a month."""
    first = of.period.first
    if of.span is Span.WEEK:
        return f"week {first.isocalendar().week}"
    return _MONTHS[language][first.month - 1] if of.span is Span.MONTH else str(first.year)


def _days(language: Language, first: date, last: date) -> str:
    """What both have in common is said once, at the end."""
    begin = day(language, first)
    if first.year != last.year:
        begin = f"{begin} {first.year}"
    elif first.month == last.month:
        begin = str(first.day)
    return f"{begin} {'tot en met' if language is NL else 'to'} {day(language, last)} {last.year}"


def duration(language: Language, seconds: int) -> str:
    """In minutes, or from two hours on in hours; rounded up, so never none."""
    minutes = -(-seconds // 60)
    if minutes < 120:
        word = ("minuut" if minutes == 1 else "minuten") if language is NL else "minute" if minutes == 1 else "minutes"
        return f"{number(language, minutes)} {word}"
    return f"{number(language, -(-minutes // 60))} {'uur' if language is NL else 'hours'}"
