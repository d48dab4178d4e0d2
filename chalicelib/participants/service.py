"""Signing up, proving a contact, and what participants do with their own data."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.areas.model import Point
from chalicelib.channels.model import Device
from chalicelib.participants.changes import Proof, Step, changing, joining, leaving
from chalicelib.participants.codes import MAX_TRIES, VALID, Codes
from chalicelib.participants.consents import CURRENT
from chalicelib.participants.devices import Devices, DeviceStore, Subscription, subscription
from chalicelib.participants.emails import parse_email
from chalicelib.participants.guard import Guard
from chalicelib.participants.insist import insist
from chalicelib.participants.links import MANAGE, UNSUBSCRIBE, link_not_valid, manage_token, read_token
from chalicelib.participants.model import (
    ID_CHARACTERS,
    ChannelChoice,
    Consent,
    Contact,
    ContactKind,
    Language,
    Participant,
    Place,
    SignUp,
    SignUpRef,
    Source,
    spoken_to,
)
from chalicelib.participants.notices import Notice, NoticeKind
from chalicelib.participants.phones import is_mobile, parse_phone
from chalicelib.participants.place_finder import PlaceFinder, PlaceRequest
from chalicelib.participants.store import (
    ParticipantStore,
    SignUpStore,
    changed_meanwhile,
    sign_up_not_found,
    still_there,
)
from chalicelib.participants.wishes import Topic
from chalicelib.participants.yearly import answered
from chalicelib.platform import ids
from chalicelib.platform.clock import AMSTERDAM, Clock, epoch_ms
from chalicelib.platform.errors import Gone, InvalidInput, NotFound
from chalicelib.platform.queues import QueueName, Queues
from chalicelib.platform.tokens import LinkSigner

MINIMUM_AGE = 16
SIGN_UP_KEPT = timedelta(hours=24)
_SIGN_UP_ID = re.compile(rf"[{ids.ALPHABET}]{{16}}")


@dataclass(frozen=True)
class SignUpRequest:
    """``birth_year`` is looked at and forgotten."""

    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    places: tuple[PlaceRequest, ...]
    channels: tuple[ChannelChoice, ...]
    language: Language
    birth_year: int = field(repr=False)
    consent_version: str
    source: Source
    declined: frozenset[Topic] = frozenset()
    exercises: bool = False


@dataclass(frozen=True)
class Verified:
    """What a right code gives: which contacts are proved and which wait, and the token of the manage link."""

    proved: tuple[ContactKind, ...]
    pending: tuple[ContactKind, ...]
    manage_token: str = field(repr=False)


@dataclass(frozen=True)
class SignUpService:
    sign_ups: SignUpStore
    participants: ParticipantStore
    finder: PlaceFinder
    codes: Codes
    signer: LinkSigner
    queues: Queues
    clock: Clock
    guard: Guard

    def sign_up(self, request: SignUpRequest, address: str, deed: str = "") -> SignUp:
        """Keep what was asked for and send a code to each contact. Never looks whether a contact is known.

        ``address``: of whoever sent the request. ``deed``: the same once more, while its codes
        last, is the same sign-up with the same codes.

        Raises:
            InvalidInput: names the field.
            TooManyRequests: ``too_many_sign_ups``.
            Unavailable: the geocoder does not answer.
        """
        now = self.clock.now()
        self.guard.admit_sender(address)
        contacts = _contacts(request)
        _require_contacts(request.channels, {contact.kind for contact in contacts})
        if now.astimezone(AMSTERDAM).year - request.birth_year < MINIMUM_AGE:
            raise InvalidInput.of("birth_year", "too_young", f"Participants are {MINIMUM_AGE} or older.")
        self.guard.admit_contacts(contacts)
        sign_up = SignUp(
            id=ids.derived_id("sign_up", deed) if deed else ids.random_id(),
            created_at=now,
            expires_at=now + SIGN_UP_KEPT,
            codes_expire_at=now + VALID,
            contacts=contacts,
            places=self.finder.find(request.places),
            chosen=frozenset(request.channels),
            language=request.language,
            consent=Consent(request.consent_version, now),
            source=request.source,
            declined=request.declined,
            exercises=request.exercises,
        )
        kept = self.sign_ups.add(sign_up)
        if now >= kept.codes_expire_at:  # of a try that was cut off so long ago that its codes are over
            kept = self.sign_ups.add(replace(sign_up, id=ids.random_id()))
        notices = [Notice(kind=NoticeKind.VERIFICATION, sign_up=kept.id, contact=held.kind) for held in contacts]
        self.queues.send(QueueName.NOTICES, [notice.body() for notice in notices])
        return kept

    def verify(self, sign_up_id: str, kind: ContactKind, code: str) -> Verified:
        """Prove a contact by its code, which works once.

        Raises:
            NotFound: ``sign_up_not_found``: no such sign-up, or without this contact.
            TooManyRequests: ``verification_locked``: after 5 wrong codes for this contact.
            Gone: ``code_expired``, ``code_used``.
            InvalidInput: ``code_wrong``.
        """
        if not _SIGN_UP_ID.fullmatch(sign_up_id):
            raise sign_up_not_found()
        sign_up = self.sign_ups.take_try(sign_up_id, kind, MAX_TRIES)
        if self.clock.now() >= sign_up.codes_expire_at:
            raise Gone("code_expired", "This code is no longer valid. Sign up again for a new one.")
        if not self.codes.matches(sign_up, kind, code):
            raise InvalidInput.of("code", "code_wrong", "This is not the code that we sent.")

        def accept() -> Verified:
            return self._accept(self.sign_ups.get(sign_up_id), kind)

        return insist(accept)

    def _accept(self, sign_up: SignUp, kind: ContactKind) -> Verified:
        if kind in sign_up.proved:
            self._welcome(sign_up, kind)  # whose answer was lost must get their link all the same
            raise Gone("code_used", "This code was used. Your personal link was sent to you.")
        participant = self._prove(sign_up, kind)
        sign_up = sign_up.proving(kind, participant.id)
        self._welcome(sign_up, kind)
        return Verified(
            proved=tuple(sorted(sign_up.proved)),
            pending=tuple(held.kind for held in sign_up.contacts if held.kind not in sign_up.proved),
            manage_token=manage_token(self.signer, participant.reference, self.clock.now()),
        )

    def _welcome(self, sign_up: SignUp, kind: ContactKind) -> None:
        """Once, to the contact that was proved first."""
        if sign_up.first is kind and not sign_up.welcomed:
            notice = Notice(kind=NoticeKind.WELCOME, sign_up=sign_up.id, contact=kind)
            self.queues.send(QueueName.NOTICES, [notice.body()])

    def _prove(self, sign_up: SignUp, kind: ContactKind) -> Participant:
        contact = sign_up.contact(kind)
        assert contact
        steps = self._first(sign_up, contact) if sign_up.participant is None else self._further(sign_up, contact)
        participant = steps[0].after
        assert participant
        self.participants.commit(steps, Proof(sign_up.id, kind, participant.id))
        return participant

    def _first(self, sign_up: SignUp, contact: Contact) -> list[Step]:
        """A new participant, or the one who has this contact already, as the sign-up says."""
        now = self.clock.now()
        ref = SignUpRef(sign_up.id, epoch_ms(sign_up.expires_at))
        owner = self.participants.owner(contact)
        if owner is None:
            new = Participant.new(ids.random_id(ID_CHARACTERS), sign_up, contact, now)
            return [joining(new.with_sign_up(ref), now)]
        before = self._known(owner)
        return [changing(before, before.renewed(sign_up, contact).with_sign_up(ref), now)]

    def _further(self, sign_up: SignUp, contact: Contact) -> list[Step]:
        """One contact more; whoever had it loses it, and goes entirely, sign-ups too, where it was the last."""
        now = self.clock.now()
        assert sign_up.participant
        before = self._known(sign_up.participant)
        steps = [changing(before, before.with_contact(contact), now)]
        owner = self.participants.owner(contact)
        if owner and owner != before.id:
            loser = self._known(owner)
            rest = loser.without_contact(contact)
            steps.append(changing(loser, rest, now) if rest.contacts else leaving(loser))
        return steps

    def _known(self, participant_id: str) -> Participant:
        """A participant to whom a row pointed a moment ago."""
        try:
            return self.participants.get(participant_id)
        except NotFound:
            raise changed_meanwhile() from None


@dataclass(frozen=True)
class ChangeRequest:
    """What is None stays as it is."""

    places: tuple[PlaceRequest, ...] | None = None
    channels: tuple[ChannelChoice, ...] | None = None
    language: Language | None = None
    paused: bool | None = None
    declined: frozenset[Topic] | None = None
    exercises: bool | None = None


@dataclass(frozen=True)
class HeldMessage:
    """A message to somebody that is still held. ``results``: channel -> what became of it there."""

    alert: str
    message: str
    results: Mapping[str, str]


@dataclass(frozen=True)
class HeldTip:
    """A tip that came by somebody's link. ``place``: lon, lat. ``photos``: where each can be fetched, for minutes."""

    alert: str
    kind: str
    at: datetime
    text: str | None = field(repr=False)
    place: Point | None = field(repr=False)
    photos: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Elsewhere:
    """What lies of somebody with the alerts."""

    messages: tuple[HeldMessage, ...] = ()
    tips: tuple[HeldTip, ...] = ()


class Alerts(Protocol):
    """What is needed of those who ask, which is a floor higher."""

    def held(self, participant: Participant) -> Elsewhere: ...


@dataclass(frozen=True)
class Export:
    """All that is stored of somebody."""

    participant: Participant
    sign_ups: tuple[SignUp, ...]
    devices: Devices
    elsewhere: Elsewhere


@dataclass(frozen=True)
class ParticipantService:
    """``token``: of the manage link. All raise ``NotFound``: ``link_not_valid`` (leads to nobody) or ``link_expired``.

    ``push_endpoints``: regular expression of the addresses that push messages may go to.
    """

    participants: ParticipantStore
    sign_ups: SignUpStore
    finder: PlaceFinder
    signer: LinkSigner
    clock: Clock
    devices: DeviceStore
    push_endpoints: str
    alerts: Alerts

    def get(self, token: str) -> Participant:
        return self._behind(MANAGE, token)

    def _behind(self, purpose: str, token: str) -> Participant:
        participant_id, link_version = read_token(self.signer, purpose, token, self.clock.now())
        try:
            participant = self.participants.get(participant_id)
        except NotFound:
            raise link_not_valid() from None
        if participant.link_version != link_version:
            raise link_not_valid()
        return participant

    def change(self, token: str, request: ChangeRequest) -> Participant:
        """Raises ``InvalidInput``, which names the field, and ``Unavailable`` where the geocoder does not answer."""
        self.get(token)
        places = None if request.places is None else self.finder.find(request.places)
        return insist(lambda: self._change(token, request, places))

    def _change(self, token: str, request: ChangeRequest, places: tuple[Place, ...] | None) -> Participant:
        before = self.get(token)
        if request.channels is not None:
            _require_contacts(request.channels, {contact.kind for contact in before.contacts})
            _require_mobile(request.channels, before)
            _require_device(request.channels, before)
        still = answered(before, self.clock.now()) if before.asked else before
        return self._to(
            before,
            replace(
                still,
                places=before.places if places is None else places,
                chosen=before.chosen if request.channels is None else frozenset(request.channels),
                language=request.language or before.language,
                paused=before.paused if request.paused is None else request.paused,
                declined=before.declined if request.declined is None else request.declined,
                exercises=before.exercises if request.exercises is None else request.exercises,
                no_mail=before.no_mail and ChannelChoice.EMAIL not in (request.channels or ()),
            ),
        )

    def confirm(self, token: str) -> Participant:
        """They are still there; nothing else changes. Again: the same."""

        def confirmed() -> Participant:
            before = self.get(token)
            return self._to(before, answered(before, self.clock.now())) if before.asked else before

        return insist(confirmed)

    def consent(self, token: str, version: str) -> Participant:
        """They agree to the text that is shown now. Raises ``InvalidInput`` ``consent_not_current``: to another."""
        if version != CURRENT:
            raise InvalidInput.of("version", "consent_not_current", f"The text that counts is {CURRENT}.")

        def consented() -> Participant:
            before = self.get(token)
            return self._to(before, before.consenting(Consent(version, self.clock.now())))

        return insist(consented)

    def subscribe(self, token: str, device: Device) -> Subscription:
        """Push messages to a device from now on; again changes nothing, and of too many the oldest goes.

        Raises ``InvalidInput`` ``push_service_unknown``.
        """
        if not re.fullmatch(self.push_endpoints, device.endpoint):
            raise InvalidInput.of("endpoint", "push_service_unknown", "This is no push service that we send to.")
        new = subscription(device)

        def with_device() -> Participant:
            before = self.get(token)
            return self._to(before, before.with_device(new.id), new)

        insist(with_device)
        return new

    def unsubscribe_device(self, token: str, device: str) -> None:
        """No more push messages there; again changes nothing."""

        def without_device() -> Participant:
            before = self.get(token)
            return self._to(before, before.without_device(device))

        insist(without_device)

    def unsubscribe(self, token: str) -> None:
        """End the e-mail, as a mail program asks; again changes nothing. ``token``: of the unsubscribe link."""

        def without_mail() -> Participant:
            before = self._behind(UNSUBSCRIBE, token)
            return self._to(before, before.without_mail())

        insist(without_mail)

    def manage_token(self, unsubscribe_token: str) -> str:
        """The manage link of whoever opens their unsubscribe link."""
        reference = self._behind(UNSUBSCRIBE, unsubscribe_token).reference
        return manage_token(self.signer, reference, self.clock.now())

    def _to(self, before: Participant, wanted: Participant, subscribe: Subscription | None = None) -> Participant:
        if wanted == before and subscribe is None:
            return before
        step = changing(before, wanted, self.clock.now(), subscribe)
        self.participants.commit([step])
        assert step.after
        return step.after

    def leave(self, token: str) -> None:
        """Remove every row. The link is worthless from then on."""
        insist(lambda: self.participants.commit([leaving(self.get(token))]))

    def export(self, token: str) -> Export:
        participant = self.get(token)
        devices = self.devices.find([participant.reference]).get(participant.reference, {})
        return Export(participant, tuple(self._waiting(participant)), devices, self.alerts.held(participant))

    def _waiting(self, participant: Participant) -> Iterator[SignUp]:
        for ref in participant.sign_ups:
            with suppress(NotFound):  # it has ended since
                yield still_there(self.sign_ups.get(ref.id), self.clock.now())


def _contacts(request: SignUpRequest) -> tuple[Contact, ...]:
    contacts = []
    if request.phone is not None:
        contacts.append(parse_phone(request.phone, mobile=not spoken_to(request.channels)))
    if request.email is not None:
        contacts.append(parse_email(request.email))
    if not contacts:
        raise InvalidInput.of("phone", "contact_missing", "Give a phone number or an e-mail address, or both.")
    return tuple(contacts)


def _require_contacts(channels: Sequence[ChannelChoice], kinds: Set[ContactKind]) -> None:
    if not channels:
        raise InvalidInput.of("channels", "channel_missing", "Choose at least one channel.")
    for number, channel in enumerate(channels):
        if channel.contact and channel.contact not in kinds:
            message = f"The channel {channel} needs a verified {channel.contact}; sign up with it."
            raise InvalidInput.of(f"channels.{number}", "channel_needs_contact", message)


def _require_mobile(channels: Sequence[ChannelChoice], participant: Participant) -> None:
    """Where SMS is newly chosen: the number may be a landline that was only called."""
    phone = participant.contact(ContactKind.PHONE)
    new = ChannelChoice.SMS in channels and ChannelChoice.SMS not in participant.chosen
    if new and phone and not is_mobile(phone.text):
        field = f"channels.{channels.index(ChannelChoice.SMS)}"
        raise InvalidInput.of(field, "phone_not_mobile", "A text message needs a mobile number.")


def _require_device(channels: Sequence[ChannelChoice], participant: Participant) -> None:
    if ChannelChoice.PUSH in channels and not participant.devices:
        field = f"channels.{channels.index(ChannelChoice.PUSH)}"
        raise InvalidInput.of(field, "push_needs_device", "Push needs a device: PUT /me/push from there.")
