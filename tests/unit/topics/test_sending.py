"""Browsers that listen to areas: each is told once, whatever happens to the sender on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.example_alert import approved_alert, example_content
from chalicelib.alerts.cap import Scope, Status
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.late_outcome import with_outcome
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.model import Channel, Device, Refusal, Refused
from chalicelib.channels.push import MemoryPushSender
from chalicelib.delivery.messages import TopicMessage
from chalicelib.delivery.model import CHECKPOINT
from chalicelib.delivery.pace import MemoryPace
from chalicelib.delivery.pacing import Pacer
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import MemoryQueues, QueueName
from chalicelib.topics.entry import Topics
from chalicelib.topics.model import Figures, Listener, Outcome, listener_id
from chalicelib.topics.plan import TopicPlanner
from chalicelib.topics.sending import LEASE, PAGE, TopicSender
from chalicelib.topics.store_memory import MemoryTopicStore
from tests.unit.delivery.conftest import AREA, START

ALERT = "0000000abc"
HERE, NEXT, AWAY = "BU90010101", "BU90010102", "BU90020101"
FORMER = "BU90010909"
GONE, FAST, DOWN = (
    Refused(Refusal.PERMANENT, "410"),
    Refused(Refusal.THROTTLED, "429", 90),
    Refused(Refusal.TEMPORARY, "503"),
)
LOST, NEVER = Refused(Refusal.UNKNOWN, "no answer"), Refused(Refusal.PERMANENT, "403")


class Killed(BaseException):
    """The function ends here."""


@dataclass
class Country:
    """``codes``: of every area that the alert overlaps, below its municipality. ``FORMER`` lies in one of them now."""

    codes: tuple = (HERE, NEXT)

    def municipalities_in(self, shape):
        from chalicelib.areas.model import Area, Level

        def town(code, joined):
            return Area(code, code, Level.MUNICIPALITY, 2026, code, joined=joined)

        return [town("GM9001", True), town("GM9009", False)]

    def below_in(self, code, shape):
        return list(self.codes)

    def former(self, codes):
        return frozenset({FORMER} if HERE in codes else ())


@dataclass
class Dying:
    """A store whose caller is killed right before or right after its ``at``-th use."""

    inner: MemoryTopicStore
    at: int
    after: bool
    uses: int = 0

    def __getattr__(self, name):
        def call(*given, **named):
            self.uses += 1
            if self.uses == self.at and not self.after:
                raise Killed
            answer = getattr(self.inner, name)(*given, **named)
            if self.uses == self.at:
                raise Killed
            return answer

        return call


@dataclass
class Overtaking:
    """A store in which ``news`` is told right before the first claim, whose sender has read the alert already.

    ``killed_after``: and that sender is killed after it has done this once.
    """

    inner: MemoryTopicStore
    news: Callable[[], None]
    killed_after: str = ""
    told: bool = False

    def __getattr__(self, name):
        def call(*given, **named):
            if name == "claim" and not self.told:
                self.told = True
                self.news()
            answer = getattr(self.inner, name)(*given, **named)
            if self.told and name == self.killed_after:
                self.killed_after = ""
                raise Killed
            return answer

        return call


@dataclass
class World:
    """A public alert that has just begun, and those who listen."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    alerts: MemoryAlertStore = field(default_factory=MemoryAlertStore)
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    push: MemoryPushSender = field(default_factory=MemoryPushSender)
    rate: float = 1_000.0

    def __post_init__(self):
        self.store = MemoryTopicStore(self.clock)

    def topics(self, store=None):
        store = store or self.store
        pacer = Pacer(MemoryPace(), self.clock, Channel.PUSH, self.rate)
        url = "https://burgernet.example/meldingen"
        sender = TopicSender(store, self.alerts, self.push, pacer, self.queues, self.clock, url)
        return Topics(TopicPlanner(self.alerts, Country(), self.queues, self.clock), sender)

    @property
    def alert(self):
        return self.alerts.get(ALERT)

    def scheduled(self, **changes):
        given = {"scope": Scope.PUBLIC} | changes
        draft, approved = approved_alert(example_content(AREA, **given), alert_id=ALERT, at=START)
        self.alerts.put(draft, 0, EventRecord("e0", START, "created", "anna"))
        self.put(approved, draft.version)
        return self

    def begin(self):
        self.put(self.alert.begin(at=self.clock.now()))
        return self

    def put(self, alert, standing=None):
        self.alerts.put(alert, standing or self.alert.version, EventRecord("e", alert.changed_at, "changed", "anna"))

    def listen(self, name, *areas, language=Language.NL):
        device = Device(f"https://web.push.apple.com/push/{name}", "p", "a")
        listener = Listener(listener_id(device), device, language)
        self.store.put(listener, areas)
        return listener

    def refuse(self, listener, *answers):
        self.push.refusals[listener.device.endpoint] = list(answers)

    def update(self, kind=UpdateType.UPDATE):
        self.put(self.alert.update(type=kind, text=Text("Gele jas."), by="anna", at=self.clock.now()))

    def stop(self):
        self.put(self.alert.stop(by="anna", at=self.clock.now()))

    def close(self):
        how = {"result": Result.OTHER, "contribution": Contribution.NONE, "text": None}
        self.put(self.alert.close(**how, by="anna", at=self.clock.now()))

    def close_by_itself(self):
        self.put(self.alert.close_unanswered(at=self.clock.now()))

    def add_outcome(self):
        found = {"result": Result.MISSING_PERSON_FOUND, "contribution": Contribution.DIRECT, "text": None}
        self.put(with_outcome(self.alert, **found, by="anna", at=self.clock.now()))

    def ask(self, message):
        self.queues.send(QueueName.TOPICS, [TopicMessage(alert=ALERT, message=message).body()])

    def settle(self, message=None, topics=None, kill=False):
        """Everything that follows. ``kill``: a message whose sender is killed comes back when its lease is over."""
        if message:
            self.ask(message)
        topics = topics or self.topics()
        due = []
        for number in range(400):
            assert {queue for queue, _, _ in self.queues.sent} <= {QueueName.TOPICS}
            due += [(self.clock.now() + timedelta(seconds=delay), number, body) for _, body, delay in self.queues.sent]
            self.queues.sent.clear()
            if not due:
                return
            due.sort(key=lambda one: one[:2])
            moment, _, body = due.pop(0)
            self.clock.at = max(self.clock.at, moment)
            try:
                topics.take(Record("m", 1, self.clock.now(), TopicMessage.model_validate(body)))
            except Killed:
                assert kill
                due.append((self.clock.now() + LEASE + timedelta(seconds=1), number, body))
        raise AssertionError("goes round in circles")

    @property
    def told(self):
        return sorted(one.device.endpoint.rpartition("/")[2] for one in self.push.sent)


@pytest.fixture
def world():
    return World().scheduled().begin()


def test_who_listens_to_an_area_that_the_alert_overlaps_is_told_and_nobody_else(world):
    world.listen("here", HERE)
    world.listen("town", "GM9001")
    world.listen("away", AWAY)
    world.settle("call")
    assert world.told == ["here", "town"]
    (one, _) = world.push.sent
    assert one.topic == ALERT
    assert one.life_s == 4 * 3600
    assert b"/meldingen" in one.payload
    assert world.store.figures(ALERT, "call") == Figures(sent=2)


def test_who_chose_an_area_that_has_ended_listens_to_what_it_lies_in_now(world):
    world.listen("for years", FORMER)
    world.settle("call")
    assert world.told == ["for years"]


def test_it_is_told_in_its_language(world):
    world.listen("english", HERE, language=Language.EN)
    world.settle("call")
    assert b'"lang":"en"' in world.push.sent[0].payload


def test_two_areas_of_one_browser_and_a_repeat_are_one_message(world):
    world.listen("both", HERE, NEXT, "GM9001")
    world.settle("call")
    world.settle("call")
    assert world.told == ["both"]
    assert world.store.figures(ALERT, "call") == Figures(sent=1)


def test_all_pages_of_an_area_are_told(world):
    names = sorted(f"n{number}" for number in range(2 * PAGE + 1))
    for name in names:
        world.listen(name, HERE)
    world.settle("call")
    assert world.told == names
    assert world.store.figures(ALERT, "call") == Figures(sent=len(names))


@pytest.mark.parametrize("changes", [{"scope": Scope.RESTRICTED}, {"status": Status.EXERCISE}])
def test_an_alert_that_is_not_public_reaches_nobody(changes):
    world = World().scheduled(**changes).begin()
    world.listen("here", HERE)
    world.settle("call")
    assert world.told == []


def test_the_call_waits_until_the_alert_has_begun(world):
    world = World().scheduled()
    world.listen("here", HERE)
    world.ask("call")
    topics = world.topics()
    _, body, _ = world.queues.sent.pop()
    topics.take(Record("m", 1, START, TopicMessage.model_validate(body)))
    assert (world.told, [delay for _, _, delay in world.queues.sent]) == ([], [1])
    world.begin().settle()
    assert world.told == ["here"]


@pytest.mark.parametrize("end", ["stop", "close", "expire"])
def test_after_a_stop_nobody_is_called(world, end):
    world.listen("here", HERE)
    if end == "expire":
        world.clock.at = world.alert.expires
    else:
        getattr(world, end)()
    world.settle("call")
    assert world.told == []


def test_a_stop_between_two_turns_spares_the_rest_and_counts_who_was_told(world):
    world.rate = 1.0
    for name in "abc":
        world.listen(name, HERE)
    plain = world.push.push

    def push(device, payload, **options):
        world.push.push = plain
        answer = plain(device, payload, **options)
        world.stop()
        return answer

    world.push.push = push
    world.settle("call")
    assert len(world.told) == 1
    assert world.store.figures(ALERT, "call") == Figures(sent=1)


def test_an_end_in_the_middle_of_the_last_turn_ends_the_page_at_once(world):
    for number in range(CHECKPOINT + 1):
        world.listen(f"n{number}", HERE)
    plain = world.push.push

    def push(*given, **options):
        world.clock.at = world.alert.expires
        return plain(*given, **options)

    world.push.push = push
    page = TopicMessage(alert=ALERT, message="call", area=HERE)
    world.topics().take(Record("m", 1, START, page))
    assert (len(world.told), world.queues.sent) == (CHECKPOINT, [])
    assert world.store.figures(ALERT, "call") == Figures(sent=CHECKPOINT)


def test_update_and_outcome_go_to_who_got_the_call_and_to_nobody_else(world):
    world.listen("here", HERE)
    world.refuse(world.listen("never", HERE), NEVER)
    world.refuse(world.listen("unsure", HERE), LOST)
    world.settle("call")
    world.listen("late", HERE)
    world.store.remove(world.listen("left", HERE).id)
    world.push.sent.clear()
    world.update()
    world.settle("update-1")
    assert world.told == ["here", "unsure"]
    world.close()
    world.settle("outcome")
    assert world.told == ["here", "here", "unsure", "unsure"]
    assert world.store.figures(ALERT, "call") == Figures(sent=2, failed=1)
    assert world.store.figures(ALERT, "outcome") == Figures(sent=2)


def test_however_late_whoever_got_the_call_hears_how_it_ended(world):
    world.listen("here", HERE)
    world.settle("call")
    world.close()
    world.clock.at += timedelta(days=2)
    world.settle("outcome")
    assert world.told == ["here", "here"]


def test_an_outcome_that_was_known_late_reaches_who_got_the_call_also_from_a_page_that_was_late_itself(world):
    world.listen("here", HERE)
    plain = world.push.push

    def push(device, payload, **options):
        world.push.push = plain
        world.close_by_itself()
        world.add_outcome()
        return plain(device, payload, **options)

    world.push.push = push
    world.settle("call")
    assert world.told == ["here", "here"]
    assert "Nu weten wij hoe het is afgelopen." in world.push.sent[1].payload.decode()
    world.settle("outcome")
    world.settle("outcome-late")
    assert world.told == ["here", "here"]


def test_who_turned_it_off_after_the_call_hears_no_more(world):
    left = world.listen("left", HERE)
    world.settle("call")
    world.store.remove(left.id)
    world.close()
    world.settle("outcome")
    assert len(world.push.sent) == 1


def test_news_that_came_while_a_page_was_called_reaches_it_too(world):
    world.listen("here", HERE)
    plain = world.push.push

    def push(device, payload, **options):
        world.push.push = plain
        world.update()
        return plain(device, payload, **options)

    world.push.push = push
    world.settle("call")
    assert world.told == ["here", "here"]
    assert b"Gele jas" in world.push.sent[1].payload


@pytest.mark.parametrize("news", ["update-1", "stop", "outcome"])
@pytest.mark.parametrize("how", ["put back", "claim", "settle", "finish"])
def test_news_that_overtook_a_page_reaches_it_whatever_happens_to_its_sender(world, news, how):
    first, second = sorted((world.listen(name, HERE) for name in "ab"), key=lambda one: one.id)

    def tell():
        if news == "stop":
            world.stop()
        if news == "outcome":
            world.close()
        else:
            world.update(UpdateType.CORRECTION)
        world.settle("outcome" if news == "outcome" else "update-1")

    if how == "put back":
        world.refuse(second, FAST)
    store = Overtaking(world.store, tell, killed_after="" if how == "put back" else how)
    world.settle("call", world.topics(store), kill=True)
    name = "outcome" if news == "outcome" else "update-1"
    called = {one.id for one in (first, second) if world.store.look(ALERT, "call", one.id)}
    assert first.id in called
    assert {one for one in called if world.store.look(ALERT, name, one)} == called
    assert world.store.figures(ALERT, name) == Figures(sent=len(called))


def test_a_browser_that_has_ended_is_taken_off(world):
    gone = world.listen("gone", HERE, NEXT)
    world.refuse(gone, GONE)
    world.settle("call")
    assert world.store.page(NEXT, "", PAGE).listeners == ()
    assert world.store.figures(ALERT, "call") == Figures(gone=1)


@pytest.mark.parametrize(("answer", "least_s"), [(FAST, 90), (DOWN, 1)])
def test_who_was_surely_not_taken_is_tried_again(world, answer, least_s):
    world.refuse(world.listen("slow", HERE), answer)
    world.settle("call")
    assert world.told == ["slow"]
    assert (world.clock.at - START).total_seconds() >= least_s
    assert world.store.figures(ALERT, "call") == Figures(sent=1)


@pytest.mark.parametrize("answer", [DOWN, FAST])
def test_nobody_waits_for_a_browser_that_must_be_tried_again(world, answer):
    names = sorted(f"n{number:03}" for number in range(2 * PAGE + 1))
    slow, *others = sorted((world.listen(name, HERE) for name in names), key=lambda listener: listener.id)
    world.refuse(slow, *[answer] * 5)
    told_at = {}
    push = world.push.push

    def timed(device, payload, **options):
        answer = push(device, payload, **options)
        if not isinstance(answer, Refused):
            told_at[device] = (world.clock.now() - START).total_seconds()
        return answer

    world.push.push = timed
    world.settle("call")
    assert world.told == names
    assert max(told_at[listener.device] for listener in others) < 10 < told_at[slow.device]
    assert world.store.figures(ALERT, "call") == Figures(sent=len(names))


@pytest.mark.parametrize("answer", [DOWN, FAST, Refused(Refusal.THROTTLED, "429", 3_600)])
@pytest.mark.parametrize("message", ["call", "outcome"])
def test_a_browser_that_is_never_taken_is_given_up_within_half_an_hour_and_the_page_is_counted(world, answer, message):
    dead, _ = (world.listen(name, HERE) for name in ("dead", "alive"))
    if message == "outcome":
        world.settle("call")
        world.close()
    begun = world.clock.now()
    world.refuse(dead, *[answer] * 200)
    world.settle(message)
    assert world.store.figures(ALERT, message) == Figures(sent=1, failed=1)
    assert timedelta(minutes=5) < world.clock.now() - begun < timedelta(minutes=30)


def test_nor_for_one_whose_sender_may_be_at_work_or_was_killed(world):
    names = sorted(f"n{number:03}" for number in range(2 * PAGE + 1))
    busy, *others = sorted((world.listen(name, HERE) for name in names), key=lambda listener: listener.id)
    page = TopicMessage(alert=ALERT, message="call", area=HERE)
    assert world.store.claim(ALERT, "call", busy.id, page.page, 0).mine
    world.ask("call")
    while len(world.push.sent) < len(others):
        _, body, delay = world.queues.sent.pop(0)
        world.clock.at += timedelta(seconds=delay)
        world.topics().take(Record("m", 1, world.clock.now(), TopicMessage.model_validate(body)))
    assert world.clock.now() - START < LEASE / 2
    world.settle()
    assert {pushed.device for pushed in world.push.sent} == {listener.device for listener in others}
    assert len(world.push.sent) == len(others)
    assert world.store.figures(ALERT, "call") == Figures(sent=len(names))


def test_who_may_have_got_it_is_not_tried_again(world):
    world.refuse(world.listen("unsure", HERE), LOST)
    world.settle("call")
    world.settle("call")
    assert world.told == []
    assert world.store.figures(ALERT, "call") == Figures(sent=1)


def test_a_claim_that_is_at_work_is_waited_for(world):
    busy = world.listen("busy", HERE)
    page = TopicMessage(alert=ALERT, message="call", area=HERE)
    assert world.store.claim(ALERT, "call", busy.id, page.page).mine
    world.topics().take(Record("m", 1, START, page))
    assert (world.told, world.store.finished(ALERT, "call", page.page)) == ([], None)
    world.store.settle(ALERT, "call", busy.id, Outcome.SENT)
    world.settle()
    assert (world.told, world.store.figures(ALERT, "call")) == ([], Figures(sent=1))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 45), st.booleans())
def test_killed_anywhere_each_browser_is_told_at_most_once_and_counted_once(at, after):
    world = World().scheduled().begin()
    for name in "abcd":
        world.listen(name, HERE, NEXT)
    world.refuse(world.listen("gone", HERE), GONE)
    dying = Dying(world.store, at, after)
    world.settle("call", world.topics(dying), kill=True)
    assert len(set(world.told)) == len(world.told)
    lost = [claim for (_, _, _), claim in world.store.claims.items() if claim.outcome is Outcome.CLAIMED]
    assert len(world.told) + len(lost) >= 4
    figures = world.store.figures(ALERT, "call")
    assert figures.sent + figures.failed + figures.gone == 5
    world.push.sent.clear()
    world.close()
    world.settle("outcome")
    assert set("abcd") <= set(world.told)
