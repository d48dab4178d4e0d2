import base64
import gzip
import json
from dataclasses import replace

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery.family import families, tally_of
from chalicelib.delivery.message_ids import MemoryMessageIds, MessageRef
from chalicelib.delivery.messages import ReceiptMessage
from chalicelib.delivery.model import Batch, BatchKey, Cost, Person, Result
from chalicelib.delivery.receipts import FEW, PHONE_RESULTS, Receipts, SmsLog
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.platform.batch import Record
from chalicelib.platform.queues import MemoryQueues, QueueName

KEY = BatchKey("0000000abc", MessageKind.CALL, 0, 0)
PEOPLE = tuple(
    Person(f"p{n:012d}", "BU90010101", "nl", {channel: f"{channel}-{n}" for channel in Channel}) for n in range(3)
)


class World:
    def __init__(self):
        self.ledger, self.message_ids, self.queues = MemoryLedger(), MemoryMessageIds(), MemoryQueues()
        self.receipts = Receipts(self.ledger, self.message_ids, self.queues)
        batch = self.ledger.add(Batch.new(KEY, PEOPLE))
        for channel in Channel:
            batch = self.ledger.record(batch, channel, dict.fromkeys(range(3), Result.SENT))
        self.message_ids.put({f"sms-{n}": MessageRef(KEY, Channel.SMS, n) for n in range(3)}, 0)

    def fold(self, *bodies):
        records = [Record(f"m{n}", 1, None, ReceiptMessage.model_validate(body)) for n, body in enumerate(bodies)]
        return self.receipts.fold(records)

    def results(self, channel):
        return "".join(self.ledger.get(KEY).lanes[channel].results)


@pytest.fixture
def world():
    return World()


def ses(event_type, person, **tags):
    given = {"alert": [KEY.alert], "message": [KEY.message], "batch": [KEY.batch], "index": [str(person)], **tags}
    return {"eventType": event_type, "mail": {"messageId": "x", "tags": given}, "delivery": {"recipients": ["a@b"]}}


def phone(event_type, person, final=True, **context):
    given = {"alert": KEY.alert, "message": KEY.message, "batch": KEY.batch, "index": str(person), **context}
    return {"eventType": event_type, "eventVersion": "1.0", "messageId": "x", "isFinal": final, "context": given}


def sms(number, status="SUCCESS", response="Message has been accepted by phone carrier", **more):
    receipt = {"sms_message_id": f"sms-{number}", "status": status, "provider_response": response, **more}
    return {"receipts": [receipt]}


def test_receipts_of_both_channels_are_folded_into_the_batch(world):
    assert world.fold(ses("Delivery", 0), ses("Bounce", 1), sms(2)) == set()
    assert world.results(Channel.EMAIL) == "dfs"
    assert world.results(Channel.SMS) == "ssd"


def test_what_will_never_work_is_passed_on_by_reference(world):
    hard, soft = ses("Bounce", 0), ses("Bounce", 1)
    hard["bounce"], soft["bounce"] = {"bounceType": "Permanent"}, {"bounceType": "Transient"}
    world.fold(hard, soft, ses("Complaint", 2), sms(1, "FAILURE", "Phone number is opted out"), sms(0, "FAILURE", "No"))
    assert [(body["reference"], body["channel"], body["reason"]) for body in world.queues.take(QueueName.SUPPRESS)] == [
        (PEOPLE[0].participant, "email", "bounced"),
        (PEOPLE[2].participant, "email", "complained"),
        (PEOPLE[1].participant, "sms", "opted_out"),
    ]
    assert world.results(Channel.EMAIL) == "ffd"
    assert world.results(Channel.SMS) == "fos"


def test_a_window_of_receipts_is_one_write(world):
    before = world.ledger.get(KEY).version
    world.fold(*(ses("Delivery", n) for n in range(3)))
    assert world.ledger.get(KEY).version == before + 1


@given(
    st.permutations([ses("Send", 0), ses("Delivery", 0), ses("Bounce", 1), ses("Send", 1), sms(0), sms(1, "FAILURE")])
)
def test_receipts_in_any_order_and_twice_give_the_same_ledger(receipts):
    world = World()
    for receipt in receipts + receipts:
        world.fold(receipt)
    assert (world.results(Channel.EMAIL), world.results(Channel.SMS)) == ("dfs", "dfs")


def priced(event, parts, price):
    return {**event, "totalMessageParts": parts, "totalMessagePrice": price}


def logged(number, parts, price):
    body = sms(number)
    return {"receipts": [{**body["receipts"][0], "parts": parts, "price": price}]}


@given(
    st.permutations(
        [
            priced(phone("TEXT_SENT", 0), 2, 0.0),
            priced(phone("TEXT_DELIVERED", 0), 2, 0.16),
            logged(1, 1, 0.08),
            sms(1),
            phone("TEXT_DELIVERED", 2),
            priced(phone("VOICE_COMPLETED", 1), 1, 0.0137),
        ]
    ),
    st.integers(1, 6),
)
def test_what_messages_cost_is_the_same_in_any_order_and_however_often_it_comes(receipts, window):
    world = World()
    for start in range(0, 2 * len(receipts), window):
        world.fold(*(receipts + receipts)[start : start + window])
    lanes = world.ledger.get(KEY).lanes
    assert lanes[Channel.SMS].costs == {0: Cost(2, 160_000), 1: Cost(1, 80_000)}
    assert lanes[Channel.VOICE].costs == {1: Cost(1, 13_700)}
    tally = tally_of(families([world.ledger.get(KEY)]))
    assert tally.costs == {Channel.SMS: (2, 3, 240_000), Channel.VOICE: (1, 1, 13_700)}
    assert tally.plus(tally).costs[Channel.SMS] == (4, 6, 480_000)


@pytest.mark.parametrize("event_type", ["TEXT_BLOCKED", "TEXT_CARRIER_BLOCKED"])
def test_who_told_end_user_messaging_to_stop_is_not_tried_any_more(world, event_type):
    said = {"messageStatusDescription": "Destination phone number is opted out"}
    other = {"messageStatusDescription": "The device is blocked"}
    world.fold({**phone(event_type, 0), **said}, {**phone(event_type, 1), **other}, phone("TEXT_SENT", 0))
    assert world.results(Channel.SMS) == "ofs"
    assert [(body["reference"], body["channel"], body["reason"]) for body in world.queues.take(QueueName.SUPPRESS)] == [
        (PEOPLE[0].participant, "sms", "opted_out")
    ]


def test_an_opt_out_is_told_apart_from_a_failure(world):
    world.fold(sms(0, "FAILURE", "Phone number is opted out"), sms(1, "FAILURE", "Unknown error"))
    assert world.results(Channel.SMS) == "ofs"


def test_a_receipt_that_overtook_its_message_id_is_asked_again_a_little_later(world):
    world.fold(sms(7))
    ((queue, body, delay),) = world.queues.sent
    assert (queue, delay, [receipt["attempt"] for receipt in body["receipts"]]) == (QueueName.RECEIPTS, 1, [1])
    world.message_ids.put({"sms-7": MessageRef(KEY, Channel.SMS, 0)}, 0)
    world.fold(body)
    assert world.results(Channel.SMS) == "dss"


def test_a_receipt_of_somebody_elses_message_is_let_go_in_the_end(world):
    world.fold(sms(7, attempt=6))
    assert world.queues.sent == []


@pytest.mark.parametrize(
    "event",
    [
        ses("Open", 0),
        ses("Delivery", 0, batch=["nonsense"]),
        ses("Delivery", 0, index=[]),
        ses("Delivery", 0, alert=["0000000zzz"]),
        {"eventType": "Delivery", "mail": {"messageId": "x", "tags": {}}},
    ],
)
def test_an_event_that_is_not_about_our_ledger_changes_nothing(world, event):
    assert world.fold(event) == set()
    assert world.results(Channel.EMAIL) == "sss"


def log_event(*lines):
    data = {
        "messageType": "DATA_MESSAGE",
        "logEvents": [{"id": "1", "timestamp": 1, "message": line} for line in lines],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()}}


def entry(status="SUCCESS", of="34d9b400-c6dd-5444-820d-fbeb0f1f54cf", **delivery):
    return {
        "notification": {"messageId": of, "timestamp": "2026-11-23 20:15:34.558"},
        "delivery": {"phoneCarrier": "KPN", "destination": "+31612345678", "providerResponse": "accepted", **delivery},
        "status": status,
    }


def test_a_delivery_log_goes_on_the_queue_without_its_phone_number():
    queues = MemoryQueues()
    SmsLog(None, queues).take(log_event(*[json.dumps(entry())] * FEW, json.dumps(entry("FAILURE"))))
    ((_, body, _),) = queues.sent
    assert [receipt["status"] for receipt in body["receipts"]] == ["SUCCESS"] * FEW + ["FAILURE"]
    assert "+31612345678" not in str(queues.sent)


def test_a_few_entries_of_the_log_are_folded_at_once(world):
    SmsLog(world.receipts, world.queues).take(
        log_event(json.dumps(entry("FAILURE", of="sms-0")), json.dumps(entry(of="sms-2", priceInUSD=0.08)))
    )
    assert world.results(Channel.SMS) == "fsd"
    assert world.ledger.get(KEY).lanes[Channel.SMS].costs == {2: Cost(1, 80_000)}
    assert world.queues.sent == []


def test_a_few_of_which_one_is_not_known_yet_wait_for_it_alone(world):
    SmsLog(world.receipts, world.queues).take(log_event(json.dumps(entry(of="later")), json.dumps(entry(of="sms-2"))))
    assert world.results(Channel.SMS) == "ssd"
    ((queue, body, delay),) = world.queues.sent
    assert (queue, [it["sms_message_id"] for it in body["receipts"]], delay) == (QueueName.RECEIPTS, ["later"], 1)


def test_a_few_that_cannot_be_folded_are_left_to_the_queue(world):
    class Broken(MemoryMessageIds):
        def get(self, provider_ids):
            raise ConnectionError

    receipts = replace(world.receipts, message_ids=Broken())
    SmsLog(receipts, world.queues).take(log_event(json.dumps(entry(of="sms-1"))))
    ((queue, body, _),) = world.queues.sent
    assert (queue, body["receipts"][0]["sms_message_id"]) == (QueueName.RECEIPTS, "sms-1")
    world.fold(body)
    assert world.results(Channel.SMS) == "sds"


def test_a_delivery_log_says_what_each_message_cost():
    world, queues = World(), MemoryQueues()
    line = entry(of="sms-1", numberOfMessageParts=2, priceInUSD=0.1646)
    SmsLog(None, queues).take(log_event(*[json.dumps(line)] * (FEW + 1)))
    ((_, body, _),) = queues.sent
    world.fold(body)
    assert world.ledger.get(KEY).lanes[Channel.SMS].costs == {1: Cost(2, 164_600)}


@pytest.mark.parametrize("line", ["", "text", "null", "[]", "{}", '{"notification": 1}', '{"delivery": null}'])
def test_a_line_that_is_no_delivery_status_does_not_stop_the_others(world, line):
    SmsLog(world.receipts, world.queues).take(log_event(line, json.dumps(entry(of="sms-1"))))
    assert world.results(Channel.SMS) == "sds"


@pytest.mark.parametrize(
    ("event_type", "final", "result"),
    [
        ("TEXT_QUEUED", False, "s"),
        ("TEXT_SUCCESSFUL", False, "s"),
        ("TEXT_SUCCESSFUL", True, "d"),
        ("TEXT_DELIVERED", True, "d"),
        ("TEXT_CARRIER_BLOCKED", True, "f"),
        ("TEXT_TTL_EXPIRED", True, "f"),
        ("TEXT_UNKNOWN", True, "s"),
        ("VOICE_RINGING", False, "s"),
        ("VOICE_ANSWERED", False, "s"),
        ("VOICE_COMPLETED", True, "d"),
        ("VOICE_BUSY", True, "f"),
        ("VOICE_NO_ANSWER", True, "f"),
        ("VOICE_TTL_EXPIRED", True, "f"),
    ],
)
def test_events_of_texts_and_calls_find_their_row_without_a_message_id(world, event_type, final, result):
    assert world.fold(phone(event_type, 1, final)) == set()
    channel = Channel.VOICE if event_type.startswith("VOICE") else Channel.SMS
    assert world.results(channel) == f"s{result}s"
    assert world.results(Channel.EMAIL) == "sss"
    assert world.queues.sent == []


def test_a_call_is_no_text_and_a_result_does_not_go_back(world):
    world.fold(phone("VOICE_COMPLETED", 0), phone("VOICE_RINGING", 0, final=False), phone("TEXT_DELIVERED", 1))
    assert (world.results(Channel.VOICE), world.results(Channel.SMS)) == ("dss", "sds")


@pytest.mark.parametrize("wrong", [{"batch": "x"}, {"index": "x"}, {"index": "99"}, {"alert": "0000000zzz"}])
def test_an_event_of_a_text_or_call_that_is_not_in_our_ledger_changes_nothing(world, wrong):
    body = phone("VOICE_COMPLETED", 0, **wrong)
    assert world.fold(body, {**body, "context": {}}, {**body, "eventType": "REGISTRATION_COMPLETE"}) == set()
    assert world.results(Channel.VOICE) == "sss"


def test_aws_and_we_have_the_same_words_for_what_becomes_of_texts_and_calls():
    words = set(
        boto3.client("pinpoint-sms-voice-v2", region_name="eu-west-1").meta.service_model.shape_for("EventType").enum
    )
    ours = {word for word in words if word.startswith(("TEXT_", "VOICE_")) and not word.endswith("_ALL")}
    assert ours - {"TEXT_UNKNOWN"} == set(PHONE_RESULTS)
