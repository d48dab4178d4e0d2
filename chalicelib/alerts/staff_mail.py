"""STAFF_MAIL: who hears of an alert by e-mail: that somebody let it out alone, that it stays open, or how it ended.

An event of the history is what leads here (alerts stream -> relay -> queue), so it cannot be lost: it was written
together with the decision, or with the step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field

from chalicelib.alerts.glass_mail import glass_mail
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import Alert
from chalicelib.alerts.reminder_mail import reminder_mail
from chalicelib.alerts.reminders import Patience, Step, closes_at
from chalicelib.alerts.service import BROKEN, OUTCOME_ADDED
from chalicelib.alerts.states import State
from chalicelib.alerts.store import AlertStore, cursor_of
from chalicelib.channels.model import Accepted, EmailSender, Mail, MailRecipient, Refusal, Refused
from chalicelib.platform.batch import Message, Record, TryLater
from chalicelib.platform.ids import ALPHABET
from chalicelib.platform.observe import count, logger
from chalicelib.staff.supervisors import SupervisorBook

MAILED = frozenset({BROKEN, OUTCOME_ADDED, *Step})  # types of events that lead here


class StaffMailMessage(Message):
    """``event``: where it stands in the history, as ``store.cursor_of`` has it."""

    alert: str = Field(pattern=rf"^[{ALPHABET}]{{10}}$")
    event: str = Field(max_length=50)


class Outcomes(Protocol):
    """Tells how an alert ended."""

    def tell(self, alert: Alert) -> None:
        """To each address once. Raises ``TryLater``: until each has it."""
        ...


@dataclass(frozen=True)
class StaffMail:
    """``web_url``: of the pages, among them the console."""

    alerts: AlertStore
    sender: EmailSender
    book: SupervisorBook
    patience: Patience
    web_url: str
    outcomes: Outcomes

    def tell(self, record: Record[StaffMailMessage]) -> None:
        """A mail to each who must know: the supervisors of the alert, or its control room; of its end, whom it touched.

        What was closed in the meantime nobody is reminded of.

        Raises:
            TryLater: until at least one has it and nobody is left who might get it. All are written to again then, also
                who has it: better twice than not.
        """
        alert, event = self.alerts.get(record.body.alert), self._event(record.body)
        if event.type in (Step.CLOSE, OUTCOME_ADDED):
            self.outcomes.tell(alert)
            return
        if event.type != BROKEN and alert.state is not State.ACTIVE:
            logger.info("staff_mail.dropped", alert=alert.id, about=event.type, why=alert.state)
            return
        recipients = self._recipients(alert, event)
        if not recipients:
            logger.error("staff_mail.nobody", alert=alert.id, about=event.type)
            count("StaffMailNobody")
            return
        self._send(alert, event, recipients)

    def _recipients(self, alert: Alert, event: EventRecord) -> Sequence[str]:
        return self.book.room(alert.tenant) if event.type == Step.REMIND else self.book.of(alert.tenant)

    def _send(self, alert: Alert, event: EventRecord, recipients: Sequence[str]) -> None:
        answers = self.sender.send(self._mail(alert, event), [MailRecipient(to, {}, {}) for to in recipients])
        taken = sum(isinstance(answer, Accepted) for answer in answers)
        waiting = sum(isinstance(answer, Refused) and answer.reason in _LATER for answer in answers)
        logger.warning("staff_mail.told", alert=alert.id, about=event.type, taken=taken, of=len(answers))
        count("StaffMailTaken", taken)
        if waiting or not taken:
            raise TryLater(f"{taken} of {len(answers)} told of {event.type}")

    def _mail(self, alert: Alert, event: EventRecord) -> Mail:
        if event.type == BROKEN:
            return glass_mail(alert, event)
        return reminder_mail(alert, closes_at(alert, self.patience), self.web_url)

    def _event(self, asked: StaffMailMessage) -> EventRecord:
        before = f"{asked.event.partition('_')[0]}_"
        events = self.alerts.events(asked.alert, after=before, limit=10)
        return next(event for event in events if cursor_of(event) == asked.event)


_LATER = {Refusal.TEMPORARY, Refusal.THROTTLED}
