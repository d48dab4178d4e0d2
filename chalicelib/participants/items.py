"""Participants, contacts and sign-ups as rows: what PynamoDB writes and reads."""

from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.areas.model import Point
from chalicelib.participants.contact_keys import Keys
from chalicelib.participants.model import (
    ChannelChoice,
    Consent,
    Contact,
    ContactKind,
    Language,
    Participant,
    Place,
    PlaceKind,
    RowRef,
    SignUp,
    SignUpRef,
    Source,
    Suppression,
    SuppressionReason,
)
from chalicelib.participants.sealing import unseal
from chalicelib.participants.wishes import Hours, Topic
from chalicelib.platform.clock import epoch, parse_rfc3339, rfc3339


class SignUpItem(Model):
    id = UnicodeAttribute(hash_key=True)
    ttl = NumberAttribute()
    created = UnicodeAttribute()
    expires = UnicodeAttribute()
    codes_expire = UnicodeAttribute()
    codes_sent = NumberAttribute()
    phone = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    tries_phone = NumberAttribute(default=0)
    tries_email = NumberAttribute(default=0)
    places = JSONAttribute()
    chosen = ListAttribute(of=UnicodeAttribute)
    language = UnicodeAttribute()
    consent_version = UnicodeAttribute()
    consent_given = UnicodeAttribute()
    source = UnicodeAttribute()
    participant = UnicodeAttribute(null=True)
    first = UnicodeAttribute(null=True)
    proved = UnicodeSetAttribute(null=True)
    welcomed = BooleanAttribute(null=True)
    declined = ListAttribute(of=UnicodeAttribute, null=True)
    exercises = BooleanAttribute(null=True)

    @classmethod
    def of(cls, sign_up: SignUp) -> "SignUpItem":
        return cls(
            id=sign_up.id,
            ttl=epoch(sign_up.expires_at),
            created=rfc3339(sign_up.created_at),
            expires=rfc3339(sign_up.expires_at),
            codes_expire=rfc3339(sign_up.codes_expire_at),
            codes_sent=sign_up.codes_sent,
            phone=_text(sign_up.contact(ContactKind.PHONE)),
            email=_text(sign_up.contact(ContactKind.EMAIL)),
            places=[_place_out(place) for place in sign_up.places],
            chosen=sorted(sign_up.chosen),
            language=sign_up.language,
            consent_version=sign_up.consent.version,
            consent_given=rfc3339(sign_up.consent.given_at),
            source=sign_up.source,
            declined=sorted(sign_up.declined) or None,
            exercises=sign_up.exercises or None,
        )

    def sign_up(self) -> SignUp:
        return SignUp(
            id=self.id,
            created_at=parse_rfc3339(self.created),
            expires_at=parse_rfc3339(self.expires),
            codes_expire_at=parse_rfc3339(self.codes_expire),
            contacts=_contacts(self.phone, self.email),
            places=tuple(map(_place_in, self.places)),
            chosen=frozenset(ChannelChoice(str(channel)) for channel in self.chosen),
            language=Language(self.language),
            consent=Consent(self.consent_version, parse_rfc3339(self.consent_given)),
            source=Source(self.source),
            codes_sent=int(self.codes_sent),
            participant=self.participant,
            first=ContactKind(self.first) if self.first else None,
            proved=frozenset(map(ContactKind, self.proved or ())),
            welcomed=bool(self.welcomed),
            declined=_topics(self.declined),
            exercises=bool(self.exercises),
        )


class ByCheck(GlobalSecondaryIndex["ParticipantItem"]):  # type: ignore[no-untyped-call]
    """Whose day it is to be asked whether they are still there: ``2027-11-23``."""

    class Meta:
        index_name = "by_check"
        projection = KeysOnlyProjection()

    check = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class ParticipantItem(Model):
    """``areas``, ``active`` and ``channels`` are there for the readers of the stream; they follow from the rest."""

    id = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    link_version = NumberAttribute()
    language = UnicodeAttribute()
    chosen = ListAttribute(of=UnicodeAttribute)
    channels = ListAttribute(of=UnicodeAttribute)
    active = BooleanAttribute()
    areas = ListAttribute(of=UnicodeAttribute)
    phone = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    places = JSONAttribute()
    paused = BooleanAttribute()
    consent_version = UnicodeAttribute()
    consent_given = UnicodeAttribute()
    source = UnicodeAttribute()
    created = UnicodeAttribute()
    changed_ms = NumberAttribute()
    rows = JSONAttribute()
    sign_ups = JSONAttribute()
    declined = ListAttribute(of=UnicodeAttribute, null=True)
    exercises = BooleanAttribute(null=True)
    suppressed = JSONAttribute(null=True)
    no_mail = BooleanAttribute(null=True)
    devices = ListAttribute(of=UnicodeAttribute, null=True)
    earlier_consents = JSONAttribute(null=True)
    confirmed = UnicodeAttribute(null=True)
    asked = NumberAttribute(null=True)
    check = UnicodeAttribute()
    by_check = ByCheck()

    @classmethod
    def of(cls, participant: Participant) -> "ParticipantItem":
        return cls(
            id=participant.id,
            version=participant.version,
            link_version=participant.link_version,
            language=participant.language,
            chosen=sorted(participant.chosen),
            channels=list(participant.channels),
            active=participant.active,
            areas=list(participant.areas),
            phone=_stored(participant.contact(ContactKind.PHONE)),
            email=_stored(participant.contact(ContactKind.EMAIL)),
            places=[_place_out(place) for place in participant.places],
            paused=participant.paused,
            consent_version=participant.consent.version,
            consent_given=rfc3339(participant.consent.given_at),
            source=participant.source,
            created=rfc3339(participant.created_at),
            changed_ms=participant.changed_ms,
            rows=[[ref.partition, ref.key, ref.ended_ms] for ref in participant.rows],
            sign_ups=[[ref.id, ref.expires_ms] for ref in participant.sign_ups],
            declined=sorted(participant.declined) or None,
            exercises=participant.exercises or None,
            suppressed=[[held.channel, held.reason, rfc3339(held.at)] for held in participant.suppressed] or None,
            no_mail=participant.no_mail or None,
            devices=list(participant.devices) or None,
            earlier_consents=[[held.version, rfc3339(held.given_at)] for held in participant.earlier_consents] or None,
            confirmed=rfc3339(participant.confirmed_at) if participant.confirmed_at else None,
            asked=participant.asked or None,
            check=participant.check_on.isoformat(),
        )

    def participant(self, keys: Keys) -> Participant:
        """``keys``: of their contacts. Raises ``Unreadable`` where one is sealed with another."""
        return Participant(
            id=self.id,
            language=Language(self.language),
            chosen=frozenset(ChannelChoice(str(channel)) for channel in self.chosen),
            contacts=tuple(
                Contact(held.kind, unseal(keys.get(held.kind), self.id, held.kind, held.text), sealed=held.text)
                for held in _contacts(self.phone, self.email)
            ),
            places=tuple(map(_place_in, self.places)),
            paused=self.paused,
            consent=Consent(self.consent_version, parse_rfc3339(self.consent_given)),
            source=Source(self.source),
            created_at=parse_rfc3339(self.created),
            changed_ms=int(self.changed_ms),
            version=int(self.version),
            link_version=int(self.link_version),
            rows=tuple(RowRef(*row) for row in self.rows),
            sign_ups=tuple(SignUpRef(*ref) for ref in self.sign_ups),
            declined=_topics(self.declined),
            exercises=bool(self.exercises),
            suppressed=tuple(
                Suppression(ChannelChoice(channel), SuppressionReason(reason), parse_rfc3339(at))
                for channel, reason, at in self.suppressed or ()
            ),
            no_mail=bool(self.no_mail),
            devices=tuple(map(str, self.devices or ())),
            earlier_consents=tuple(Consent(text, parse_rfc3339(at)) for text, at in self.earlier_consents or ()),
            confirmed_at=parse_rfc3339(self.confirmed) if self.confirmed else None,
            asked=int(self.asked or 0),
        )


class ContactItem(Model):
    hash = UnicodeAttribute(hash_key=True)
    participant = UnicodeAttribute()


def _text(contact: Contact | None) -> str | None:
    return contact.text if contact else None


def _stored(contact: Contact | None) -> str | None:
    return contact.sealed or contact.text if contact else None


def _contacts(phone: str | None, email: str | None) -> tuple[Contact, ...]:
    pairs = ((ContactKind.EMAIL, email), (ContactKind.PHONE, phone))
    return tuple(Contact(kind, text) for kind, text in pairs if text)


def _topics(declined: Iterable[object] | None) -> frozenset[Topic]:
    return frozenset(Topic(str(topic)) for topic in declined or ())


def _place_out(place: Place) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "point": list(place.point),
        "area": place.area,
        "municipality": place.municipality,
        "label": place.label,
        **({"hours": [hours.packed for hours in place.hours]} if place.hours else {}),
    }


def _place_in(stored: Mapping[str, Any]) -> Place:
    return Place(
        kind=PlaceKind(stored["kind"]),
        point=Point(*stored["point"]),
        area=stored["area"],
        municipality=stored["municipality"],
        label=stored["label"],
        hours=tuple(map(Hours.read, stored.get("hours", ()))),
    )
