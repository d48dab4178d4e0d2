"""One message to one contact, such as a verification code: taken by the provider, given up for good, or try later."""

from dataclasses import dataclass

from chalicelib.channels.model import (
    Accepted,
    Answer,
    EmailSender,
    Mail,
    MailRecipient,
    Refusal,
    SmsSender,
    Speech,
    VoiceSender,
)
from chalicelib.platform.batch import TryLater
from chalicelib.platform.observe import count, logger

FOR_GOOD = frozenset({Refusal.PERMANENT, Refusal.OPTED_OUT, Refusal.UNKNOWN})


@dataclass(frozen=True)
class DirectSms:
    sender: SmsSender

    def send(self, phone: str, text: str) -> None:
        """Raises ``TryLater`` where the provider would not take it now."""
        _settle("sms", self.sender.send(phone, text))


@dataclass(frozen=True)
class DirectVoice:
    sender: VoiceSender

    def call(self, phone: str, ssml: str, language: str) -> None:
        """Raises ``TryLater`` where the provider would not take it now."""
        _settle("voice", self.sender.call(phone, Speech(ssml, language)))


@dataclass(frozen=True)
class DirectMail:
    sender: EmailSender

    def send(self, to: str, subject: str, text: str, html: str) -> None:
        """Raises ``TryLater`` where the provider would not take it now."""
        _settle("email", *self.sender.send(Mail(subject, text, html), [MailRecipient(to, {}, {})]))


def _settle(channel: str, answer: Answer) -> None:
    if isinstance(answer, Accepted):
        return
    if answer.reason not in FOR_GOOD:
        raise TryLater(f"{channel}: {answer.code}")
    count("NoticeRefused")
    logger.warning("notice.refused", channel=channel, reason=answer.reason, code=answer.code)
