"""How an alert's call will read, before anybody gets it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts import sms_parts, wording
from chalicelib.alerts.model import Alert, MessageKind
from chalicelib.alerts.sms_parts import Parts
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import InvalidInput

MAX_SMS_PARTS = 6  # each part costs, and slows the whole city down


@dataclass(frozen=True)
class Preview:
    """``sms`` and ``parts`` are None where the alert does not go by SMS."""

    email_subject: str
    sms: str | None = None
    parts: Parts | None = None


def preview(alert: Alert, reply_url: str) -> Mapping[Language, Preview]:
    """``reply_url``: as long as a real one."""
    return {language: _preview(alert, language, reply_url) for language in Language}


def check_length(alert: Alert, message: MessageKind, reply_url: str) -> None:
    """Raises ``InvalidInput`` where the SMS would be too long in some language; names the field that can be cut."""
    if Channel.SMS not in alert.channels:
        return
    longest = max(sms_parts.count(wording.sms(alert, message, language, reply_url)).parts for language in Language)
    if longest > MAX_SMS_PARTS:
        raise InvalidInput.of(
            "description" if message is MessageKind.CALL else "text",
            "sms_too_long",
            f"The SMS would take {longest} parts; at most {MAX_SMS_PARTS}. Shorten the texts.",
        )


def _preview(alert: Alert, language: Language, reply_url: str) -> Preview:
    subject = wording.email(alert, MessageKind.CALL, language, reply_url, reply_url).subject
    if Channel.SMS not in alert.channels:
        return Preview(subject)
    text = wording.sms(alert, MessageKind.CALL, language, reply_url)
    return Preview(subject, text, sms_parts.count(text))
