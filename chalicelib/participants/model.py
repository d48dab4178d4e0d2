"""A participant: who may be asked, where, on which channels, and what they agreed to. Plain data, no AWS, no HTTP."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.areas.model import Point
from chalicelib.participants.wishes import Hours, Topic, Wishes
from chalicelib.platform import ids

MAX_PLACES = 5
MAX_DEVICES = 5
YEAR = timedelta(days=365)
UNANSWERED = 2  # yearly questions, after which somebody gets nothing any more
ID_CHARACTERS = 12
LINK_VERSIONS = len(ids.ALPHABET)


class PlaceKind(StrEnum):
    HOME = "home"
    WORK = "work"
    OTHER = "other"


class Language(StrEnum):
    NL = "nl"
    EN = "en"


class Source(StrEnum):
    """Where somebody heard of Burgernet."""

    WEB = "web"
    FACEBOOK = "facebook"
    MUNICIPALITY = "municipality"
    LETTER = "letter"
    EVENT = "event"
    OTHER = "other"


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


class ChannelChoice(StrEnum):
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    PUSH = "push"

    @property
    def contact(self) -> ContactKind | None:
        """The kind that this channel needs; SMS needs a mobile number, a call any, push none but a device."""
        return _CONTACT_OF[self]


_CONTACT_OF = {
    ChannelChoice.SMS: ContactKind.PHONE,
    ChannelChoice.VOICE: ContactKind.PHONE,
    ChannelChoice.EMAIL: ContactKind.EMAIL,
    ChannelChoice.PUSH: None,
}


def spoken_to(channels: Collection[ChannelChoice]) -> bool:
    """Whether a phone number is for calls alone: it may then be a landline, and its code is spoken."""
    return ChannelChoice.VOICE in channels and ChannelChoice.SMS not in channels


class SuppressionReason(StrEnum):
    """What a provider said."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Suppression:
    """A channel that is not tried any more until its contact is verified again."""

    channel: ChannelChoice
    reason: SuppressionReason
    at: datetime


@dataclass(frozen=True, repr=False)
class Contact:
    """A phone number in E.164 or an e-mail address with its domain in lower case. Safe to print.

    ``sealed``: as it is stored, once it is; empty where nothing is sealed.
    """

    kind: ContactKind
    text: str
    sealed: str = field(default="", compare=False)

    @property
    def identity(self) -> tuple[ContactKind, str]:
        """Equal for two ways of writing the same contact: case does not count."""
        return self.kind, self.text.lower()

    def __repr__(self) -> str:
        return f"Contact({self.kind} …{self.text[-2:]})"


@dataclass(frozen=True)
class Place:
    """``point``: 7 decimals. ``area``: code of the neighbourhood, or of the smallest area known around it.

    ``label``: the address as the register writes it, where one was given. ``hours``: when they may be asked because of
    this place; none is always.
    """

    kind: PlaceKind
    point: Point = field(repr=False)
    area: str
    municipality: str
    label: str | None = field(default=None, repr=False)
    hours: tuple[Hours, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Consent:
    """``version``: of the text that was agreed to."""

    version: str
    given_at: datetime


@dataclass(frozen=True)
class RowRef:
    """A row of table ``places``. ``ended_ms``: when it stopped to count, None while it does."""

    partition: str
    key: str
    ended_ms: int | None = None


@dataclass(frozen=True)
class SignUpRef:
    """A sign-up that led here; its row goes by itself at ``expires_ms``, or when the participant leaves."""

    id: str
    expires_ms: int


@dataclass(frozen=True)
class SignUp:
    """What somebody asked for, waiting for its codes.

    ``participant``: who it led to, None until the first code. ``first``: the contact of that code.
    ``codes_sent``: how many codes went out per contact; part of what a code is derived from.
    """

    id: str
    created_at: datetime
    expires_at: datetime
    codes_expire_at: datetime
    contacts: tuple[Contact, ...]
    places: tuple[Place, ...]
    chosen: frozenset[ChannelChoice]
    language: Language
    consent: Consent
    source: Source
    codes_sent: int = 1
    participant: str | None = None
    first: ContactKind | None = None
    proved: frozenset[ContactKind] = frozenset()
    welcomed: bool = False
    declined: frozenset[Topic] = frozenset()
    exercises: bool = False

    def contact(self, kind: ContactKind) -> Contact | None:
        return next((contact for contact in self.contacts if contact.kind is kind), None)

    def proving(self, kind: ContactKind, participant: str) -> "SignUp":
        """With one contact more proved to be theirs."""
        return replace(self, participant=participant, first=self.first or kind, proved=self.proved | {kind})


@dataclass(frozen=True)
class Participant:
    """``chosen``: the channels they want; ``channels``: those of them that have a verified contact that works.

    ``version`` counts changes. ``link_version``: manage links of another version are worthless.
    ``rows``: their rows in table ``places``, in the order of the places, then the ended ones, oldest first.
    ``declined``: what they do not want to be asked about. ``exercises``: they agreed to take part in some.
    ``no_mail``: they ended the e-mail of alerts by its own link, and have not chosen it since.
    ``devices``: ids of those that take push messages, oldest first; what reaches them lies in table ``subscriptions``.
    ``paused``: by their own wish; ``resting`` also says who is for want of an answer.
    ``earlier_consents``: oldest first. ``confirmed_at``: when they last said that they are still there; ``asked``: how
    often they were asked since, see ``yearly``.
    """

    id: str
    language: Language
    chosen: frozenset[ChannelChoice]
    contacts: tuple[Contact, ...]
    places: tuple[Place, ...]
    paused: bool
    consent: Consent
    source: Source
    created_at: datetime
    changed_ms: int = 0
    version: int = 0
    link_version: int = 0
    rows: tuple[RowRef, ...] = ()
    sign_ups: tuple[SignUpRef, ...] = ()
    declined: frozenset[Topic] = frozenset()
    exercises: bool = False
    suppressed: tuple[Suppression, ...] = ()
    no_mail: bool = False
    devices: tuple[str, ...] = ()
    earlier_consents: tuple[Consent, ...] = ()
    confirmed_at: datetime | None = None
    asked: int = 0

    @classmethod
    def new(cls, participant_id: str, sign_up: SignUp, proved: Contact, now: datetime) -> "Participant":
        """Who a sign-up makes at its first code."""
        return cls(
            id=participant_id,
            language=sign_up.language,
            chosen=sign_up.chosen,
            contacts=(proved,),
            places=sign_up.places,
            paused=False,
            consent=sign_up.consent,
            source=sign_up.source,
            created_at=now,
            declined=sign_up.declined,
            exercises=sign_up.exercises,
        )

    @property
    def reference(self) -> str:
        """Id and version of the links: what a manage link carries, and what a place row knows them by."""
        return self.id + ids.encode(self.link_version, 1)

    @property
    def channels(self) -> tuple[ChannelChoice, ...]:
        return tuple(channel for channel in ChannelChoice if channel in self.chosen and self.works(channel))

    def works(self, channel: ChannelChoice) -> bool:
        """Whether there is a verified contact for it, on which no provider has given up; or a device."""
        return self.address(channel) is not None and all(held.channel is not channel for held in self.suppressed)

    def address(self, channel: ChannelChoice) -> str | None:
        """Where they are reached on a channel. Of push it is the reference, by which their devices are found."""
        if channel.contact is None:
            return self.reference if self.devices else None
        contact = self.contact(channel.contact)
        return contact.text if contact else None

    def sealed_address(self, channel: ChannelChoice) -> str | None:
        """As ``address``, but in the form in which it travels: sealed, where contacts are."""
        contact = self.contact(channel.contact) if channel.contact else None
        return contact.sealed or contact.text if contact else self.address(channel)

    def spare(self, channel: ChannelChoice) -> bool:
        """Whether it may be tried, chosen or not, where the channels that they chose have failed.

        Not what they asked to end: by e-mail's own link, or with a provider, on any channel of that contact.
        """
        ended = {held.channel.contact for held in self.suppressed if held.reason is SuppressionReason.OPTED_OUT}
        if self.no_mail:
            ended.add(ContactKind.EMAIL)
        return self.works(channel) and channel.contact not in ended

    @property
    def resting(self) -> bool:
        """Whether nothing goes to them: they paused, or left the yearly question unanswered too often."""
        return self.paused or self.asked > UNANSWERED

    @property
    def active(self) -> bool:
        """Whether an alert may reach them."""
        return not self.resting and bool(self.channels)

    @property
    def check_on(self) -> date:
        """The day on which they are asked again whether they are still there."""
        return ((self.confirmed_at or self.created_at) + YEAR * (self.asked + 1)).date()

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.declined, self.exercises, tuple(place.hours for place in self.places))

    @property
    def areas(self) -> tuple[str, ...]:
        """The smallest known area of each place, in the order of the places."""
        return tuple(place.area for place in self.places)

    def contact(self, kind: ContactKind) -> Contact | None:
        return next((contact for contact in self.contacts if contact.kind is kind), None)

    def renewed(self, sign_up: SignUp, proved: Contact) -> "Participant":
        """After signing up again, which says everything anew: contacts that it does not name go.

        Earlier links and devices end: a phone number may have gone to another person since.
        """
        named = {contact.identity for contact in sign_up.contacts}
        kept = tuple(contact for contact in self.contacts if contact.identity in named)
        return (
            replace(
                self,
                language=sign_up.language,
                chosen=sign_up.chosen,
                contacts=kept,
                places=sign_up.places,
                paused=False,
                source=sign_up.source,
                declined=sign_up.declined,
                exercises=sign_up.exercises,
                no_mail=False,
                confirmed_at=sign_up.consent.given_at,
                asked=0,
                link_version=(self.link_version + 1) % LINK_VERSIONS,
                devices=(),
            )
            .consenting(sign_up.consent)
            .with_contact(proved)
        )

    def consenting(self, consent: Consent) -> "Participant":
        """Having agreed to a text; to which ones before, is kept."""
        if consent.version == self.consent.version:
            return self
        return replace(self, consent=consent, earlier_consents=(*self.earlier_consents, self.consent))

    def with_contact(self, contact: Contact) -> "Participant":
        """With this contact, just proved, as the one of its kind: what stood against it is forgotten."""
        others = tuple(held for held in self.contacts if held.kind is not contact.kind)
        contact = next((held for held in self.contacts if held == contact), contact)  # sealed already
        return replace(
            self,
            contacts=tuple(sorted((*others, contact), key=lambda held: held.kind)),
            suppressed=tuple(held for held in self.suppressed if held.channel.contact is not contact.kind),
        )

    def suppressing(self, suppression: Suppression) -> "Participant":
        """Not tried any more on a channel. Where it does not work anyway, nothing changes."""
        if not self.works(suppression.channel):
            return self
        return replace(self, suppressed=(*self.suppressed, suppression))

    def with_device(self, device: str) -> "Participant":
        """Reached by push on one device more; of too many, the oldest goes."""
        others = [held for held in self.devices if held != device]
        return replace(
            self,
            devices=(*others[max(len(others) - MAX_DEVICES + 1, 0) :], device),
            chosen=self.chosen | {ChannelChoice.PUSH},
        )

    def without_device(self, device: str) -> "Participant":
        """With the last one goes the choice of push, if there is another."""
        if device not in self.devices:
            return self
        left = tuple(held for held in self.devices if held != device)
        return replace(self, devices=left, chosen=self.chosen if left else self._without_push())

    def _without_push(self) -> frozenset[ChannelChoice]:
        return self.chosen - {ChannelChoice.PUSH} or self.chosen

    def without_contact(self, contact: Contact) -> "Participant":
        return replace(self, contacts=tuple(held for held in self.contacts if held.identity != contact.identity))

    def without_mail(self) -> "Participant":
        """Wants no e-mail any more. Where nothing else is left they pause, and lose nothing."""
        rest = self.chosen - {ChannelChoice.EMAIL}
        if any(self.address(channel) for channel in rest):
            return replace(self, chosen=rest, no_mail=True)
        return replace(self, paused=True)

    def with_sign_up(self, ref: SignUpRef) -> "Participant":
        others = tuple(held for held in self.sign_ups if held.id != ref.id)
        return replace(self, sign_ups=(*others, ref))


def participant_id(reference: str) -> str:
    """Whose reference it is: without the version of the links."""
    return reference[:ID_CHARACTERS]
