"""How each channel works through a batch: SMS one by one, e-mail in one call per language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.alerts import wording
from chalicelib.alerts.model import Alert, MessageKind
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Answer, Channel, EmailSender, Mail, MailRecipient, Refusal, Refused, SmsSender
from chalicelib.delivery.links import Links
from chalicelib.delivery.model import CHECKPOINT, Batch

REPLY, MANAGE = "{{reply}}", "{{manage}}"  # filled in per recipient by the provider


@dataclass(frozen=True)
class SmsLot:
    sender: SmsSender
    links: Links
    channel: Channel = Channel.SMS

    def send(self, alert: Alert, batch: Batch, indexes: list[int]) -> Iterator[Mapping[int, Answer]]:
        """Stops at the first throttle: the rest of the batch would only make it worse."""
        for index in indexes:
            answer = self._send_one(alert, batch, index)
            if _throttled(answer):
                yield {late: answer for late in indexes if late >= index}
                return
            yield {index: answer}

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        return indexes[:CHECKPOINT]

    def _send_one(self, alert: Alert, batch: Batch, index: int) -> Answer:
        person = batch.people[index]
        text = wording.sms(
            alert, MessageKind(batch.key.message), Language(person.language), self.links.reply(batch.key, index)
        )
        return self.sender.send(person.contacts[Channel.SMS], text, alert=alert.id)


@dataclass(frozen=True)
class EmailLot:
    sender: EmailSender
    links: Links
    channel: Channel = Channel.EMAIL

    def send(self, alert: Alert, batch: Batch, indexes: list[int]) -> Iterator[Mapping[int, Answer]]:
        for language, some in _by_language(batch, indexes):
            words = wording.email(alert, MessageKind(batch.key.message), Language(language), REPLY, MANAGE)
            mail = Mail(words.subject, words.text, words.html)
            answers = self.sender.send(mail, [self._recipient(batch, index) for index in some])
            yield dict(zip(some, answers, strict=True))

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        return next((some for _, some in _by_language(batch, indexes)), [])

    def _recipient(self, batch: Batch, index: int) -> MailRecipient:
        person, key = batch.people[index], batch.key
        return MailRecipient(
            address=person.contacts[Channel.EMAIL],
            values={"reply": self.links.reply(key, index), "manage": self.links.manage(person)},
            tags={"alert": key.alert, "message": key.message, "batch": key.batch, "index": str(index)},
            unsubscribe_url=self.links.unsubscribe(person),
        )


def _throttled(answer: Answer) -> bool:
    return isinstance(answer, Refused) and answer.reason is Refusal.THROTTLED


def _by_language(batch: Batch, indexes: list[int]) -> Iterator[tuple[str, list[int]]]:
    for language in sorted({batch.people[index].language for index in indexes}):
        yield language, [index for index in indexes if batch.people[index].language == language]
