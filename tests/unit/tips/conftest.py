"""A missing child, an alert that goes through its life, and the links that went out with it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Content, Kind
from chalicelib.alerts.descriptions import Person, Sex
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.jurisdiction import Jurisdiction
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.photo_store import MemoryAlertPhotos
from chalicelib.alerts.reply import ReplyRef, reply_reference
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.platform import http
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.counters import MemoryCounters
from chalicelib.platform.crowd import Crowd
from chalicelib.platform.idempotency import MemoryIdempotency
from chalicelib.platform.tokens import KeyedHash, LinkSigner
from chalicelib.staff.model import Kind as OrganisationKind
from chalicelib.staff.model import Organisation, Role, StaffMember
from chalicelib.staff.service import OrganisationService
from chalicelib.staff.store import MemoryOrganisationStore
from chalicelib.tips.photo_routes import PhotoRoutes
from chalicelib.tips.photo_service import FLOOD as PHOTO_FLOOD
from chalicelib.tips.photo_service import PhotoService
from chalicelib.tips.photo_store import MemoryPhotos
from chalicelib.tips.routes import TipRoutes
from chalicelib.tips.service import FLOOD, TipService
from chalicelib.tips.store import MemoryTipStore

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
COUNTDOWN = timedelta(seconds=10)
INCIDENT = Point(5.4105, 52.7734)
AREA = {"circle": {"center": list(INCIDENT), "radius_m": 900}}
CONTENT = Content(
    kind=Kind.ALERT,
    category=Category.MISSING_CHILD,
    status=Status.ACTUAL,
    urgency=Urgency.IMMEDIATE,
    severity=Severity.SEVERE,
    certainty=Certainty.OBSERVED,
    headline=Text("Vermist: meisje van 6", "Missing: girl of 6"),
    description=Text("Kwijt op de markt.", "Lost at the market."),
    instruction=Text("Gezien? Bel 112.", "Seen her? Call 112."),
    incident_at=START,
    incident_point=INCIDENT,
    persons=(Person(sex=Sex.FEMALE, age_from=6, age_to=6, clothing=Text("rode jas", "red coat")),),
    target=Target.of(AREA, CircleShape(INCIDENT, 900).to_json(), ("GM9001",)),
    channels=(Channel.SMS, Channel.EMAIL),
)


@dataclass
class Story:
    """The alert, one step further at each call; what stands is in ``alerts``."""

    alerts: MemoryAlertStore
    clock: ManualClock
    signer: LinkSigner
    alert: Alert

    def put(self, alert):
        expected = self.alert.version if alert.id in self.alerts.rows else 0
        record = EventRecord(f"{alert.version:016}", alert.changed_at, "moved", "anna")
        self.alerts.put(alert, expected, record)
        self.alert = alert

    def submit(self):
        self.put(self.alert.submit(by="anna", at=self.clock.now()))

    def approve(self):
        seen, sight = self.alert.version, Sight(typed="fewer than ten")
        self.put(self.alert.approve(by="bram", seen=seen, at=self.clock.now(), countdown=COUNTDOWN, sight=sight))

    def begin(self):
        self.clock.at += COUNTDOWN
        self.put(self.alert.begin(at=self.clock.now()))

    def stop(self):
        self.put(self.alert.stop(by="anna", at=self.clock.now()))

    def close(self):
        self.put(
            self.alert.close(
                result=Result.MISSING_PERSON_FOUND,
                contribution=Contribution.DIRECT,
                text=Text("Zij is terecht.", "She has been found."),
                by="anna",
                at=self.clock.now(),
            )
        )

    def link(self, index=0, *, unit=0, batch=0, alert=None, purpose="tip"):
        """The token that went to a person of the ledger."""
        return self.signer.sign(purpose, reply_reference(ReplyRef(alert or self.alert.id, unit, batch, index)))


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def draft(clock):
    """Nobody was asked yet."""
    alert = Alert.draft(
        id="0000000abc", tenant="MK90", content=CONTENT, by="anna", at=clock.now(), life=timedelta(hours=4)
    )
    story = Story(MemoryAlertStore(), clock, LinkSigner(b"k" * 32), alert)
    story.put(alert)
    return story


@pytest.fixture
def story(draft):
    """Active: the messages are out."""
    draft.submit()
    draft.approve()
    draft.begin()
    return draft


@pytest.fixture
def store():
    return MemoryTipStore()


class AsToday:
    """Areas none of which has ended."""

    @staticmethod
    def former(codes):
        return frozenset()


@pytest.fixture
def organisations():
    store = MemoryOrganisationStore()
    store.put(Organisation("MK90", OrganisationKind.CONTROL_ROOM, "Meldkamer", ("GM9001",)))
    return store


@pytest.fixture
def service(store, draft, clock, organisations):
    crowd = Crowd(MemoryCounters(), KeyedHash(b"c" * 32), clock, FLOOD, most=50)
    bounds = (3.2, 50.7, 7.3, 53.7)
    return TipService(
        store,
        draft.alerts,
        draft.signer,
        clock,
        bounds,
        Jurisdiction(OrganisationService(organisations, AsToday()), None),
        crowd,
    )


@pytest.fixture
def dispatcher():
    return StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")


@dataclass
class Browser:
    """Speaks HTTP. ``role``: of the staff member who calls."""

    client: Client

    def get(self, path, role=""):
        return self.client.http.get(path, headers={"Authorization": role})

    def post(self, path, body, **headers):
        return self.client.http.post(path, body=_raw(body), headers={"Content-Type": "application/json"} | headers)

    def put(self, path):
        return self.client.http.put(path, body=b"", headers={"Content-Type": "application/json"})

    def patch(self, path, body, role=""):
        headers = {"Content-Type": "application/json", "Authorization": role}
        return self.client.http.patch(path, body=_raw(body), headers=headers)


def _raw(body):
    return body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def photos():
    return MemoryPhotos()


@pytest.fixture
def photo_service(service, photos, clock):
    crowd = Crowd(MemoryCounters(), KeyedHash(b"c" * 32), clock, PHOTO_FLOOD, most=10)
    return PhotoService(service, photos, crowd)


@pytest.fixture
def browser(service, photo_service):
    app = Chalice("tips", configure_logs=False)

    @app.authorizer()
    def guard(request):
        context = {"user": "anna", "roles": request.token, "tenant": "MK90"}
        return AuthResponse(routes=["*"], principal_id="anna", context=context)

    idempotency = MemoryIdempotency()
    endpoints = (
        TipRoutes(lambda: service, MemoryAlertPhotos).endpoints() + PhotoRoutes(lambda: photo_service).endpoints()
    )
    http.mount(app, endpoints, authorizer=guard, idempotency=lambda: idempotency)
    with Client(app) as client:
        yield Browser(client)
