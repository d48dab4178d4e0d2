"""Personal links.

Who has the manage link may change, pause and end one participation. Whoever posts to the unsubscribe link, a mail
program mostly (RFC 8058), ends the e-mail.
"""

from chalicelib.participants.model import ID_CHARACTERS
from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import LinkSigner

MANAGE, UNSUBSCRIBE = "manage", "unsubscribe"


def manage_token(signer: LinkSigner, reference: str) -> str:
    """``reference``: as ``Participant.reference`` and ``PlaceRow.participant`` give it."""
    return signer.sign(MANAGE, reference)


def unsubscribe_token(signer: LinkSigner, reference: str) -> str:
    """``reference``: as for the manage link."""
    return signer.sign(UNSUBSCRIBE, reference)


def read_token(signer: LinkSigner, purpose: str, token: str) -> tuple[str, int]:
    """The participant's id, and the version of their links.

    Raises:
        NotFound: not a link of ours for this purpose.
    """
    reference = signer.read(purpose, token)
    if len(reference) != ID_CHARACTERS + 1:
        raise link_not_valid()
    return reference[:ID_CHARACTERS], ids.decode(reference[ID_CHARACTERS:])


def manage_url(web_url: str, token: str) -> str:
    """The token stands after ``#``, so that it reaches no server's log and no mail scanner's visit."""
    return f"{web_url}/manage#{token}"


def unsubscribe_url(web_url: str, token: str) -> str:
    """An address of the API: a mail program posts to it. Who opens it is led to the manage page; a GET ends nothing."""
    return f"{web_url}/api/unsubscribe/{token}"


def link_not_valid() -> NotFound:
    return NotFound("link_not_valid", "This link is not valid.")
