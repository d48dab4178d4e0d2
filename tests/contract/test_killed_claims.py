"""A sender may end at any moment of a claim, which is two requests: whoever comes after it asks everybody, once."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum

import pytest
from botocore.exceptions import ClientError

from bench.example_alert import START, active_alert
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.messages import MessageKind
from chalicelib.alerts.store import DynamoAlertStore, MemoryAlertStore
from chalicelib.areas.model import CircleShape, Point
from chalicelib.channels.model import Channel
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.claims import DynamoClaims, MemoryClaims
from chalicelib.delivery.dispatch import Dispatch
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import SmsLot
from chalicelib.delivery.message_ids import MemoryMessageIds
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import Batch, BatchKey, LaneState, Person, Result
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import Pacer
from chalicelib.delivery.store import DynamoLedger
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.flat_dynamo import ATTEMPTS, FlatDynamo
from chalicelib.platform.ids import random_id
from chalicelib.platform.outgoing import Answer, NoAnswer
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.platform.signed import DYNAMODB, Signed
from chalicelib.platform.tokens import LinkSigner

LEASE_S = 60
SMS = Channel.SMS
ACTIVE = active_alert(CircleShape(Point(5.2, 52.5), 400))
KEY = BatchKey(ACTIVE.id, MessageKind.CALL, 3, 12)
PEOPLE = tuple(Person(f"p{n}", "BU90010101", "nl", {SMS: f"+316{n:08d}"}) for n in range(25))
RECORD = Record("m1", 1, START, SendMessage(alert=KEY.alert, message=MessageKind.CALL, batch=KEY.batch))


class Killed(BaseException):
    """The function is dead."""


class Strike(Enum):
    """What becomes of a request."""

    KILLED_BEFORE = "before"
    KILLED_AFTER = "after"
    LOST = "done, and no answer came"
    SILENT = "not done, and no answer came"
    THROTTLED = "throttled"


@dataclass
class Fate:
    """``take``, ``look``: what becomes of the first requests of either half of a claim; then all is well."""

    take: list[Strike] = field(default_factory=list)
    look: list[Strike] = field(default_factory=list)

    def meet(self, strikes, act, refused):
        """``refused``: how the one who is asked says that there were too many requests."""
        strike = strikes.pop(0) if strikes else None
        if strike is Strike.KILLED_BEFORE:
            raise Killed
        if strike is Strike.THROTTLED:
            return refused()
        if strike is Strike.SILENT:
            raise NoAnswer("ReadTimeout")
        answer = act()
        if strike is Strike.KILLED_AFTER:
            raise Killed
        if strike is Strike.LOST:
            raise NoAnswer("ReadTimeout")
        return answer


def throttled():
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "UpdateItem")


@dataclass(frozen=True)
class StruckService(Signed):
    fate: Fate = field(default_factory=Fate)

    def post(self, path, body, headers):
        action = headers["X-Amz-Target"].rpartition(".")[2]
        strikes = {"UpdateItem": self.fate.take, "BatchGetItem": self.fate.look}.get(action, [])
        return self.fate.meet(
            strikes,
            lambda: super(StruckService, self).post(path, body, headers),
            lambda: Answer(400, {}, b'{"__type":"com.amazon.coral.availability#ThrottlingException"}'),
        )


@dataclass
class StruckTwins:
    """With a client that asks again, as the database has one."""

    ledger: MemoryLedger
    alerts: MemoryAlertStore
    fate: Fate

    def claim(self, *asked):
        return self.ask(self.fate.take, lambda: self.ledger.claim(*asked))

    def get(self, alert_id):
        return self.ask(self.fate.look, lambda: self.alerts.get(alert_id))

    def ask(self, strikes, act):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.fate.meet(strikes, act, throttled)
            except (NoAnswer, ClientError):
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError


@dataclass
class Senders:
    """One batch of 25 people, in stores of ``backend``, and whoever comes to send it."""

    backend: object
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    sms: MemorySmsSender = field(default_factory=MemorySmsSender)

    def __post_init__(self):
        if self.backend.name == "memory":
            self.ledger, self.alerts = MemoryLedger(), MemoryAlertStore()
        else:
            self.ledger = DynamoLedger(self.backend.table("deliveries"), self.clock)
            self.alerts = DynamoAlertStore(self.backend.table("alerts"))
        self.alerts.put(ACTIVE, 0, EventRecord(random_id(), START, "begun", "system"))
        self.ledger.add(Batch.new(KEY, PEOPLE))

    def claims(self, fate):
        if self.backend.name == "memory":
            twins = StruckTwins(self.ledger, self.alerts, fate)
            return MemoryClaims(twins, twins)
        dynamo = FlatDynamo(pause=lambda seconds: None, service=StruckService(DYNAMODB, fate=fate))
        return DynamoClaims(replace(self.ledger, dynamo=dynamo), self.alerts)

    def send(self, take=(), look=()):
        links = Links("https://burgernet.example", LinkSigner(b"k" * 32))
        Dispatch(
            SmsLot(self.sms, links),
            Pacer(MemoryPace(), self.clock, SMS, rate=1_000),
            self.alerts,
            self.ledger,
            self.claims(Fate(list(take), list(look))),
            MemoryMessageIds(),
            self.queues,
            self.clock,
            LEASE_S,
            queue=QueueName.SMS,
            followup=QueueName.SMS_FOLLOWUP,
        ).send(RECORD)

    def stop(self):
        stopped = ACTIVE.stop(by="anna", at=START)
        self.alerts.put(stopped, ACTIVE.version, EventRecord(random_id(), START, "stopped", "anna"))

    @property
    def times(self):
        """How often each of the 25 was asked."""
        told = Counter(phone for phone, _ in self.sms.sent)
        return [told[person.contacts[SMS]] for person in PEOPLE]

    @property
    def lane(self):
        return self.ledger.get(KEY).lanes[SMS]


@pytest.fixture
def senders(backend):
    return Senders(backend)


pytestmark = pytest.mark.transactions  # alerts are put in one
UNANSWERED = [Strike.LOST] + [Strike.SILENT] * (ATTEMPTS - 1)
REFUSED = [Strike.THROTTLED] * ATTEMPTS
TAKEN = [
    pytest.param({"take": [Strike.KILLED_AFTER]}, id="killed once the lane was taken"),
    pytest.param({"take": UNANSWERED}, id="not told that the lane was taken"),
    pytest.param({"look": [Strike.KILLED_BEFORE]}, id="killed before the look"),
    pytest.param({"look": [Strike.KILLED_AFTER]}, id="killed after the look"),
    pytest.param({"look": REFUSED}, id="not let look"),
    pytest.param({"look": [Strike.SILENT] * ATTEMPTS}, id="no answer to the look"),
]
NOT_TAKEN = [
    pytest.param({"take": [Strike.KILLED_BEFORE]}, id="killed before the lane was taken"),
    pytest.param({"take": REFUSED}, id="not let take the lane"),
    pytest.param({"take": [Strike.SILENT] * ATTEMPTS}, id="no answer, and not taken"),
]


@pytest.mark.parametrize("strikes", TAKEN)
def test_whoever_comes_after_the_lease_asks_everybody_once(senders, strikes):
    with suppress(Killed, NoAnswer, ClientError):
        senders.send(**strikes)
    assert senders.lane.state is LaneState.CLAIMED
    senders.clock.advance(seconds=LEASE_S - 1)
    senders.send()
    assert senders.times == [0] * 25
    assert [delay for _, _, delay in senders.queues.sent] == [2]
    senders.clock.advance(seconds=2)
    senders.send()
    assert senders.times == [1] * 25
    assert (senders.lane.state, set(senders.lane.results)) == (LaneState.DONE, {Result.SENT})


@pytest.mark.parametrize("strikes", TAKEN)
def test_where_it_is_stopped_meanwhile_nobody_is_asked_and_who_may_have_been_hears_the_outcome(senders, strikes):
    with suppress(Killed, NoAnswer, ClientError):
        senders.send(**strikes)
    senders.stop()
    senders.clock.advance(seconds=LEASE_S + 1)
    senders.send()
    assert senders.times == [0] * 25
    assert senders.lane.state is LaneState.STOPPED
    assert senders.lane.results == (*[Result.UNKNOWN] * 10, *[Result.STOPPED] * 15)


@pytest.mark.parametrize("strikes", NOT_TAKEN)
def test_a_lane_that_was_not_taken_is_free_at_once(senders, strikes):
    with pytest.raises((Killed, NoAnswer, ClientError)):
        senders.send(**strikes)
    assert senders.lane.state is LaneState.NEW
    senders.send()
    assert senders.times == [1] * 25
    assert senders.lane.state is LaneState.DONE


@pytest.mark.parametrize(
    "strikes",
    [
        pytest.param({"take": [Strike.LOST]}, id="the answer that the lane was taken was lost"),
        pytest.param({"take": [Strike.THROTTLED, Strike.SILENT]}, id="the lane was taken at the third try"),
        pytest.param({"look": [Strike.LOST, Strike.THROTTLED]}, id="the look came at the third try"),
    ],
)
def test_what_the_client_asks_again_costs_nobody_a_minute(senders, strikes):
    senders.send(**strikes)
    assert senders.times == [1] * 25
    assert senders.queues.sent == []


AGAIN = [
    pytest.param([Strike.LOST], id="the first answer was lost"),
    pytest.param([None, Strike.LOST], id="the second answer was lost"),
    pytest.param([Strike.THROTTLED, Strike.LOST], id="throttled, and then an answer was lost"),
]


@pytest.mark.parametrize("take", AGAIN)
def test_who_asks_again_for_a_free_lane_took_it_over_from_nobody_so_nobody_may_have_been_asked(senders, take):
    senders.stop()
    senders.send(take=take)
    assert senders.times == [0] * 25
    assert (senders.lane.state, set(senders.lane.results)) == (LaneState.STOPPED, {Result.STOPPED})


@pytest.mark.parametrize("take", AGAIN)
def test_who_asks_again_for_the_lane_of_a_killed_sender_still_took_it_over(senders, take):
    with suppress(Killed):
        senders.send(look=[Strike.KILLED_AFTER])
    senders.stop()
    senders.clock.advance(seconds=LEASE_S + 1)
    senders.send(take=take)
    assert senders.times == [0] * 25
    assert senders.queues.sent == []
    assert senders.lane.state is LaneState.STOPPED
    assert senders.lane.results == (*[Result.UNKNOWN] * 10, *[Result.STOPPED] * 15)


def test_of_two_who_claim_at_the_same_moment_only_one_asks(senders):
    with suppress(Killed):
        senders.send(look=[Strike.KILLED_BEFORE])
    senders.send()
    assert senders.times == [0] * 25
    assert [delay for _, _, delay in senders.queues.sent] == [LEASE_S + 1]
