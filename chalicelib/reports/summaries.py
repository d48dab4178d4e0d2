"""SUMMARISE: who wants it gets a summary by e-mail of each week, month or year that is over, each address once.

A schedule calls every hour; what is due is decided here in Dutch time, so that a missed hour or a change of the clock
loses nothing. Weeks and months are of municipalities that take part, years of the whole network.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Area, Level
from chalicelib.areas.service import AreaService
from chalicelib.channels.model import Mail
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.observe import count, logger
from chalicelib.reports.calendar import CalendarPeriod, Span, due, named
from chalicelib.reports.model import NATION
from chalicelib.reports.postbox import Gone, Postbox
from chalicelib.reports.report import THE_NATION, Place
from chalicelib.reports.summary import SummaryMaker
from chalicelib.reports.summary_mail import summary_mail
from chalicelib.staff.mailing import Summary as Wanted

WANTED: Mapping[Wanted, Span] = {Wanted.WEEKLY: Span.WEEK, Wanted.MONTHLY: Span.MONTH}


class NotAllMade(Exception):
    """Something was wrong with some; all others went out."""


@dataclass(frozen=True)
class _Order:
    """A summary, and to whom it goes."""

    place: Place
    of: CalendarPeriod
    addresses: tuple[str, ...]
    language: Language


@dataclass(frozen=True)
class Summaries:
    """``network``: addresses that get the year of the whole network. ``web_url``: of the pages."""

    areas: AreaService
    maker: SummaryMaker
    post: Postbox
    clock: Clock
    network: tuple[str, ...]
    web_url: str

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Send what is due, as the schedule has it (``event``: empty), or what is asked for by hand.

        ``{"period": "2026-W47", "again": true}``: a week or month to every municipality that takes part, a year to
        the network, also to who has it. ``{"period": "2026-10", "area": "GM0344", "show": true}``: send nothing. What
        is sent of a period that is not over yet does not stand in for its summary.

        Returns:
            ``{"sent": n, "failed": n}``, in mails; of ``show`` the mail: ``subject``, ``text``, ``html``.

        Raises:
            InvalidInput: ``period`` is none or has not begun, or ``area`` no municipality.
            NotFound: there is no such area.
            NotAllMade: the next call tries again.
        """
        if event.get("show"):
            return asdict(self._shown(event))
        orders = self._by_hand(self._period(event)) if "period" in event else self._due()
        gone, broken = Gone(), 0
        for order in orders:
            try:
                gone += self._send(order, again=bool(event.get("again")))
            except Exception:
                logger.exception("summaries.not_made", area=order.place.code, period=order.of.name)
                count("SummaryFailed")
                broken += 1
        logger.info("summaries.run", sent=gone.sent, failed=gone.failed, broken=broken)
        if broken:
            raise NotAllMade(f"{broken} summaries")
        return {"sent": gone.sent, "failed": gone.failed}

    def _due(self) -> Iterator[_Order]:
        now = self.clock.now()
        over = {span: of for span in Span if (of := due(span, now))}
        for area in self.areas.municipalities(joined_only=True):
            for wanted, span in WANTED.items():
                if wanted in area.mailing.kinds and span in over:
                    yield _order(area, over[span])
        if Span.YEAR in over:
            yield self._of_network(over[Span.YEAR])

    def _by_hand(self, of: CalendarPeriod) -> Iterator[_Order]:
        if of.span is Span.YEAR:
            yield self._of_network(of)
        else:
            yield from (_order(area, of) for area in self.areas.municipalities(joined_only=True))

    def _of_network(self, of: CalendarPeriod) -> _Order:
        return _Order(THE_NATION, of, self.network, Language.NL)

    def _send(self, order: _Order, *, again: bool) -> Gone:
        def make() -> Mail:
            return self._mail(order.place, order.of, order.language)

        name = order.of.name if order.of.is_over(self.clock.now()) else f"{order.of.name}-so-far"
        return self.post.send(order.place.code, name, order.addresses, make, again=again)

    def _shown(self, event: Mapping[str, Any]) -> Mail:
        code = str(event.get("area", NATION))
        area = None if code == NATION else self.areas.get(code)
        if area and area.level is not Level.MUNICIPALITY:
            raise InvalidInput.of("area", "not_a_municipality", "A summary is of a municipality, or of NL.")
        place = Place.of(area) if area else THE_NATION
        language = Language(area.mailing.language) if area else Language.NL
        return self._mail(place, self._period(event), language)

    def _mail(self, place: Place, of: CalendarPeriod, language: Language) -> Mail:
        return summary_mail(self.maker.make(place, of), language, self.web_url)

    def _period(self, event: Mapping[str, Any]) -> CalendarPeriod:
        try:
            of = named(str(event.get("period")))
        except ValueError:
            text = "A period is written as 2026-W47, 2026-10 or 2026."
            raise InvalidInput.of("period", "not_a_period", text) from None
        if not of.has_begun(self.clock.now()):
            raise InvalidInput.of("period", "period_not_begun", f"{of.name} has not begun yet.")
        return of


def _order(area: Area, of: CalendarPeriod) -> _Order:
    return _Order(Place.of(area), of, area.summary_emails, Language(area.mailing.language))
