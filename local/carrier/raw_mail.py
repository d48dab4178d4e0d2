"""A whole MIME message, as ``Content.Raw`` carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses

from local.carrier.inbox import Content, Written

CONFIGURATION_SET = "X-SES-CONFIGURATION-SET"
TAGS = "X-SES-MESSAGE-TAGS"


@dataclass(frozen=True)
class RawMail:
    """``headers``: those that are neither the envelope's nor MIME's own."""

    sender: str = ""
    recipients: tuple[str, ...] = ()
    content: Content = field(default_factory=Written)
    headers: tuple[tuple[str, str], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    configuration_set: str = ""


_NOT_SHOWN = frozenset(
    {"from", "to", "cc", "bcc", "subject", "mime-version", "content-type", "content-transfer-encoding"}
    | {TAGS.lower(), CONFIGURATION_SET.lower()}
)


class MailUnreadable(Exception):
    """Not a MIME message."""


def read_raw(data: bytes) -> RawMail:
    """Raises ``MailUnreadable``."""
    try:
        return _read(data)
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # what Python's parser stumbles with
        raise MailUnreadable(type(error).__name__) from error


def _read(data: bytes) -> RawMail:
    mail = BytesParser(EmailMessage, policy=default).parsebytes(data)
    tags = (pair.partition("=") for pair in str(mail.get(TAGS, "")).split(",") if "=" in pair)
    recipients = getaddresses([str(value) for name in ("To", "Cc", "Bcc") for value in mail.get_all(name, [])])
    return RawMail(
        sender=str(mail.get("From", "")),
        recipients=tuple(address for _, address in recipients),
        content=Written(subject=str(mail.get("Subject", "")), text=_body(mail, "plain"), html=_body(mail, "html")),
        headers=tuple((name, str(value)) for name, value in mail.items() if name.lower() not in _NOT_SHOWN),
        tags={name.strip(): value.strip() for name, _, value in tags},
        configuration_set=str(mail.get(CONFIGURATION_SET, "")),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
