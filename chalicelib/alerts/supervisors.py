"""SUPERVISORS: who must know at once that somebody let an alert out alone.

The event of the history is what leads here (alerts stream -> relay -> queue), so it cannot be lost: it was written
together with the decision.
"""

from dataclasses import dataclass

from pydantic import Field

from chalicelib.alerts import email_layout
from chalicelib.alerts.bands import BANDS
from chalicelib.alerts.email_layout import Block, Heading, Items, Paragraph
from chalicelib.alerts.model import Alert, EventRecord
from chalicelib.alerts.store import AlertStore, cursor_of
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Accepted, EmailSender, Mail, MailRecipient, Refusal, Refused
from chalicelib.platform.batch import Message, Record, TryLater
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.platform.ids import ALPHABET
from chalicelib.platform.observe import count, logger
from chalicelib.staff.supervisors import SupervisorBook


class SupervisorMessage(Message):
    """``event``: where it stands in the history, as ``store.cursor_of`` has it."""

    alert: str = Field(pattern=rf"^[{ALPHABET}]{{10}}$")
    event: str = Field(max_length=50)


@dataclass(frozen=True)
class Supervisors:
    alerts: AlertStore
    sender: EmailSender
    book: SupervisorBook

    def tell(self, record: Record[SupervisorMessage]) -> None:
        """A mail to each supervisor of the alert.

        Raises:
            TryLater: until at least one has it and nobody is left who might get it. All are written to again then, also
                who has it: better twice than not.
        """
        alert, event = self.alerts.get(record.body.alert), self._event(record.body)
        recipients = [MailRecipient(to, {}, {}) for to in self.book.of(alert.tenant)]
        answers = self.sender.send(_mail(alert, event), recipients)
        taken = sum(isinstance(answer, Accepted) for answer in answers)
        waiting = sum(isinstance(answer, Refused) and answer.reason in _LATER for answer in answers)
        logger.warning("supervisors.told", alert=alert.id, taken=taken, of=len(answers))
        count("SupervisorsTold", taken)
        if waiting or not taken:
            raise TryLater(f"{taken} of {len(answers)} supervisors told")

    def _event(self, asked: SupervisorMessage) -> EventRecord:
        before = f"{asked.event.partition('_')[0]}_"
        events = self.alerts.events(asked.alert, after=before, limit=10)
        return next(event for event in events if cursor_of(event) == asked.event)


_LATER = {Refusal.TEMPORARY, Refusal.THROTTLED}


def _mail(alert: Alert, event: EventRecord) -> Mail:
    """In Dutch and English, whoever reads it."""
    at = event.at.astimezone(AMSTERDAM)
    headline = alert.content.headline.nl
    band = next(it.label for it in BANDS if it.code == event.facts.get("reach"))
    subject = f"Burgernet: zonder tweede persoon verzonden / sent by one person alone: {headline}"
    blocks: list[Block] = [
        Heading("Zonder tweede persoon", Language.NL, level=1),
        Paragraph(f"{event.by} heeft op {at:%d-%m-%Y} om {at:%H:%M:%S} een oproep alleen vrijgegeven.", Language.NL),
        Items((f"Oproep: {headline}", f"Reden: {event.facts['reason']}", f"Bereik: {band.nl}"), Language.NL),
        Paragraph("Stoppen kan nog: open de oproep en kies stop.", Language.NL),
        Heading("Without a second person", Language.EN, level=1),
        Paragraph(f"{event.by} let an alert out alone, at {at:%H:%M:%S} on {at:%d-%m-%Y}.", Language.EN),
        Items((f"Alert: {headline}", f"Reason: {event.facts['reason']}", f"Reach: {band.en}"), Language.EN),
        Paragraph(f"It can still be stopped. Its number is {alert.id}, of {alert.tenant}.", Language.EN),
    ]
    return Mail(
        email_layout.no_placeholder(" ".join(subject.split())),
        email_layout.no_placeholder(email_layout.as_text(blocks)),
        email_layout.no_placeholder(email_layout.as_html(blocks, subject, Language.NL)),
    )
