"""SUMMARISE: every municipality that has joined gets its outcome summary by e-mail, each address once a period.

A schedule calls every hour; what is due is decided here in Dutch time, so that a missed hour or a change of the clock
loses nothing. Sent once: a claim with a lease before, a mark after. Each address by itself: one that is refused for now
is tried again without writing to the others every hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.areas.model import Area
from chalicelib.areas.service import AreaService
from chalicelib.channels.model import Accepted, EmailSender, Mail, MailRecipient, Refusal
from chalicelib.platform.clock import AMSTERDAM, Clock, epoch
from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.ids import derived_id
from chalicelib.platform.observe import count, logger
from chalicelib.reports.model import Period, week, week_before, week_name
from chalicelib.reports.service import Place, ReportService
from chalicelib.reports.store import ReportStore
from chalicelib.reports.summary_mail import summary_mail

FROM_HOUR = 7  # Monday morning, before the working week begins
LEASE_S = 300
LATER = frozenset({Refusal.THROTTLED, Refusal.TEMPORARY})


@dataclass(frozen=True)
class Summaries:
    areas: AreaService
    service: ReportService
    reports: ReportStore
    mail: EmailSender
    clock: Clock

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """Send what is due. ``event`` by hand: ``{"period": "2026-W47", "again": true}``; from the schedule: empty.

        ``again`` sends also where it was sent before. Answers ``{"sent": n, "failed": n}``, in mails.

        Raises:
            InvalidInput: ``period`` is not a week.
        """
        period = self._due(event)
        if period is None:
            return {"sent": 0, "failed": 0}
        again = bool(event.get("again"))
        gone = [
            done
            for area in self.areas.municipalities(joined_only=True)
            for done in self._to_municipality(area, period, again=again)
        ]
        sent = sum(gone)
        failed = len(gone) - sent
        logger.info("summaries.run", period=week_name(period.first), sent=sent, failed=failed)
        return {"sent": sent, "failed": failed}

    def _due(self, event: Mapping[str, Any]) -> Period | None:
        if name := event.get("period"):
            try:
                return week(str(name))
            except ValueError:
                raise InvalidInput.of("period", "not_a_week", "A period is written as 2026-W47.") from None
        now = self.clock.now()
        return week_before(now) if _open(now) else None

    def _to_municipality(self, area: Area, period: Period, *, again: bool) -> list[bool]:
        """Of each mail that was due, whether it is gone."""
        name = week_name(period.first)
        marks = {address: f"{name}#{derived_id(address)}" for address in area.summary_emails}
        due = [address for address, mark in marks.items() if again or self._claim(area, mark)]
        mail = summary_mail(self.service.over(Place.of(area), period), name) if due else None
        return [self._send(area, mail, address, marks[address]) for address in due if mail]

    def _claim(self, area: Area, mark: str) -> bool:
        return self.reports.claim_summary(area.code, mark, epoch(self.clock.now()), LEASE_S)

    def _send(self, area: Area, mail: Mail, address: str, mark: str) -> bool:
        (answer,) = self.mail.send(mail, [MailRecipient(address, {}, {"summary": area.code})])
        if isinstance(answer, Accepted) or answer.reason not in LATER:
            self.reports.summary_sent(area.code, mark)
        if isinstance(answer, Accepted):
            return True
        count("SummaryFailed")
        logger.warning("summary.refused", area=area.code, reason=answer.reason, code=answer.code)
        return False


def _open(now: datetime) -> bool:
    local = now.astimezone(AMSTERDAM)
    return local.weekday() > 0 or local.hour >= FROM_HOUR
