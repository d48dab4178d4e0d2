"""The personal links in a message: one to answer it, one to change or leave, one to get no more e-mail."""

from dataclasses import dataclass, field

from chalicelib.alerts import reply
from chalicelib.delivery.model import BatchKey, Person
from chalicelib.participants.links import mail_tokens, manage_url, unsubscribe_url
from chalicelib.platform.clock import Clock, SystemClock
from chalicelib.platform.tokens import LinkSigner


@dataclass(frozen=True)
class Links:
    """``web_url``: base address of the pages, without a slash at the end."""

    web_url: str
    signer: LinkSigner
    clock: Clock = field(default_factory=SystemClock)

    def reply(self, key: BatchKey, index: int) -> str:
        reference = reply.reply_reference(reply.ReplyRef(key.alert, key.unit, key.number, index))
        return reply.reply_url(self.web_url, self.signer.sign(reply.PURPOSE, reference))

    def manage_and_unsubscribe(self, person: Person) -> tuple[str, str]:
        manage, unsubscribe = mail_tokens(self.signer, person.participant, self.clock.now())
        return manage_url(self.web_url, manage), unsubscribe_url(self.web_url, unsubscribe)
