"""Whom no channel reached is tried on another one: once on each, counted once, and told how it ended there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery.family import families, tally_of
from chalicelib.delivery.hand_out import FLUSH, WORK
from chalicelib.delivery.links import Links
from chalicelib.delivery.match import Matcher
from chalicelib.delivery.messages import MatchMessage, SendMessage, TallyMessage
from chalicelib.delivery.model import ASKED, ELSEWHERE, FOR_GOOD, Batch, BatchKey, LaneState, Person, Result
from chalicelib.delivery.plan import units
from chalicelib.delivery.store_memory import MemoryLedger
from chalicelib.delivery.tally import Tallies
from chalicelib.participants.model import UNANSWERED, ChannelChoice, Suppression, SuppressionReason
from chalicelib.platform.batch import Record
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.platform.tokens import LinkSigner

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
SMS, VOICE, EMAIL = Channel.SMS, Channel.VOICE, Channel.EMAIL
CALL, OUTCOME = MessageKind.CALL.value, MessageKind.OUTCOME.value
KEY = BatchKey("0000000abc", CALL, 0, 0)
PHONE, MAIL, LANDLINE = "+31612345678", "noor@burgernet.example", "+31201234567"
BOUNCED = Suppression(ChannelChoice.EMAIL, SuppressionReason.BOUNCED, START)
TEXTS = frozenset({ChannelChoice.SMS})


def record(body):
    return Record("m1", 1, None, body)


class World:
    """The ledger, who watches it and who acts on that. ``asked``: a batch of the call, each on the channels given."""

    def __init__(self, alerts, places, participants, ledger, queues, clock, somebody):
        self.participants, self.ledger, self.queues, self.clock = participants, ledger, queues, clock
        self.somebody = somebody
        self.matcher = Matcher(alerts, places, participants, ledger, queues, clock)
        self.tallies = Tallies(ledger, queues)

    def knows(self, name="noor", phone=PHONE, email=MAIL, **changes):
        person = replace(self.somebody(name, phone, email), **{"chosen": TEXTS, **changes})
        self.participants.rows[person.id] = person
        return person

    def asked(self, *people, key=KEY, channels=(SMS,)):
        contacts = dict.fromkeys(channels, PHONE)
        return self.ledger.add(Batch.new(key, tuple(Person(who.reference, "BU1", "nl", contacts) for who in people)))

    def news(self, key, channel, *results, state=LaneState.DONE):
        return self.ledger.record(self.ledger.get(key), channel, dict(enumerate(results)), state)

    def tally(self, message=CALL):
        """What the tally saw, and the message that it sent, if any."""
        self.tallies.recompute([record(TallyMessage(alert=KEY.alert, message=message, unit=0))])
        return self.sent(QueueName.MATCH_FOLLOWUP)

    def sent(self, queue):
        taken = [body for name, body, _ in self.queues.sent if name is queue]
        self.queues.sent[:] = [entry for entry in self.queues.sent if entry[0] is not queue]
        return taken

    def fall_back(self, message=CALL):
        for body in self.tally(message):
            self.matcher.match(record(MatchMessage.model_validate(body, strict=False)))

    def fallback(self, number=1, key=KEY):
        return self.ledger.get(replace(key, fallback=number))


@pytest.fixture
def world(alerts, places, participants, ledger, queues, clock, somebody):
    return World(alerts, places, participants, ledger, queues, clock, somebody)


@pytest.fixture
def on(active, put):
    """The alert, on every channel."""
    return put(replace(active, content=replace(active.content, channels=tuple(Channel)), version=active.version + 1))


@pytest.mark.parametrize("result", sorted(FOR_GOOD - {Result.OPTED_OUT}))
def test_who_cannot_be_texted_for_good_is_mailed_though_they_did_not_choose_it(world, active, result):
    world.asked(world.knows())
    world.news(KEY, SMS, result)
    world.fall_back()
    assert world.fallback().people[0].contacts == {EMAIL: MAIL}
    (told,) = world.sent(QueueName.EMAIL)
    assert SendMessage.model_validate(told).key == world.fallback().key
    assert world.tally() == []


def test_who_was_refused_for_long_is_mailed_and_may_still_be_texted(world, active):
    world.asked(world.knows())
    world.news(KEY, SMS, Result.STALLED)
    world.fall_back()
    assert world.fallback().people[0].contacts == {EMAIL: MAIL}
    assert world.ledger.get(KEY).lanes[SMS].waiting == [0]
    assert world.tally() == []
    world.news(KEY, SMS, Result.SENT)
    assert world.tally() == []


@pytest.mark.parametrize("result", sorted(set(Result) - ELSEWHERE - {Result.NONE}))
def test_nobody_is_tried_elsewhere_who_may_have_it_or_still_will_or_was_spared(world, active, result):
    world.asked(world.knows())
    world.news(KEY, SMS, result)
    assert world.tally() == []


def test_nobody_is_tried_elsewhere_as_long_as_one_of_their_channels_may_reach_them(world, active):
    world.asked(world.knows(), channels=(SMS, EMAIL))
    world.news(KEY, SMS, Result.FAILED)
    assert world.tally() == []
    world.news(KEY, EMAIL, Result.FAILED)
    assert len(world.tally()) == 1


def test_one_channel_after_another_until_none_is_left_and_each_once(world, on):
    world.asked(world.knows())
    world.news(KEY, SMS, Result.FAILED)
    for number, channel in enumerate((VOICE, EMAIL), 1):
        world.fall_back()
        assert list(world.fallback(number).lanes) == [channel]
        world.news(world.fallback(number).key, channel, Result.FAILED)
    world.fall_back()
    assert world.fallback(3).lanes == {}
    assert world.tally() == []
    assert len(world.ledger.rows) == 4


def test_who_fails_later_comes_into_a_fallback_of_their_own_at_the_same_index(world, active):
    world.asked(world.knows("p0"), world.knows("p1"), world.knows("p2"))
    world.news(KEY, SMS, Result.SENT, Result.SENT, Result.FAILED)
    world.fall_back()
    world.news(KEY, SMS, Result.FAILED)
    world.fall_back()
    on = [[index for index in range(3) if world.fallback(n).people[index].contacts] for n in (1, 2)]
    assert on == [[2], [0]]
    assert world.fallback(2).people[0].participant == world.ledger.get(KEY).people[0].participant


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"paused": True}, id="paused"),
        pytest.param({"asked": UNANSWERED + 1}, id="never answered"),
        pytest.param({"email": None}, id="no other contact"),
        pytest.param({"no_mail": True}, id="ended the e-mail"),
        pytest.param({"suppressed": (BOUNCED,)}, id="bounced before"),
    ],
)
def test_who_has_nothing_left_is_looked_up_once(world, active, changes):
    world.asked(world.knows(**changes))
    world.news(KEY, SMS, Result.FAILED)
    world.fall_back()
    assert world.fallback().lanes == {}
    assert (world.tally(), world.queues.sent) == ([], [])


def test_who_has_left_is_not_tried(world, active):
    world.asked(world.somebody("gone"))
    world.news(KEY, SMS, Result.FAILED)
    world.fall_back()
    assert world.fallback().lanes == {}


def test_who_opted_out_of_texts_is_not_called_at_the_same_number_but_mailed(world, on):
    world.asked(world.knows())
    world.news(KEY, SMS, Result.OPTED_OUT)
    world.fall_back()
    assert list(world.fallback().lanes) == [EMAIL]


@pytest.mark.parametrize(("phone", "channels"), [(LANDLINE, []), (PHONE, [SMS])])
def test_who_is_only_called_gets_a_text_if_the_number_is_a_mobile(world, on, phone, channels):
    world.asked(world.knows(phone=phone, email=None, chosen=frozenset({ChannelChoice.VOICE})), channels=(VOICE,))
    world.news(KEY, VOICE, Result.FAILED)
    world.fall_back()
    assert list(world.fallback().lanes) == channels


def test_only_channels_of_the_alert_are_tried(world, active, put):
    put(replace(active, content=replace(active.content, channels=(SMS,)), version=active.version + 1))
    world.asked(world.knows())
    world.news(KEY, SMS, Result.FAILED)
    world.fall_back()
    assert world.fallback().lanes == {}


def test_the_message_twice_gives_one_fallback_and_one_mail_at_most(world, active):
    world.asked(world.knows())
    world.news(KEY, SMS, Result.FAILED)
    (body,) = world.tally()
    assert world.tally() == [body]  # the tally was killed and comes again
    for _ in range(3):
        world.matcher.match(record(MatchMessage.model_validate(body, strict=False)))
    assert list(world.ledger.rows) == [KEY, replace(KEY, fallback=1)]
    assert world.ledger.claim(world.fallback().key, EMAIL, 0, 60_000)
    world.news(world.fallback().key, EMAIL, Result.SENT)
    assert world.ledger.claim(world.fallback().key, EMAIL, 0, 60_000) is None


def test_a_matcher_killed_before_it_told_the_senders_is_made_good(world, active):
    class Killed(MemoryQueues):
        def send(self, queue, bodies, *, delay_s=0):
            raise OSError("killed")

    world.asked(world.knows())
    world.news(KEY, SMS, Result.FAILED)
    (body,) = world.tally()
    message = record(MatchMessage.model_validate(body, strict=False))
    with pytest.raises(OSError, match="killed"):
        replace(world.matcher, queues=Killed()).match(message)
    assert world.fallback()
    assert world.tally() == []  # the ledger says that it was seen to: the message that comes again must do the rest
    world.matcher.match(message)
    assert len(world.sent(QueueName.EMAIL)) == 1


def test_after_a_stop_nobody_new_is_tried_and_what_was_written_comes_to_its_end(world, active, put, clock):
    world.asked(world.knows("p0"), world.knows("p1"))
    world.news(KEY, SMS, Result.FAILED, Result.SENT)
    world.fall_back()
    world.queues.sent.clear()
    world.news(KEY, SMS, Result.NONE, Result.FAILED)
    put(active.stop(by="anna", at=clock.now()))
    world.fall_back()
    assert world.fallback(2) is None
    (told,) = world.sent(QueueName.EMAIL)
    assert SendMessage.model_validate(told).key == world.fallback(1).key


def test_of_two_matchers_the_slower_one_still_sees_to_its_own(world, active, clock):
    class First(MemoryLedger):
        """Another writes the fallback first, of fewer people."""

        def add(self, batch):
            fewer = (batch.people[0], batch.people[1].with_contacts({}).known_as(""))
            if batch.key.fallback == 1 and batch.people[1].contacts:
                super().add(Batch.new(batch.key, fewer))
            return super().add(batch)

    batch = world.asked(world.knows("p0"), world.knows("p1"))
    world.news(KEY, SMS, Result.FAILED, Result.FAILED)
    (body,) = world.tally()
    ledger = First(rows=world.ledger.rows)
    replace(world.matcher, ledger=ledger).match(record(MatchMessage.model_validate(body, strict=False)))
    on = [[bool(person.contacts) for person in world.fallback(n).people] for n in (1, 2)]
    assert (on, len(batch.people)) == ([[True, False], [False, True]], 2)
    assert len(world.sent(QueueName.EMAIL)) == 2


def test_what_there_is_no_time_for_is_handed_on(world, active):
    class Slow(MemoryLedger):
        def add(self, batch):
            world.clock.advance(seconds=WORK.total_seconds() / FLUSH)
            return super().add(batch)

    keys = [replace(KEY, number=number) for number in range(FLUSH + 2)]
    for key in keys:
        world.asked(world.knows(f"p{key.number}"), key=key)
        world.news(key, SMS, Result.FAILED)
    (body,) = world.tally()
    slow = replace(world.matcher, ledger=Slow(rows=world.ledger.rows))
    slow.match(record(MatchMessage.model_validate(body, strict=False)))
    (rest,) = world.sent(QueueName.MATCH_FOLLOWUP)
    assert (rest["fallback"], list(rest["only"])) == (True, [FLUSH, FLUSH + 1])
    slow.match(record(MatchMessage.model_validate(rest, strict=False)))
    assert all(world.fallback(key=key) for key in keys)
    assert len(world.sent(QueueName.EMAIL)) == len(keys)


def test_a_unit_matched_again_keeps_its_batches_and_starts_none_anew(world, active, places, place):
    places.load([place(world.knows("p0").reference), place(world.knows("p1").reference)])
    (ranges,) = units(active)
    match = MatchMessage(alert=active.id, message=CALL, unit=0, ranges=ranges)
    world.matcher.match(record(match))
    world.news(KEY, SMS, Result.FAILED, Result.FAILED)
    world.fall_back()
    before = dict(world.ledger.rows)
    world.matcher.match(record(match))
    assert world.ledger.rows == before
    assert list(before) == [KEY, replace(KEY, fallback=1)]


def test_the_reply_link_is_the_same_wherever_it_comes(world):
    links = Links("https://burgernet.example", LinkSigner(b"k" * 32))
    assert links.reply(replace(KEY, fallback=3), 7) == links.reply(KEY, 7)


def closed(world, put, active, close):
    put(close(active, world.clock.now()))
    world.matcher.match(record(MatchMessage(alert=KEY.alert, message=OUTCOME, unit=0)))
    return world.ledger.get(replace(KEY, message=OUTCOME))


def test_how_it_ended_is_told_where_they_were_reached_in_the_end(world, active, put, close):
    world.asked(world.knows("p0"), world.knows("p1"), world.knows("p2", email=None))
    world.news(KEY, SMS, Result.SENT, Result.FAILED, Result.FAILED)
    world.fall_back()
    world.news(world.fallback().key, EMAIL, Result.NONE, Result.DELIVERED)
    outcome = closed(world, put, active, close)
    assert [sorted(person.contacts) for person in outcome.people] == [[SMS], [EMAIL], []]


def test_an_outcome_that_fails_goes_elsewhere_but_not_to_whoever_never_heard_of_the_alert(world, active, put, close):
    world.asked(world.knows("p0"), world.knows("p1"))
    world.news(KEY, SMS, Result.SENT, Result.SENT)
    key = closed(world, put, active, close).key
    world.news(KEY, SMS, Result.NONE, Result.FAILED)  # the call's receipt comes late
    world.news(key, SMS, Result.FAILED, Result.FAILED)
    world.fall_back(OUTCOME)
    assert [sorted(person.contacts) for person in world.fallback(key=key).people] == [[EMAIL], []]
    assert (world.tally(OUTCOME), len(world.sent(QueueName.EMAIL_FOLLOWUP))) == ([], 1)


def test_an_outcome_that_fails_goes_first_to_where_the_call_was_heard(world, on, put, close):
    world.asked(world.knows(), channels=(SMS, EMAIL))
    world.news(KEY, SMS, Result.SENT)
    key = closed(world, put, on, close).key  # the mail of the call has not gone out yet
    world.news(KEY, EMAIL, Result.DELIVERED)
    world.news(key, SMS, Result.FAILED)
    world.fall_back(OUTCOME)
    assert list(world.fallback(key=key).lanes) == [EMAIL]


def test_an_outcome_waits_for_whoever_sends_from_a_fallback(world, active, put, close):
    world.asked(world.knows())
    world.news(KEY, SMS, Result.FAILED)
    world.fall_back()
    world.ledger.claim(world.fallback().key, EMAIL, int(world.clock.now().timestamp() * 1000), 60_000)
    assert closed(world, put, active, close) is None
    (later,) = world.sent(QueueName.MATCH_FOLLOWUP)
    assert (later["message"], list(later["only"])) == (OUTCOME, [0])


LETTER = st.sampled_from([result for result in Result if result is not Result.NONE])
PERSON = st.lists(LETTER, min_size=1, max_size=3)  # what became of each try: SMS, then voice, then e-mail


@settings(max_examples=60)
@given(st.lists(PERSON, min_size=1, max_size=6))
def test_figures_are_those_of_counting_every_person_by_hand(tries):
    ledger = MemoryLedger()
    people = tuple(Person(f"p{n}", f"BU{n % 2}", "nl", {SMS: "s"}) for n in range(len(tries)))
    ledger.add(Batch.new(KEY, people))
    wanted = {}
    for turn, channel in enumerate(Channel):
        (family,) = families(ledger.batches(KEY.alert, CALL, 0))
        if turn:
            due = {
                n: people[n].with_contacts({channel: "c"} if turn < len(tries[n]) else {}) for n in family.stranded()
            }
            family = family.plus(ledger.add(family.next_fallback(due)))
        for n in range(len(tries)):
            lane = family.batches[-1].lanes.get(channel)
            if lane and lane.results[n] is Result.QUEUED:
                ledger.record(family.batches[-1], channel, {n: tries[n][turn]})
                wanted.setdefault(n, []).append((channel, tries[n][turn]))
    (family,) = families(ledger.batches(KEY.alert, CALL, 0))
    assert [family.results(n) for n in range(len(tries))] == [wanted[n] for n in range(len(tries))]
    tally = tally_of([family])
    asked = [any(result in ASKED for _, result in got) for got in wanted.values()]
    reached = [any(result is Result.DELIVERED for _, result in got) for got in wanted.values()]
    assert (tally.people, tally.asked, tally.reached) == (len(tries), sum(asked), sum(reached))
    assert sum(area.people for area in tally.areas.values()) == len(tries)
    for channel, of in tally.results.items():
        there = [area.messages[channel] for area in tally.areas.values() if channel in area.messages]
        told = tuple(sum(column) for column in list(zip(*there, strict=True))[:3])
        wanted_there = tuple(
            sum(of.get(result, 0) for result in some) for some in (ASKED, {Result.DELIVERED}, FOR_GOOD)
        )
        assert told == wanted_there
    every = [pair for got in wanted.values() for pair in got]
    assert sum(sum(of.values()) for of in tally.results.values()) == len(every)
    assert all(tally.results[channel][result] == every.count((channel, result)) for channel, result in every)
