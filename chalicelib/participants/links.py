"""Personal links.

Who has the manage link may change, pause and end one participation. Whoever posts to the unsubscribe link, a mail
program mostly (RFC 8058), ends the e-mail. Both end by themselves after ``LIFE``, and at once when their participant
signs up anew or leaves: they carry the last day on which they work, and the version of their participant's links.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from chalicelib.participants.model import ID_CHARACTERS
from chalicelib.platform import ids
from chalicelib.platform.clock import AMSTERDAM
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import LinkSigner

MANAGE, UNSUBSCRIBE = "manage", "unsubscribe"
LIFE = timedelta(days=400)  # every mail of an alert, and the yearly one, brings a new link
DAY_ONE = date(2020, 1, 1)
DAY_CHARACTERS = 3  # 32,768 days


def manage_token(signer: LinkSigner, reference: str, now: datetime) -> str:
    """``reference``: as ``Participant.reference`` and ``PlaceRow.participant`` give it."""
    return signer.sign(MANAGE, reference + _last_day(now))


def mail_tokens(signer: LinkSigner, references: Iterable[str], now: datetime) -> Iterator[tuple[str, str]]:
    """Those of the manage link and of the unsubscribe link of everybody."""
    last_day = _last_day(now)
    for reference in references:
        about = reference + last_day
        yield signer.sign(MANAGE, about), signer.sign(UNSUBSCRIBE, about)


def read_token(signer: LinkSigner, purpose: str, token: str, now: datetime) -> tuple[str, int]:
    """The participant's id, and the version of their links.

    Raises:
        NotFound: ``link_not_valid``, not a link of ours for this purpose; ``link_expired``.
    """
    reference = signer.read(purpose, token)
    if len(reference) != ID_CHARACTERS + 1 + DAY_CHARACTERS:
        raise link_not_valid()
    who, version, last = reference[:ID_CHARACTERS], reference[ID_CHARACTERS], reference[-DAY_CHARACTERS:]
    if _days(now) > ids.decode(last):
        raise NotFound("link_expired", "This link is too old. A newer one is in every mail of ours; or sign up again.")
    return who, ids.decode(version)


def manage_url(web_url: str, token: str) -> str:
    """The token stands after ``#``, so that it reaches no server's log and no mail scanner's visit."""
    return f"{web_url}/manage#{token}"


def unsubscribe_url(web_url: str, token: str) -> str:
    """An address of the API: a mail program posts to it. Who opens it is led to the manage page; a GET ends nothing."""
    return f"{web_url}/api/unsubscribe/{token}"


def link_not_valid() -> NotFound:
    return NotFound("link_not_valid", "This link is not valid.")


def _last_day(now: datetime) -> str:
    return ids.encode(_days(now + LIFE), DAY_CHARACTERS)


def _days(moment: datetime) -> int:
    return (moment.astimezone(AMSTERDAM).date() - DAY_ONE).days
