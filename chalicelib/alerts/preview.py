"""How an alert's call will read, before anybody gets it."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.alerts import sms_parts, spoken, wording
from chalicelib.alerts.messages import MessageKind, update_name
from chalicelib.alerts.model import Alert
from chalicelib.alerts.notification import Notification, notification
from chalicelib.alerts.sms_parts import Parts
from chalicelib.alerts.text import Language
from chalicelib.channels import speech
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import InvalidInput

MAX_SMS_PARTS = 6  # each part costs, and slows the whole city down
MAX_UPDATED_SMS_PARTS = 9  # a call of 6 with an update in it; below the 1,600 characters that SNS takes


@dataclass(frozen=True)
class Preview:
    """``sms`` and ``parts`` are None where the alert does not go by SMS, ``voice`` where nobody is called; ``push``."""

    email_subject: str
    email_text: str
    sms: str | None = None
    parts: Parts | None = None
    voice: str | None = None
    push: Notification | None = None


def preview(alert: Alert, reply_url: str) -> Mapping[Language, Preview]:
    """``reply_url``: as long as a real one."""
    return {language: _preview(alert, language, reply_url) for language in Language}


def parts_of(shown: Mapping[Language, Preview]) -> dict[Language, int]:
    """How many SMS the call takes in each language; none where it does not go by SMS."""
    return {language: it.parts.parts for language, it in shown.items() if it.parts}


def check_length(alert: Alert, message: str, reply_url: str) -> None:
    """Raises ``InvalidInput`` where SMS or call would be too long in some language; names the field that can be cut."""
    _check(alert, message, reply_url, MAX_SMS_PARTS, "description" if message == MessageKind.CALL else "text")


def check_update(alert: Alert, reply_url: str) -> None:
    """The same for the newest update: by itself, and within a call that goes out from now on."""
    check_length(alert, update_name(len(alert.updates)), reply_url)
    _check(alert, MessageKind.CALL, reply_url, MAX_UPDATED_SMS_PARTS, "text")


def _check(alert: Alert, message: str, reply_url: str, most: int, field: str) -> None:
    if Channel.SMS in alert.channels:
        longest = max(sms_parts.count(wording.sms(alert, message, language, reply_url)).parts for language in Language)
        if longest > most:
            raise InvalidInput.of(
                field, "sms_too_long", f"The SMS would take {longest} parts; at most {most}. Shorten the texts."
            )
    if Channel.VOICE in alert.channels and any(
        speech.too_long(spoken.voice(alert, message, language)) for language in Language
    ):
        raise InvalidInput.of(field, "voice_too_long", "This is too much to say in a call. Shorten the texts.")


def _preview(alert: Alert, language: Language, reply_url: str) -> Preview:
    email = wording.email(alert, MessageKind.CALL, language, reply_url, reply_url)
    sms = wording.sms(alert, MessageKind.CALL, language, reply_url) if Channel.SMS in alert.channels else None
    voice = spoken.voice(alert, MessageKind.CALL, language) if Channel.VOICE in alert.channels else None
    return Preview(
        email.subject,
        email.text,
        sms,
        None if sms is None else sms_parts.count(sms),
        None if voice is None else speech.as_text(voice),
        notification(alert, MessageKind.CALL, language) if Channel.PUSH in alert.channels else None,
    )
