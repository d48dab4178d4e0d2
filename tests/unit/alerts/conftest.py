"""A robbery in Sluisveen, the people of the control room, and alerts in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts import reply
from chalicelib.alerts.approval import Sight
from chalicelib.alerts.approvals import ApprovalLimits, Approvals
from chalicelib.alerts.budget_watch import BudgetWatch
from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Category, Content, Kind
from chalicelib.alerts.descriptions import Build, Colour, Person, Sex, Vehicle, VehicleKind
from chalicelib.alerts.forecast import Forecaster
from chalicelib.alerts.jurisdiction import Jurisdiction
from chalicelib.alerts.model import Alert
from chalicelib.alerts.reach import Group, Reach
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Language, Text
from chalicelib.areas.model import Area, Level, Location, Point, PolygonShape
from chalicelib.areas.validation import check_bounds
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import InvalidInput
from chalicelib.staff.model import Kind as OrganisationKind
from chalicelib.staff.model import Organisation, Role, StaffMember
from chalicelib.staff.service import OrganisationService
from chalicelib.staff.store import MemoryOrganisationStore
from chalicelib.staff.supervisors import SupervisorBook

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
RING = ((5.19, 52.49), (5.21, 52.49), (5.21, 52.51), (5.19, 52.51), (5.19, 52.49))
SPEC = {"geometry": {"type": "Polygon", "coordinates": [[list(position) for position in RING]]}}
SHAPE = PolygonShape(((RING,),))
SEEN = Sight(typed="fewer than ten")
REPLY_URL = reply.sample_url("https://burgernet.example")
GIVEN = {
    "kind": Kind.ALERT,
    "category": Category.ROBBERY,
    "status": Status.ACTUAL,
    "urgency": Urgency.IMMEDIATE,
    "severity": Severity.SEVERE,
    "certainty": Certainty.OBSERVED,
    "headline": Text("Beroving Kerkstraat Sluisveen", "Robbery Kerkstraat Sluisveen"),
    "description": Text("Een man is beroofd van zijn tas.", "A man was robbed of his bag."),
    "instruction": Text("Ziet u hem? Bel 112.", "Have you seen him? Call 112."),
    "incident_at": START - timedelta(minutes=10),
    "incident_point": Point(5.2, 52.5),
    "persons": (
        Person(
            sex=Sex.MALE,
            age_from=20,
            age_to=25,
            height_cm=180,
            build=Build.SLIM,
            clothing=Text("zwarte jas", "black coat"),
        ),
    ),
    "vehicles": (
        Vehicle(
            kind=VehicleKind.SCOOTER,
            make="Vespa",
            model="Primavera",
            colour=Colour.RED,
            plate="D-123-BC",
            direction=Text("de A27", "the A27"),
        ),
    ),
    "target": Target.of(SPEC, SHAPE.to_json(), ("GM9001",)),
    "channels": (Channel.SMS, Channel.EMAIL),
}


@pytest.fixture(scope="session")
def content():
    def content(**changes):
        return Content(**(GIVEN | changes))

    return content


@pytest.fixture(scope="session")
def draft(content):
    def draft(**changes):
        life = timedelta(hours=4)
        return Alert.draft(id="0000000abc", tenant="MK90", content=content(**changes), by="anna", at=START, life=life)

    return draft


@pytest.fixture(scope="session")
def approved(draft):
    """Submitted by anna, approved by bram; due ten seconds later."""

    def approved(**changes):
        submitted = draft(**changes).submit(by="anna", at=START)
        countdown = timedelta(seconds=10)
        return submitted.approve(by="bram", seen=submitted.version, at=START, countdown=countdown, sight=SEEN)

    return approved


@pytest.fixture(scope="session")
def active(approved):
    def active(**changes):
        return approved(**changes).begin(at=START + timedelta(seconds=10))

    return active


@dataclass
class OneTown:
    """Areas that know one shape and one municipality; ``resolved`` keeps what was asked."""

    resolved: list = field(default_factory=list)
    shape: PolygonShape = SHAPE

    @staticmethod
    def former(codes):
        return frozenset()

    def resolve(self, spec):
        self.resolved.append(spec)
        if "geometry" not in spec:
            raise InvalidInput.of("area", "unknown_type", "Only geometry here.")
        return self.shape

    def check_point(self, point, field):
        check_bounds([point], (3.2, 50.7, 7.3, 53.7), field)

    def locate(self, point):
        return Location(None, None, "GM9001", "Sluisveen", joined=True)

    def municipalities_in(self, shape):
        return [Area("GM9001", "Sluisveen", Level.MUNICIPALITY, 2026, "GM9001", joined=True)]


@pytest.fixture
def areas():
    return OneTown()


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def store():
    return MemoryAlertStore()


@pytest.fixture
def organisations():
    room = Organisation("MK90", OrganisationKind.CONTROL_ROOM, "Meldkamer", ("GM9001", "GM9002"))
    return MemoryOrganisationStore({room.id: room})


@pytest.fixture
def service(store, areas, clock, organisations):
    jurisdiction = Jurisdiction(OrganisationService(organisations, areas), areas)
    return AlertService(store, areas, clock, 10, 4, REPLY_URL, jurisdiction)


@dataclass
class Crowd:
    """``people``: whom any alert would ask. ``counted``: how often somebody looked."""

    people: int = 300
    counted: int = 0

    def reach(self, shape, channels, occasion):
        self.counted += 1
        messages = {Group(channel, Language.NL, "NL"): self.people for channel in channels}
        return Reach(True, self.people, {"BU90010101": self.people}, messages)


@pytest.fixture
def crowd():
    return Crowd()


@dataclass
class Purse:
    """``found``: what it warns of, whatever the alert; ``asked`` keeps with what it was asked. Broken: it raises."""

    found: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    broken: bool = False

    def warnings(self, cents, people):
        self.asked.append((cents, people))
        if self.broken:
            raise OSError("no table")
        return self.found


@pytest.fixture
def purse():
    return Purse()


@pytest.fixture
def budget_watch(crowd, purse, clock):
    rates = dict.fromkeys(Channel, 20.0)
    return BudgetWatch(Forecaster(crowd, lambda codes: {}, rates, shipped(), purse, clock), REPLY_URL)


@pytest.fixture
def approvals(service, crowd, organisations, budget_watch):
    book = SupervisorBook(organisations, ("chief@burgernet.example",))
    return Approvals(service, crowd, ApprovalLimits(people=50_000, alerts=3), book, budget_watch)


@pytest.fixture(scope="session")
def anna():
    return StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")


@pytest.fixture(scope="session")
def bram():
    return StaffMember("bram", frozenset({Role.APPROVER}), "MK90")
