from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.model import Accepted, Channel, Refusal, Refused
from chalicelib.delivery.changes import Busy
from chalicelib.delivery.claims import MemoryClaims
from chalicelib.delivery.dispatch import Dispatch
from chalicelib.delivery.family import Family
from chalicelib.delivery.message_ids import MemoryMessageIds
from chalicelib.delivery.messages import SendMessage
from chalicelib.delivery.model import Batch, BatchKey, LaneState, Person, Result
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import Pacer
from chalicelib.delivery.retries import ILL_AFTER, MAX_ATTEMPTS, STALLED_AFTER, backoff_s
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock, epoch
from chalicelib.platform.queues import MAX_DELAY_S, QueueName

LEASE_S = 60


class Killed(Exception):
    """The function was ended here."""


@dataclass
class Lot:
    """Sends in lots of 10. ``answers``: index -> what to answer instead of taking it. ``kill_after``: messages.

    A call to the provider ``takes`` seconds of the ``clock``.
    """

    channel: Channel = Channel.SMS
    answers: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)
    kill_after: int | None = None
    clock: ManualClock | None = None
    takes: float = 0
    lot_size: int = 10
    receipts_by_id: bool = True
    checkpoint: int = 10

    def send(self, alert, batch, indexes, turn):
        for start in range(0, len(indexes), self.lot_size):
            lot = {}
            for index in indexes[start : start + self.lot_size]:
                if len(self.sent) == self.kill_after:
                    self.kill_after = None
                    raise Killed
                lot[index] = self.answers.get(index) or Accepted(f"id-{index}")
                self.sent.append(index)
                if self.clock:
                    self.clock.advance(seconds=self.takes)
            yield lot

    def unsure(self, batch, indexes):
        return indexes[:10]


@pytest.fixture
def lot():
    return Lot()


@pytest.fixture
def dispatch(lot, alerts, ledger, message_ids, queues, clock):
    pacer = Pacer(MemoryPace(), clock, lot.channel, rate=1_000)
    return Dispatch(
        lot,
        pacer,
        alerts,
        ledger,
        MemoryClaims(ledger, alerts),
        message_ids,
        queues,
        clock,
        LEASE_S,
        queue=QueueName.SMS,
        followup=QueueName.SMS_FOLLOWUP,
    )


def batch_of(ledger, alert, size=3, message=MessageKind.CALL):
    people = tuple(Person(f"p{n:012d}", "BU90010101", "nl", {Channel.SMS: f"+316{n:08d}"}) for n in range(size))
    return ledger.add(Batch.new(BatchKey(alert.id, message, 0, 0), people))


def on(ledger, dispatch):
    return replace(dispatch, ledger=ledger, claims=MemoryClaims(ledger, dispatch.alerts))


def send(dispatch, batch, attempt=0):
    key = batch.key
    body = SendMessage(alert=key.alert, message=MessageKind(key.message), batch=key.batch, attempt=attempt)
    dispatch.send(Record("m1", 1, None, body))


def lane(ledger, batch):
    return ledger.get(batch.key).lanes[Channel.SMS]


def test_everybody_in_a_batch_gets_one_message(dispatch, active, ledger, lot):
    batch = batch_of(ledger, active)
    send(dispatch, batch)
    assert lot.sent == [0, 1, 2]
    assert set(lane(ledger, batch).results) == {Result.SENT}
    assert lane(ledger, batch).state is LaneState.DONE


def test_the_ledger_knows_when_the_messages_were_taken(dispatch, active, ledger, clock):
    batch, begun = batch_of(ledger, active), epoch(clock.now())
    send(dispatch, batch)
    taken = lane(ledger, batch).taken
    assert begun <= taken.first <= taken.last <= epoch(clock.now())


def test_a_message_that_comes_twice_sends_nothing_twice(dispatch, active, ledger, lot):
    batch = batch_of(ledger, active)
    send(dispatch, batch)
    send(dispatch, batch)
    assert lot.sent == [0, 1, 2]


def test_a_receipt_finds_its_way_back_by_the_provider_id(dispatch, active, ledger, message_ids):
    batch = batch_of(ledger, active)
    send(dispatch, batch)
    ref = message_ids.get(["id-1"])["id-1"]
    assert (ref.key, ref.channel, ref.index) == (batch.key, Channel.SMS, 1)


def test_after_stop_nothing_more_is_sent_and_the_spared_are_counted(dispatch, active, ledger, lot, put, clock):
    batch = batch_of(ledger, active)
    put(active.stop(by="anna", at=clock.now()))
    send(dispatch, batch)
    assert lot.sent == []
    assert set(lane(ledger, batch).results) == {Result.STOPPED}
    assert lane(ledger, batch).state is LaneState.STOPPED


def test_nothing_is_sent_after_it_expired(dispatch, active, ledger, lot, clock):
    batch = batch_of(ledger, active)
    clock.at = active.expires
    send(dispatch, batch)
    assert lot.sent == []
    assert lane(ledger, batch).state is LaneState.EXPIRED


def test_a_call_is_not_sent_once_the_alert_is_closed_but_the_outcome_is(
    dispatch, active, ledger, lot, put, clock, close
):
    call = batch_of(ledger, active)
    outcome = batch_of(ledger, active, size=1, message=MessageKind.OUTCOME)
    put(close(active, clock.now()))
    send(dispatch, call)
    assert lot.sent == []
    send(dispatch, outcome)
    assert lot.sent == [0]


def test_an_outcome_goes_out_even_after_the_alert_would_have_expired(dispatch, active, ledger, lot, put, clock, close):
    outcome = batch_of(ledger, active, size=1, message=MessageKind.OUTCOME)
    clock.at = active.expires
    put(close(active, clock.now()))
    send(dispatch, outcome)
    assert lot.sent == [0]


@pytest.mark.parametrize("after", range(25))
def test_a_sender_killed_anywhere_loses_nobody_and_doubles_at_most_ten(
    dispatch, active, ledger, lot, queues, clock, after
):
    batch = batch_of(ledger, active, size=25)
    lot.kill_after = after
    with pytest.raises(Killed):
        send(dispatch, batch)
    send(dispatch, batch)  # the queue hands the message out again while the lease still runs
    ((queue, body, delay),) = queues.sent
    assert (queue, delay) == (QueueName.SMS, LEASE_S)  # the killed one's turn has passed meanwhile
    clock.advance(seconds=delay)
    dispatch.send(Record("m1", 2, None, SendMessage.model_validate(body, strict=False)))
    assert set(lot.sent) == set(range(25))
    assert len(lot.sent) - 25 <= 10
    assert set(lane(ledger, batch).results) == {Result.SENT}


def test_what_is_refused_for_now_is_tried_again_alone_and_later(dispatch, active, ledger, lot, queues):
    batch = batch_of(ledger, active)
    lot.answers[1] = Refused(Refusal.THROTTLED, "Throttling")
    send(dispatch, batch)
    assert lane(ledger, batch).results == (Result.SENT, Result.TEMPORARY, Result.SENT)
    ((queue, body, delay),) = queues.sent
    assert (queue, body["attempt"], delay) == (QueueName.SMS, 1, 1)
    lot.answers.clear()
    send(dispatch, batch, attempt=1)
    assert lot.sent == [0, 1, 2, 1]
    assert set(lane(ledger, batch).results) == {Result.SENT}


@pytest.mark.parametrize("reason", [Refusal.THROTTLED, Refusal.TEMPORARY])
def test_a_provider_that_wants_to_be_left_alone_for_a_while_is(dispatch, active, ledger, lot, queues, reason):
    batch = batch_of(ledger, active)
    lot.answers |= {0: Refused(reason, "503", 3), 1: Refused(reason, "429", 40)}
    send(dispatch, batch)
    ((queue, body, delay),) = queues.sent
    assert (queue, body["attempt"], delay) == (QueueName.SMS, 1, 40)


def test_who_comes_to_nobody_of_those_who_were_refused_before_does_not_wait_for_them(
    dispatch, active, ledger, lot, queues
):
    batch = batch_of(ledger, active)
    ledger.record(batch, lot.channel, {0: Result.TEMPORARY, 1: Result.UNSURE})
    lot.send = lambda *_: iter(())
    send(dispatch, batch, attempt=7)
    ((queue, body, delay),) = queues.sent
    assert (queue, body["attempt"], delay) == (QueueName.SMS, 7, 0)


def test_a_provider_that_asks_for_too_long_is_tried_as_late_as_a_queue_can_wait(dispatch, active, ledger, lot, queues):
    batch = batch_of(ledger, active)
    lot.answers[1] = Refused(Refusal.THROTTLED, "429", 999_999)
    send(dispatch, batch)
    assert [delay for _, _, delay in queues.sent] == [MAX_DELAY_S]


def test_waiting_for_a_provider_ends_when_the_alert_expires(dispatch, active, ledger, lot, queues, clock):
    batch = batch_of(ledger, active)
    lot.answers[1] = Refused(Refusal.TEMPORARY, "InternalError")
    send(dispatch, batch)
    clock.at = active.expires
    send(dispatch, batch, attempt=1)
    assert lot.sent == [0, 1, 2]
    assert lane(ledger, batch).state is LaneState.EXPIRED
    assert lane(ledger, batch).results[1] is Result.STOPPED


@pytest.mark.parametrize(
    ("reason", "result"),
    [
        (Refusal.PERMANENT, Result.REFUSED),
        (Refusal.OPTED_OUT, Result.OPTED_OUT),
    ],
)
def test_what_is_final_is_written_down_and_not_tried_again(dispatch, active, ledger, lot, queues, reason, result):
    batch = batch_of(ledger, active)
    lot.answers[0] = Refused(reason, "code")
    send(dispatch, batch)
    assert lane(ledger, batch).results[0] is result
    assert lane(ledger, batch).state is LaneState.DONE
    assert queues.take(QueueName.SMS) == []


def test_who_opted_out_is_passed_on_by_reference_before_it_is_written(dispatch, active, ledger, lot, queues):
    batch = batch_of(ledger, active)
    lot.answers[1] = Refused(Refusal.OPTED_OUT, "OptedOut")
    lot.answers[2] = Refused(Refusal.PERMANENT, "InvalidParameter")
    send(dispatch, batch)
    told = {"reference": batch.people[1].participant, "channel": "sms", "reason": "opted_out"}
    assert queues.take(QueueName.SUPPRESS) == [told]

    class Dead(MemoryLedger):
        def record(self, batch, channel, results, state=None, at_s=None):
            raise Killed

    again = batch_of(MemoryLedger(), active)
    with pytest.raises(Killed):
        send(on(Dead({again.key: again}), dispatch), again)
    assert queues.take(QueueName.SUPPRESS) == [told]


def test_what_may_have_been_taken_is_tried_once_more_and_then_no_more(dispatch, active, ledger, lot, queues):
    batch = batch_of(ledger, active)
    lot.answers[0] = Refused(Refusal.UNKNOWN, "ReadTimeoutError")
    send(dispatch, batch)
    assert lane(ledger, batch).results[0] is Result.UNSURE
    assert len(queues.sent) == 1
    send(dispatch, batch, attempt=1)
    assert lot.sent == [0, 1, 2, 0]
    assert (lane(ledger, batch).state, lane(ledger, batch).results[0]) == (LaneState.DONE, Result.UNKNOWN)
    assert len(queues.sent) == 1


def test_the_second_try_of_an_unknown_one_can_succeed(dispatch, active, ledger, lot):
    batch = batch_of(ledger, active)
    lot.answers[0] = Refused(Refusal.UNKNOWN, "ReadTimeoutError")
    send(dispatch, batch)
    lot.answers.clear()
    send(dispatch, batch, attempt=1)
    assert set(lane(ledger, batch).results) == {Result.SENT}


def test_whom_an_unknown_try_may_have_asked_hears_the_outcome_though_it_was_stopped(
    dispatch, active, ledger, lot, put, clock
):
    batch = batch_of(ledger, active)
    lot.answers[0] = Refused(Refusal.UNKNOWN, "ReadTimeoutError")
    lot.answers[1] = Refused(Refusal.TEMPORARY, "InternalError")
    send(dispatch, batch)
    put(active.stop(by="anna", at=clock.now()))
    send(dispatch, batch, attempt=1)
    assert lane(ledger, batch).results == (Result.UNKNOWN, Result.STOPPED, Result.SENT)
    assert [Family(ledger.get(batch.key)).known_on(n) for n in range(3)] == [{Channel.SMS}, set(), {Channel.SMS}]


def test_an_outcome_that_could_not_be_told_for_half_a_day_counts_as_refused(
    dispatch, active, ledger, lot, queues, put, clock, close
):
    batch = batch_of(ledger, active, message=MessageKind.OUTCOME)
    put(close(active, clock.now()))
    lot.answers[1] = Refused(Refusal.TEMPORARY, "InternalError")
    send(dispatch, batch, attempt=MAX_ATTEMPTS)
    assert lane(ledger, batch).results == (Result.SENT, Result.REFUSED, Result.SENT)
    assert (lane(ledger, batch).state, queues.sent) == (LaneState.DONE, [])


def test_a_provider_that_is_ill_for_hours_is_asked_until_the_alert_expires(
    dispatch, active, ledger, lot, queues, clock
):
    batch = batch_of(ledger, active)
    lot.answers = dict.fromkeys(range(3), Refused(Refusal.TEMPORARY, "InternalError"))
    send(dispatch, batch)
    recovers = active.expires - timedelta(minutes=10)
    tries = 0
    while queues.sent and clock.now() < recovers:
        ((_, body, delay),) = queues.sent
        queues.sent.clear()
        clock.advance(seconds=delay)
        dispatch.send(Record("m1", 1, None, SendMessage.model_validate(body, strict=False)))
        tries += 1
    assert set(lane(ledger, batch).results) == {Result.STALLED}
    assert ILL_AFTER < tries < 700
    lot.answers.clear()
    work_off(dispatch, queues, clock)
    assert set(lane(ledger, batch).results) == {Result.SENT}


def test_who_was_refused_for_half_an_hour_is_tried_on(dispatch, active, ledger, lot, queues, clock):
    batch = batch_of(ledger, active)
    lot.answers = dict.fromkeys(range(3), Refused(Refusal.TEMPORARY, "InternalError"))
    begun = clock.now()
    send(dispatch, batch)
    while Result.STALLED not in lane(ledger, batch).results:
        assert set(lane(ledger, batch).results) == {Result.TEMPORARY}
        ((_, body, delay),) = queues.sent
        queues.sent.clear()
        clock.advance(seconds=delay)
        dispatch.send(Record("m1", 1, None, SendMessage.model_validate(body, strict=False)))
    assert timedelta(minutes=25) < clock.now() - begun < timedelta(minutes=40)
    lot.answers = {0: Refused(Refusal.TEMPORARY, "InternalError")}
    ((_, body, _),) = queues.sent
    queues.sent.clear()
    dispatch.send(Record("m1", 1, None, SendMessage.model_validate(body, strict=False)))
    assert lane(ledger, batch).results == (Result.STALLED, Result.SENT, Result.SENT)


def test_who_was_refused_until_the_end_failed_and_was_not_spared(dispatch, active, ledger, lot, put, clock):
    batch = batch_of(ledger, active)
    lot.answers = dict.fromkeys(range(2), Refused(Refusal.TEMPORARY, "InternalError"))
    send(dispatch, batch, attempt=STALLED_AFTER)
    put(active.stop(by="anna", at=clock.now()))
    send(dispatch, batch, attempt=STALLED_AFTER + 1)
    assert lane(ledger, batch).results == (Result.REFUSED, Result.REFUSED, Result.SENT)


def test_the_wait_between_tries_grows_to_some_seconds_and_spreads_the_batches():
    waits = [{backoff_s(number, attempt) for number in range(100)} for attempt in (0, 1, 2, 3, 4, ILL_AFTER)]
    assert waits == [{1}, {1, 2}, {1, 2, 3, 4}, set(range(1, 9)), set(range(1, 9)), set(range(1, 61))]


def test_a_channel_that_nobody_in_the_batch_uses_is_nothing_to_do(dispatch, active, ledger, lot):
    people = (Person("p1", "BU90010101", "nl", {Channel.EMAIL: "een@burgernet.example"}),)
    send(dispatch, ledger.add(Batch.new(BatchKey(active.id, MessageKind.CALL, 0, 0), people)))
    assert lot.sent == []


def work_off(dispatch, queues, clock):
    """Hand out what is on the queue until nothing is; returns how often."""
    turns = 0
    while queues.sent:
        (_, body, delay) = queues.sent.pop(0)
        clock.advance(seconds=delay)
        dispatch.send(Record("m1", 1, None, SendMessage.model_validate(body, strict=False)))
        turns += 1
    return turns


def test_a_slow_provider_gets_the_batch_in_turns_and_nobody_twice(dispatch, active, ledger, lot, queues, clock):
    batch = batch_of(ledger, active, size=20)
    lot.clock, lot.takes, lot.lot_size = clock, 2.5, 1
    send(dispatch, batch)
    assert lot.sent == [0, 1, 2]
    assert lane(ledger, batch).state is LaneState.NEW
    assert work_off(dispatch, queues, clock) == 6
    assert lot.sent == list(range(20))
    assert lane(ledger, batch).state is LaneState.DONE


def test_where_the_provider_is_slow_results_are_written_sooner(dispatch, active, ledger, lot, clock):
    batch = batch_of(ledger, active, size=20)
    lot.clock, lot.takes, lot.lot_size = clock, 1.0, 1
    written = []
    keep = ledger.record

    class Watched(MemoryLedger):
        def record(self, batch, channel, results, state=None, at_s=None):
            written.append(sorted(results))
            return keep(batch, channel, results, state)

    send(on(Watched(ledger.rows), dispatch), batch)
    assert written[:3] == [[0, 1], [2, 3], [4, 5]]


def test_a_channel_says_how_many_results_are_written_together(dispatch, active, ledger, lot):
    batch = batch_of(ledger, active, size=60)
    lot.checkpoint, lot.lot_size = 25, 7
    written = []

    class Watched(MemoryLedger):
        def record(self, batch, channel, results, state=None, at_s=None):
            written.append(len(results))
            return super().record(batch, channel, results, state, at_s)

    send(on(Watched(ledger.rows), dispatch), batch)
    assert written[:3] == [28, 28, 4]


def test_a_batch_under_way_when_the_alert_expires_goes_no_further(dispatch, active, ledger, lot, queues, clock):
    batch = batch_of(ledger, active, size=5)
    clock.at = active.expires - timedelta(seconds=2)
    lot.clock, lot.takes, lot.lot_size = clock, 1.0, 1
    send(dispatch, batch)
    assert lot.sent == [0, 1]
    assert lane(ledger, batch).state is LaneState.EXPIRED
    assert lane(ledger, batch).results == (*[Result.SENT] * 2, *[Result.STOPPED] * 3)
    assert queues.sent == []


def test_a_fault_in_the_middle_of_a_lot_does_not_forget_who_was_sent_to(dispatch, active, ledger, lot):
    batch = batch_of(ledger, active, size=8)
    lot.lot_size, lot.kill_after = 1, 5
    with pytest.raises(Killed):
        send(dispatch, batch)
    assert lane(ledger, batch).results == (*[Result.SENT] * 5, *[Result.QUEUED] * 3)


@dataclass
class FailsOnce(MemoryLedger):
    """``fail``: the number of the record that is not taken the first time."""

    fail: int = 0
    records: int = 0

    def record(self, batch, channel, results, state=None, at_s=None):
        self.records += 1
        if self.records == self.fail:
            raise ConnectionError
        return super().record(batch, channel, results, state, at_s)


@pytest.mark.parametrize("fail", [1, 2, 3])
def test_a_write_that_fails_once_doubles_nobody(dispatch, active, lot, fail):
    ledger = FailsOnce(fail=fail)
    batch = batch_of(ledger, active, size=25)
    send(on(ledger, dispatch), batch)
    assert lot.sent == list(range(25))
    assert lane(ledger, batch).state is LaneState.DONE


def test_results_are_written_even_where_message_ids_cannot_be(dispatch, active, ledger, lot):
    class Broken(MemoryMessageIds):
        def put(self, refs, ttl):
            raise ConnectionError

    batch = batch_of(ledger, active)
    send(replace(dispatch, message_ids=Broken()), batch)
    assert set(lane(ledger, batch).results) == {Result.SENT}
    assert lane(ledger, batch).state is LaneState.DONE


def test_whom_a_killed_sender_may_have_asked_counts_as_asked_when_the_alert_is_closed_meanwhile(
    dispatch, active, ledger, lot, put, clock, close
):
    batch = batch_of(ledger, active, size=25)
    lot.kill_after = 17
    with pytest.raises(Killed):
        send(dispatch, batch)
    put(close(active, clock.now()))
    clock.advance(seconds=LEASE_S + 1)
    send(dispatch, batch)
    assert lot.sent == list(range(17))
    results = lane(ledger, batch).results
    assert set(results[:10]) == {Result.SENT}
    assert set(results[10:20]) == {Result.UNKNOWN}
    assert set(results[20:]) == {Result.STOPPED}


def test_a_lane_that_was_given_back_at_that_very_moment_is_tried_again_at_once(dispatch, active, ledger, queues):
    class JustGivenBack(MemoryLedger):
        def claim(self, key, channel, now_ms, lease_ms, who):
            raise Busy(0)

    send(on(JustGivenBack(), dispatch), batch_of(ledger, active))
    assert [delay for _, _, delay in queues.sent] == [1]


@pytest.mark.parametrize("how", ["throttled", "no turn"])
def test_whom_a_killed_sender_may_have_asked_counts_as_asked_though_the_next_one_came_to_nobody(
    dispatch, active, ledger, lot, put, clock, close, how
):
    batch = batch_of(ledger, active, size=25)
    lot.kill_after = 17
    with pytest.raises(Killed):
        send(dispatch, batch)
    clock.advance(seconds=LEASE_S + 1)
    if how == "throttled":
        lot.answers = dict.fromkeys(range(10, 25), Refused(Refusal.THROTTLED, "Throttled"))
    else:
        lot.kill_after = None
        vars(lot)["send"] = lambda *_: iter(())
    before = list(lot.sent)
    send(dispatch, batch)
    del lot.sent[len(before) :]
    put(close(active, clock.now()))
    clock.advance(seconds=LEASE_S + 1)
    send(dispatch, batch)
    results = lane(ledger, batch).results
    assert set(results[10:20]) == {Result.UNKNOWN}
    assert set(results[20:]) == {Result.STOPPED}
