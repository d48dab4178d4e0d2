"""E-mail addresses: a plain address of one mailbox, nothing that could become a second header."""

import re

from chalicelib.participants.model import Contact, ContactKind
from chalicelib.platform.errors import InvalidInput

MAX_CHARACTERS = 254  # RFC 5321, errata 1690
MAX_LOCAL_CHARACTERS = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?!\d+\Z){_LABEL})")


def parse_email(text: str, field: str = "email") -> Contact:
    """Read an address as HTML forms define it, with a domain of at least two labels; the domain in lower case.

    Raises:
        InvalidInput: ``email_invalid``.
    """
    text = text.strip(" ")
    match = _ADDRESS.fullmatch(text)
    if not match or len(text) > MAX_CHARACTERS or len(match["local"]) > MAX_LOCAL_CHARACTERS:
        raise InvalidInput.of(field, "email_invalid", "This is not an e-mail address.")
    return Contact(ContactKind.EMAIL, f"{match['local']}@{match['domain'].lower()}")
