"""The manage link: who has it may change, pause and end one participation."""

from chalicelib.participants.model import ID_CHARACTERS
from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import LinkSigner

PURPOSE = "manage"


def manage_token(signer: LinkSigner, reference: str) -> str:
    """``reference``: as ``Participant.reference`` and ``PlaceRow.participant`` give it."""
    return signer.sign(PURPOSE, reference)


def read_manage_token(signer: LinkSigner, token: str) -> tuple[str, int]:
    """The participant's id, and the version of their links.

    Raises:
        NotFound: not a manage link of ours.
    """
    reference = signer.read(PURPOSE, token)
    if len(reference) != ID_CHARACTERS + 1:
        raise link_not_valid()
    return reference[:ID_CHARACTERS], ids.decode(reference[ID_CHARACTERS:])


def manage_url(web_url: str, token: str) -> str:
    """The token stands after ``#``, so that it reaches no server's log and no mail scanner's visit."""
    return f"{web_url}/manage#{token}"


def link_not_valid() -> NotFound:
    return NotFound("link_not_valid", "This link is not valid.")
