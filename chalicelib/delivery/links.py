"""The personal links in a message: one to answer it, one to change or leave, one to get no more e-mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.alerts import reply
from chalicelib.delivery.model import Batch, BatchKey
from chalicelib.participants.links import mail_tokens, manage_url, unsubscribe_url
from chalicelib.platform.clock import Clock, SystemClock
from chalicelib.platform.tokens import LinkSigner


class MailLinks(NamedTuple):
    reply: str
    manage: str
    unsubscribe: str


@dataclass(frozen=True)
class Links:
    """``web_url``: base address of the pages, without a slash at the end."""

    web_url: str
    signer: LinkSigner
    clock: Clock = field(default_factory=SystemClock)

    def reply(self, key: BatchKey, index: int) -> str:
        reference = reply.reply_reference(reply.ReplyRef(key.alert, key.unit, key.number, index))
        return reply.reply_url(self.web_url, self.signer.sign(reply.PURPOSE, reference))

    def of_mails(self, batch: Batch, indexes: Sequence[int]) -> Iterator[MailLinks]:
        """Those in the mails that go out now, in the order of ``indexes``."""
        people = [batch.people[index].participant for index in indexes]
        tokens = mail_tokens(self.signer, people, self.clock.now())
        for index, (manage, unsubscribe) in zip(indexes, tokens, strict=True):
            yield MailLinks(
                self.reply(batch.key, index),
                manage_url(self.web_url, manage),
                unsubscribe_url(self.web_url, unsubscribe),
            )
