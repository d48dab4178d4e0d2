"""The personal links in a message: one to answer it, one to change or leave."""

from dataclasses import dataclass

from chalicelib.alerts.reply import ReplyRef, reply_reference
from chalicelib.delivery.model import BatchKey, Person
from chalicelib.participants.links import manage_token
from chalicelib.platform.tokens import LinkSigner


@dataclass(frozen=True)
class Links:
    """``web_url``: base address of the pages, without a slash at the end."""

    web_url: str
    signer: LinkSigner

    def reply(self, key: BatchKey, index: int) -> str:
        reference = reply_reference(ReplyRef(key.alert, key.unit, key.number, index))
        return f"{self.web_url}/t/{self.signer.sign('tip', reference)}"

    def manage(self, person: Person) -> str:
        """The token stands after ``#``, so that it reaches no server's log."""
        return f"{self.web_url}/manage#{manage_token(self.signer, person.participant)}"
