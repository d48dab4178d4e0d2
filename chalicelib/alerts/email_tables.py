"""Figures in an e-mail, as every mail program shows them: tables, and bars made of coloured cells. No images.

Beside each bar stands its number, so nobody needs to see it.
"""

from dataclasses import dataclass
from html import escape

SHORT = 14
_CELL = "padding:6px 0;border-top:1px solid #8a8a8a;vertical-align:top"
_VALUE = ";text-align:right;font-weight:bold;padding-left:16px"
_TABLE = '<table style="border-collapse:collapse;width:100%;margin:0 0 24px">'
_CAPTION = '<caption style="text-align:left;font-weight:bold;padding:0 0 6px">{}</caption>'
_BLUE = "#2f7dc4"  # 3 to 1 against white, and against black
_BAR = "height:10px;line-height:10px;font-size:1px;padding:0"


@dataclass(frozen=True)
class Row:
    """``note``: what stands in small letters below the label."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    caption: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bars:
    """``bars``: label and how many; the longest is as wide as the mail. ``shown``: the numbers as they are written."""

    caption: str
    bars: tuple[tuple[str, int], ...]
    shown: tuple[str, ...]


def table_text(table: Table) -> str:
    lines = (f"{row.label}: {row.value}" + (f", {row.note}" if row.note else "") for row in table.rows)
    return "\n".join([table.caption, *(f"- {line}" for line in lines)])


def bars_text(bars: Bars) -> str:
    lines = (f"- {label}: {shown}" for (label, _), shown in zip(bars.bars, bars.shown, strict=True))
    return "\n".join([bars.caption, *lines])


def table_html(table: Table) -> str:
    body = "".join(_row(row.label, row.value, row.note) for row in table.rows)
    return f"{_TABLE}{_CAPTION.format(escape(table.caption))}{body}</table>"


def bars_html(bars: Bars) -> str:
    most = max((number for _, number in bars.bars), default=0)
    rows = (
        _row(label, shown) + _bar(number, most) for (label, number), shown in zip(bars.bars, bars.shown, strict=True)
    )
    return f"{_TABLE}{_CAPTION.format(escape(bars.caption))}{''.join(rows)}</table>"


def _row(label: str, value: str, note: str = "") -> str:
    """A number stays on one line; words may take two on a narrow screen."""
    kept = ";white-space:nowrap" if len(value) <= SHORT else ""
    small = f'<br><span style="font-size:14px">{escape(note)}</span>' if note else ""
    return (
        f'<tr><th scope="row" style="{_CELL};text-align:left;font-weight:normal">{escape(label)}{small}</th>'
        f'<td style="{_CELL}{_VALUE}{kept}">{escape(value)}</td></tr>'
    )


def _bar(number: int, most: int) -> str:
    """``bgcolor``: for mail programs that know no CSS; a cell of no width is left out."""
    percent = round(100 * number / most) if most else 0
    coloured = f'bgcolor="{_BLUE}" style="{_BAR};background:{_BLUE}"'
    filled = f'<td width="{percent}%" {coloured}>&nbsp;</td>' if percent else ""
    empty = f'<td style="{_BAR}">&nbsp;</td>' if percent < 100 else ""
    return (
        '<tr aria-hidden="true"><td colspan="2" style="padding:0 0 8px">'
        f'<table role="presentation" width="100%" style="border-collapse:collapse"><tr>{filled}{empty}</tr></table>'
        "</td></tr>"
    )
