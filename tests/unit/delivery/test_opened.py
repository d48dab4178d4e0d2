"""Contacts are sealed until they are sent to, and whoever has left meanwhile is sent nothing."""

from dataclasses import dataclass, field

from chalicelib.channels.model import Accepted, Channel
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import SmsLot
from chalicelib.delivery.model import CHECKPOINT, Batch, BatchKey, Person
from chalicelib.delivery.opened import ERASED, Opened
from chalicelib.participants.contact_keys import MemoryContactKeys
from chalicelib.participants.model import ContactKind
from chalicelib.participants.sealing import is_sealed, new_key, seal
from chalicelib.platform.tokens import LinkSigner

NAMES = [f"{n}23456789abc" for n in range(4)]
NUMBERS = [f"+3161234567{n}" for n in range(4)]


@dataclass
class Watched:
    """A lot that says what it was given."""

    channel: Channel = Channel.SMS
    receipts_by_id: bool = True
    sent: dict = field(default_factory=dict)

    def unsure(self, batch, indexes):
        return indexes[:1]

    def send(self, alert, batch, indexes, turn):
        self.sent |= {index: batch.people[index].contacts[self.channel] for index in indexes}
        yield dict.fromkeys(indexes, Accepted("m"))


def batch(*texts, channel=Channel.SMS):
    people = tuple(Person(f"{name}0", "BU1", "nl", {channel: text}) for name, text in zip(NAMES, texts, strict=False))
    return Batch.new(BatchKey("0000000abc", "call", 0, 0), people)


def test_each_contact_is_opened_with_its_own_key_and_who_has_none_left_is_refused():
    keys = MemoryContactKeys({name: {ContactKind.PHONE: new_key()} for name in NAMES})
    texts = [
        seal(keys.keys[name][ContactKind.PHONE], name, ContactKind.PHONE, number)
        for name, number in zip(NAMES, NUMBERS, strict=True)
    ]
    del keys.keys[NAMES[1]]
    keys.keys[NAMES[2]] = {ContactKind.PHONE: new_key()}
    lot, asked = Watched(), batch(*texts)
    answers = {}
    for some in Opened(lot, keys).send(None, asked, [0, 1, 2, 3], None):
        answers |= some
    assert lot.sent == {0: NUMBERS[0], 3: NUMBERS[3]}
    assert answers == {0: Accepted("m"), 1: ERASED, 2: ERASED, 3: Accepted("m")}
    assert all(is_sealed(person.contacts[Channel.SMS]) for person in asked.people)


def test_whom_a_killed_sender_may_have_sent_to_is_reckoned_among_those_who_could_be_read():
    names = [f"{n:02d}3456789abc" for n in range(15)]
    keys = MemoryContactKeys({name: {ContactKind.PHONE: new_key()} for name in names})
    texts = [seal(keys.keys[name][ContactKind.PHONE], name, ContactKind.PHONE, NUMBERS[0]) for name in names]
    people = [Person(f"{name}0", "BU1", "nl", {Channel.SMS: text}) for name, text in zip(names, texts, strict=True)]
    asked = Batch.new(BatchKey("0000000abc", "call", 0, 0), tuple(people))
    for name in names[:3]:
        del keys.keys[name]
    lot = SmsLot(MemorySmsSender(), Links("https://burgernet.example", LinkSigner(b"k" * 32)))
    assert Opened(lot, keys).unsure(asked, list(range(15))) == list(range(3, 3 + CHECKPOINT))


def test_where_nobody_is_left_nothing_is_sent():
    key = new_key()
    sealed = seal(key, NAMES[0], ContactKind.PHONE, NUMBERS[0])
    lot = Watched()
    assert list(Opened(lot, MemoryContactKeys()).send(None, batch(sealed), [0], None)) == [{0: ERASED}]
    assert lot.sent == {}


def test_what_is_not_sealed_goes_as_it_is_and_no_key_is_asked_for():
    class Never:
        def find(self, participants, kinds):
            raise AssertionError("no key is needed")

    plain, push = Watched(), Watched(Channel.PUSH, receipts_by_id=False)
    list(Opened(plain, Never()).send(None, batch(*NUMBERS), [1, 2], None))
    list(Opened(push, Never()).send(None, batch("~ref", channel=Channel.PUSH), [0], None))
    assert (plain.sent, push.sent) == ({1: NUMBERS[1], 2: NUMBERS[2]}, {0: "~ref"})
    opened = Opened(plain, Never())
    assert (opened.channel, opened.receipts_by_id, opened.unsure(batch(*NUMBERS), [1, 2])) == (Channel.SMS, True, [1])
