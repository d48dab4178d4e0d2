"""What crosses HTTP for participants."""

from dataclasses import asdict
from typing import Annotated

from pydantic import Field

from chalicelib.areas.model import Point
from chalicelib.participants.consents import asks_again
from chalicelib.participants.model import (
    MAX_PLACES,
    ChannelChoice,
    Consent,
    ContactKind,
    Language,
    Participant,
    Place,
    PlaceKind,
    SignUp,
    Source,
    SuppressionReason,
)
from chalicelib.participants.place_finder import PlaceRequest
from chalicelib.participants.service import ChangeRequest, Export, HeldTip, SignUpRequest
from chalicelib.participants.wishes_bodies import Exercises, HoursBody, PlaceHours, Topics, in_order
from chalicelib.platform.clock import rfc3339
from chalicelib.platform.http import Body

PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
Channels = Annotated[list[ChannelChoice], Field(min_length=1, max_length=len(ChannelChoice))]


class PointBody(Body):
    """WGS 84, degrees."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)


class PlaceBody(Body):
    """A place, given by its point or by its address: one of the two."""

    kind: PlaceKind
    point: PointBody | None = None
    address: str | None = Field(
        default=None, min_length=3, max_length=200, pattern=PRINTABLE, examples=["Marktplein 1, Nieuwegein"]
    )

    hours: PlaceHours = Field(default_factory=list)

    def request(self) -> PlaceRequest:
        point = Point(self.point.lon, self.point.lat) if self.point else None
        return PlaceRequest(self.kind, point, self.address, tuple(hours.value() for hours in self.hours))


class ConsentBody(Body):
    """``version``: of the text that was shown."""

    version: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$", examples=["2026-01"])


class SignUpBody(Body):
    """At least one of phone and email; each channel needs its own contact."""

    phone: str | None = Field(default=None, min_length=1, max_length=40, examples=["06 12345678"])
    email: str | None = Field(default=None, min_length=1, max_length=320, examples=["jan@example.org"])
    places: list[PlaceBody] = Field(min_length=1, max_length=MAX_PLACES)
    channels: Channels
    language: Language
    birth_year: int = Field(ge=1900, le=2200, description="Only to check that somebody is 16; never stored")
    consent: ConsentBody
    source: Source = Field(description="Where they heard of Burgernet")
    declined: Topics = Field(default_factory=list)
    exercises: Exercises = False

    def request(self) -> SignUpRequest:
        return SignUpRequest(
            phone=self.phone,
            email=self.email,
            places=tuple(place.request() for place in self.places),
            channels=tuple(self.channels),
            language=self.language,
            birth_year=self.birth_year,
            consent_version=self.consent.version,
            source=self.source,
            declined=frozenset(self.declined),
            exercises=self.exercises,
        )


class SignUpReply(Body):
    id: str
    verify: list[ContactKind] = Field(description="The contacts to which a code went")
    expires_at: str = Field(description="Until when the codes work")

    @classmethod
    def of(cls, sign_up: SignUp) -> "SignUpReply":
        return cls(
            id=sign_up.id,
            verify=[contact.kind for contact in sign_up.contacts],
            expires_at=rfc3339(sign_up.codes_expire_at),
        )


class VerificationBody(Body):
    contact: ContactKind
    code: str = Field(pattern=r"^[0-9]{6}$")


class VerificationReply(Body):
    verified: list[ContactKind]
    pending: list[ContactKind]
    manage_token: str = Field(description="Bearer token of /me")


class ChangeBody(Body):
    """What is left out stays as it is; places are given whole, with their hours. Other contacts: sign up again."""

    places: list[PlaceBody] | None = Field(default=None, min_length=1, max_length=MAX_PLACES)
    channels: Channels | None = None
    language: Language | None = None
    paused: bool | None = None
    declined: Topics | None = None
    exercises: Exercises | None = None

    def request(self) -> ChangeRequest:
        return ChangeRequest(
            places=None if self.places is None else tuple(place.request() for place in self.places),
            channels=None if self.channels is None else tuple(self.channels),
            language=self.language,
            paused=self.paused,
            declined=None if self.declined is None else frozenset(self.declined),
            exercises=self.exercises,
        )


class OwnPlace(Body):
    kind: PlaceKind
    point: PointBody
    address: str | None
    area: str = Field(description="Code of the neighbourhood, or of the smallest area known")
    municipality: str
    hours: PlaceHours

    @classmethod
    def of(cls, place: Place) -> "OwnPlace":
        return cls(
            kind=place.kind,
            point=PointBody(lon=place.point[0], lat=place.point[1]),
            address=place.label,
            area=place.area,
            municipality=place.municipality,
            hours=[HoursBody.of(hours) for hours in place.hours],
        )


class GivenConsent(Body):
    version: str
    given_at: str
    renew: bool = Field(description="The text asks for more now; to be agreed to by POST /me/consent")

    @classmethod
    def of(cls, consent: Consent) -> "GivenConsent":
        return cls(version=consent.version, given_at=rfc3339(consent.given_at), renew=asks_again(consent.version))


class SuppressedChannel(Body):
    """A provider could not reach them there; proving the contact again lifts it."""

    channel: ChannelChoice
    reason: SuppressionReason
    at: str


class Me(Body):
    """What participants see of themselves."""

    phone: str | None
    email: str | None
    places: list[OwnPlace]
    channels: list[ChannelChoice]
    language: Language
    paused: bool = Field(description="By their own wish, or because the yearly question was not answered")
    declined: Topics
    exercises: Exercises
    devices: list[str] = Field(description="Ids of those that take push messages, oldest first")
    active: bool = Field(description="Not paused, and with a verified contact that works for a chosen channel")
    suppressed: list[SuppressedChannel]
    no_mail: bool = Field(description="They ended the e-mail of alerts by its own link, and have not chosen it since")
    consent: GivenConsent
    still_here_asked: bool = Field(description="The yearly question waits for an answer: POST /me/confirmation")
    source: Source
    created_at: str

    @classmethod
    def of(cls, participant: Participant) -> "Me":
        return cls(
            phone=_text(participant, ContactKind.PHONE),
            email=_text(participant, ContactKind.EMAIL),
            places=[OwnPlace.of(place) for place in participant.places],
            channels=[channel for channel in ChannelChoice if channel in participant.chosen],
            language=participant.language,
            paused=participant.resting,
            declined=in_order(participant.declined),
            exercises=participant.exercises,
            devices=list(participant.devices),
            active=participant.active,
            suppressed=[
                SuppressedChannel(channel=held.channel, reason=held.reason, at=rfc3339(held.at))
                for held in participant.suppressed
            ],
            no_mail=participant.no_mail,
            consent=GivenConsent.of(participant.consent),
            still_here_asked=participant.asked > 0,
            source=participant.source,
            created_at=rfc3339(participant.created_at),
        )


class ExportedRow(Body):
    """A row by which alerts find a place; an ended one goes after a day."""

    key: str
    ended_ms: int | None


class ExportedSignUp(Body):
    id: str
    phone: str | None
    email: str | None
    places: list[OwnPlace]
    declined: Topics
    exercises: Exercises
    created_at: str
    expires_at: str


class ExportedDevice(Body):
    """As the browser told it."""

    id: str
    endpoint: str
    p256dh: str
    auth: str


class ExportedMessage(Body):
    """A message of an alert, of the last 30 days."""

    alert: str
    message: str
    results: dict[str, str] = Field(description="What became of it, by channel")


class ExportedTip(Body):
    alert: str
    kind: str
    at: str
    text: str | None
    place: PointBody | None
    photos: list[str] = Field(description="Where each can be fetched; it works for five minutes.")


class MyExport(Body):
    """Everything that is stored of a participant."""

    id: str
    version: int
    profile: Me
    rows: list[ExportedRow]
    sign_ups: list[ExportedSignUp]
    devices: list[ExportedDevice]
    earlier_consents: list[GivenConsent]
    confirmed_at: str | None = Field(description="When they last said that they are still there")
    unanswered: int = Field(description="How often they were asked since")
    messages: list[ExportedMessage]
    tips: list[ExportedTip]

    @classmethod
    def of(cls, export: Export) -> "MyExport":
        participant = export.participant
        return cls(
            id=participant.id,
            version=participant.version,
            profile=Me.of(participant),
            rows=[ExportedRow(key=ref.key, ended_ms=ref.ended_ms) for ref in participant.rows],
            sign_ups=[_exported(sign_up) for sign_up in export.sign_ups],
            devices=[ExportedDevice(id=name, **asdict(device)) for name, device in export.devices.items()],
            earlier_consents=list(map(GivenConsent.of, participant.earlier_consents)),
            confirmed_at=rfc3339(participant.confirmed_at) if participant.confirmed_at else None,
            unanswered=participant.asked,
            messages=[
                ExportedMessage(alert=held.alert, message=held.message, results=dict(held.results))
                for held in export.elsewhere.messages
            ],
            tips=list(map(_exported_tip, export.elsewhere.tips)),
        )


def _exported(sign_up: SignUp) -> ExportedSignUp:
    return ExportedSignUp(
        id=sign_up.id,
        phone=_text(sign_up, ContactKind.PHONE),
        email=_text(sign_up, ContactKind.EMAIL),
        places=[OwnPlace.of(place) for place in sign_up.places],
        declined=in_order(sign_up.declined),
        exercises=sign_up.exercises,
        created_at=rfc3339(sign_up.created_at),
        expires_at=rfc3339(sign_up.expires_at),
    )


def _exported_tip(tip: HeldTip) -> ExportedTip:
    place = PointBody(lon=tip.place[0], lat=tip.place[1]) if tip.place else None
    return ExportedTip(
        alert=tip.alert, kind=tip.kind, at=rfc3339(tip.at), text=tip.text, place=place, photos=list(tip.photos)
    )


def _text(holder: Participant | SignUp, kind: ContactKind) -> str | None:
    contact = holder.contact(kind)
    return contact.text if contact else None
