"""Figures as they cross HTTP. What is not known, or not told, is left out."""

from datetime import date
from typing import Any

from pydantic import Field

from chalicelib.alerts.text import Language
from chalicelib.channels.prices import CURRENCY
from chalicelib.platform.http import Body
from chalicelib.reports.census_figures import PeopleTold
from chalicelib.reports.figures import Sums, Times
from chalicelib.reports.model import Period
from chalicelib.reports.report import AreaReport, CostReport, Dashboard, Part, PartsReport, Place
from chalicelib.reports.sentence import sentence
from chalicelib.reports.spending import Spent
from chalicelib.reports.statistics import Growth, per_thousand, share
from chalicelib.reports.trend import Trend
from chalicelib.reports.withheld import is_whole


class ReportedArea(Body):
    code: str
    name: str
    level: str = Field(description="Of an area; `nation`; or the kind of an organisation")
    year: int | None = None
    inhabitants: int | None = None
    areas: list[str] | None = Field(
        default=None,
        description="Of an organisation its areas, of an area that has ended what it became, of the nation in its "
        "dashboard those of one's own organisation; codes",
    )
    until: int | None = Field(default=None, description="The year from which on it is no area any more")


class ReportedPeriod(Body):
    first: date
    last: date


class ReportedGrowth(Body):
    before: int = Field(description="Participants before the first day of the period")
    after: int = Field(description="Participants after its last day, or now")
    net: int
    share: float | None = Field(default=None, description="Of what there was before, where anybody was")


class ReportedParticipants(Body):
    """None: held back, as it is small or would show what is."""

    participants: int | None = Field(description="Who can be asked, and whose first place lies here")
    paused: int | None = Field(description="The same of those who cannot be, as they paused or no channel works")
    home: int | None = Field(description="Places here that are not work, of those who can be asked")
    work: int | None = Field(description="Work places here")
    places: int | None = Field(description="All places here; told where home and work both are")
    by_channel: dict[str, int | None] = Field(description="Participants by channel; one may have several")
    per_thousand: float | None = Field(
        default=None, description="Participants per 1,000 inhabitants, where CBS knows of any"
    )
    growth: ReportedGrowth | None = Field(
        default=None, description="Over the period; where both days were counted and none is held back"
    )
    comparable_from: int | None = Field(
        default=None, description="The year before which there are no figures of this area as it is, where that is why"
    )


class ReportedAlerts(Body):
    total: int
    open: int
    break_glass: int = Field(description="Let out by one person alone, without a second")
    by_kind: dict[str, int]
    by_category: dict[str, int]
    by_urgency: dict[str, int] = Field(description="In the words of CAP")


class ReportedPeople(Body):
    matched: int = Field(description="In the area and to be asked, summed over alerts")
    asked: int = Field(description="With at least one message taken by a provider, summed over alerts")
    reached: int = Field(description="With at least one message delivered, summed over alerts")
    spared: int | None = Field(
        default=None,
        description="Not asked any more because the alert was stopped, closed or over; not below a municipality",
    )


class ReportedMessages(Body):
    sent: int = Field(description="Taken by a provider")
    delivered: int = Field(description="Of those, by receipt")
    failed: int | None = Field(
        default=None, description="Will not arrive: refused, bounced, or opted out; not below a municipality"
    )
    parts: int | None = Field(
        default=None,
        description="Of messages whose receipt tells, such as the parts of an SMS; not below a municipality",
    )


class ReportedSuccess(Body):
    successes: int = Field(description="Suspect arrested, missing person found or property recovered")
    closed: int = Field(description="Urgent alerts that are closed")
    share: float | None = None
    low: float | None = Field(default=None, description="Of the 95 % Wilson interval")
    high: float | None = None
    too_few: bool = Field(description="So few that the share says little")


class ReportedTimes(Body):
    """Medians over alerts, in seconds since their approval."""

    first_message: int | None = None
    last_message: int | None = None
    first_tip: int | None = None
    closing: int | None = None


class ReportedBudget(Body):
    """Of a calendar year, that of the period's last day."""

    year: int
    cents: int | None = Field(default=None, description="Absent: no end to it")
    spent_cents: int


class ReportedCost(Body):
    """At our own prices, of alerts that began in the period: what fell to these municipalities, by recipients."""

    cents: int
    exercises_cents: int = Field(description="Of those, what exercises and tests cost")
    currency: str = Field(description="ISO 4217")
    budget: ReportedBudget | None = Field(default=None, description="Of one municipality")


class Figures(Body):
    """All are left out where they could tell of a few people."""

    alerts: ReportedAlerts | None = Field(default=None, description="Real alerts; exercises and tests count nowhere")
    people: ReportedPeople | None = None
    messages: dict[str, ReportedMessages] | None = Field(
        default=None, description="By channel; also left out where only they could tell of a few people"
    )
    tips: int | None = None
    results: dict[str, int] | None = None
    contributions: dict[str, int] | None = None
    success: ReportedSuccess | None = None
    comparable_from: int | None = Field(
        default=None,
        description="The year before which this area was part of one that was split, where the period begins before "
        "it: nothing is told of a district or neighbourhood then, and a municipality as it was",
    )


class ReportedSentence(Body):
    """What the network is for, as a year's report says it."""

    nl: str
    en: str


class AreaReportBody(Figures):
    area: ReportedArea
    period: ReportedPeriod
    participants: ReportedParticipants
    times: ReportedTimes | None = Field(
        default=None, description="Of districts and neighbourhoods of five alerts or more"
    )
    cost: ReportedCost | None = Field(
        default=None, description="Not of districts and neighbourhoods; nor of the nation in its dashboard"
    )
    sentence: ReportedSentence | None = Field(
        default=None,
        description="Urgent alerts, people reached, results, and those with help from participants; not below a "
        "municipality",
    )


class ReportedPart(Figures):
    """An area is told of also where there were no alerts, or their figures are held back: which of them is not told."""

    code: str = Field(description="Of the area; or a month such as 2026-11, or a day such as 2026-11-30")
    name: str
    participants: ReportedParticipants | None = Field(
        default=None,
        description="Of areas now; of months and days when they ended, where that was counted; not in a dashboard's "
        "months",
    )
    times: ReportedTimes | None = Field(default=None, description="Of months and days")
    cost: ReportedCost | None = Field(default=None, description="Of months and days, but not in a dashboard")


class CostReportBody(Body):
    code: str = Field(description="Of the area or the organisation")
    period: ReportedPeriod
    cost: ReportedCost | None = Field(default=None, description="Not of districts and neighbourhoods")


class PartsReportBody(Body):
    area: ReportedArea
    period: ReportedPeriod
    parts: list[ReportedPart]


class DashboardBody(AreaReportBody):
    parts: list[ReportedPart]
    months: list[ReportedPart] = Field(description="Those that lie in the period as a whole")


def dashboard_body(dashboard: Dashboard) -> DashboardBody:
    place = dashboard.whole.area
    return DashboardBody(
        **dict(area_body(dashboard.whole)),
        parts=[_part(part, place) for part in dashboard.parts],
        months=[_part(month, place) for month in dashboard.months],
    )


def area_body(report: AreaReport) -> AreaReportBody:
    return AreaReportBody(
        area=_place(report.area),
        period=_period(report.period),
        participants=_participants(report.participants, report.area.inhabitants, report.trend),
        times=_times(report.times),
        cost=_cost(report.cost),
        sentence=_sentence(report),
        comparable_from=report.comparable_from,
        **(_figures(report.figures, report.by_channel, report.whole) if report.figures else {}),
    )


def cost_body(report: CostReport) -> CostReportBody:
    return CostReportBody(code=report.code, period=_period(report.period), cost=_cost(report.cost))


def parts_body(report: PartsReport) -> PartsReportBody:
    return PartsReportBody(
        area=_place(report.area),
        period=_period(report.period),
        parts=[_part(part, report.area) for part in report.parts],
    )


def _part(part: Part, of: Place) -> ReportedPart:
    whole = is_whole(part.code) and is_whole(of.code)  # a month is as whole as the area that it is a part of
    inhabitants = of.inhabitants if part.period else part.inhabitants
    return ReportedPart(
        code=part.code,
        name=part.name,
        participants=_participants(part.participants, inhabitants) if part.participants else None,
        times=_times(part.times),
        cost=_cost(part.cost),
        comparable_from=part.comparable_from,
        **(_figures(part.figures, part.by_channel, whole) if part.figures else {}),
    )


def _figures(figures: Sums, by_channel: bool, whole: bool) -> dict[str, Any]:
    successes = share(figures.successes, figures.closed)
    return {
        "alerts": ReportedAlerts(
            total=figures.alerts,
            open=figures.open,
            break_glass=figures.break_glass,
            by_kind=_sorted(figures.by_kind),
            by_category=_sorted(figures.by_category),
            by_urgency=_sorted(figures.by_urgency),
        ),
        "people": ReportedPeople(
            matched=figures.people,
            asked=figures.asked,
            reached=figures.reached,
            spared=figures.spared if whole else None,
        ),
        "messages": {
            channel.value: ReportedMessages(
                sent=it.sent,
                delivered=it.delivered,
                failed=it.failed if whole else None,
                parts=it.parts if whole else None,
            )
            for channel, it in sorted(figures.messages.items())
        }
        if by_channel
        else None,
        "tips": figures.tips,
        "results": _sorted(figures.results),
        "contributions": _sorted(figures.contributions),
        "success": ReportedSuccess(
            successes=figures.successes,
            closed=figures.closed,
            share=successes.value,
            low=successes.low,
            high=successes.high,
            too_few=successes.too_few,
        ),
    }


def _sorted(counts: Any) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _place(place: Place) -> ReportedArea:
    return ReportedArea(
        code=place.code,
        name=place.name,
        level=place.level,
        year=place.year,
        inhabitants=place.inhabitants,
        areas=list(place.areas) or None,
        until=place.until,
    )


def _period(period: Period) -> ReportedPeriod:
    return ReportedPeriod(first=period.first, last=period.last)


def _participants(
    people: PeopleTold, inhabitants: int | None = None, trend: Trend | None = None
) -> ReportedParticipants:
    return ReportedParticipants(
        participants=people.participants,
        paused=people.paused,
        home=people.home,
        work=people.work,
        places=people.places,
        by_channel=dict(people.by_channel),
        per_thousand=per_thousand(people.participants, inhabitants),
        growth=_growth(trend.growth) if trend and trend.growth else None,
        comparable_from=trend.comparable_from if trend else None,
    )


def _growth(growth: Growth) -> ReportedGrowth:
    return ReportedGrowth(before=growth.before, after=growth.now, net=growth.net, share=growth.share)


def _cost(spent: Spent | None) -> ReportedCost | None:
    if spent is None:
        return None
    of = spent.budget
    budget = ReportedBudget(year=of.year, cents=of.cents, spent_cents=of.spent) if of else None
    return ReportedCost(cents=spent.cents, exercises_cents=spent.exercises, currency=CURRENCY, budget=budget)


def _times(times: Times | None) -> ReportedTimes | None:
    return ReportedTimes(**times._asdict()) if times else None


def _sentence(report: AreaReport) -> ReportedSentence | None:
    # Below a municipality, people reached less those of urgent alerts could tell of a few.
    if report.figures is None or not report.whole:
        return None
    said = sentence(report.figures, report.area.code, report.area.name, report.period)
    return ReportedSentence(nl=said.nl, en=said.read_in(Language.EN))
