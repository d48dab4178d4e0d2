"""Updates: exactly those who were asked hear them, and whoever is asked later hears them with the call."""

from datetime import timedelta

import pytest

from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.service import AlertService
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Channel
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.delivery.dispatch import Dispatch
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import SmsLot
from chalicelib.delivery.match import Matcher
from chalicelib.delivery.messages import MatchMessage, PlanMessage, SendMessage
from chalicelib.delivery.model import BATCH_SIZE, LaneState, Result
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import Pacer
from chalicelib.delivery.plan import Planner
from chalicelib.delivery.week import Week
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import epoch_ms
from chalicelib.platform.queues import QueueName
from chalicelib.platform.tokens import LinkSigner

NEWS = "Haar jas is groen."
SMS = Channel.SMS
PEOPLE = BATCH_SIZE + 12
QUEUES = (
    QueueName.PLAN,
    QueueName.MATCH_FOLLOWUP,
    QueueName.SMS_FOLLOWUP,
    QueueName.MATCH,
    QueueName.SMS,
)


class Phones(MemorySmsSender):
    """``at``: calls ``then`` before that message."""

    at, then = None, None

    def send(self, phone, text, **about):
        if len(self.sent) == self.at:
            self.at = None
            self.then()
        return super().send(phone, text, **about)

    def texts(self, of):
        return [text for phone, text in self.sent if phone == of]


class World:
    """Everything between the approval and the phones; ``run`` goes on until every queue is empty."""

    def __init__(self, alerts, places, participants, ledger, message_ids, queues, clock):
        self.alerts, self.ledger, self.queues, self.clock = alerts, ledger, queues, clock
        self.phones = Phones()
        self.planner = Planner(
            AlertService(alerts, None, clock, 10, 4, "", None), ledger, queues, clock, Week(alerts, 0)
        )
        self.matcher = Matcher(alerts, places, participants, ledger, queues, clock)
        lot = SmsLot(self.phones, Links("https://burgernet.example", LinkSigner(b"k" * 32)))
        self.pacer = Pacer(MemoryPace(), clock, SMS, rate=1_000)
        both = {"queue": QueueName.SMS, "followup": QueueName.SMS_FOLLOWUP}
        self.sender = Dispatch(
            lot, self.pacer, alerts, ledger, MemoryClaims(ledger, alerts), message_ids, queues, clock, 60, **both
        )

    def plan(self, message):
        self.queues.send(QueueName.PLAN, [PlanMessage(alert="0000000abc", message=message).body()])

    def work(self, *queues):
        """One message of the first of these queues that has one; whether there was any."""
        for queue in queues or QUEUES:
            entry = next((entry for entry in self.queues.sent if entry[0] is queue), None)
            if entry:
                self.queues.sent.remove(entry)
                _, body, delay = entry
                self.clock.advance(seconds=delay)
                self._handle(queue, body)
                return True
        return False

    def run(self):
        while self.work():
            pass

    def _handle(self, queue, body):
        if queue is QueueName.PLAN:
            self.planner.plan(Record("m", 1, None, PlanMessage.model_validate(body, strict=False)))
        elif queue in (QueueName.MATCH, QueueName.MATCH_FOLLOWUP):
            self.matcher.match(Record("m", 1, None, MatchMessage.model_validate(body, strict=False)))
        else:
            self.sender.send(Record("m", 1, None, SendMessage.model_validate(body, strict=False)))


@pytest.fixture
def world(alerts, places, participants, ledger, message_ids, queues, clock, place, somebody):
    residents = [somebody(f"p{n:03d}", phone=f"+316{n:08d}") for n in range(PEOPLE)]
    participants.rows = {person.id: person for person in residents}
    places.load(
        place(person.reference, lat=52.495 + n * 1e-6, phone=f"+316{n:08d}") for n, person in enumerate(residents)
    )
    return World(alerts, places, participants, ledger, message_ids, queues, clock)


@pytest.fixture
def update(world, put, clock):
    def update(text=NEWS, type_=UpdateType.CORRECTION):
        alert = put(world.alerts.get("0000000abc").update(type=type_, text=Text(text), by="anna", at=clock.now()))
        world.plan(f"update-{len(alert.updates)}")
        return alert

    return update


@pytest.fixture
def asked(world, active):
    """Everybody has had the call."""
    world.plan("call")
    world.run()
    assert len(world.phones.sent) == PEOPLE
    world.phones.sent.clear()
    return active


def test_everybody_who_was_asked_hears_it_once(world, asked, update):
    update()
    world.run()
    assert sorted(phone for phone, _ in world.phones.sent) == [f"+316{n:08d}" for n in range(PEOPLE)]
    assert all(f"Correctie Vermist: Noor, 7 jaar. {NEWS}" in text for _, text in world.phones.sent)


def test_who_was_not_reached_by_the_call_hears_nothing(world, asked, update, ledger):
    key = next(iter(ledger.rows))
    batch = ledger.rows[key]
    ledger.record(batch, SMS, {0: Result.FAILED, 1: Result.DELIVERED})
    update()
    world.run()
    gone = f"+316{int(batch.people[0].participant[1:4]):08d}"
    assert gone not in [phone for phone, _ in world.phones.sent]
    assert len(world.phones.sent) == PEOPLE - 1


def test_it_takes_the_queues_that_no_first_call_uses(world, asked, update, queues):
    update()
    world.work(QueueName.PLAN)
    assert {queue for queue, _, _ in queues.sent} == {QueueName.MATCH_FOLLOWUP}
    world.work(QueueName.MATCH_FOLLOWUP)
    assert {queue for queue, _, _ in queues.sent} == {QueueName.SMS_FOLLOWUP}


@pytest.mark.parametrize("rate", [1_000, 20])
@pytest.mark.parametrize("moment", range(0, PEOPLE + 1, 3))
def test_whenever_it_is_posted_everybody_hears_it_with_the_call_or_after_it(world, active, update, moment, rate):
    """The update is posted, planned and matched while a sender is at message ``moment``."""
    world.pacer.rate = rate

    def posted():
        update()
        while world.work(QueueName.PLAN, QueueName.MATCH_FOLLOWUP) and len(world.queues.sent) < 20:
            if any(entry[0] is QueueName.MATCH_FOLLOWUP and entry[1].get("only") for entry in world.queues.sent):
                break  # the batch that is being sent from is left for later

    world.phones.at, world.phones.then = moment, posted
    world.plan("call")
    world.run()
    if moment == PEOPLE:
        posted()
        world.run()
    for n in range(PEOPLE):
        texts = world.phones.texts(f"+316{n:08d}")
        calls = [text for text in texts if "Correctie Vermist" not in text]
        assert len(calls) == 1
        assert len(texts) <= 2
        assert any(NEWS in text for text in texts), texts


def test_whoever_is_at_a_batch_leaves_it_and_the_update_goes_before_its_rest(world, active, update):
    """Twenty a second: the sender looks once it has been at it for a second, which is at the end of its first turn."""
    world.pacer.rate = 20
    world.phones.at, world.phones.then = 5, update
    world.plan("call")
    world.run()
    said = [(phone, "Correctie Vermist" in text) for phone, text in world.phones.sent]
    first = said.index((said[0][0], True))
    assert first == 20, "the call's first turn, then the update"
    assert [phone for phone, _ in said[first : first + 20]] == [phone for phone, _ in said[:first]]
    assert not any(alone for _, alone in said[first + 20 :]), "whoever is asked later has it with the call"
    assert len(said) == PEOPLE + 20
    assert all(NEWS in text for _, text in world.phones.sent[first:])


def test_a_batch_made_after_it_is_asked_with_the_corrected_text(world, active, update):
    world.plan("call")
    world.work(QueueName.PLAN)
    update()
    world.run()
    assert len(world.phones.sent) == PEOPLE
    assert all(NEWS in text for _, text in world.phones.sent)


def test_only_the_batch_somebody_is_sending_from_waits(world, asked, update, ledger, clock):
    first, second = sorted(ledger.rows.values(), key=lambda batch: batch.key.number)
    standing = ledger.rows[first.key]
    lanes = {SMS: type(standing.lanes[SMS])(LaneState.NEW, standing.lanes[SMS].results)}
    ledger.rows[first.key] = type(standing)(standing.key, standing.people, lanes, standing.version)
    ledger.claim(first.key, SMS, epoch_ms(clock.now()), 60_000)
    update()
    world.work(QueueName.PLAN)
    world.work(QueueName.MATCH_FOLLOWUP)
    (waiting,) = world.queues.take(QueueName.MATCH_FOLLOWUP)
    assert waiting["only"] == [first.key.number]
    assert [body["batch"] for body in world.queues.take(QueueName.SMS_FOLLOWUP)] == [second.key.batch]


def test_after_a_stop_the_correction_goes_to_those_who_were_asked_and_the_call_to_nobody_more(
    world, active, update, put, clock
):
    world.phones.at = 20
    world.phones.then = lambda: put(active.stop(by="anna", at=clock.now()))
    world.plan("call")
    world.run()
    asked = [phone for phone, _ in world.phones.sent]
    assert len(asked) == BATCH_SIZE  # what had begun when it was stopped
    world.phones.sent.clear()
    update()
    world.run()
    assert sorted(phone for phone, _ in world.phones.sent) == sorted(asked)


def test_a_newer_update_takes_the_place_of_one_that_waits(world, asked, update):
    update("Zij is te voet.")
    world.work(QueueName.PLAN)
    world.work(QueueName.MATCH_FOLLOWUP)
    update(NEWS)
    world.run()
    assert len(world.phones.sent) == PEOPLE
    assert all(NEWS in text for _, text in world.phones.sent)


def test_an_update_under_way_comes_before_the_next_one(world, asked, update):
    world.phones.at, world.phones.then = 10, lambda: update(NEWS)
    update("Zij is te voet.")
    world.run()
    for n in range(PEOPLE):
        assert NEWS in world.phones.texts(f"+316{n:08d}")[-1]


def test_nothing_of_it_goes_out_once_the_alert_is_closed_or_has_expired(world, asked, update, put, close, clock):
    alert = update()
    clock.at = alert.expires
    world.run()
    assert world.phones.sent == []
    put(close(world.alerts.get(alert.id), clock.now() + timedelta(seconds=1)))
    world.plan("outcome")
    world.run()
    assert len(world.phones.sent) == PEOPLE
    assert not any("Correctie" in text for _, text in world.phones.sent)
