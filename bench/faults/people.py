"""Neighbours, some with all channels, some with two places in the area, and some who live elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bench.example_alert import example_content
from chalicelib.alerts.cap import Scope, Status
from chalicelib.alerts.content import Content, Recorded
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel, Device
from chalicelib.delivery.model import BATCH_SIZE
from chalicelib.participants.devices import Subscription, subscription
from chalicelib.participants.model import (
    ChannelChoice,
    Consent,
    Contact,
    ContactKind,
    Language,
    Participant,
    Place,
    PlaceKind,
    Source,
)

NEAR, FAR, ELSEWHERE = (
    BATCH_SIZE + 4,
    12,
    4,
)  # more than a batch in one unit, a few in the other, and some who must hear nothing
CENTER = Point(5.3, 52.55)
AREA = CircleShape(CENTER, 2_000)
START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
RECORDING = Recorded("s3://recordings/noor.wav", "0" * 64, 8.0)
BOUNCES = 13  # every so many messages are taken and not delivered


@dataclass(frozen=True)
class Neighbour:
    """``wants``: channel -> contact, of the channels on which an alert must reach them. ``has``: of all they have.

    Of push it is the reference; their ``device`` has an endpoint that ends in it.
    """

    participant: Participant
    inside: bool
    wants: Mapping[Channel, str]
    device: Subscription | None = None

    @property
    def has(self) -> dict[Channel, str]:
        found = {channel: self.participant.address(ChannelChoice(channel)) for channel in Channel}
        return {channel: contact for channel, contact in found.items() if contact}


def bounces(contact: str) -> bool:
    """The same in every process."""
    return sum(ord(letter) * place for place, letter in enumerate(contact, 1)) % BOUNCES == 0


def neighbours() -> list[Neighbour]:
    return [_neighbour(number) for number in range(NEAR + FAR + ELSEWHERE)]


def _neighbour(number: int) -> Neighbour:
    contacts = [Contact(ContactKind.PHONE, f"+316{number:08d}")] if number % 5 != 4 else []
    if number % 10 < 7 or number % 5 == 4:
        contacts.append(Contact(ContactKind.EMAIL, f"deelnemer{number}@burgernet.example"))
    others = set(ChannelChoice) - {ChannelChoice.SMS, ChannelChoice.EMAIL}
    chosen = frozenset(ChannelChoice) if number % 6 == 5 else frozenset(ChannelChoice) - others
    participant = Participant(
        id=f"{number:012d}",
        language=Language.NL if number % 9 else Language.EN,
        chosen=chosen,
        contacts=tuple(sorted(contacts, key=lambda held: held.kind)),
        places=tuple(_places(number)),
        paused=False,
        consent=Consent("1", START),
        source=Source.WEB,
        created_at=START - timedelta(days=30),
    )
    device = None
    if ChannelChoice.PUSH in chosen:
        device = subscription(Device(f"https://push.example/{participant.reference}", "key", "auth"))
        participant = replace(participant, devices=(device.id,))
    wants = {Channel(choice): to for choice in participant.channels if (to := participant.address(choice))}
    return Neighbour(participant, number < NEAR + FAR, wants, device)


def _places(number: int) -> list[Place]:
    if number < NEAR:
        point = Point(CENTER.lon + (number % 8 - 4) * 5e-4, CENTER.lat + (number // 8 - 4) * 3e-4)
    elif number < NEAR + FAR:
        point = Point(CENTER.lon - 0.015 + number * 1e-4, CENTER.lat + 0.012)
    else:
        point = Point(CENTER.lon + 0.1, CENTER.lat + number * 1e-4)
    points = [point]
    if number % 16 == 3 and number < NEAR:  # works around the corner, in the area too
        points.append(Point(CENTER.lon + 1e-4, CENTER.lat + number * 1e-5))
    return [
        Place(kind, Point(round(at.lon, 7), round(at.lat, 7)), f"BU900101{number % 2:02d}", "GM9001")
        for kind, at in zip((PlaceKind.HOME, PlaceKind.WORK), points, strict=False)
    ]


def content(*, waves: bool, status: Status = Status.ACTUAL, public: bool = False, recorded: bool = False) -> Content:
    """``waves``: those around the corner first, the others some minutes later. ``recorded``: calls play a recording."""
    ring = {"incident_point": CENTER, "waves": Waves((1_000,), 3)} if waves else {}
    scope = Scope.PUBLIC if public else Scope.RESTRICTED
    recording = RECORDING if recorded else None
    return example_content(AREA, channels=tuple(Channel), status=status, scope=scope, recording=recording, **ring)
