from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from chalicelib.alerts.content import Category
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.states import State
from chalicelib.areas.model import Point
from chalicelib.channels.model import Channel
from chalicelib.delivery.match import AGAIN_S, LOOK_AHEAD, THREADS, WORK, Matcher
from chalicelib.delivery.messages import MatchMessage
from chalicelib.delivery.model import BATCH_SIZE, SETTLED_MS, Batch, LaneState, Person, Reason, Result
from chalicelib.delivery.plan import units
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.wishes import Day, Hours, Topic, Wishes
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import epoch_ms
from chalicelib.platform.queues import QueueName
from infra.template import timeout_s

WEST, EAST, LAT = 5.2001, 5.2201, 52.5001  # inside and outside the area of the alert


@pytest.fixture(params=[0, THREADS], ids=["one by one", "in threads"])
def matcher(request, alerts, places, participants, ledger, queues, clock):
    return Matcher(alerts, places, participants, ledger, queues, clock, request.param)


def record(body):
    return Record("m1", 1, None, body)


def match(matcher, alert):
    for unit, ranges in enumerate(units(alert)):
        matcher.match(record(MatchMessage(alert=alert.id, message=MessageKind.CALL, unit=unit, ranges=ranges)))


def people(ledger):
    return sorted(person.participant for batch in ledger.rows.values() for person in batch.people)


def test_who_lives_inside_is_asked_and_who_lives_outside_is_not(matcher, active, places, ledger, place):
    places.load([place("inside"), place("outside", lon=EAST)])
    match(matcher, active)
    assert people(ledger) == ["inside"]


def test_home_and_work_both_inside_ask_once(matcher, active, places, ledger, place):
    home = Point(WEST, LAT)
    places.load([place("p1"), place("p1", 1, lon=5.2051, earlier=[home])])
    match(matcher, active)
    assert people(ledger) == ["p1"]


def test_only_work_inside_asks_too(matcher, active, places, ledger, place):
    places.load([place("p1", lon=EAST), place("p1", 1, earlier=[Point(EAST, LAT)])])
    match(matcher, active)
    assert people(ledger) == ["p1"]


def test_who_moves_while_the_alert_runs_is_asked_once_at_the_place_of_the_approval(
    matcher, active, places, ledger, place
):
    moved = epoch_ms(active.approved_at) + 5
    places.load([place("p1", valid_until_ms=moved), place("p1", lon=5.2051, valid_from_ms=moved, version=2)])
    places.load([place("p2", lon=EAST, valid_until_ms=moved), place("p2", valid_from_ms=moved, version=2)])
    match(matcher, active)
    assert people(ledger) == ["p1"]


def test_who_moved_out_before_the_approval_is_not_asked(matcher, active, places, ledger, place):
    moved = epoch_ms(active.approved_at)
    places.load([place("p1", valid_until_ms=moved), place("p1", lon=EAST, valid_from_ms=moved, version=2)])
    match(matcher, active)
    assert people(ledger) == []


def test_who_has_no_channel_of_the_alert_is_left_out(matcher, active, places, ledger, place):
    places.load([place("p1", phone=None, email=None)])
    match(matcher, active)
    assert people(ledger) == []


CLOSED = Wishes(hours=((Hours(frozenset({Day.SUN}), 0, 0),),)).packed  # but on Sundays


def test_who_is_not_disturbed_is_in_no_batch_and_counted_once_however_often_the_unit_is_matched(
    matcher, scheduled, put, clock, places, ledger, place
):
    clock.advance(seconds=10)
    content = replace(scheduled.content, category=Category.ROBBERY)
    robbery = put(replace(scheduled, state=State.ACTIVE, content=content, version=scheduled.version + 1))
    declined = Wishes(declined=frozenset({Topic.ROBBERY})).packed
    places.load([place("asked"), place("closed", wishes=CLOSED), place("no", wishes=declined)])
    for _ in range(3):
        match(matcher, robbery)
    assert people(ledger) == ["asked"]
    assert ledger.suppressed(robbery.id, MessageKind.CALL, 0) == {Reason.HOURS: 1, Reason.CATEGORY: 1}


def test_who_is_not_disturbed_is_counted_only_by_whoever_comes_to_the_end_of_the_unit(
    alerts, active, places, participants, queues, clock, place
):
    ledger = SlowLedger(clock)
    matcher = Matcher(alerts, places, participants, ledger, queues, clock)
    places.load(place(f"p{n:04d}", lat=LAT + n * 1e-7) for n in range(25 * BATCH_SIZE))
    places.load([place("closed", lat=LAT - 1e-7, wishes=CLOSED)])  # met first
    match(matcher, active)
    assert ledger.suppressed(active.id, MessageKind.CALL, 0) == {}
    for body in queues.take(QueueName.MATCH):
        matcher.match(record(MatchMessage.model_validate(body, strict=False)))
    assert ledger.suppressed(active.id, MessageKind.CALL, 0) == {Reason.HOURS: 1}


def test_a_repeat_at_another_hour_says_the_same(matcher, active, places, ledger, clock, place):
    evening = Wishes(hours=((Hours(frozenset({Day.MON}), 21 * 60, 21 * 60 + 30),),)).packed
    places.load([place("asked", wishes=evening)])
    clock.advance(hours=2)
    match(matcher, active)
    assert people(ledger) == ["asked"]


def test_a_unit_matched_twice_gives_the_same_batches_and_tells_the_senders_again(
    matcher, active, places, ledger, queues, place
):
    places.load(place(f"p{n:03d}", lat=LAT + n * 1e-6) for n in range(120))
    match(matcher, active)
    once = dict(ledger.rows)
    first = queues.take(QueueName.SMS)
    match(matcher, active)
    assert ledger.rows == once
    assert queues.take(QueueName.SMS) == first
    assert len(people(ledger)) == 120


def test_somebody_leaving_between_two_tries_loses_and_doubles_nobody(matcher, active, places, ledger, place):
    rows = [place(f"p{n:03d}", lat=LAT + n * 1e-6) for n in range(120)]
    places.load(rows)
    match(matcher, active)
    for key in [key for key in ledger.rows if key.number]:  # the first try was killed after its first batch
        del ledger.rows[key]
    gone = min(ledger.rows.values(), key=lambda batch: batch.key).people[0].participant
    places.rows = {key: row for key, row in places.rows.items() if row.participant != gone}
    places.keys = {cell: [k for k in keys if (cell, k) in places.rows] for cell, keys in places.keys.items()}
    match(matcher, active)
    assert people(ledger) == [f"p{n:03d}" for n in range(120)]


def test_nothing_is_matched_once_the_alert_is_stopped(matcher, active, places, ledger, put, clock, place):
    places.load([place("p1")])
    put(active.stop(by="anna", at=clock.now()))
    match(matcher, active)
    assert people(ledger) == []


def test_a_stop_after_a_matcher_was_killed_still_ends_what_it_wrote_and_told_nobody(
    matcher, active, places, ledger, queues, put, clock, place
):
    places.load([place("p1", email="p1@burgernet.example")])
    match(matcher, active)
    queues.sent.clear()  # killed before the senders heard of it
    [batch] = ledger.rows.values()
    ledger.record(batch, Channel.EMAIL, {0: Result.SENT}, LaneState.DONE)
    put(active.stop(by="anna", at=clock.now()))
    places.load([place("p2", lat=LAT + 1e-4)])
    match(matcher, active)
    assert people(ledger) == ["p1"]
    assert [(queue, body["batch"]) for queue, body, _ in queues.sent] == [(QueueName.SMS, batch.key.batch)]


def test_nothing_is_matched_after_the_alert_expired(matcher, active, places, ledger, clock, place):
    places.load([place("p1")])
    clock.at = active.expires
    match(matcher, active)
    assert people(ledger) == []


def test_the_outcome_goes_to_those_who_were_asked_on_the_channels_they_were_asked_on(
    matcher, active, places, participants, ledger, queues, put, clock, close, place, somebody
):
    people = {name: somebody(name) for name in ("both", "refused", "spared", "gone")}
    participants.rows = {person.id: person for name, person in people.items() if name != "gone"}
    places.load(
        place(person.reference, lat=LAT + n * 1e-6, email=f"{name}@burgernet.example" if name == "both" else None)
        for n, (name, person) in enumerate(people.items())
    )
    match(matcher, active)
    (batch,) = ledger.rows.values()
    index = {name: [p.participant for p in batch.people].index(people[name].reference) for name in people}
    results = {index["both"]: Result.DELIVERED, index["refused"]: Result.REFUSED, index["spared"]: Result.STOPPED}
    results[index["gone"]] = Result.DELIVERED
    batch = ledger.record(batch, Channel.SMS, results, LaneState.DONE)
    ledger.record(batch, Channel.EMAIL, {index["both"]: Result.FAILED}, LaneState.DONE)
    put(close(active, clock.now()))
    queues.sent.clear()

    matcher.match(record(MatchMessage(alert=active.id, message=MessageKind.OUTCOME, unit=0)))

    (outcome,) = ledger.batches(active.id, MessageKind.OUTCOME, 0)
    assert list(outcome.lanes) == [Channel.SMS]
    assert outcome.people[index["both"]].contacts == {Channel.SMS: "+31612345678"}
    for name in ("refused", "spared", "gone"):
        assert outcome.lanes[Channel.SMS].results[index[name]] is Result.NONE
        assert outcome.people[index[name]].contacts == {}
    assert [name for name, _, _ in queues.sent] == [QueueName.SMS_FOLLOWUP]


def test_the_outcome_goes_to_the_number_of_today(
    matcher, active, places, participants, ledger, put, clock, close, place, somebody
):
    person = somebody("moved", phone="+31687654321")
    participants.rows = {person.id: person}
    places.load([place(person.reference)])
    match(matcher, active)
    (batch,) = ledger.rows.values()
    ledger.record(batch, Channel.SMS, {0: Result.DELIVERED}, LaneState.DONE)
    put(close(active, clock.now()))
    matcher.match(record(MatchMessage(alert=active.id, message=MessageKind.OUTCOME, unit=0)))
    (outcome,) = ledger.batches(active.id, MessageKind.OUTCOME, 0)
    assert outcome.people[0].contacts == {Channel.SMS: "+31687654321"}


def test_the_outcome_waits_for_a_sender_that_is_still_at_it(
    matcher, active, places, ledger, queues, put, clock, close, place
):
    places.load([place("p1")])
    match(matcher, active)
    (key,) = ledger.rows
    ledger.claim(key, Channel.SMS, epoch_ms(clock.now()), 60_000)
    put(close(active, clock.now()))
    queues.sent.clear()

    body = MatchMessage(alert=active.id, message=MessageKind.OUTCOME, unit=0)
    matcher.match(record(body))

    assert list(ledger.batches(active.id, MessageKind.OUTCOME, 0)) == []
    assert queues.sent == [(QueueName.MATCH_FOLLOWUP, body.body() | {"only": [0]}, AGAIN_S)]


def test_the_outcome_waits_until_the_next_sender_has_settled_what_a_killed_one_left_but_not_for_ever(
    matcher, active, places, ledger, queues, put, clock, close, place
):
    places.load([place("p1")])
    match(matcher, active)
    (key,) = ledger.rows
    ledger.claim(key, Channel.SMS, epoch_ms(clock.now()), 60_000)
    put(close(active, clock.now()))
    queues.sent.clear()
    body = MatchMessage(alert=active.id, message=MessageKind.OUTCOME, unit=0)

    clock.advance(seconds=61)
    matcher.match(record(body))
    assert queues.take(QueueName.MATCH_FOLLOWUP) == [body.body() | {"only": [0]}]

    clock.advance(milliseconds=SETTLED_MS)
    matcher.match(record(body))
    assert queues.take(QueueName.MATCH_FOLLOWUP) == []


@pytest.mark.parametrize(
    ("asked", "sizes"),
    [
        (80, [80]),
        (120, [100, 20]),
        (299, [100, 67, 67, 65]),
        (300, [100, 67, 67, 66]),
        (420, [100, 100, 67, 67, 67, 19]),
    ],
)
def test_the_last_batches_of_a_unit_are_smaller(matcher, active, places, ledger, place, asked, sizes):
    places.load(place(f"p{n:03d}", lat=LAT + n * 1e-6) for n in range(asked))
    match(matcher, active)
    assert [len(batch.people) for batch in ledger.rows.values()] == sizes


def test_senders_are_told_of_the_first_three_batches_and_then_of_ten_together(matcher, active, places, queues, place):
    told = []

    class Watched(MemoryLedger):
        def add(self, batch, keys=None):
            told.append(len(queues.take(QueueName.SMS)))
            return super().add(batch, keys)

    places.load(place(f"p{n:04d}", lat=LAT + n * 1e-7) for n in range(20 * BATCH_SIZE))
    match(replace(matcher, ledger=Watched()), active)
    assert told == [0, 0, 0, 3, *[0] * 9, 10, *[0] * 7]
    assert len(queues.take(QueueName.SMS)) == 8


def test_while_a_batch_is_written_the_next_is_prepared_and_more_people_are_read(
    alerts, participants, queues, clock, active, places, place
):
    last, read_on, prepared = 5, Event(), [Event() for _ in range(6)]

    class Watched(MemoryPlaceStore):
        def within(self, key_range, limit=None):
            for number, row in enumerate(places.within(key_range, limit)):
                if number >= LOOK_AHEAD:
                    read_on.set()
                yield row

    class Waiting(MemoryLedger):
        """A batch stands once the other two are done, and never where they come after it."""

        def prepare(self, batch):
            prepared[batch.key.number].set()
            return super().prepare(batch)

        def add(self, batch, keys=None):
            assert prepared[min(batch.key.number + 1, last)].wait(10)
            assert read_on.wait(10)
            return super().add(batch, keys)

    places.load(place(f"p{n:04d}", lat=LAT + n * 1e-7) for n in range(LOOK_AHEAD + 2 * BATCH_SIZE))
    ledger = Waiting()
    match(Matcher(alerts, Watched(), participants, ledger, queues, clock, THREADS), active)
    assert len(people(ledger)) == LOOK_AHEAD + 2 * BATCH_SIZE
    assert [key.number for key in ledger.rows] == list(range(last + 1))


def test_what_cannot_be_read_is_an_error_and_the_batch_before_it_has_been_handed_out_when_the_unit_comes_again(
    matcher, active, places, queues, ledger, place
):
    class Broken(MemoryPlaceStore):
        def within(self, key_range, limit=None):
            for number, row in enumerate(places.within(key_range, limit)):
                if number == LOOK_AHEAD:
                    raise ConnectionError
                yield row

    places.load(place(f"p{n:04d}", lat=LAT + n * 1e-7) for n in range(2 * LOOK_AHEAD))
    with pytest.raises(ConnectionError):
        match(replace(matcher, places=Broken()), active)
    assert len(ledger.rows) == 1
    match(matcher, active)
    assert len(people(ledger)) == 2 * LOOK_AHEAD
    assert len(queues.take(QueueName.SMS)) == len(ledger.rows)


class SlowLedger(MemoryLedger):
    """Every batch takes a second to write."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def add(self, batch, keys=None):
        self.clock.advance(seconds=1)
        return super().add(batch, keys)


def test_a_unit_that_takes_too_long_is_handed_on_and_every_batch_handed_out_once(
    alerts, active, places, participants, queues, clock, place
):
    ledger = SlowLedger(clock)
    matcher = Matcher(alerts, places, participants, ledger, queues, clock)
    everybody = [f"p{n:04d}" for n in range(47 * BATCH_SIZE + 3)]
    places.load(place(who, lat=LAT + n * 1e-7) for n, who in enumerate(everybody))
    begun, told, rounds = clock.now(), [], 0
    (ranges,) = units(active)
    waiting = [MatchMessage(alert=active.id, message=MessageKind.CALL, unit=0, ranges=ranges)]
    while waiting:
        rounds += 1
        begun = clock.now()
        matcher.match(record(waiting.pop()))
        assert clock.now() - begun < timedelta(seconds=timeout_s("match"))
        told += [body["batch"] for body in queues.take(QueueName.SMS)]
        waiting = [MatchMessage.model_validate(body, strict=False) for body in queues.take(QueueName.MATCH)]
    assert rounds == 3
    assert told == [f"00000-{number:05d}" for number in range(49)]
    assert people(ledger) == everybody


def test_an_outcome_that_takes_too_long_is_handed_on(
    alerts, active, places, participants, queues, put, clock, close, place, somebody
):
    ledger = SlowLedger(clock)
    matcher = Matcher(alerts, places, participants, ledger, queues, clock)
    asked = [somebody(f"p{n:04d}") for n in range(25 * BATCH_SIZE)]
    participants.rows = {person.id: person for person in asked}
    places.load(place(person.reference, lat=LAT + n * 1e-7) for n, person in enumerate(asked))
    match(matcher, active)
    for body in queues.take(QueueName.MATCH):
        matcher.match(record(MatchMessage.model_validate(body, strict=False)))
    for batch in list(ledger.rows.values()):
        results = dict.fromkeys(range(BATCH_SIZE), Result.DELIVERED)
        ledger.record(batch, Channel.SMS, results, LaneState.DONE)
    put(close(active, clock.now()))
    matcher.match(record(MatchMessage(alert=active.id, message=MessageKind.OUTCOME, unit=0)))
    (rest,) = queues.take(QueueName.MATCH_FOLLOWUP)
    assert rest["only"] == [23, 24, 25]
    matcher.match(record(MatchMessage.model_validate(rest, strict=False)))
    assert queues.take(QueueName.MATCH_FOLLOWUP) == []
    told = [body["batch"] for body in queues.take(QueueName.SMS_FOLLOWUP)]
    assert told == [f"00000-{number:05d}" for number in range(26)]


def test_a_matcher_whose_batch_another_wrote_first_hands_out_that_one_and_forgets_nobody(
    matcher, active, places, ledger, place
):
    rows = [place(f"p{n:03d}", lat=LAT + n * 1e-6) for n in range(120)]
    places.load(rows)

    class Overtaken(MemoryLedger):
        """Another matcher, which saw the first person leave, is always a batch ahead."""

        def add(self, batch, keys=None):
            key = batch.key
            theirs = [Person(f"p{n:03d}", "BU90010101", "nl", {Channel.SMS: "+31612345678"}) for n in range(1, 120)]
            lot = theirs[key.number * BATCH_SIZE : (key.number + 1) * BATCH_SIZE]
            return super().add(Batch.new(key, tuple(lot)) if lot else batch, keys)

    overtaken = Overtaken()
    match(replace(matcher, ledger=overtaken), active)
    assert people(overtaken) == [f"p{n:03d}" for n in range(120)]


def test_the_time_to_work_leaves_room_for_the_last_lot():
    assert WORK + timedelta(seconds=10) <= timedelta(seconds=timeout_s("match"))
