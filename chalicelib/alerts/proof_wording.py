"""An alert's call as its writer gets it beforehand: as it will be on every channel, but that it is a proof.

Of a call that plays a recording, the words that the computer would speak.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts import spoken, wording
from chalicelib.alerts.email_layout import Paragraph
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language
from chalicelib.alerts.wording import Email


@dataclass(frozen=True)
class Mark:
    word: str
    sentence: str


MARK: Mapping[Language, Mark] = {
    Language.NL: Mark("PROEF", "Dit is een proef. Alleen u krijgt dit bericht."),
    Language.EN: Mark("PROOF", "This is a proof. Only you get this message."),
}


def sms(alert: Alert, language: Language, reply_url: str) -> str:
    return f"{MARK[language].word} {wording.sms(alert, MessageKind.CALL, language, reply_url)}"


def email(alert: Alert, language: Language, reply_url: str, manage_url: str) -> Email:
    mark = MARK[language]
    before = Paragraph(f"{mark.word}: {mark.sentence}", language, strong=True)
    mail = wording.email(alert, MessageKind.CALL, language, reply_url, manage_url, before=(before,))
    return Email(f"{mark.word} {mail.subject}", mail.text, mail.html)


def voice(alert: Alert, language: Language) -> str:
    """SSML."""
    return spoken.voice(alert, MessageKind.CALL, language, before=(MARK[language].sentence,))
