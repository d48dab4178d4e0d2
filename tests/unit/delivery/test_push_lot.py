"""Push to the devices of a batch: who is reached, what each device gets, and what becomes of one that has ended."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.alerts.messages import MessageKind
from chalicelib.channels.model import Accepted, Channel, Device, Refusal, Refused
from chalicelib.channels.push import MemoryPushSender
from chalicelib.delivery.links import Links
from chalicelib.delivery.model import Batch, BatchKey, Person
from chalicelib.delivery.pacing import Turn
from chalicelib.delivery.push_lot import NO_DEVICE, PushLot
from chalicelib.participants.devices import MemoryDeviceStore, subscription
from chalicelib.platform.clock import epoch_us
from chalicelib.platform.queues import QueueName
from chalicelib.platform.tokens import LinkSigner

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
GONE, FULL = Refused(Refusal.PERMANENT, "410"), Refused(Refusal.THROTTLED, "429", 90)
LATER = Refused(Refusal.TEMPORARY, FULL.code, FULL.after_s)
AWAY, LATE = Refused(Refusal.TEMPORARY, "503"), Refused(Refusal.UNKNOWN, "ReadTimeoutError")


def reference(n):
    return f"{n:012d}0"


@pytest.fixture
def turn(clock):
    return Turn(50, epoch_us(clock.now()), 0, clock)


@pytest.fixture
def batch(active):
    people = [
        Person(reference(n), "BU90010101", "en" if n == 1 else "nl", {Channel.PUSH: reference(n)}) for n in range(4)
    ]
    return Batch.new(BatchKey(active.id, MessageKind.CALL, 3, 12), tuple(people))


@pytest.fixture
def devices():
    """Person 0 has two, 1 and 2 one, 3 has none any more."""
    owned = {0: ("phone", "laptop"), 1: ("tablet",), 2: ("watch",)}
    made = {
        n: [subscription(Device(f"https://push.example/{name}", "k", "a")) for name in names]
        for n, names in owned.items()
    }
    return MemoryDeviceStore({reference(n): {it.id: it.device for it in some} for n, some in made.items()})


@pytest.fixture
def send(active, batch, devices, queues, turn):
    def send(indexes, refusals=None, at_once=1, suppressed_on=queues):
        refused = {f"https://push.example/{name}": list(answers) for name, answers in (refusals or {}).items()}
        sender = MemoryPushSender(refusals=refused)
        links = Links("https://burgernet.example", LinkSigner(b"k" * 32))
        lot = PushLot(sender, devices, links, suppressed_on, at_once)
        answers = {}
        for some in lot.send(active, batch, indexes, turn):
            answers |= some
        return answers, sender.sent

    return send


def test_of_several_devices_the_longest_wait_counts(send):
    answers, _ = send(
        [0], {"phone": [Refused(Refusal.TEMPORARY, "503", 9)], "laptop": [Refused(Refusal.THROTTLED, "429", 4)]}
    )
    assert answers[0].after_s == 9


def test_every_device_gets_it_with_its_owners_link_in_their_language(active, batch, send):
    answers, sent = send([0, 1, 2])
    assert [answers[n] for n in range(3)] == [Accepted("push-1"), Accepted("push-3"), Accepted("push-4")]
    said = [json.loads(it.payload) for it in sent]
    assert [it.device.endpoint.rpartition("/")[2] for it in sent] == ["phone", "laptop", "tablet", "watch"]
    assert len({it["url"] for it in said}) == 3
    assert all(it["url"].startswith("https://burgernet.example/t/") for it in said)
    assert [it["lang"] for it in said] == ["nl", "nl", "en", "nl"]
    assert {it["alert"] for it in said} == {it.topic for it in sent} == {active.id}
    assert {it.life_s for it in sent} == {int((active.expires - START).total_seconds()) - 10}


def test_who_has_no_device_left_is_not_reached(send):
    assert send([3]) == ({3: NO_DEVICE}, [])


def test_one_device_that_takes_it_is_enough_and_one_that_ended_is_taken_off(queues, devices, send):
    (first, _) = devices.rows[reference(0)]
    answers, _ = send([0, 1], {"phone": [GONE]})
    assert answers == {0: Accepted("push-1"), 1: Accepted("push-2")}
    assert queues.take(QueueName.SUPPRESS) == [
        {"reference": reference(0), "channel": "push", "reason": "bounced", "device": first}
    ]


def test_where_every_device_has_ended_it_is_refused_for_good(queues, send):
    assert send([0], {"phone": [GONE], "laptop": [GONE]})[0] == {0: GONE}
    assert len(queues.take(QueueName.SUPPRESS)) == 2


@pytest.mark.parametrize(
    ("phone", "laptop", "told"),
    [(GONE, AWAY, AWAY), (AWAY, LATE, LATE), (LATE, GONE, LATE), (FULL, GONE, LATER), (AWAY, AWAY, AWAY)],
)
def test_of_devices_that_did_not_take_it_the_one_that_may_still_says_how_to_go_on(send, phone, laptop, told):
    assert send([0], {"phone": [phone], "laptop": [laptop]})[0] == {0: told}


def test_who_may_have_got_it_on_one_device_is_unsure_whatever_another_one_says(send):
    told = send([0], {"phone": [FULL], "laptop": [LATE]})[0][0]
    assert (told.reason, told.after_s) == (Refusal.UNKNOWN, FULL.after_s)


@pytest.mark.parametrize("at_once", [1, 4])
def test_nobody_waits_for_a_device_whose_service_is_asked_too_fast(send, at_once):
    answers, sent = send([1, 0, 2], {"tablet": [FULL]}, at_once=at_once)
    assert answers.pop(1) == LATER
    assert all(isinstance(answer, Accepted) for answer in answers.values())
    assert sorted(it.device.endpoint.rpartition("/")[2] for it in sent) == ["laptop", "phone", "watch"]


def test_several_at_once_are_still_each_their_own(batch, send):
    answers, sent = send([0, 1, 2, 3], at_once=4)
    assert {n for n, answer in answers.items() if isinstance(answer, Accepted)} == {0, 1, 2}
    links = {it.device.endpoint.rpartition("/")[2]: json.loads(it.payload)["url"] for it in sent}
    assert links["phone"] == links["laptop"]
    assert len(set(links.values())) == 3


def test_a_queue_that_is_away_does_not_undo_what_was_sent(send):
    class Away:
        def send(self, *_, **__):
            raise ConnectionError

    answers, _ = send([0], {"phone": [GONE]}, suppressed_on=Away())
    assert answers == {0: Accepted("push-1")}


def test_what_reaches_a_device_is_not_kept_with_the_batch(batch, send):
    before = batch.people
    send([0, 1])
    assert batch.people == before
    assert "push.example" not in repr(batch)
