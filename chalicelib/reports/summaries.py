"""SUMMARISE: every municipality that has joined gets its outcome summary by e-mail, each period once.

A schedule calls every hour; what is due is decided here in Dutch time, so that a missed hour or a change of the clock
loses nothing. Sent once: a claim with a lease before, a mark after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.areas.model import Area
from chalicelib.areas.service import AreaService
from chalicelib.channels.model import Accepted, EmailSender, MailRecipient
from chalicelib.platform.clock import AMSTERDAM, Clock, epoch
from chalicelib.platform.errors import InvalidInput
from chalicelib.platform.observe import count, logger
from chalicelib.reports.model import Period, week, week_before
from chalicelib.reports.service import ReportService
from chalicelib.reports.store import ReportStore
from chalicelib.reports.summary_mail import summary_mail

FROM_HOUR = 7  # Monday morning, before the working week begins
LEASE_S = 300


@dataclass(frozen=True)
class Summaries:
    areas: AreaService
    service: ReportService
    reports: ReportStore
    mail: EmailSender
    clock: Clock

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """Send what is due. ``event`` by hand: ``{"period": "2026-W47", "again": true}``; from the schedule: empty.

        ``again`` sends also where it was sent before. Answers ``{"sent": n, "failed": n}``.

        Raises:
            InvalidInput: ``period`` is not a week.
        """
        due = self._due(event)
        sent = failed = 0
        for area in self.areas.municipalities(joined_only=True) if due else []:
            if due and area.summary_emails and self._claim(area, due[0], again=bool(event.get("again"))):
                done = self._send(area, *due)
                sent, failed = sent + done, failed + (not done)
        logger.info("summaries.run", period=due[0] if due else None, sent=sent, failed=failed)
        return {"sent": sent, "failed": failed}

    def _due(self, event: Mapping[str, Any]) -> tuple[str, Period] | None:
        if name := event.get("period"):
            try:
                return str(name), week(str(name))
            except ValueError:
                raise InvalidInput.of("period", "not_a_week", "A period is written as 2026-W47.") from None
        now = self.clock.now()
        return week_before(now) if _open(now) else None

    def _claim(self, area: Area, period: str, *, again: bool) -> bool:
        return again or self.reports.claim_summary(area.code, period, epoch(self.clock.now()), LEASE_S)

    def _send(self, area: Area, name: str, period: Period) -> bool:
        mail = summary_mail(self.service.over(area, period), name)
        to = [MailRecipient(address, {}, {"summary": area.code}) for address in area.summary_emails]
        answers = self.mail.send(mail, to)
        if not all(isinstance(answer, Accepted) for answer in answers):
            count("SummaryFailed")
            return False
        self.reports.summary_sent(area.code, name)
        return True


def _open(now: datetime) -> bool:
    local = now.astimezone(AMSTERDAM)
    return local.weekday() > 0 or local.hour >= FROM_HOUR
