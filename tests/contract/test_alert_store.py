"""What every alert store promises, whichever database lies under it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil

import boto3
import pytest

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.cap import Certainty, Severity, Status, Urgency
from chalicelib.alerts.content import Audience, Category, Content, Kind
from chalicelib.alerts.handover import Outbox, Withdrawal, handed_over
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.model import Alert, MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.states import State
from chalicelib.alerts.store import DynamoAlertStore, MemoryAlertStore, cursor_of
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import Point
from chalicelib.channels.model import Channel
from chalicelib.platform import aws, ids
from chalicelib.platform.clock import epoch
from chalicelib.platform.errors import Conflict, NotFound

pytestmark = pytest.mark.transactions

START = datetime(2026, 11, 23, 20, 15, 0, 123_000, tzinfo=UTC)
CONTENT = Content(
    kind=Kind.ALERT,
    category=Category.MISSING_CHILD,
    status=Status.EXERCISE,
    urgency=Urgency.IMMEDIATE,
    severity=Severity.EXTREME,
    certainty=Certainty.LIKELY,
    headline=Text("Vermist: Zoë"),
    description=Text("Rode jas."),
    instruction=Text("Bel 112."),
    incident_point=Point(5.2, 52.5),
    target=Target.of({"codes": ["GM9001"]}, {"type": "Circle", "center": [5.2, 52.5], "radius_m": 400.0}, ("GM9001",)),
    channels=(Channel.SMS,),
)


@pytest.fixture
def table(backend):
    return backend.table("alerts")


@pytest.fixture
def store(backend, table):
    return MemoryAlertStore() if backend.name == "memory" else DynamoAlertStore(table)


@pytest.fixture
def outbox(backend, table, store):
    """What delivery would be told: message -> due, in epoch seconds."""

    def outbox(alert):
        if backend.name == "memory":
            return {message: ceil(row.due.timestamp()) for (of, message), row in store.outbox.items() if of == alert.id}
        rows = aws.client("dynamodb").query(
            TableName=table,
            ConsistentRead=True,
            KeyConditionExpression="id = :id AND begins_with(sk, :outbox)",
            ExpressionAttributeValues={":id": {"S": alert.id}, ":outbox": {"S": "outbox#"}},
        )["Items"]
        return {row["sk"]["S"].removeprefix("outbox#"): int(row["due"]["N"]) for row in rows}

    return outbox


def new_alert(minutes=0, **changes):
    at = START + timedelta(minutes=minutes)
    content = replace(CONTENT, **changes)
    return Alert.draft(id=ids.random_id(10), tenant="MK90", content=content, by="anna", at=at, life=timedelta(hours=4))


def event(alert, type_="changed"):
    return EventRecord(ids.random_id(16), alert.changed_at, type_, "anna", {"version": str(alert.version)})


def put(store, alert, before=None):
    store.put(alert, before.version if before else 0, event(alert), handed_over(before, alert))
    return alert


def approved(store, **changes):
    draft = put(store, new_alert(**changes))
    submitted = put(store, draft.submit(by="anna", at=START), draft)
    countdown, sight = timedelta(seconds=10), Sight(typed="fewer than ten")
    after = submitted.approve(by="bram", seen=submitted.version, at=START, countdown=countdown, sight=sight)
    return put(store, after, submitted)


def active(store, **changes):
    scheduled = approved(store, **changes)
    return put(store, scheduled.begin(at=scheduled.due), scheduled)


def test_an_alert_is_read_back_whole(store):
    alert = approved(store)
    assert store.get(alert.id) == alert


def test_an_unknown_alert_is_not_found(store):
    with pytest.raises(NotFound) as missing:
        store.get("0000000000")
    assert missing.value.code == "alert_not_found"


def test_an_id_is_given_once(store):
    alert = put(store, new_alert())
    with pytest.raises(Conflict) as refused:
        put(store, alert)
    assert refused.value.code == "version_changed"


def test_a_change_of_an_old_version_writes_nothing_at_all(store, outbox):
    draft = put(store, new_alert())
    submitted = put(store, draft.submit(by="anna", at=START), draft)
    late = draft.stop(by="carla", at=START)
    with pytest.raises(Conflict) as refused:
        store.put(late, draft.version, event(late), Outbox(MessageKind.CALL, START))
    assert refused.value.code == "version_changed"
    assert store.get(draft.id) == submitted
    assert outbox(draft) == {}
    assert len(store.events(draft.id, after=None, limit=9)) == 2


def test_of_many_who_change_the_same_version_one_wins(store):
    draft = put(store, new_alert())

    def stop(name):
        try:
            put(store, draft.stop(by=name, at=START), draft)
        except Conflict:
            return None
        return name

    with ThreadPoolExecutor(8) as pool:
        winners = [name for name in pool.map(stop, [f"user{n}" for n in range(8)]) if name]
    assert len(winners) == 1
    assert store.get(draft.id).cancelled_by == winners[0]


def test_an_approval_comes_with_its_message(store, outbox):
    alert = approved(store)
    # 20:15:10.123, rounded up: never before the countdown is over.
    assert outbox(alert) == {"call": epoch(alert.due) + 1}


def test_an_undone_countdown_takes_the_message_with_it(store, outbox):
    scheduled = approved(store)
    put(store, scheduled.return_to_draft(reason="verkeerd gebied", at=START), scheduled)
    assert outbox(scheduled) == {}


def test_a_stop_in_the_countdown_takes_the_message_with_it(store, outbox):
    scheduled = approved(store)
    put(store, scheduled.stop(by="anna", at=START), scheduled)
    assert outbox(scheduled) == {}


def test_a_message_that_is_not_there_can_be_withdrawn(store, outbox):
    draft = put(store, new_alert())
    stopped = draft.stop(by="anna", at=START)
    store.put(stopped, draft.version, event(stopped), Withdrawal(MessageKind.CALL))
    assert store.get(draft.id) == stopped
    assert outbox(draft) == {}


def test_closing_comes_with_the_outcome_message(store, outbox):
    alert = active(store)
    at = alert.due + timedelta(minutes=5)
    closed = alert.close(result=Result.OTHER, contribution=Contribution.NONE, text=Text("Klaar."), by="anna", at=at)
    put(store, closed, alert)
    assert set(outbox(alert)) == {"call", "outcome"}
    assert store.get(alert.id) == closed


def test_a_wave_comes_with_its_message(store, outbox):
    alert = active(store, waves=Waves((300, 900), 5))
    second = put(store, alert.begin_wave(by_hand=True, at=alert.due), alert)
    put(store, second.begin_wave(3, by_hand=False, at=alert.due + timedelta(minutes=5)), second)
    assert set(outbox(alert)) == {"call", "call-2", "call-3"}


def test_history_is_read_from_a_cursor_on(store):
    alert = active(store)
    history = store.events(alert.id, after=None, limit=10)
    assert [record.facts["version"] for record in history] == ["1", "2", "3", "4"]
    assert [record.at for record in history] == sorted({record.at for record in history})
    assert store.events(alert.id, after=cursor_of(history[1]), limit=10) == history[2:]
    assert store.events(alert.id, after=None, limit=2) == history[:2]
    assert store.events(alert.id, after=cursor_of(history[-1]), limit=10) == []


def test_from_which_network_it_was_asked_for_can_be_forgotten(store):
    alert = new_alert()
    asked = replace(event(alert), address="192.0.2.7")
    store.put(alert, 0, asked)
    approved(store)
    for _ in range(2):
        store.forget_addresses(alert.id)
        assert store.events(alert.id, after=None, limit=9) == [replace(asked, address="")]


def test_an_unknown_alert_has_no_history(store):
    assert store.events("0000000000", after=None, limit=10) == []


def test_a_list_is_newest_first_a_page_at_a_time(store):
    alerts = [put(store, new_alert(minutes)) for minutes in range(5)]
    names = [alert.id for alert in reversed(alerts)]
    first = store.page(limit=2)
    second = store.page(limit=2, cursor=first.cursor)
    third = store.page(limit=2, cursor=second.cursor)
    assert [[summary.id for summary in page.alerts] for page in (first, second, third)] == [
        names[:2],
        names[2:4],
        names[4:],
    ]
    assert third.cursor is None


def test_a_list_shows_what_an_alert_is(store):
    alert = active(store).stop(by="anna", at=START + timedelta(minutes=1))
    store.put(alert, alert.version - 1, event(alert))
    (summary,) = store.page(limit=10).alerts
    assert (summary.id, summary.tenant, summary.state, summary.stopped) == (alert.id, "MK90", State.ACTIVE, True)
    assert (summary.headline, summary.category, summary.status) == ("Vermist: Zoë", alert.category, alert.status)
    assert (summary.version, summary.created_at, summary.expires) == (alert.version, START, alert.expires)


def test_a_list_of_one_state_finds_all_of_it(store):
    stopped = []
    for minutes in range(7):
        draft = put(store, new_alert(minutes))
        if minutes % 3 == 0:
            stopped.append(put(store, draft.stop(by="anna", at=START), draft).id)
    found, cursor = [], None
    while True:
        page = store.page(limit=2, cursor=cursor, wanted=lambda alert: alert.state is State.CANCELLED)
        found += [summary.id for summary in page.alerts]
        cursor = page.cursor
        if cursor is None:
            break
    assert found == stopped[::-1]


def test_no_alerts_is_an_empty_page(store):
    page = store.page(limit=10)
    assert (page.alerts, page.cursor) == ((), None)


def test_the_largest_area_fits(store):
    ring = [[3.2 + n * 0.00123456789, 50.7 + (n * 7919 % 2001) * 0.00123456789] for n in range(2_001)]
    shape = {"type": "MultiPolygon", "coordinates": [[ring]]}
    spec = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    alert = put(store, new_alert(target=Target.of(spec, shape, ("GM9001", "GM9002"))))
    assert store.get(alert.id).shape == shape


def test_the_stream_shows_delivery_what_to_start(backend, table, store):
    if backend.name == "memory":
        pytest.skip("the twin has no stream")
    alert = approved(store)
    address = backend.endpoint
    streams = boto3.client("dynamodbstreams", endpoint_url=address)
    stream = boto3.client("dynamodb", endpoint_url=address).describe_table(TableName=table)["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")[
        "ShardIterator"
    ]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    images = [record["dynamodb"]["NewImage"] for record in records if "NewImage" in record["dynamodb"]]
    (row,) = [image for image in images if image["sk"]["S"].startswith("outbox#")]
    assert (row["id"]["S"], row["message"]["S"]) == (alert.id, "call")
    assert int(row["due"]["N"]) == epoch(alert.due) + 1


def test_what_is_for_canaries_stands_in_no_list(store):
    theirs, ours = new_alert(1, status=Status.TEST, audience=Audience.CANARIES), new_alert(2)
    for alert in (theirs, ours):
        store.put(alert, 0, EventRecord(ids.random_id(), alert.changed_at, "created", "anna"))
    assert [it.id for it in store.page(limit=10).alerts] == [ours.id]
    assert store.get(theirs.id) == theirs
