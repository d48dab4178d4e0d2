"""Who gets what from one batch, and what is left where the provider is full."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import outcome, spoken
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Recorded
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.email import BULK, MemoryEmailSender
from chalicelib.channels.end_user_messaging import MemoryVoiceSender
from chalicelib.channels.model import Accepted, Channel, Refusal, Refused, Speech
from chalicelib.channels.sms import MemorySmsSender
from chalicelib.delivery.links import Links
from chalicelib.delivery.lots import EmailLot, SmsLot, VoiceLot, _calls, at_once
from chalicelib.delivery.model import CHECKPOINT, MAIL_CHECKPOINT, Batch, BatchKey, Person, Result
from chalicelib.delivery.pacing import Turn
from chalicelib.platform.clock import ManualClock, epoch_us
from chalicelib.platform.tokens import LinkSigner

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
FULL = Refused(Refusal.THROTTLED, "Throttling")


@pytest.fixture
def links():
    return Links("https://burgernet.example", LinkSigner(b"k" * 32))


@pytest.fixture
def turn(clock):
    """From now, 20 a second."""
    return Turn(50, epoch_us(clock.now()), 50_000, clock)


@pytest.fixture
def batch(active):
    people = tuple(
        Person(
            f"00000000000000{n:02d}0",
            "BU90010101",
            "en" if n == 1 else "nl",
            {
                Channel.SMS: f"+3161234567{n}",
                Channel.VOICE: f"+3120123456{n}",
                Channel.EMAIL: f"p{n}@burgernet.example",
            },
        )
        for n in range(4)
    )
    return Batch.new(BatchKey(active.id, MessageKind.CALL, 3, 12), people)


def test_each_sms_goes_to_its_own_number_with_its_own_link(active, batch, links, turn):
    sender = MemorySmsSender()
    answers = list(SmsLot(sender, links).send(active, batch, [0, 1, 3], turn))
    assert answers == [{0: Accepted("sms-1"), 1: Accepted("sms-2"), 3: Accepted("sms-3")}]
    assert [phone for phone, _ in sender.sent] == ["+31612345670", "+31612345671", "+31612345673"]
    assert all(text.endswith(links.reply(batch.key, n)) for n, (_, text) in zip([0, 1, 3], sender.sent, strict=True))
    assert len({text.rsplit("/", 1)[1] for _, text in sender.sent}) == 3


def test_at_the_first_throttle_the_rest_of_the_batch_waits(active, batch, links, turn):
    sender = MemorySmsSender(refusals={"+31612345671": [FULL]})
    answers = list(SmsLot(sender, links).send(active, batch, [0, 1, 2, 3], turn))
    assert answers == [{0: Accepted("sms-1"), 1: FULL, 2: FULL, 3: FULL}]
    assert [phone for phone, _ in sender.sent] == ["+31612345670"]


def test_a_refusal_of_one_does_not_stop_the_others(active, batch, links, turn):
    refused = Refused(Refusal.PERMANENT, "InvalidParameter")
    sender = MemorySmsSender(refusals={"+31612345671": [refused]})
    answers = list(SmsLot(sender, links).send(active, batch, [0, 1, 2], turn))
    assert answers == [{0: Accepted("sms-1"), 1: refused, 2: Accepted("sms-2")}]


def test_e_mail_goes_in_one_call_per_language(active, batch, links, turn):
    sender = MemoryEmailSender()
    answers = list(EmailLot(sender, links).send(active, batch, [0, 1, 2, 3], turn))
    assert [sorted(some) for some in answers] == [[0, 2, 3], [1]]
    assert sender.calls == 2


@given(st.lists(st.sampled_from(["nl", "en", "de"]), min_size=1, max_size=2 * BULK), st.integers(1, 2 * BULK))
def test_mail_calls_reach_everybody_once_and_never_leave_more_than_a_call_unwritten(languages, room):
    people = tuple(Person(f"p{n}", "BU90010101", language, {}) for n, language in enumerate(languages))
    batch = Batch.new(BatchKey("0000000abc", "call", 0, 0), people)
    reached, unwritten = [], 0
    for language, some in _calls(batch, list(range(len(people))), room):
        assert {languages[index] for index in some} == {language}
        assert 0 < len(some) <= min(room, BULK)
        unwritten += len(some)
        assert unwritten <= BULK
        unwritten = 0 if unwritten >= MAIL_CHECKPOINT else unwritten
        reached += some
    assert sorted(reached) == list(range(len(people)))


def test_a_mail_carries_what_finds_its_row_again_and_how_to_leave(active, batch, links, turn):
    sender = MemoryEmailSender()
    list(EmailLot(sender, links).send(active, batch, [2], turn))
    ((recipient, mail),) = sender.sent
    assert recipient.tags == {"alert": active.id, "message": "call", "batch": "00003-00012", "index": "2"}
    (theirs,) = links.of_mails(batch, [2])
    assert recipient.unsubscribe_url == theirs.unsubscribe
    assert theirs.reply == links.reply(batch.key, 2)
    assert theirs.reply in mail.text
    assert theirs.manage in mail.html


def test_a_killed_sender_leaves_open_no_more_than_it_sends_before_it_writes(links, batch):
    many = Batch.new(batch.key, batch.people * 10)
    indexes = list(range(5, 40))
    lane = many.lanes[Channel.SMS]
    refused = replace(many, lanes={Channel.SMS: lane.with_results({6: Result.TEMPORARY})})
    assert SmsLot(MemorySmsSender(), links).unsure(many, indexes) == list(range(5, 15))
    assert SmsLot(MemorySmsSender(), links).unsure(refused, indexes) == list(range(5, 16))
    assert EmailLot(MemoryEmailSender(), links).unsure(many, indexes) == indexes
    assert EmailLot(MemoryEmailSender(), links).unsure(many, []) == []


@dataclass
class Timed:
    """A provider that takes ``takes`` seconds, and remembers when each call began."""

    clock: ManualClock
    takes: float = 0.0
    began: list = field(default_factory=list)

    def send(self, phone, text, *, tags, life_s):
        self.began.append(round((self.clock.now() - START).total_seconds(), 3))
        self.clock.advance(seconds=self.takes)
        return Accepted(phone)


def test_messages_are_spread_over_the_turn(active, batch, links, clock, turn):
    clock.at = START
    sender = Timed(clock, takes=0.03)
    turn = replace(turn, begin_us=epoch_us(START))
    list(SmsLot(sender, links).send(active, batch, [0, 1, 2, 3], turn))
    assert sender.began == [0, 0.05, 0.1, 0.15]


def test_a_turn_that_has_fallen_behind_catches_up(active, batch, links, clock, turn):
    clock.at = START
    sender = Timed(clock, takes=0.03)
    turn = replace(turn, begin_us=epoch_us(START) - 50_000)
    list(SmsLot(sender, links).send(active, batch, [0, 1, 2, 3], turn))
    assert sender.began == [0, 0.03, 0.06, 0.1]


def test_the_second_mail_call_waits_until_the_turn_has_room_for_it(active, batch, links, clock, turn):
    calls = []

    class Watched(MemoryEmailSender):
        def send(self, mail, to):
            calls.append((epoch_us(clock.now()) - turn.begin_us, len(to)))
            return super().send(mail, to)

    list(EmailLot(Watched(), links).send(active, batch, [0, 1, 2, 3], turn))
    assert calls == [(0, 3), (150_000, 1)]


def test_with_a_high_rate_ten_are_under_way_at_once_and_never_more(active, batch, links, turn):
    many = Batch.new(batch.key, batch.people * 5)
    together = Barrier(CHECKPOINT)

    class Crowd:
        def send(self, phone, text, *, tags, life_s):
            together.wait(timeout=10)  # breaks unless ten are here
            return Accepted(phone)

    lot = SmsLot(Crowd(), links, at_once=at_once(1_000))
    answers = list(lot.send(active, many, list(range(20)), replace(turn, gap_us=0)))
    assert [sorted(some) for some in answers] == [list(range(10)), list(range(10, 20))]
    assert all(isinstance(answer, Accepted) for some in answers for answer in some.values())


def test_how_many_are_under_way_follows_the_rate():
    assert [at_once(rate) for rate in (0.5, 1, 20, 50, 200, 1_000)] == [1, 1, 3, 8, 10, 10]


def test_each_is_called_in_their_own_language_with_what_finds_the_row_again(active, batch, turn):
    sender = MemoryVoiceSender()
    answers = list(VoiceLot(sender).send(active, batch, [0, 1, 3], turn))
    assert answers == [{0: Accepted("voice-1"), 1: Accepted("voice-2"), 3: Accepted("voice-3")}]
    assert [call.phone for call in sender.calls] == ["+31201234560", "+31201234561", "+31201234563"]
    texts = {language: spoken.voice(active, MessageKind.CALL, language) for language in Language}
    assert [call.said.ssml for call in sender.calls] == [texts["nl"], texts["en"], texts["nl"]]
    assert sender.calls[2].tags == {"alert": active.id, "message": "call", "batch": "00003-00012", "index": "3"}


def test_a_call_is_of_use_until_the_alert_expires_and_an_outcome_for_half_a_day(active, batch, clock, turn):
    sender = MemoryVoiceSender()
    clock.advance(seconds=60)
    list(VoiceLot(sender).send(active, batch, [0], turn))
    left = int((active.expires - clock.now()).total_seconds())
    closed = active.close(
        result=outcome.Result.NONE, contribution=outcome.Contribution.NONE, text=None, by="anna", at=clock.now()
    )
    told = replace(batch, key=replace(batch.key, message=MessageKind.OUTCOME))
    list(VoiceLot(sender).send(closed, told, [0], turn))
    assert [call.life_s for call in sender.calls] == [left, 12 * 3600]


def test_at_the_first_throttle_of_calls_the_rest_of_the_batch_waits(active, batch, turn):
    sender = MemoryVoiceSender(refusals={"+31201234561": [FULL]})
    assert list(VoiceLot(sender).send(active, batch, [0, 1, 2], turn)) == [{0: Accepted("voice-1"), 1: FULL, 2: FULL}]


@pytest.mark.parametrize("status", Status)
def test_exercises_and_tests_come_from_another_sender(status, active, batch, links, turn):
    alert = replace(active, content=replace(active.content, status=status))
    sms, drill_sms, mail, drill_mail = MemorySmsSender(), MemorySmsSender(), MemoryEmailSender(), MemoryEmailSender()
    list(SmsLot(sms, links, exercises=drill_sms).send(alert, batch, [0], turn))
    list(EmailLot(mail, links, exercises=drill_mail).send(alert, batch, [0], turn))
    meant = status is Status.ACTUAL
    assert [len(it.sent) for it in (sms, mail, drill_sms, drill_mail)] == ([1, 1, 0, 0] if meant else [0, 0, 1, 1])


@pytest.fixture
def recorded(active):
    content = replace(active.content, recording=Recorded("s3://recordings/abc.wav", "a" * 64, 3.0))
    return replace(active, content=content)


def test_who_is_called_hears_what_the_dispatcher_recorded_around_it_in_their_language(recorded, batch, turn):
    sender = MemoryVoiceSender()
    list(VoiceLot(sender, plays=True).send(recorded, batch, [0, 1], turn))
    by_language = {call.said.before.language: call.said for call in sender.calls}
    assert {said.uri for said in by_language.values()} == {"s3://recordings/abc.wav"}
    assert "This is a message from Burgernet." in by_language["en"].before.ssml
    assert "0800" in by_language["nl"].after.ssml


def test_it_is_spoken_where_nothing_plays_it_after_an_update_and_when_it_is_over(recorded, batch, turn, close, clock):
    text = Text("De jas is blauw")
    updated = recorded.update(type=UpdateType.CORRECTION, text=text, by="anna", at=clock.now())
    outcome_batch = replace(batch, key=replace(batch.key, message=MessageKind.OUTCOME))
    for lot, alert, to in (
        (VoiceLot(MemoryVoiceSender()), recorded, batch),
        (VoiceLot(MemoryVoiceSender(), plays=True), updated, batch),
        (VoiceLot(MemoryVoiceSender(), plays=True), close(recorded, clock.now()), outcome_batch),
    ):
        list(lot.send(alert, to, [0], turn))
        (call,) = lot.sender.calls
        assert isinstance(call.said, Speech)
