"""The figures of an area, or of an organisation's areas together, over a period."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from typing import Protocol

from chalicelib.areas.codes import lineage
from chalicelib.areas.service import AreaService
from chalicelib.areas.succession import Succession
from chalicelib.areas.validation import CODE
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.errors import Forbidden
from chalicelib.reports.asked_period import MOST_DAYS, asked_period
from chalicelib.reports.census_figures import people_told
from chalicelib.reports.census_model import Participants
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.census_today import CensusToday
from chalicelib.reports.figures import NOTHING, Facts, MonthRow, Times, added, combined, medians
from chalicelib.reports.figures_store import FiguresStore
from chalicelib.reports.history import History, Past
from chalicelib.reports.model import NATION, Period
from chalicelib.reports.organisation import Reader, Together
from chalicelib.reports.report import THE_NATION, AreaReport, CostReport, Dashboard, Part, PartsReport, Place
from chalicelib.reports.series import DAYS_AT_ONCE, Brought, Series, Subject, brought_by
from chalicelib.reports.spending import Spending
from chalicelib.reports.suppression import SMALL
from chalicelib.reports.trend import Trend, Trends
from chalicelib.reports.withheld import Told, is_whole
from chalicelib.staff.model import Organisation, StaffMember

UNCHANGED = Succession(())
SeriesOf = Callable[[Subject, Period, Brought], tuple[Part, ...]]


class Organisations(Protocol):
    """``OrganisationService`` is one."""

    def region(self, member: StaffMember) -> frozenset[str]:
        """Codes of the areas that are the member's organisation's. Raises ``Forbidden``."""
        ...

    def get(self, id: str) -> Organisation: ...  # noqa: A002


@dataclass(frozen=True)
class ReportService:
    areas: AreaService
    figures: FiguresStore
    census: CensusStore
    clock: Clock
    organisations: Organisations
    spending: Spending

    def read(self, member: StaffMember, code: str, first: date | None = None, last: date | None = None) -> AreaReport:
        """As ``area``, and what it cost, for who may see it.

        ``code``: also the id of the member's organisation, for all its areas.

        Raises:
            Forbidden: not_your_area; it may exist or not.
            NotFound: no such area.
            InvalidInput: the period ends before it begins, or is too long.
        """
        period = self._period(first, last)
        if _is_own(member, code):
            return self._of_all(self._own(member, period))
        self._may_see(member, code)
        place = self._place(code)
        report = self._full(place, period, self._past(place, period), self._people_of(place))
        return self._priced(report, {code})

    def cost(self, member: StaffMember, code: str, first: date | None = None, last: date | None = None) -> CostReport:
        """What ``read`` tells of money, alone.

        Raises:
            Forbidden, NotFound, InvalidInput: as ``read``.
        """
        period = self._period(first, last)
        if _is_own(member, code):
            self.organisations.region(member)
            own = self.organisations.get(member.tenant)
            return CostReport(code, period, self.spending.over(own.areas, period))
        self._may_see(member, code)
        return CostReport(code, period, self.spending.over({self._place(code).code}, period))

    def _of_all(self, own: Together) -> AreaReport:
        trend = Trend() if own.ended else self._trends.of(own.outermost, own.participants.participants, own.period)
        return replace(self._priced(own.whole(), own.areas), trend=trend)

    def _full(self, place: Place, period: Period, past: Past, people: Mapping[str, Participants]) -> AreaReport:
        report = self._grown(self._whole(place, period, past, people))
        if report.figures and not report.whole and report.figures.alerts >= SMALL:
            report = replace(report, times=self._times_in(place, period))
        return report

    def _times_in(self, place: Place, period: Period) -> Times:
        """Of a district or neighbourhood: rows of months do not say which alerts touched it, those of alerts do.

        The median of a few would be an alert's own times, which tell the day on which it was.
        """
        rows = self._history_of(place).alerts(_partition(place.code), *period.bounds())
        return medians(combined(rows, frozenset({place.code}))[1])

    def _own(self, member: StaffMember, period: Period) -> Together:
        self.organisations.region(member)  # refuses whoever has no role in it
        organisation = self.organisations.get(member.tenant)
        return Reader(self.history, self.people, self.areas.listed, self._today()).over(organisation, period)

    def _priced(self, report: AreaReport, codes: Collection[str]) -> AreaReport:
        return replace(report, cost=self.spending.over(codes, report.period))

    def area(self, code: str, first: date | None = None, last: date | None = None) -> AreaReport:
        """The report of one area, or of the nation, by default over this calendar year so far.

        Raises:
            NotFound, InvalidInput: as ``read``.
        """
        return self.over(self._place(code), self._period(first, last))

    def over(self, place: Place, period: Period) -> AreaReport:
        return self._grown(self._whole(place, period, self._past(place, period), self._people_of(place)))

    def _grown(self, report: AreaReport) -> AreaReport:
        """With how participants of an area grew, unless it has ended."""
        area, count = report.area, report.participants.participants
        if area.until is not None:
            return report
        return replace(report, trend=self._trends.of({area.code: area.year}, count, report.period))

    def dashboard(
        self, member: StaffMember, code: str, first: date | None = None, last: date | None = None
    ) -> Dashboard:
        """``read``, ``parts`` and ``months`` of the months that lie in the period as a whole: figures and participants
        are read once for all of them. Without what the nation's alerts cost: they are thousands.

        Raises:
            Forbidden, NotFound, InvalidInput: as ``read``.
        """
        period = self._period(first, last)
        if _is_own(member, code):
            own, (whole_months, _) = self._own(member, period), period.months(self._today())
            brought = own.brought(attrgetter("month")).items() if whole_months else ()
            months = {name: it for name, it in brought if whole_months and whole_months[0] <= name <= whole_months[1]}
            return Dashboard(self._of_all(own), own.parts(), _each(months))
        region = self._may_see(member, code)
        place = self._place(code)
        if code == NATION:
            place = replace(place, areas=self.organisations.get(member.tenant).areas)
        past, people = self._past(place, period), self._people_of(place)
        whole = self._full(place, period, past, people)
        return Dashboard(
            whole if code == NATION else self._priced(whole, {code}),
            self._below(region, code, period, past, people),
            _each(_by_month(code, past.months)),
        )

    def _whole(self, place: Place, period: Period, past: Past, people: Mapping[str, Participants]) -> AreaReport:
        participants, whole = people_told(people, [place.code])[place.code], is_whole(place.code)
        since = self._comparable_from(place.code, period)
        if not past.told.area(place.code) or (since and not whole):
            return AreaReport(place, period, participants, None, whole=whole, comparable_from=since)
        figures = added(row.sums[place.code] for row in past.rows if place.code in row.sums)
        times, by_channel = medians(_times(past.rows)) if whole else None, past.told.by_channel(place.code)
        return AreaReport(place, period, participants, figures, times, by_channel, whole, comparable_from=since)

    def _comparable_from(self, code: str, period: Period) -> int | None:
        return self.areas.succession().comparable_from(code, period.first.year)

    def parts(self, member: StaffMember, code: str, first: date | None = None, last: date | None = None) -> PartsReport:
        """Every district and neighbourhood below an area whose participants may be told, or its figures of alerts; of
        the nation every municipality with either that is the member's; of an organisation each of its areas.

        Raises:
            Forbidden, NotFound, InvalidInput: as ``read``.
        """
        period = self._period(first, last)
        if _is_own(member, code):
            own = self._own(member, period)
            return PartsReport(own.place, period, own.parts())
        region = self._may_see(member, code)
        place = self._place(code)
        below = self._below(region, code, period, self._past(place, period), self._people_of(place))
        return PartsReport(place, period, below)

    def _below(
        self, region: Collection[str], code: str, period: Period, past: Past, people: Mapping[str, Participants]
    ) -> tuple[Part, ...]:
        counted = {area for row in past.rows for area in row.sums}
        known = {*filter(past.told.area, counted), *(above for area in people for above in lineage(area))}
        below = [it for it in known if (it in region if code == NATION else code in lineage(it)[1:])]
        sums = {
            area: added(row.sums[area] for row in past.rows if area in row.sums)
            for area in below
            if area in counted and past.told.area(area)
        }
        shown = people_told(people, below)
        # What is held back is not named either: five areas with 5 people together, each with somebody, have 1 each.
        mine = sorted(it for it in below if it in sums or shown[it].participants is not None)
        listed, succession = self.areas.listed(mine), self.areas.succession()
        since = {it: succession.comparable_from(it, period.first.year) for it in mine}
        return tuple(
            Part(
                it,
                listed[it].name if it in listed else it,
                None if since[it] and not is_whole(it) else sums.get(it),
                past.told.by_channel(it),
                shown[it],
                since[it],
                listed[it].inhabitants if it in listed else None,
            )
            for it in mine
        )

    def months(
        self, member: StaffMember, code: str, first: date | None = None, last: date | None = None
    ) -> PartsReport:
        """Month by month, each as a whole, from that of the first day up to that of the last; ``code``: ``2026-11``.
        None below a municipality.

        Raises:
            Forbidden, NotFound, InvalidInput: as ``read``.
        """
        period = self._period(first, last)
        if _is_own(member, code):
            own = self._own(member, period.in_whole_months())
            return self._of_own(own, period, self._series.months, attrgetter("month"))
        self._may_see(member, code)
        place = self._place(code)
        if not is_whole(code):
            return PartsReport(place, period, ())
        found = self._history_of(place).months(_partition(code), f"{period.first:%Y-%m}", f"{period.last:%Y-%m}")
        return PartsReport(place, period, self._series.months(self._subject(place), period, _by_month(code, found)))

    def days(self, member: StaffMember, code: str, first: date | None = None, last: date | None = None) -> PartsReport:
        """Day by day, up to today; ``code``: ``2026-11-30``. By default of the month of the last day. None below a
        municipality.

        Raises:
            Forbidden, NotFound, InvalidInput: as ``read``; days are ``DAYS_AT_ONCE`` at most.
        """
        until = last or self._today()
        period = self._period(first or until.replace(day=1), until, DAYS_AT_ONCE)
        if _is_own(member, code):
            own = self._own(member, period)
            return self._of_own(own, period, self._series.days, attrgetter("day"))
        self._may_see(member, code)
        place = self._place(code)
        if not is_whole(code):
            return PartsReport(place, period, ())
        rows = self._history_of(place).alerts(_partition(code), *period.bounds())
        brought = brought_by(rows, frozenset({code}), attrgetter("day"))
        return PartsReport(place, period, self._series.days(self._subject(place), period, brought))

    def _of_own(self, own: Together, period: Period, series: SeriesOf, name: Callable[[Facts], str]) -> PartsReport:
        if not own.municipal:
            return PartsReport(own.place, period, ())
        subject = Subject(own.outermost, None if own.ended else own.participants)
        return PartsReport(own.place, period, series(subject, period, own.brought(name)))

    def _subject(self, place: Place) -> Subject:
        """An area of which everything is told. Of one that has ended nobody is counted."""
        people = people_told(self._people_of(place), [place.code])[place.code]
        return Subject({place.code: place.year}, None if place.until else people)

    @property
    def _series(self) -> Series:
        return Series(self.census, self.areas.succession, self.spending, self._today())

    @property
    def _trends(self) -> Trends:
        return Trends(self.areas, self.census, self.clock)

    def _may_see(self, member: StaffMember, code: str) -> frozenset[str]:
        """The member's region. The nation's figures are for everybody who may see any. Raises ``Forbidden``."""
        region = self.organisations.region(member)
        if code != NATION and region.isdisjoint(lineage(code)):
            raise Forbidden("not_your_area", "You see the figures of your own areas only.")
        return region

    def _place(self, code: str) -> Place:
        if code == NATION:
            return self.nation()
        area = self.areas.known(code)
        if area.until is None:
            return Place.of(area)
        became = self.areas.succession().parts(code, area.until - 1)
        return replace(Place.of(area), areas=tuple(sorted(became)))

    def nation(self) -> Place:
        """With the inhabitants of all municipalities."""
        municipalities = self.areas.municipalities()
        inhabitants = sum(area.inhabitants or 0 for area in municipalities)
        return replace(
            THE_NATION, inhabitants=inhabitants or None, year=max((area.year for area in municipalities), default=None)
        )

    def _period(self, first: date | None, last: date | None, most: int = MOST_DAYS) -> Period:
        return asked_period(first, last, self._today(), most)

    def _today(self) -> date:
        return self.clock.now().astimezone(AMSTERDAM).date()

    @property
    def history(self) -> History:
        return History(self.figures, self.areas.succession)

    def people(self, partition: str) -> dict[str, Participants]:
        """Who takes part in the areas of a municipality, or in the nation's municipalities."""
        return CensusToday(self.census, self.areas.succession(), self._today().year).people(partition)

    @property
    def _as_counted(self) -> History:
        return History(self.figures, lambda: UNCHANGED)

    def _history_of(self, place: Place) -> History:
        """Of an area that has ended as it was counted."""
        return self.history if place.until is None else self._as_counted

    def _past(self, place: Place, period: Period) -> Past:
        """Of an area that has ended as it was counted; of the years in which it was one, as later its figures are told
        with those of what it lies in.
        """
        past = self._history_of(place).read(_partition(place.code), period, self._today())
        return past if place.until is None or period.last.year < place.until else replace(past, told=Told())

    def _people_of(self, place: Place) -> dict[str, Participants]:
        return self.people(_partition(place.code)) if place.until is None else {}


def _by_month(code: str, rows: Iterable[MonthRow]) -> Brought:
    """Those in which there were alerts. Below a municipality no month is told of."""
    if not is_whole(code):
        return {}
    return {row.month: (row.sums.get(code, NOTHING), medians(_times([row]))) for row in rows if row.alerts}


def _each(months: Brought) -> tuple[Part, ...]:
    return tuple(Part(month, month, sums, times=times) for month, (sums, times) in months.items())


def _is_own(member: StaffMember, code: str) -> bool:
    """Whether it is the member's organisation; a municipality is told of as the area that it is."""
    return code == member.tenant and not CODE.fullmatch(code)


def _partition(code: str) -> str:
    return lineage(code)[-1]


def _times(rows: Iterable[MonthRow]) -> Iterator[Times]:
    return (line.times for row in rows for line in row.alerts.values())
