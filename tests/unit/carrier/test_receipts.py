from datetime import UTC, datetime

import pytest

from chalicelib.platform.clock import ManualClock
from local.carrier.faults import Fault, Rule
from local.carrier.inbox import Channel, Inbox, Message, Status, Written
from local.carrier.outlets import Kind, MemoryOutlet
from local.carrier.receipts import Receipts
from local.carrier.stories import story

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


class Post:
    """Receipts with a clock moved by hand."""

    def __init__(self, **outlet) -> None:
        self.clock = ManualClock(START)
        self.inbox = Inbox()
        self.outlet = MemoryOutlet(**outlet)
        self.receipts = Receipts(self.inbox, {Kind.SMS_DELIVERED: self.outlet}, self.clock, latency_ms=300)

    def take(self, number: int = 1, fault: Fault | None = None) -> Message:
        message = Message(
            f"id-{number}", Channel.SMS, "+31612345678", self.clock.now(), "Burgernet", Written("hoi"), {}
        )
        filed = self.inbox.file(message)
        self.receipts.plan(filed, story(filed, Rule(fault=fault) if fault else None))
        return filed

    def after(self, **delta: float) -> list[str]:
        """Message ids of all receipts that were taken by then."""
        self.clock.advance(**delta)
        self.receipts.flush()
        return [receipt["notification"]["messageId"] for receipt in self.outlet.taken]


def test_a_receipt_comes_after_the_latency_and_not_before():
    post = Post()
    message = post.take()
    assert post.after(milliseconds=299) == []
    assert post.inbox.status(message) is Status.ACCEPTED
    assert post.after(milliseconds=1) == ["id-1"]
    assert post.inbox.status(message) is Status.DELIVERED


def test_receipts_that_are_due_together_go_in_one_hand_over():
    post = Post()
    for number in range(500):
        post.take(number)
    assert post.after(seconds=1) == [f"id-{number}" for number in range(500)]
    assert post.outlet.hand_overs == 1


def test_an_outlet_that_is_away_loses_nothing_and_is_asked_less_and_less():
    post = Post(away=3)
    post.take(1)
    assert post.after(seconds=1) == []
    post.take(2)
    tries = [post.after(milliseconds=250) and post.outlet.away for _ in range(20)]
    assert post.outlet.taken
    assert post.after(seconds=10) == ["id-1", "id-2"]
    assert tries.count([]) == 13  # 500, 1000 and 2000 ms of pause, looked at every 250 ms
    assert post.receipts.waiting == 0


def test_what_was_taken_before_the_failure_is_not_offered_again():
    post = Post(away=1, taken_first=2)
    for number in range(3):
        post.take(number)
    assert post.after(seconds=1) == ["id-0", "id-1"]
    assert post.receipts.waiting == 1
    assert post.after(seconds=1) == ["id-0", "id-1", "id-2"]


def test_a_late_receipt_leaves_the_phone_as_fast_as_ever():
    post = Post()
    message = post.take(fault=Fault.LATE_RECEIPT)
    assert post.after(milliseconds=300) == []
    assert post.inbox.status(message) is Status.DELIVERED
    assert post.after(milliseconds=1000) == ["id-1"]


def test_a_silent_message_arrives_and_nobody_says_so():
    post = Post()
    message = post.take(fault=Fault.SILENT)
    assert post.after(hours=1) == []
    assert post.inbox.status(message) is Status.DELIVERED


def test_a_duplicate_receipt_comes_twice():
    post = Post()
    post.take(fault=Fault.DUPLICATE_RECEIPT)
    assert post.after(seconds=1) == ["id-1", "id-1"]


@pytest.mark.parametrize("fault", [Fault.BOUNCED, Fault.UNDELIVERED, Fault.OPTED_OUT])
def test_receipts_without_an_outlet_are_let_go_but_the_inbox_knows(fault):
    post = Post()
    message = post.take(fault=fault)
    assert post.after(seconds=1) == []
    assert post.inbox.status(message) is not Status.ACCEPTED
    assert post.receipts.waiting == 0


def test_waiting_counts_what_is_to_come_and_what_was_not_taken():
    post = Post(away=1)
    post.take(1)
    assert post.receipts.waiting == 1
    post.after(seconds=1)
    assert post.receipts.waiting == 1


def test_only_what_somebody_asked_for_is_said():
    clock, inbox, outlet = ManualClock(START), Inbox(), MemoryOutlet()
    receipts = Receipts(
        inbox, {Kind.SMS_DELIVERED: outlet}, clock, 0, lambda receipt: receipt["delivery"]["numberOfMessageParts"] == 2
    )
    for number in (1, 2):
        message = inbox.file(Message(f"id-{number}", Channel.SMS, "+316", START, "", Written(), {}, parts=number))
        receipts.plan(message, story(message, None))
    receipts.flush()
    assert [receipt["notification"]["messageId"] for receipt in outlet.taken] == ["id-2"]


def test_emptying_the_inbox_does_not_stop_the_receipts():
    post = Post()
    post.take()
    post.inbox.clear()
    assert post.after(seconds=1) == ["id-1"]
    assert post.inbox.select() == []
