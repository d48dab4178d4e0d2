"""Alerts as COUNT leaves them in the table of reports."""

from datetime import UTC, datetime

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.reports.figures import AlertRow, Facts, Times
from chalicelib.reports.months import Months

MAY = datetime(2026, 5, 10, 12, tzinfo=UTC)


def people(number):
    return AreaTally(number, number, number - 2, 2, {Channel.SMS: Messages(number, number - 2, 1, number, number, 9)})


def alert(figures, opened, name="0000000abc", times=Times(5, 60), **areas):  # noqa: B008 (it never changes)
    """``areas``: code -> people; its rows and months as COUNT would write them."""
    facts = Facts(name, opened, "Actual", "alert", "robbery", "Immediate", tips=2)
    by_municipality = {}
    for code, number in (areas or {"BU90010101": 40}).items():
        by_municipality.setdefault(f"GM{code[2:6]}", {})[code] = people(number)
    nation = {code: people(sum(it.people for it in some.values())) for code, some in by_municipality.items()}
    for area, some in {**by_municipality, "NL": nation}.items():
        row = AlertRow(area, facts, times, some, 1)
        figures.put_alert(row)
        Months(figures).include(row)
