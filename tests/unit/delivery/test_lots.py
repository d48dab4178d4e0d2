"""Who gets what from one batch, and what is left where the provider is full."""

from dataclasses import replace

import pytest

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.channels.model import Accepted, Channel, Refusal, Refused
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import EmailLot, SmsLot
from chalicelib.delivery.model import Batch, BatchKey, Person
from chalicelib.platform.tokens import LinkSigner

FULL = Refused(Refusal.THROTTLED, "Throttling")


@pytest.fixture
def links():
    return Links("https://burgernet.example", LinkSigner(b"k" * 32))


@pytest.fixture
def batch(active):
    people = tuple(
        Person(
            f"00000000000000{n:02d}0",
            "BU90010101",
            "en" if n == 1 else "nl",
            {Channel.SMS: f"+3161234567{n}", Channel.EMAIL: f"p{n}@burgernet.example"},
        )
        for n in range(4)
    )
    return Batch.new(BatchKey(active.id, MessageKind.CALL, 3, 12), people)


def test_each_sms_goes_to_its_own_number_with_its_own_link(active, batch, links):
    sender = MemorySmsSender()
    answers = list(SmsLot(sender, links).send(active, batch, [0, 1, 3]))
    assert answers == [{0: Accepted("sms-1")}, {1: Accepted("sms-2")}, {3: Accepted("sms-3")}]
    assert [phone for phone, _ in sender.sent] == ["+31612345670", "+31612345671", "+31612345673"]
    assert all(text.endswith(links.reply(batch.key, n)) for n, (_, text) in zip([0, 1, 3], sender.sent, strict=True))
    assert len({text.rsplit("/", 1)[1] for _, text in sender.sent}) == 3


def test_at_the_first_throttle_the_rest_of_the_batch_waits(active, batch, links):
    sender = MemorySmsSender(refusals={"+31612345671": [FULL]})
    answers = list(SmsLot(sender, links).send(active, batch, [0, 1, 2, 3]))
    assert answers == [{0: Accepted("sms-1")}, {1: FULL, 2: FULL, 3: FULL}]
    assert [phone for phone, _ in sender.sent] == ["+31612345670"]


def test_a_refusal_of_one_does_not_stop_the_others(active, batch, links):
    refused = Refused(Refusal.PERMANENT, "InvalidParameter")
    sender = MemorySmsSender(refusals={"+31612345671": [refused]})
    answers = list(SmsLot(sender, links).send(active, batch, [0, 1, 2]))
    assert answers == [{0: Accepted("sms-1")}, {1: refused}, {2: Accepted("sms-2")}]


def test_e_mail_goes_in_one_call_per_language(active, batch, links):
    sender = MemoryEmailSender()
    answers = list(EmailLot(sender, links).send(active, batch, [0, 1, 2, 3]))
    assert [sorted(some) for some in answers] == [[1], [0, 2, 3]]
    assert sender.calls == 2


def test_a_mail_carries_what_finds_its_row_again_and_how_to_leave(active, batch, links):
    sender = MemoryEmailSender()
    list(EmailLot(sender, links).send(active, batch, [2]))
    ((recipient, mail),) = sender.sent
    assert recipient.tags == {"alert": active.id, "message": "call", "batch": "00003-00012", "index": "2"}
    assert recipient.unsubscribe_url == links.unsubscribe(batch.people[2])
    assert links.reply(batch.key, 2) in mail.text
    assert links.manage(batch.people[2]) in mail.html


def test_a_killed_sender_leaves_open_no_more_than_it_sends_before_it_writes(links, batch):
    many = replace(batch, people=batch.people * 10)
    indexes = list(range(5, 40))
    assert SmsLot(MemorySmsSender(), links).unsure(many, indexes) == list(range(5, 15))
    assert EmailLot(MemoryEmailSender(), links).unsure(many, indexes) == [n for n in indexes if n % 4 == 1]
    assert EmailLot(MemoryEmailSender(), links).unsure(many, []) == []
