"""How a sender keeps to the shared clock: it waits before it claims, and what it does not use is the next one's."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Accepted, Channel, Refusal, Refused
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.delivery.dispatch import PATIENCE_S, Dispatch
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import SmsLot
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import CHECKPOINT, Batch, BatchKey, LaneState, Person, Result
from chalicelib.delivery.pace import MemoryPace, Promised
from chalicelib.delivery.pacing import HOLD_US, SECOND_US, Pacer
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock, epoch_us
from chalicelib.platform.queues import QueueName
from chalicelib.platform.tokens import LinkSigner

RATE = 20
SMS = Channel.SMS


class Timed(MemorySmsSender):
    """Remembers when each message left."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.began = clock, []

    def send(self, phone, text, **about):
        self.began.append(epoch_us(self.clock.now()))
        return super().send(phone, text, **about)


@pytest.fixture
def pace():
    return MemoryPace()


@pytest.fixture
def sender(clock):
    return Timed(clock)


@pytest.fixture
def dispatch(sender, pace, alerts, ledger, message_ids, queues, clock):
    lot = SmsLot(sender, Links("https://burgernet.example", LinkSigner(b"k" * 32)))
    return Dispatch(
        lot,
        Pacer(pace, clock, SMS, RATE, chance=lambda: 0.5),
        alerts,
        ledger,
        MemoryClaims(ledger, alerts),
        message_ids,
        queues,
        clock,
        lease_s=60,
        queue=QueueName.SMS,
        followup=QueueName.SMS_FOLLOWUP,
    )


def batch_of(ledger, alert, size, number=0):
    people = tuple(Person(f"p{n:016d}", "BU90010101", "nl", {SMS: f"+316{n:08d}"}) for n in range(size))
    return ledger.add(Batch.new(BatchKey(alert.id, MessageKind.CALL, 0, number), people))


def send(dispatch, batch, **changes):
    key = batch.key
    body = SendMessage(alert=key.alert, message=MessageKind(key.message), batch=key.batch, **changes)
    dispatch.send(Record("m1", 1, None, body))


def test_a_batch_goes_out_turn_by_turn_at_the_granted_rate(dispatch, active, ledger, sender, clock):
    start = epoch_us(clock.now())
    send(dispatch, batch_of(ledger, active, 50), waiting=50)
    assert [when - start for when in sender.began] == [n * SECOND_US // RATE for n in range(50)]


def test_who_finds_no_turn_puts_the_batch_back_unclaimed_and_no_attempt_is_counted(
    dispatch, active, ledger, sender, pace, queues, clock
):
    batch = batch_of(ledger, active, 3)
    pace.clocks[SMS] = Promised(epoch_us(clock.now()) + 60 * SECOND_US, "0000000fir")
    send(dispatch, batch, waiting=3, attempt=4)
    assert sender.sent == []
    assert ledger.get(batch.key).lanes[SMS].state is LaneState.NEW
    ((queue, body, delay),) = queues.sent
    assert (queue, body["attempt"], body["waiting"], delay) == (QueueName.SMS, 4, 3, 0)


def test_a_turn_is_waited_for_before_the_claim_so_that_stop_still_counts(
    dispatch, active, ledger, sender, pace, clock, put
):
    batch = batch_of(ledger, active, 3)
    pace.clocks[SMS] = Promised(epoch_us(clock.now()) + PATIENCE_S * SECOND_US // 2, "0000000fir")

    class StoppedMeanwhile(type(clock)):
        def sleep(self, seconds):
            super().sleep(seconds)
            if not dispatch.alerts.get(active.id).stopped_at:
                put(active.stop(by="anna", at=self.now()))

    waiting = StoppedMeanwhile(clock.at)
    send(replace(dispatch, clock=waiting, pacer=replace(dispatch.pacer, clock=waiting)), batch, waiting=3)
    assert sender.sent == []
    assert set(ledger.get(batch.key).lanes[SMS].results) == {Result.STOPPED}


class Throttled(Exception):
    """What a table says that is asked too much."""


@dataclass(frozen=True)
class AskedTooMuch(MemoryClaims):
    def take(self, *asked):
        raise Throttled


@pytest.mark.parametrize("lost", [False, True])
def test_a_sender_whose_claim_fails_gives_its_turn_back(dispatch, active, ledger, pace, clock, monkeypatch, lost):
    if lost:  # and what it failed of is still told
        monkeypatch.setattr(pace, "give_back", lambda *_: 1 / 0)
    failing = replace(dispatch, claims=AskedTooMuch(ledger, dispatch.alerts))
    for number in range(3):
        with pytest.raises(Throttled):
            send(failing, batch_of(ledger, active, 10, number), waiting=10)
    late = pace.standing(SMS).until_us - epoch_us(clock.now())
    assert late <= 0 or lost


@dataclass
class Later(ManualClock):
    """Calls ``then`` once, after so many seconds of sleep."""

    seconds: float = 0
    then: Callable[[], object] = lambda: None

    def sleep(self, seconds):
        super().sleep(seconds)
        self.seconds -= seconds
        if self.seconds <= 0:
            then, self.then = self.then, lambda: None
            then()


@pytest.fixture
def later(dispatch, clock):
    """The same sender on another clock."""

    def later(seconds, then):
        other = Later(clock.at, seconds, then)
        return replace(dispatch, clock=other, pacer=replace(dispatch.pacer, clock=other))

    return later


def test_a_stop_ends_a_batch_under_way_within_a_second_or_so(later, active, ledger, sender, put, clock, queues):
    batch = batch_of(ledger, active, 75)
    send(later(1.2, lambda: put(active.stop(by="anna", at=clock.now()))), batch, waiting=75)
    assert RATE < len(sender.sent) <= 2 * RATE + CHECKPOINT
    lane = ledger.get(batch.key).lanes[SMS]
    assert lane.state is LaneState.STOPPED
    assert lane.results.count(Result.STOPPED) == 75 - len(sender.sent)
    assert queues.sent == []


def test_an_update_ends_the_wait_for_another_turn_which_the_next_one_has(
    later, active, ledger, sender, put, clock, queues, pace
):
    batch = batch_of(ledger, active, 75)
    news = {"type": UpdateType.UPDATE, "text": Text("Zij is te voet."), "by": "anna", "at": clock.now()}

    def crowd():
        put(active.update(**news))
        pace.clocks[SMS] = Promised(pace.standing(SMS).until_us + 4 * SECOND_US, "")

    send(later(0.5, crowd), batch, waiting=75)
    assert len(sender.sent) == RATE
    lane = ledger.get(batch.key).lanes[SMS]
    assert (lane.state, len(lane.waiting)) == (LaneState.NEW, 55)
    ((queue, body, delay),) = queues.sent
    assert (queue, body["waiting"], body["attempt"], delay) == (QueueName.SMS, 55, 0, 0)
    assert epoch_us(clock.now()) + 5 * SECOND_US == pace.standing(SMS).until_us


def test_a_stopped_alert_leaves_no_empty_turns_behind(dispatch, active, ledger, pace, put, clock):
    batches = [batch_of(ledger, active, 20, number) for number in range(200)]
    put(active.stop(by="anna", at=clock.now()))
    start = clock.now()
    for batch in batches:
        send(dispatch, batch, waiting=20)
    assert clock.now() == start
    assert pace.standing(SMS).until_us <= epoch_us(start)
    assert pace.writes <= 3  # the first one took a turn and gave it back; the others knew


def test_what_comes_twice_gives_its_turn_back(dispatch, active, ledger, pace, clock):
    batch = batch_of(ledger, active, 20)
    send(dispatch, batch, waiting=20)
    ended = pace.standing(SMS).until_us
    send(dispatch, batch, waiting=20)
    assert pace.standing(SMS).until_us <= max(ended, epoch_us(clock.now()))


def test_more_room_than_there_are_messages_is_given_back(dispatch, active, ledger, pace, clock):
    start = epoch_us(clock.now())
    send(dispatch, batch_of(ledger, active, 4), waiting=20)
    assert pace.standing(SMS).until_us == start + 4 * SECOND_US // RATE


def test_a_throttle_holds_everybody_and_the_rest_of_the_batch_goes_back(
    dispatch, active, ledger, sender, pace, queues, clock
):
    batch = batch_of(ledger, active, 30)
    sender.refusals["+31600000012"] = [Refused(Refusal.THROTTLED, "Throttling")]
    send(dispatch, batch, waiting=30)
    assert pace.standing(SMS).until_us == epoch_us(clock.now()) + HOLD_US
    ((_, body, _),) = queues.sent
    assert (body["waiting"], body["attempt"]) == (18, 1)
    send(dispatch, batch, waiting=18, attempt=1)
    assert [phone for phone, _ in sender.sent] == [f"+316{n:08d}" for n in range(30)]
    assert ledger.get(batch.key).lanes[SMS].state is LaneState.DONE


def test_a_batch_that_gets_no_second_turn_goes_back_with_the_rest(
    dispatch, active, ledger, sender, pace, queues, clock
):
    batch = batch_of(ledger, active, 50)

    class Crowd(MemoryPace):
        def reserve(self, channel, alert, length_us, now_us, latest_us):
            begin = super().reserve(channel, alert, length_us, now_us, latest_us)
            self.hold(channel, now_us + 60 * SECOND_US)
            return begin

    send(replace(dispatch, pacer=replace(dispatch.pacer, pace=Crowd())), batch, waiting=50)
    assert len(sender.sent) == RATE
    ((_, body, delay),) = queues.sent
    assert (body["waiting"], body["attempt"], delay) == (30, 0, 0)
    assert ledger.get(batch.key).lanes[SMS].state is LaneState.NEW


@pytest.mark.parametrize("after", range(0, 45, 4))
def test_with_many_under_way_a_kill_still_doubles_at_most_ten(dispatch, active, ledger, clock, after):
    batch = batch_of(ledger, active, 45)
    sent = []

    class Killed(BaseException):
        """The function was ended here."""

    class Mortal:
        alive = True

        def send(self, phone, text, **about):
            if self.alive and len(sent) >= after:
                raise Killed
            sent.append(phone)
            return Accepted(phone)

    class Dead(type(ledger)):
        """Nothing is written by a function that was ended."""

        def record(self, batch, channel, results, state=None, at_s=None):
            if mortal.alive and len(sent) >= after:
                raise Killed
            return super().record(batch, channel, results, state, at_s)

    mortal = Mortal()
    lot = replace(dispatch.lot, sender=mortal, at_once=10)
    fast = replace(dispatch.pacer, rate=100_000)
    with pytest.raises(Killed):
        send(replace(dispatch, lot=lot, pacer=fast, ledger=Dead(ledger.rows)), batch, waiting=45)
    mortal.alive = False
    clock.advance(seconds=61)
    send(replace(dispatch, lot=lot, pacer=fast), batch, waiting=45)
    assert set(sent) == {f"+316{n:08d}" for n in range(45)}
    assert len(sent) - 45 <= 10
