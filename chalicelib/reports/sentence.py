"""What the network is for, in three short sentences: urgent alerts, people reached, results, and participants' part."""

from datetime import date

from chalicelib.alerts.content import Kind
from chalicelib.alerts.text import Language, Text
from chalicelib.reports.figures import Sums
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.words import day, number

NL, EN = Language.NL, Language.EN


def sentence(figures: Sums, code: str, name: str, period: Period) -> Text:
    """In both languages. ``code``, ``name``: of the area; the nation has a name of its own in each.

    Counted are urgent alerts alone. Somebody who was reached by two of them counts twice, and it says so: "times".
    """
    alerts = figures.by_kind.get(Kind.ALERT, 0)
    nation = code == NATION
    return Text(
        nl=_dutch(figures, alerts, "Nederland" if nation else name, period),
        en=_english(figures, alerts, "the Netherlands" if nation else name, period),
    )


def _dutch(figures: Sums, alerts: int, place: str, period: Period) -> str:
    when = _when(period, "In {0}", "Van {0} tot en met {1}", NL)
    if not alerts:
        return f"{when} waren er in {place} geen spoedacties van Burgernet."
    were, actions = ("was", "spoedactie") if alerts == 1 else ("waren", "spoedacties")
    reached = (
        f"{when} {were} er in {place} {number(NL, alerts)} {actions} van Burgernet. "
        f"Die {'bereikte' if alerts == 1 else 'bereikten samen'} "
        f"{number(NL, figures.reached_urgent)} keer een deelnemer. "
    )
    if not figures.successes:
        return f"{reached}Er was nog geen resultaat."
    results, helped = number(NL, figures.successes), number(NL, figures.helped)
    return f"{reached}Er was {results} keer resultaat, {helped} keer met hulp van deelnemers."


def _english(figures: Sums, alerts: int, place: str, period: Period) -> str:
    when = _when(period, "In {0}", "From {0} up to and including {1}", EN)
    if not alerts:
        return f"{when} there were no urgent Burgernet alerts in {place}."
    were, actions = ("was", "alert") if alerts == 1 else ("were", "alerts")
    reached = (
        f"{when} there {were} {number(EN, alerts)} urgent Burgernet {actions} in {place}. "
        f"{'It' if alerts == 1 else 'Together they'} reached a participant {_times(figures.reached_urgent)}. "
    )
    if not figures.successes:
        return f"{reached}There was no result yet."
    results, helped = _times(figures.successes), _times(figures.helped)
    return f"{reached}There was a result {results}, {helped} with help from participants."


def _when(period: Period, year: str, days: str, language: Language) -> str:
    first, last = period.first, period.last
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return year.format(first.year)
    return days.format(*(f"{day(language, at)} {at.year}" for at in (first, last)))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{number(EN, count)} times"
