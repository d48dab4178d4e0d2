"""The outcome summary as a mail: a table that every mail program shows, and the same as plain text."""

from html import escape

from chalicelib.channels.model import Mail
from chalicelib.reports.model import Period
from chalicelib.reports.service import AreaReport
from chalicelib.reports.words import CATEGORIES, CONTRIBUTIONS, RESULTS, named, number

Section = tuple[str, list[tuple[str, int]]]


def summary_mail(report: AreaReport, name: str) -> Mail:
    """The mail for a municipality. ``name``: of the period, ``2026-W47``."""
    title = f"Burgernet in {report.area.name}: week {name.partition('-W')[2]}"
    sections = _sections(report)
    return Mail(subject=title, text=_text(title, report.period, sections), html=_html(title, report.period, sections))


def _sections(report: AreaReport) -> list[Section]:
    figures = report.figures
    assert figures is not None  # those of a municipality are always told
    return [
        (
            "Deelnemers",
            [
                (label, figure)
                for label, figure in (
                    ("Deelnemers", report.participants.participants),
                    ("Plekken (wonen en werken)", report.participants.places),
                )
                if figure is not None
            ],
        ),
        (
            "Acties",
            [(named(CATEGORIES, code), total) for code, total in sorted(figures.by_category.items())]
            + [("Totaal", figures.alerts), ("Nog open", figures.open)],
        ),
        ("Bereik", [("Mensen gevraagd", figures.asked), ("Mensen bereikt", figures.reached), ("Tips", figures.tips)]),
        ("Resultaat", [(named(RESULTS, code), total) for code, total in sorted(figures.results.items())]),
        (
            "Bijdrage van deelnemers",
            [(named(CONTRIBUTIONS, code), n) for code, n in sorted(figures.contributions.items())],
        ),
    ]


def _days(period: Period) -> str:
    return f"{period.first:%d-%m-%Y} tot en met {period.last:%d-%m-%Y}"


def _text(title: str, period: Period, sections: list[Section]) -> str:
    lines = [title, _days(period), ""]
    for heading, rows in sections:
        lines += [heading, *(f"  {label:<32}{number(value):>9}" for label, value in rows or [("geen", 0)]), ""]
    lines.append("Oefeningen en tests tellen niet mee.")
    return "\n".join(lines)


def _html(title: str, period: Period, sections: list[Section]) -> str:
    tables = "".join(_table(heading, rows or [("geen", 0)]) for heading, rows in sections)
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        '<body style="font-family:Arial,sans-serif;font-size:16px;color:#1a1a1a;max-width:40em">'
        f'<h1 style="font-size:22px">{escape(title)}</h1><p>{_days(period)}</p>{tables}'
        "<p>Oefeningen en tests tellen niet mee.</p></body></html>"
    )


def _table(heading: str, rows: list[tuple[str, int]]) -> str:
    cell = "padding:4px 12px 4px 0;border-bottom:1px solid #d0d0d0"
    body = "".join(
        f'<tr><th scope="row" style="{cell};text-align:left;font-weight:normal">{escape(label)}</th>'
        f'<td style="{cell};text-align:right">{number(value)}</td></tr>'
        for label, value in rows
    )
    return (
        '<table style="border-collapse:collapse;width:100%;margin:0 0 20px">'
        f'<caption style="text-align:left;font-weight:bold;padding:4px 0">{escape(heading)}</caption>{body}</table>'
    )
