"""How each channel works through its turn: SMS and calls one by one, some at the same time, e-mail by language."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import ClassVar, Generic, TypeVar

from chalicelib.alerts import spoken, wording
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Audience
from chalicelib.alerts.messages import MessageKind, kind_of
from chalicelib.alerts.model import Alert
from chalicelib.alerts.text import Language
from chalicelib.channels.email import BULK
from chalicelib.channels.model import (
    Answer,
    Channel,
    EmailSender,
    Mail,
    MailRecipient,
    Recording,
    Refusal,
    Refused,
    SmsSender,
    Speech,
    VoiceSender,
)
from chalicelib.delivery.links import Links
from chalicelib.delivery.model import CHECKPOINT, MAIL_CHECKPOINT, RETRIED, Batch
from chalicelib.delivery.pacing import Turn

CALL_US = 500_000  # a mail call carries half a second's messages at most: SES counts each of them against the rate
REPLY, MANAGE = "{{reply}}", "{{manage}}"  # filled in per recipient by the provider
OUTCOME_TTL = timedelta(hours=12)  # after it is sent, a carrier need not try any longer
SLOW_CALL_S = 0.15  # a provider's answer may take as long

WORDS_KEPT = 32

T = TypeVar("T")


def at_once(rate: float) -> int:
    """How many messages a sender must keep under way to work off a turn while it lasts, as far as ``CHECKPOINT``."""
    return min(CHECKPOINT, ceil(rate * SLOW_CALL_S))


class OneByOne(ABC):
    """A provider that takes one message a call. ``at_once``: under way at the same time, at most ``CHECKPOINT``."""

    at_once: int
    channel: Channel
    checkpoint: ClassVar[int] = CHECKPOINT

    @abstractmethod
    def _send_one(self, alert: Alert, batch: Batch, index: int, now: datetime) -> Answer: ...

    def send(self, alert: Alert, batch: Batch, indexes: list[int], turn: Turn) -> Iterator[Mapping[int, Answer]]:
        """Answers of up to ``CHECKPOINT`` messages together. At a throttle the rest waits: it would only add."""
        for start in range(0, len(indexes), CHECKPOINT):
            group = indexes[start : start + CHECKPOINT]
            answers = self._group(alert, batch, group, turn, start)
            if throttle := next(filter(_throttled, answers.values()), None):
                yield dict.fromkeys(indexes[start:], throttle) | answers
                return
            yield answers

    def _group(self, alert: Alert, batch: Batch, indexes: list[int], turn: Turn, start: int) -> dict[int, Answer]:
        """Of those who come after a throttle there is no answer."""
        full: list[int] = []

        def one(number: int, index: int) -> Answer | None:
            turn.wait_for(number)
            if full:
                return None
            answer = self._send_one(alert, batch, index, turn.clock.now())
            if _throttled(answer):
                full.append(index)
            return answer

        answers = self._each(one, range(start, start + len(indexes)), indexes)
        return {index: answer for index, answer in zip(indexes, answers, strict=True) if answer}

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        refused = sum(batch.lanes[self.channel].results[index] in RETRIED for index in indexes)
        return indexes[: CHECKPOINT + refused]  # who was refused still stands among those who come next

    @cached_property
    def _each(self) -> Callable[..., Iterator[Answer | None]]:
        return map if self.at_once == 1 else ThreadPoolExecutor(self.at_once).map


@dataclass(frozen=True)
class SmsLot(OneByOne):
    """``receipts_by_id``: what the provider says afterwards carries its message id, and nothing of ours.

    ``exercises``: sends those of exercises and tests, so that they come from somebody else; None: the same.
    """

    sender: SmsSender
    links: Links
    at_once: int = 1
    receipts_by_id: bool = True
    exercises: SmsSender | None = None
    channel: Channel = Channel.SMS

    def _send_one(self, alert: Alert, batch: Batch, index: int, now: datetime) -> Answer:
        person = batch.people[index]
        words = self._words.of(alert, batch.key.message, Language(person.language))
        text, to = words + self.links.reply(batch.key, index), person.contacts[Channel.SMS]
        sender = _meant(alert, self.sender, self.exercises)
        return sender.send(to, text, tags=_tags(batch, index), life_s=life_s(alert, batch.key.message, now))

    @cached_property
    def _words(self) -> "Words[str]":
        """All of a text but the link, which comes last."""
        return Words(lambda alert, message, language: wording.sms(alert, message, language, ""))


@dataclass(frozen=True)
class VoiceLot(OneByOne):
    """``plays``: whether the sender plays recordings. Who is called after an update hears that, so it is spoken."""

    sender: VoiceSender
    at_once: int = 1
    plays: bool = False
    receipts_by_id: bool = False
    channel: Channel = Channel.VOICE

    def _send_one(self, alert: Alert, batch: Batch, index: int, now: datetime) -> Answer:
        person = batch.people[index]
        said = self._words.of(alert, batch.key.message, Language(person.language))
        to = person.contacts[Channel.VOICE]
        return self.sender.call(to, said, tags=_tags(batch, index), life_s=life_s(alert, batch.key.message, now))

    @cached_property
    def _words(self) -> "Words[Speech | Recording]":
        def make(alert: Alert, message: str, language: Language) -> Speech | Recording:
            recorded = alert.content.recording
            if self.plays and recorded and message == MessageKind.CALL and not alert.updates:
                before, after = (Speech(ssml, language) for ssml in spoken.around(alert, language))
                return Recording(recorded.uri, before, after)
            return Speech(spoken.voice(alert, message, language), language)

        return Words(make)


@dataclass(frozen=True)
class EmailLot:
    """``exercises``: as of ``SmsLot``."""

    sender: EmailSender
    links: Links
    receipts_by_id: bool = False
    exercises: EmailSender | None = None
    channel: Channel = Channel.EMAIL
    checkpoint: ClassVar[int] = MAIL_CHECKPOINT

    def send(self, alert: Alert, batch: Batch, indexes: list[int], turn: Turn) -> Iterator[Mapping[int, Answer]]:
        begun = 0
        for language, some in _calls(batch, indexes, turn.messages_in(CALL_US)):
            turn.wait_for(begun)
            begun += len(some)
            mail = self._words.of(alert, batch.key.message, Language(language))
            sender = _meant(alert, self.sender, self.exercises)
            answers = sender.send(mail, list(self._recipients(batch, some)))
            yield dict(zip(some, answers, strict=True))

    @cached_property
    def _words(self) -> "Words[Mail]":
        def make(alert: Alert, message: str, language: Language) -> Mail:
            words = wording.email(alert, message, language, REPLY, MANAGE)
            return Mail(words.subject, words.text, words.html)

        return Words(make)

    def unsure(self, batch: Batch, indexes: list[int]) -> list[int]:
        return indexes  # a call or two of a turn, in the order of languages; who has a Send event waits no more

    def _recipients(self, batch: Batch, indexes: list[int]) -> Iterator[MailRecipient]:
        tags = _tags_of_all(batch)
        for index, links in zip(indexes, self.links.of_mails(batch, indexes), strict=True):
            yield MailRecipient(
                address=batch.people[index].contacts[Channel.EMAIL],
                values={"reply": links.reply, "manage": links.manage},
                tags={**tags, "index": str(index)},
                unsubscribe_url=links.unsubscribe,
            )


@dataclass
class Words(Generic[T]):
    """What an alert says, made once for all who read it in the same language."""

    make: Callable[[Alert, str, Language], T]
    made: dict[tuple[str, int, str, Language], T] = field(default_factory=dict)

    def of(self, alert: Alert, message: str, language: Language) -> T:
        key = (alert.id, alert.version, message, language)
        if key not in self.made:
            if len(self.made) == WORDS_KEPT:
                self.made.clear()
            self.made[key] = self.make(alert, message, language)
        return self.made[key]


def _meant(alert: Alert, real: T, exercises: T | None) -> T:
    """Canaries are there to show that the real one works."""
    meant = alert.status is Status.ACTUAL or alert.content.audience is Audience.CANARIES
    return real if meant or exercises is None else exercises


def _tags(batch: Batch, index: int) -> Mapping[str, str]:
    """What finds the row in the ledger again."""
    return {**_tags_of_all(batch), "index": str(index)}


def _tags_of_all(batch: Batch) -> Mapping[str, str]:
    key = batch.key
    return {"alert": key.alert, "message": key.message, "batch": key.batch}


def life_s(alert: Alert, message: str, now: datetime) -> int:
    """How long the message is of use."""
    if kind_of(message) is MessageKind.OUTCOME:
        return int(OUTCOME_TTL.total_seconds())
    return int((alert.expires - now).total_seconds())


def _throttled(answer: Answer) -> bool:
    return isinstance(answer, Refused) and answer.reason is Refusal.THROTTLED


def _calls(batch: Batch, indexes: list[int], most: int) -> Iterator[tuple[str, list[int]]]:
    """Language and indexes of each call, of which none has more than ``most``.

    What a killed sender leaves unwritten, a call and fewer than ``MAIL_CHECKPOINT`` before it, is at most ``BULK``.
    """
    readers: dict[str, list[int]] = {}
    for index in indexes:
        readers.setdefault(batch.people[index].language, []).append(index)
    unwritten = 0
    for language, same in sorted(readers.items(), key=lambda some: (-len(some[1]), some[0])):
        while same:
            size = min(most, BULK - unwritten)
            yield language, same[:size]
            unwritten = 0 if unwritten + len(same[:size]) >= MAIL_CHECKPOINT else unwritten + len(same[:size])
            same = same[size:]
