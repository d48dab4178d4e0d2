"""What supervisors read when somebody let an alert out alone."""

from chalicelib.alerts import email_layout
from chalicelib.alerts.bands import BANDS
from chalicelib.alerts.email_layout import Block, Heading, Items, Paragraph
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Mail
from chalicelib.platform.clock import AMSTERDAM


def glass_mail(alert: Alert, event: EventRecord) -> Mail:
    """In Dutch and English, whoever reads it. ``event``: of the decision."""
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
    return email_layout.mail(subject, blocks)
