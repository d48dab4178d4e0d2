"""What a channel is to the rest of the house: it takes a message for a contact and says what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol

NO_TAGS: Mapping[str, str] = MappingProxyType({})


class Channel(StrEnum):
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    PUSH = "push"


class Refusal(StrEnum):
    """Why a provider did not take a message."""

    THROTTLED = "throttled"  # too fast; later it will
    TEMPORARY = "temporary"  # not now; later it may
    PERMANENT = "permanent"  # never, for this contact or this message
    OPTED_OUT = "opted_out"  # the person told the provider to stop
    UNKNOWN = "unknown"  # no answer: it may have been taken


@dataclass(frozen=True)
class Accepted:
    """Taken by the provider, which is not yet delivered. ``provider_id`` comes back in its receipts."""

    provider_id: str


@dataclass(frozen=True)
class Refused:
    """``code`` is the provider's own word, kept as it came; it holds no contact.

    ``after_s``: so long the provider wants to be left alone, where it says so.
    """

    reason: Refusal
    code: str
    after_s: int = 0


Answer = Accepted | Refused


@dataclass(frozen=True)
class Mail:
    """One text for many. ``{{name}}`` in the three texts is filled in per recipient by the provider, unescaped."""

    subject: str
    text: str
    html: str


class MailRecipient(NamedTuple):
    """``values`` fill the placeholders; ``tags`` (letters, digits, ``_`` and ``-``) come back in receipts.

    ``unsubscribe_url`` becomes the header List-Unsubscribe, and ends the e-mail when posted to (RFC 8058).
    Safe to print.
    """

    address: str
    values: Mapping[str, str]
    tags: Mapping[str, str]
    unsubscribe_url: str = ""

    def __repr__(self) -> str:
        return f"MailRecipient(tags={dict(self.tags)})"


@dataclass(frozen=True)
class Speech:
    """What a computer says to somebody. ``ssml``: W3C Speech Synthesis Markup Language. ``language``: of the voice."""

    ssml: str
    language: str


@dataclass(frozen=True)
class Recording:
    """What a person recorded. ``uri``: ``s3://bucket/key`` of a WAV file: mono, 8 kHz, 16 bits.

    ``before``, ``after``: what a computer says around it, in one language.
    """

    uri: str
    before: Speech
    after: Speech


@dataclass(frozen=True)
class Device:
    """A browser that takes push messages (W3C Push API), as its ``PushSubscription`` says it. Safe to print.

    ``endpoint``: its own address at its push service. ``p256dh``: its public key, ``auth``: its secret, in base64url.
    """

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


class SmsSender(Protocol):
    def send(self, phone: str, text: str, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None) -> Answer:
        """Hand one text to the provider. ``phone``: E.164.

        ``tags``: ``alert`` and what else finds its row in the ledger, for the provider's own record; a provider that
        cannot carry them back lets them go. ``life_s``: how long it is of use, where the provider can heed that.
        """
        ...


class VoiceSender(Protocol):
    def call(
        self, phone: str, said: Speech | Recording, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None
    ) -> Answer:
        """Have one number called, landline or mobile, and something said. The rest as with ``SmsSender``."""
        ...


class EmailSender(Protocol):
    def send(self, mail: Mail, to: Sequence[MailRecipient]) -> list[Answer]:
        """Hand one mail for up to 50 recipients to the provider; the answers stand in the order of ``to``."""
        ...


class PushSender(Protocol):
    def push(self, device: Device, payload: bytes, *, life_s: int, topic: str = "") -> Answer:
        """Hand one message to the push service of a device, which alone can read it.

        ``payload``: at most 3,993 bytes, what a push service must take (RFC 8291, 4). ``life_s``: until when it is of
        use. ``topic``: at most 32 characters of base64url; what waits for the device under the same one is replaced.
        """
        ...
