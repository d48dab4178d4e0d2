"""What every ledger promises, whichever database lies under it."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.store import DynamoAlertStore
from chalicelib.channels.model import Channel
from chalicelib.delivery.changes import Busy
from chalicelib.delivery.claims import DynamoClaims, MemoryClaims
from chalicelib.delivery.family import Family, tally_of
from chalicelib.delivery.message_ids import DynamoMessageIds, MemoryMessageIds, MessageRef
from chalicelib.delivery.model import (
    AreaTally,
    Batch,
    BatchKey,
    Cap,
    Cost,
    LaneState,
    Messages,
    Person,
    Plan,
    Reason,
    Result,
    Span,
    Tally,
)
from chalicelib.delivery.rows import read_batch
from chalicelib.delivery.store import DynamoLedger
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.platform import aws
from chalicelib.platform.clock import ManualClock, epoch
from chalicelib.platform.flat_dynamo import FlatDynamo

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
KEY = BatchKey("0000000abc", MessageKind.CALL, 3, 12)
PEOPLE = (
    Person("p1", "BU90010101", "nl", {Channel.SMS: "+31611111111", Channel.EMAIL: "een@burgernet.example"}),
    Person("p2", "BU90010102", "en", {Channel.EMAIL: "twee@burgernet.example"}),
    Person("p3", "BU90010102", "nl", {Channel.SMS: "+31633333333"}),
)
SENT, DELIVERED, FAILED, NONE, QUEUED = Result.SENT, Result.DELIVERED, Result.FAILED, Result.NONE, Result.QUEUED


@pytest.fixture
def ledger(backend):
    if backend.name == "memory":
        return MemoryLedger()
    table = backend.table("deliveries")
    return DynamoLedger(table, ManualClock(NOW))


class OfAnyAlert:
    """Claims of batches, whether there is an alert or not."""

    def __init__(self, backend, ledger):
        if backend.name == "memory":
            self.claims = MemoryClaims(ledger, self)
        else:
            self.claims = DynamoClaims(ledger, Unread(backend.table("alerts")))

    def get(self, alert_id):
        return None

    def take(self, *asked):
        claim = self.claims.take(*asked)
        return claim and claim.batch


class Unread(DynamoAlertStore):
    @staticmethod
    def read(row):
        return None


@pytest.fixture
def claims(backend, ledger):
    return OfAnyAlert(backend, ledger)


@pytest.fixture
def message_ids(backend):
    if backend.name == "memory":
        return MemoryMessageIds()
    table = backend.table("message_ids")
    return DynamoMessageIds(table)


@pytest.fixture
def batch(ledger):
    return ledger.add(Batch.new(KEY, PEOPLE))


def results(ledger, channel):
    return ledger.get(KEY).lanes[channel].results


def test_a_batch_is_read_back_whole(ledger, batch):
    standing = ledger.get(KEY)
    assert standing == batch
    assert standing.people == PEOPLE
    assert standing.lanes[Channel.SMS].results == (QUEUED, NONE, QUEUED)


def test_a_row_with_people_in_it_ends_after_thirty_days(backend, ledger, batch):
    if backend.name == "memory":
        assert ledger.rows[KEY] == batch  # the twin lives no thirty days
        return
    rows = aws.client("dynamodb").scan(TableName=ledger.table)["Items"]
    assert [int(row["ttl"]["N"]) for row in rows] == [epoch(NOW) + 30 * 24 * 3600] * 2


@pytest.mark.parametrize("ahead", [PEOPLE, PEOPLE[1:2], PEOPLE[2:]], ids=["everybody", "only mail", "only SMS"])
def test_a_batch_that_was_prepared_is_read_back_whole_also_where_others_came_into_it(ledger, ahead):
    keys = ledger.prepare(Batch.new(KEY, ahead))
    assert ledger.get(KEY) is None
    assert list(ledger.batches(KEY.alert, KEY.message, KEY.unit)) == []
    batch = ledger.add(Batch.new(KEY, PEOPLE), keys)
    assert ledger.get(KEY) == batch
    assert batch.people == PEOPLE


def test_a_batch_has_no_lane_that_was_prepared_for_nobody(ledger, claims):
    keys = ledger.prepare(Batch.new(KEY, PEOPLE))
    batch = ledger.add(Batch.new(KEY, PEOPLE[2:]), keys)
    assert ledger.get(KEY) == batch
    assert batch.lanes.keys() == {Channel.SMS}
    assert claims.take(KEY, Channel.EMAIL, 1_000, 60_000) is None


def test_who_prepared_a_batch_that_another_has_finished_since_gets_that_one(ledger, claims):
    keys = ledger.prepare(Batch.new(KEY, PEOPLE[2:]))
    ledger.add(Batch.new(KEY, PEOPLE[2:]), ledger.prepare(Batch.new(KEY, PEOPLE[2:])))
    taken = claims.take(KEY, Channel.SMS, 1_000, 60_000)
    ledger.record(taken, Channel.SMS, {0: SENT}, LaneState.DONE)
    for known in (keys, None):
        assert ledger.add(Batch.new(KEY, PEOPLE[:1]), known).people == ledger.get(KEY).people
    assert [person.participant for person in ledger.get(KEY).people] == ["p3"]


def test_a_batch_that_stands_is_not_replaced(ledger, batch):
    assert ledger.add(Batch.new(KEY, PEOPLE[:1])) == batch
    assert ledger.get(KEY).people == PEOPLE


def test_a_batch_that_is_not_there_is_none(ledger, claims):
    assert ledger.get(KEY) is None
    assert claims.take(KEY, Channel.SMS, 0, 10) is None


def test_a_lane_is_claimed_once(ledger, batch, claims):
    claimed = claims.take(KEY, Channel.SMS, 1_000, 500)
    assert claimed.lanes[Channel.SMS].state is LaneState.CLAIMED
    with pytest.raises(Busy) as busy:
        claims.take(KEY, Channel.SMS, 1_400, 500)
    assert busy.value.free_at_ms == 1_500


def test_whoever_claims_a_lane_gets_the_contacts_of_its_channel_and_no_others(ledger, batch, claims):
    claimed = claims.take(KEY, Channel.SMS, 1_000, 500)
    assert [person.contacts for person in claimed.people] == [
        {Channel.SMS: "+31611111111"},
        {},
        {Channel.SMS: "+31633333333"},
    ]
    assert [replace(claimed, people=PEOPLE)] == list(ledger.batches(KEY.alert, KEY.message, KEY.unit))


def test_lanes_are_claimed_apart(ledger, batch, claims):
    claims.take(KEY, Channel.SMS, 1_000, 500)
    assert claims.take(KEY, Channel.EMAIL, 1_000, 500) is not None


def test_a_claim_writes_nothing_over_what_is_known_of_the_lane(ledger, batch, claims):
    ledger.fold(KEY, {Channel.SMS: {0: SENT}})
    claimed = claims.take(KEY, Channel.SMS, 1_000, 500)
    assert claimed.lanes[Channel.SMS].results == (SENT, NONE, QUEUED)
    ledger.fold(KEY, {Channel.SMS: {0: DELIVERED}})
    recorded = ledger.record(claimed, Channel.SMS, {2: SENT})
    assert recorded.lanes[Channel.SMS].results == (DELIVERED, NONE, SENT)
    assert recorded.version == ledger.get(KEY).version == batch.version + 4


def test_a_receipt_may_come_before_anything_is_written_of_a_claimed_lane(ledger, batch, claims):
    claims.take(KEY, Channel.SMS, 1_000, 500)
    ledger.fold(KEY, {Channel.SMS: {0: DELIVERED}})
    assert ledger.get(KEY).lanes[Channel.SMS].results == (DELIVERED, NONE, QUEUED)
    with pytest.raises(Busy):
        claims.take(KEY, Channel.SMS, 1_400, 500)


def test_what_has_ended_is_not_claimed(backend, ledger, batch, claims):
    if backend.name == "memory":
        assert claims.take(KEY, Channel.SMS, 1_000, 500)  # the twin lives no thirty days
        return
    ledger.clock.at = NOW + timedelta(days=31)
    assert claims.take(KEY, Channel.SMS, 1_000, 500) is None
    ledger.clock.at = NOW
    assert ledger.get(KEY) == batch


def test_a_lane_whose_lease_ended_can_be_claimed_again(ledger, batch, claims):
    claims.take(KEY, Channel.SMS, 1_000, 500)
    taken = claims.take(KEY, Channel.SMS, 1_501, 500)
    assert taken.lanes[Channel.SMS].taken_over
    assert taken.lanes == ledger.get(KEY).lanes


@pytest.mark.parametrize("state", [LaneState.DONE, LaneState.STOPPED, LaneState.EXPIRED])
def test_a_finished_lane_is_not_claimed_and_keeps_its_state(ledger, batch, state, claims):
    claimed = claims.take(KEY, Channel.SMS, 1_000, 500)
    ended = ledger.record(claimed, Channel.SMS, {}, state)
    assert claims.take(KEY, Channel.SMS, 9_000, 500) is None
    assert ledger.record(ended, Channel.SMS, {0: SENT}, LaneState.NEW).lanes[Channel.SMS].state is state


def test_contacts_leave_the_ledger_when_their_channel_is_finished(ledger, batch):
    done = ledger.record(batch, Channel.SMS, {0: SENT, 2: SENT}, LaneState.DONE)
    assert ledger.get(KEY) == done
    assert [person.contacts for person in done.people] == [
        {Channel.EMAIL: "een@burgernet.example"},
        {Channel.EMAIL: "twee@burgernet.example"},
        {},
    ]
    ended = ledger.record(done, Channel.EMAIL, {}, LaneState.STOPPED)
    assert not any(person.contacts for person in ledger.get(KEY).people)
    assert [person.participant for person in ended.people] == ["p1", "p2", "p3"]


def test_what_is_left_of_a_finished_channel_cannot_be_read(backend, ledger, batch):
    for channel in batch.lanes:
        batch = ledger.record(batch, channel, {}, LaneState.STOPPED)
    if backend.name == "memory":
        assert "+316" not in repr([person.contacts for person in ledger.rows[KEY].people])
        return
    lanes, people = FlatDynamo().ask(
        "Query",
        {
            "TableName": ledger.table,
            "KeyConditionExpression": "m = :m",
            "ExpressionAttributeValues": {":m": {"S": "0000000abc#call"}},
        },
    )["Items"]
    kept = {channel: lanes.pop(channel.value)["M"] for channel in batch.lanes}
    assert [sorted(lane) for lane in kept.values()] == [["l", "r", "st"]] * 2
    another = {
        channel.value: {"M": {**lane, "k": {"B": base64.b64encode(bytes(16)).decode()}}}
        for channel, lane in kept.items()
    }
    with pytest.raises(InvalidTag):
        read_batch(people, {**lanes, **another})


def test_a_matcher_killed_between_the_two_rows_leaves_no_batch_and_the_next_one_writes_its_own(backend, ledger):
    if backend.name == "memory":
        assert ledger.get(KEY) is None  # the twin has one row
        return

    class KilledAtTheSecond(FlatDynamo):
        def ask(self, action, request):
            if action == "PutItem":
                raise OSError("killed")
            return super().ask(action, request)

    with pytest.raises(OSError, match="killed"):
        replace(ledger, dynamo=KilledAtTheSecond()).add(Batch.new(KEY, PEOPLE))
    assert (ledger.get(KEY), list(ledger.batches(KEY.alert, KEY.message, KEY.unit))) == (None, [])
    others = ledger.add(Batch.new(KEY, PEOPLE[2:]))
    assert others.people == PEOPLE[2:]
    assert ledger.get(KEY) == others


def test_of_matchers_at_the_same_time_one_batch_stands(ledger):
    crowds = [Batch.new(KEY, PEOPLE[first:]) for first in (0, 1, 2) * 5]
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(ledger.add, crowds))
    assert all(batch == ledger.get(KEY) for batch in written)


def test_results_are_merged_with_what_stands_there(ledger, batch):
    stale = batch
    ledger.record(batch, Channel.SMS, {0: DELIVERED})
    ledger.record(stale, Channel.SMS, {0: SENT, 2: SENT})
    assert results(ledger, Channel.SMS) == (DELIVERED, NONE, SENT)


def test_a_result_for_somebody_who_is_not_on_the_channel_changes_nothing(ledger, batch):
    ledger.record(batch, Channel.SMS, {1: DELIVERED})
    assert ledger.get(KEY) == batch


def test_receipts_for_both_channels_are_one_change(ledger, batch):
    ledger.fold(KEY, {Channel.SMS: {0: DELIVERED, 1: DELIVERED}, Channel.EMAIL: {1: FAILED}})
    standing = ledger.get(KEY)
    assert results(ledger, Channel.SMS) == (DELIVERED, NONE, QUEUED)
    assert results(ledger, Channel.EMAIL) == (QUEUED, FAILED, NONE)
    assert (standing.version, standing.people) == (2, PEOPLE)


def test_receipts_come_in_while_a_sender_is_at_it_and_when_it_is_done(ledger, batch, claims):
    claimed = claims.take(KEY, Channel.SMS, 1_000, 500)
    ledger.fold(KEY, {Channel.SMS: {0: DELIVERED}})
    done = ledger.record(claimed, Channel.SMS, {0: SENT, 2: SENT}, LaneState.DONE)
    ledger.fold(KEY, {Channel.SMS: {2: FAILED}})
    ledger.fold(KEY, {Channel.SMS: {2: FAILED}})
    assert results(ledger, Channel.SMS) == (DELIVERED, NONE, FAILED)
    assert ledger.get(KEY).version == done.version + 1
    assert ledger.get(KEY).people == done.people


def test_what_messages_cost_is_kept_with_their_lane_by_receipts_and_by_senders(ledger, batch, claims):
    claimed = claims.take(KEY, Channel.SMS, 1_000, 500)
    costs = {Channel.SMS: {0: Cost(2, 160_000), 1: Cost(1, 80_000), 7: Cost(1, 80_000)}}
    ledger.fold(KEY, {Channel.SMS: {0: DELIVERED, 1: DELIVERED}}, costs)
    ledger.record(claimed, Channel.SMS, {2: SENT}, LaneState.DONE)
    ledger.fold(KEY, {Channel.SMS: {2: DELIVERED}}, {Channel.SMS: {2: Cost(1, 80_000), 0: Cost(1, 0)}})
    standing = ledger.get(KEY)
    assert standing.lanes[Channel.SMS].costs == {0: Cost(2, 160_000), 2: Cost(1, 80_000)}
    assert standing.lanes[Channel.EMAIL].costs == {}
    ledger.fold(KEY, {Channel.SMS: {2: DELIVERED}}, costs)
    assert ledger.get(KEY).version == standing.version


def test_receipts_of_no_batch_and_of_no_lane_are_let_go(ledger):
    ledger.fold(KEY, {Channel.SMS: {0: DELIVERED}})
    assert ledger.get(KEY) is None
    only_sms = ledger.add(Batch.new(KEY, PEOPLE[2:]))
    ledger.fold(KEY, {Channel.EMAIL: {0: DELIVERED}})
    assert ledger.get(KEY) == only_sms


def test_every_change_raises_the_version_and_no_change_does_not(ledger, batch):
    first = ledger.record(batch, Channel.SMS, {0: SENT})
    again = ledger.record(first, Channel.SMS, {0: SENT})
    assert (batch.version, first.version, again.version) == (1, 2, 2)
    assert ledger.get(KEY).version == 2


def test_writers_at_the_same_time_lose_nothing(ledger, batch):
    people = tuple(Person(f"q{n}", "BU90010101", "nl", {Channel.SMS: f"+316{n:08d}"}) for n in range(50))
    key = BatchKey("0000000abc", MessageKind.CALL, 3, 13)
    crowd = ledger.add(Batch.new(key, people))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ledger.record(crowd, Channel.SMS, {n: DELIVERED}), range(50)))
    assert set(ledger.get(key).lanes[Channel.SMS].results) == {DELIVERED}
    assert ledger.get(key).version == 51


def test_of_many_claims_at_the_same_time_one_wins(ledger, batch, claims):
    def claim(_):
        try:
            return claims.take(KEY, Channel.SMS, 1_000, 500)
        except Busy:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert len([claimed for claimed in pool.map(claim, range(16)) if claimed]) == 1


def test_the_batches_of_a_unit_come_in_order_and_alone(ledger):
    keys = [BatchKey("0000000abc", MessageKind.CALL, unit, n) for unit, n in [(1, 0), (1, 10), (1, 2), (2, 0), (11, 0)]]
    for key in [
        *keys,
        BatchKey("0000000abc", MessageKind.OUTCOME, 1, 0),
        BatchKey("0000000abd", MessageKind.CALL, 1, 0),
    ]:
        ledger.add(Batch.new(key, PEOPLE))
    found = [batch.key.number for batch in ledger.batches("0000000abc", MessageKind.CALL, 1)]
    assert found == [0, 2, 10]


def test_a_fallback_comes_after_its_batch_and_each_is_read_alone(ledger, claims):
    nobody = Person("", "", "", {})
    keys = [replace(KEY, number=number, fallback=n) for number, n in [(13, 0), (12, 2), (12, 0), (12, 1)]]
    crowds = [PEOPLE, (nobody, PEOPLE[1].with_contacts({}), nobody), PEOPLE, (*[nobody] * 2, PEOPLE[2])]
    written = {key: ledger.add(Batch.new(key, people)) for key, people in zip(keys, crowds, strict=True)}
    claimed = claims.take(keys[3], Channel.SMS, 1_000, 500)
    ledger.fold(keys[3], {Channel.SMS: {0: DELIVERED, 2: DELIVERED}})
    found = list(ledger.batches(KEY.alert, KEY.message, KEY.unit))
    assert [(batch.key.number, batch.key.fallback) for batch in found] == [(12, 0), (12, 1), (12, 2), (13, 0)]
    assert all(ledger.get(batch.key) == batch for batch in found)
    assert [found[0], found[2], found[3]] == [written[keys[2]], written[keys[1]], written[keys[0]]]
    assert (claimed.people, found[1].lanes[Channel.SMS].results) == (crowds[3], (NONE, NONE, DELIVERED))
    assert found[2].lanes == {}


def test_a_plan_is_read_back(ledger):
    plan = Plan(4, datetime(2026, 11, 23, 20, 15, tzinfo=UTC), cap=Cap(3, ("0000000abd", "0000000abe")))
    assert ledger.plan(KEY.alert, MessageKind.CALL) is None
    ledger.put_plan(KEY.alert, MessageKind.CALL, plan)
    assert ledger.plan(KEY.alert, MessageKind.CALL) == plan


def test_a_plan_grows_wave_by_wave_and_each_only_once(ledger):
    at = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
    assert ledger.add_wave(KEY.alert, 2, 9, at) == Plan(0, at)
    assert ledger.add_wave(KEY.alert, 1, 4, at) == Plan(4, at, (4,))
    assert ledger.add_wave(KEY.alert, 1, 5, at) == Plan(4, at, (4,))
    assert ledger.add_wave(KEY.alert, 3, 9, at) == Plan(4, at, (4,))
    assert ledger.add_wave(KEY.alert, 2, 0, at + timedelta(minutes=5)) == Plan(4, at, (4, 0))
    plan = ledger.add_wave(KEY.alert, 3, 2, at)
    assert ledger.plan(KEY.alert, MessageKind.CALL) == plan == Plan(6, at, (4, 0, 2))
    assert [plan.units_of(wave) for wave in (1, 2, 3)] == [range(4), range(4, 4), range(4, 6)]


def test_many_planners_of_one_wave_add_it_once(ledger):
    at = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
    with ThreadPoolExecutor(8) as pool:
        plans = list(pool.map(lambda _: ledger.add_wave(KEY.alert, 1, 3, at), range(16)))
    assert set(plans) == {Plan(3, at, (3,))}


def test_an_older_tally_never_replaces_a_newer_one(ledger):
    new = Tally(
        3,
        2,
        1,
        {Channel.SMS: {DELIVERED: 1, SENT: 1}},
        {"BU90010101": AreaTally(3, 2, 1, 1, {Channel.SMS: Messages(2, 1, 0, 2, 3, 240_000)})},
        version=8,
        costs={Channel.SMS: (2, 3, 240_000)},
        taken=Span(1_764_000_000, 1_764_000_060),
    )
    ledger.put_tally(KEY.alert, MessageKind.CALL, 3, new)
    ledger.put_tally(KEY.alert, MessageKind.CALL, 3, Tally(3, 0, 0, {}, {}, version=7))
    ledger.put_tally(KEY.alert, MessageKind.CALL, 4, Tally(1, 1, 1, {}, {}, version=2))
    assert list(ledger.tallies(KEY.alert, MessageKind.CALL)) == [(3, new), (4, Tally(1, 1, 1, {}, {}, version=2))]


def test_a_lane_knows_from_when_to_when_its_messages_were_taken(ledger):
    batch = ledger.add(
        Batch.new(KEY, tuple(Person(f"p{n}", "BU90010101", "nl", {Channel.SMS: f"+316{n:08d}"}) for n in range(3)))
    )
    batch = ledger.record(batch, Channel.SMS, {0: SENT}, at_s=2_000)
    ledger.record(batch, Channel.SMS, {1: Result.REFUSED}, at_s=3_000)
    batch = ledger.record(batch, Channel.SMS, {2: SENT}, at_s=1_990)
    ledger.record(batch, Channel.SMS, {2: DELIVERED}, at_s=1_980)
    assert ledger.get(batch.key).lanes[Channel.SMS].taken == Span(1_990, 2_000)


def test_message_ids_lead_back_to_the_ledger(message_ids):
    refs = {f"id-{n}": MessageRef(KEY, Channel.SMS, n) for n in range(60)}
    message_ids.put(refs, ttl=2_000_000_000)
    assert message_ids.get([*refs, "unknown", "id-1"]) == refs
    assert message_ids.get([]) == {}


def test_who_was_not_disturbed_is_kept_once_per_unit_and_message(ledger):
    assert ledger.suppressed(KEY.alert, MessageKind.CALL, 3) == {}
    ledger.put_suppressed(KEY.alert, MessageKind.CALL, 3, {Reason.HOURS: 12, Reason.CAP: 1})
    ledger.put_suppressed(KEY.alert, MessageKind.CALL, 3, {Reason.HOURS: 11})
    ledger.put_suppressed(KEY.alert, MessageKind.CALL, 4, {Reason.CATEGORY: 2})
    assert ledger.suppressed(KEY.alert, MessageKind.CALL, 3) == {Reason.HOURS: 12, Reason.CAP: 1}
    assert ledger.suppressed(KEY.alert, MessageKind.CALL, 4) == {Reason.CATEGORY: 2}
    assert ledger.suppressed(KEY.alert, MessageKind.OUTCOME, 3) == {}
    assert list(ledger.batches(KEY.alert, MessageKind.CALL, 3)) == []


def test_a_tally_keeps_who_was_not_disturbed(ledger, batch):
    tally = tally_of([Family(batch)], {Reason.NO_EXERCISES: 4, Reason.HOURS: 2})
    ledger.put_tally(KEY.alert, MessageKind.CALL, 3, tally_of([Family(batch)]))
    ledger.put_tally(KEY.alert, MessageKind.CALL, 3, tally)
    ((_, kept),) = ledger.tallies(KEY.alert, MessageKind.CALL)
    assert kept == tally
    assert kept.plus(tally).suppressed == {Reason.NO_EXERCISES: 8, Reason.HOURS: 4}


def test_the_cap_of_the_first_wave_is_that_of_the_plan(ledger):
    cap = Cap(2, ("0000000abd", "0000000abe"))
    assert ledger.add_wave(KEY.alert, 1, 4, NOW, cap) == Plan(4, NOW, (4,), cap)
    assert ledger.add_wave(KEY.alert, 1, 4, NOW).cap == cap
    assert (
        ledger.add_wave(KEY.alert, 2, 3, NOW) == ledger.plan(KEY.alert, MessageKind.CALL) == Plan(7, NOW, (4, 3), cap)
    )


def test_what_has_ended_counts_as_gone_before_the_table_forgets_it(ledger, batch):
    if isinstance(ledger, MemoryLedger):
        pytest.skip("the twin forgets nothing")
    ledger.clock.advance(days=29)
    assert ledger.get(KEY) is not None
    ledger.clock.advance(days=1)
    assert ledger.get(KEY) is None
    assert list(ledger.batches(KEY.alert, KEY.message, KEY.unit)) == []
