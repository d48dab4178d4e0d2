"""The participants' house in memory: two towns, of which one takes part, and everything that stands on them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from chalicelib.areas.geocoder import Address, MemoryGeocoder
from chalicelib.areas.model import Area, Feature, Level, Point, PolygonShape
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.channels import speech
from chalicelib.participants.codes import Codes
from chalicelib.participants.guard import Guard, Limits
from chalicelib.participants.links import mail_tokens
from chalicelib.participants.model import ChannelChoice, Language, PlaceKind, Source
from chalicelib.participants.notices import Notice, Notices
from chalicelib.participants.place_finder import PlaceFinder, PlaceRequest
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.service import Elsewhere, ParticipantService, SignUpRequest, SignUpService
from chalicelib.participants.store_memory import MemoryParticipantStore, MemorySignUpStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.counters import MemoryCounters
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.platform.settings import PUSH_SERVICES
from chalicelib.platform.tokens import KeyedHash, LinkSigner

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
HOME, WORK, ABROAD, NOT_JOINED = Point(5.05, 52.05), Point(5.06, 52.06), Point(6.9, 53.2), Point(5.15, 52.05)


def rectangle(west, south, east, north):
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return PolygonShape(((ring,),))


FEATURES = [
    Feature(
        Area("GM9001", "Lindestad", Level.MUNICIPALITY, 2026, municipality="GM9001"), rectangle(5.0, 52.0, 5.1, 52.1)
    ),
    Feature(
        Area("BU90010101", "Kern", Level.NEIGHBOURHOOD, 2026, municipality="GM9001", district="WK900101"),
        rectangle(5.04, 52.04, 5.055, 52.055),
    ),
    Feature(
        Area("GM9002", "Wilgendam", Level.MUNICIPALITY, 2026, municipality="GM9002"), rectangle(5.1, 52.0, 5.2, 52.1)
    ),
]

ADDRESS = "192.0.2.7"
REQUEST = SignUpRequest(
    phone="06 12345678",
    email="Jan@Example.org",
    places=(PlaceRequest(PlaceKind.HOME, HOME), PlaceRequest(PlaceKind.WORK, WORK)),
    channels=(ChannelChoice.SMS, ChannelChoice.EMAIL),
    language=Language.NL,
    birth_year=1990,
    consent_version="2026-01",
    source=Source.WEB,
)


@dataclass
class Post:
    """What was handed to the providers."""

    texts: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    mails: list = field(default_factory=list)

    def send(self, to, *content):
        (self.mails if "@" in to else self.texts).append((to, *content))

    def call(self, to, ssml, language):
        self.calls.append((to, speech.as_text(ssml), language))


@dataclass
class YearsOfAreas:
    """What became of a year in an area, by code."""

    told: dict = field(default_factory=dict)

    def of(self, area):
        return self.told.get(area)


@dataclass
class Overtaken:
    """A participant store in which another request is first: ``rival`` runs before a commit, as often as told."""

    store: MemoryParticipantStore
    rival: Callable[[], object]
    times: int

    def __getattr__(self, name):
        return getattr(self.store, name)

    def commit(self, steps, proof=None):
        if self.times:
            self.times -= 1
            self.rival()
        self.store.commit(steps, proof)


@dataclass
class AlertsThatHold:
    """What lies of everybody with the alerts."""

    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    def held(self, participant):
        return self.elsewhere


@dataclass
class House:
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    places: MemoryPlaceStore = field(default_factory=MemoryPlaceStore)
    sign_ups: MemorySignUpStore = field(default_factory=MemorySignUpStore)
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    post: Post = field(default_factory=Post)
    codes: Codes = field(default_factory=lambda: Codes(b"c" * 32))
    counters: MemoryCounters = field(default_factory=MemoryCounters)
    limits: Limits = field(default_factory=Limits)
    signer: LinkSigner = field(default_factory=lambda: LinkSigner(b"s" * 32))
    alerts: AlertsThatHold = field(default_factory=AlertsThatHold)
    years: YearsOfAreas = field(default_factory=YearsOfAreas)

    def __post_init__(self):
        store = MemoryAreaStore()
        self.areas = AreaService(store, (3.2, 50.7, 7.3, 53.7))
        self.areas.load(FEATURES)
        self.areas.put_municipality("GM9001", True, ())
        geocoder = MemoryGeocoder(
            (Address("Dorpsstraat 1, Lindestad", Point(5.070000049, 52.07)), Address("Kade 1, Wilgendam", NOT_JOINED))
        )
        self.finder = PlaceFinder(self.areas, geocoder)
        self.participants = MemoryParticipantStore(self.places, self.sign_ups)

    def unsubscribe_token(self):
        ((_, token),) = mail_tokens(self.signer, [self.only_participant().reference], self.clock.now())
        return token

    @property
    def sign_up_service(self):
        return SignUpService(
            self.sign_ups,
            self.participants,
            self.finder,
            self.codes,
            self.signer,
            self.queues,
            self.clock,
            Guard(self.counters, KeyedHash(b"c" * 32), self.clock, self.limits),
        )

    @property
    def participant_service(self):
        return ParticipantService(
            self.participants,
            self.sign_ups,
            self.finder,
            self.signer,
            self.clock,
            self.participants.devices,
            PUSH_SERVICES,
            self.alerts,
        )

    @property
    def notices(self):
        return Notices(
            self.sign_ups,
            self.participants,
            self.codes,
            self.signer,
            self.post,
            self.post,
            self.post,
            self.clock,
            "https://burgernet.example",
            self.years,
        )

    def deliver(self):
        """Let the notices function work off its queue."""
        for number, body in enumerate(self.queues.take(QueueName.NOTICES)):
            self.notices.send(Record(str(number), 1, self.clock.now(), Notice.model_validate(body, strict=False)))

    def overtaken(self, rival, times=1):
        return Overtaken(self.participants, rival, times)

    def request(self, **changes):
        return replace(REQUEST, **changes)

    def signed_up(self, **changes):
        return self.sign_up_service.sign_up(self.request(**changes), ADDRESS)

    def verified(self, sign_up, *kinds):
        """The token after proving these contacts, or all."""
        for kind in kinds or [contact.kind for contact in sign_up.contacts]:
            verified = self.sign_up_service.verify(sign_up.id, kind, self.codes.code(sign_up, kind))
        return verified.manage_token

    def joined(self, **changes):
        return self.verified(self.signed_up(**changes))

    def only_participant(self):
        (participant,) = self.participants.rows.values()
        return participant

    def valid_rows(self):
        """The place rows that count now, by point."""
        now = int(self.clock.now().timestamp() * 1000)
        rows = self.places.rows.values()
        return {
            row.point: row
            for row in rows
            if row.valid_from_ms <= now and (row.valid_until_ms is None or now < row.valid_until_ms)
        }


@pytest.fixture
def house():
    return House()
