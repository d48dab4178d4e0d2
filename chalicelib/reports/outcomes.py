"""After an alert is closed: a short mail to the municipalities, police teams and control rooms that it touched.

The event of closing leads here (``alerts.staff_mail``), so it cannot be lost. Each address gets one mail, and
one more where the outcome is known late, also where it stands with two of them: a control room reads of all it touched,
and comes first. Where codes changed since, or readers still have former ones, both are taken as what they became.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.alerts.cap import Status
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language
from chalicelib.areas import codes
from chalicelib.areas.service import AreaService
from chalicelib.channels.model import Mail
from chalicelib.platform.batch import TryLater
from chalicelib.platform.observe import logger
from chalicelib.reports.costs import Costs
from chalicelib.reports.count import Sources
from chalicelib.reports.model import NATION
from chalicelib.reports.outcome import Outcome, Touched
from chalicelib.reports.outcome_mail import outcome_mail
from chalicelib.reports.postbox import Gone, Postbox
from chalicelib.staff.mailing import Mailing, Summary
from chalicelib.staff.model import Kind
from chalicelib.staff.store import OrganisationStore


@dataclass(frozen=True)
class _Reader:
    """``municipalities``: of those that the alert touched, which are theirs; codes. ``console``: they have it."""

    addresses: Sequence[str]
    language: Language
    municipalities: frozenset[str]
    console: bool = False


@dataclass(frozen=True)
class Outcomes:
    """``web_url``: of the pages."""

    sources: Sources
    costs: Costs
    areas: AreaService
    organisations: OrganisationStore
    post: Postbox
    web_url: str

    def tell(self, alert: Alert) -> None:
        """Of an exercise or a test nobody reads. Once more where the outcome was added after it closed by itself.

        Raises:
            TryLater: until each address has it, or never will.
        """
        if alert.status is not Status.ACTUAL or alert.activated_at is None or alert.result is None:
            return
        outcome = self._outcome(alert)
        which = "outcome" if outcome.late else "closed"
        gone = Gone()
        for reader in self._readers(alert, outcome):

            def make(reader: _Reader = reader) -> Mail:
                return outcome_mail(outcome, reader.municipalities, reader.language, self.web_url, reader.console)

            gone += self.post.send(f"alert-{alert.id}", which, reader.addresses, make)
        logger.info("outcomes.told", alert=alert.id, sent=gone.sent, failed=gone.failed, waiting=gone.waiting)
        if gone.waiting:
            raise TryLater(f"{gone.waiting} are still to hear how it ended")

    def _outcome(self, alert: Alert) -> Outcome:
        """As it stands now, from the ledger itself: the rows of reports come later."""
        rows = {row.area: row for row in self.sources.rows(alert)}
        nation = rows.pop(NATION)
        succession, year = self.areas.succession(), int(nation.facts.month[:4])
        told: dict[str, list[str]] = defaultdict(list)
        for code in rows:
            told[succession.today(code, year) or code].append(code)
        shares = self.costs.of(alert).shares
        names = self.areas.names(told)
        touched = (
            Touched(
                code,
                names.get(code, code),
                asked=sum(nation.people[it].asked for it in counted),
                cents=sum(shares.get(it, 0) for it in counted),
                areas=frozenset(
                    now for it in counted for area in rows[it].people for now in succession.parts(area, year)
                ),
                lies_in=frozenset().union(*(succession.parts(it, year) for it in counted)),
            )
            for code, counted in told.items()
        )
        by_size = tuple(sorted(touched, key=lambda it: (-it.asked, it.code)))
        return Outcome(nation, by_size, late=alert.outcome_at is not None)

    def _readers(self, alert: Alert, outcome: Outcome) -> Iterator[_Reader]:
        standing = self.areas.succession().standing
        reached = {above for it in outcome.touched for code in it.areas for above in codes.lineage(code)}
        municipalities = frozenset(it.code for it in outcome.touched)
        everywhere = reached.union(*(it.lies_in for it in outcome.touched))
        rooms_first = sorted(self.organisations.all(), key=lambda it: (it.id != alert.tenant, it.kind, it.id))
        for organisation in rooms_first:
            own = organisation.id == alert.tenant
            areas = standing(organisation.areas)
            if _wants(organisation.mailing) and (own or not everywhere.isdisjoint(areas)):
                theirs = municipalities if own else _lying_in(areas, outcome)
                is_room = organisation.kind is Kind.CONTROL_ROOM
                yield _Reader(organisation.mailboxes, Language(organisation.mailing.language), theirs, is_room)
        for area in self.areas.municipalities(joined_only=True):
            theirs = _lying_in(standing({area.code}), outcome)
            if theirs and _wants(area.mailing):
                yield _Reader(area.summary_emails, Language(area.mailing.language), theirs)


def _wants(mailing: Mailing) -> bool:
    return Summary.CLOSED in mailing.kinds


def _lying_in(areas: Iterable[str], outcome: Outcome) -> frozenset[str]:
    """Municipalities that it touched, of which a part lies where these areas do."""
    around = {codes.lineage(code)[-1] for code in areas}
    return frozenset(it.code for it in outcome.touched if not around.isdisjoint(it.lies_in))
