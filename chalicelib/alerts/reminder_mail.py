"""What a control room, and then its supervisors, read of an alert that is still open.

Its number and its times, and where to close it. No headline: that describes people, and a mailbox is no place for it.
"""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.alerts import email_layout
from chalicelib.alerts.email_layout import Block, Heading, Items, Link, Paragraph
from chalicelib.alerts.model import Alert
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Mail
from chalicelib.platform.clock import AMSTERDAM

NL, EN = Language.NL, Language.EN


def reminder_mail(alert: Alert, closes: datetime, web_url: str) -> Mail:
    """In Dutch and English, whoever reads it. ``closes``: when it does so by itself. ``web_url``: of the pages."""
    begun = _local(alert.activated_at or alert.created_at)
    ends = _local(closes)
    url = f"{web_url}/console#/alerts/{alert.id}"
    prefix = {language: PHRASES[language].prefix[alert.status] for language in Language}
    subject = f"{prefix[NL]}: oproep {alert.id} staat nog open / this alert is still open"
    blocks: list[Block] = [
        Heading(f"{prefix[NL]}: deze oproep staat nog open", NL, level=1),
        Paragraph(f"De oproep begon op {begun:%d-%m-%Y} om {begun:%H:%M} uur. Niemand heeft hem afgesloten.", NL),
        Items(tuple(_facts_nl(alert)), NL),
        Paragraph("Is het voorbij? Sluit de oproep dan af. Wie de oproep kreeg, hoort dan hoe het is afgelopen.", NL),
        Link("Open de oproep", url, button=True),
        Paragraph(
            f"Doet niemand dat, dan sluit Burgernet hem zelf af, op {ends:%d-%m-%Y} om {ends:%H:%M} uur. "
            "Deelnemers lezen dan dat wij niet weten hoe het is afgelopen.",
            NL,
        ),
        Heading(f"{prefix[EN]}: this alert is still open", EN, level=1),
        Paragraph(f"The alert began on {begun:%d-%m-%Y} at {begun:%H:%M}. Nobody has closed it.", EN),
        Items(tuple(_facts_en(alert)), EN),
        Paragraph("Is it over? Then close it. Everybody who got the call will hear how it turned out.", EN),
        Link("Open the alert", url, button=True),
        Paragraph(
            f"If nobody does, Burgernet closes it by itself, on {ends:%d-%m-%Y} at {ends:%H:%M}. "
            "Participants then read that we do not know how it turned out.",
            EN,
        ),
    ]
    return email_layout.mail(subject, blocks)


def _facts_nl(alert: Alert) -> Iterator[str]:
    yield f"Nummer: {alert.id}"
    yield f"Meldkamer: {alert.tenant}"
    if alert.stopped_at:
        yield f"Gestopt om {_local(alert.stopped_at):%H:%M} uur. Wie toen al gevraagd was, wacht nog op bericht."


def _facts_en(alert: Alert) -> Iterator[str]:
    yield f"Number: {alert.id}"
    yield f"Control room: {alert.tenant}"
    if alert.stopped_at:
        yield f"Stopped at {_local(alert.stopped_at):%H:%M}. People asked by then are still waiting to hear."


def _local(moment: datetime) -> datetime:
    return moment.astimezone(AMSTERDAM)
