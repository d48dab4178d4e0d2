"""What stands on a social network, whatever happened on the way there."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.example_alert import approved_alert, example_content
from chalicelib.alerts.cap import Scope, Status
from chalicelib.alerts.content import Category
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.late_outcome import with_outcome
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.store import MemoryAlertStore
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Refusal
from chalicelib.channels.social import Declined, MemorySocialPoster, Network
from chalicelib.delivery.messages import PostMessage
from chalicelib.delivery.post_store import MemoryPostStore
from chalicelib.delivery.posting import MOST_TRIES, NotWithdrawn, Posting
from chalicelib.delivery.posts import PostState
from chalicelib.delivery.posts_told import PostsTold
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.queues import MemoryQueues, QueueName
from tests.unit.delivery.conftest import AREA, START

ALERT = "0000000abc"
X, MASTODON = Network.X, Network.MASTODON
DOWN, FAST = Declined(Refusal.TEMPORARY, "503"), Declined(Refusal.THROTTLED, "429", 90)
NEVER = Declined(Refusal.PERMANENT, "403 Suspended")
IN_DUTCH = {
    "headline": Text("Vermist: Noor, 7 jaar"),
    "description": Text("Rode jas, gele laarzen."),
    "instruction": Text("Ziet u haar? Bel 112."),
}


class Names:
    def names(self, codes):
        return dict.fromkeys(codes, "Sluisveen")

    def locate(self, point):
        return None


class Killed(BaseException):
    """The function ends here."""


@dataclass
class Dying:
    """A poster whose caller is killed right before or right after a request has done its work."""

    inner: MemorySocialPoster
    before: bool = False
    after: bool = False

    def __getattr__(self, name):
        def call(*given, **named):
            if self.before:
                raise Killed
            answer = getattr(self.inner, name)(*given, **named)
            if self.after:
                raise Killed
            return answer

        return call


class Forgetful(MemorySocialPoster):
    """As X: it knows no keys, so what is asked twice stands twice."""

    def post(self, text, *, key, language, reply_to=""):
        return super().post(text, key=f"{key}-{len(self.posts)}", language=language, reply_to=reply_to)


@dataclass
class World:
    """One public alert, and what the networks show of it. ``down``: at which step of the way the sender is killed."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    store: MemoryPostStore = field(default_factory=MemoryPostStore)
    alerts: MemoryAlertStore = field(default_factory=MemoryAlertStore)
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    posters: dict = field(default_factory=dict)

    def __post_init__(self):
        self.posters = {X: Forgetful(self.clock), MASTODON: MemorySocialPoster(self.clock)}

    def posting(self, **posters):
        return Posting(self.posters | posters, self.alerts, Names(), self.store, self.queues, self.clock)

    @property
    def told(self):
        return PostsTold(tuple(Network), self.store, Names(), self.clock).posts(self.alert)

    @property
    def alert(self):
        return self.alerts.get(ALERT)

    def begin(self, **changes):
        given = IN_DUTCH | {"scope": Scope.PUBLIC} | changes
        draft, approved = approved_alert(example_content(AREA, **given), alert_id=ALERT, at=START)
        self.alerts.put(draft, 0, EventRecord("e0", START, "created", "anna"))
        self.put(approved.begin(at=START), draft.version)
        return self

    def put(self, alert, standing=None):
        self.alerts.put(alert, standing or self.alert.version, EventRecord("e", alert.changed_at, "changed", "anna"))

    def update(self, kind, text):
        self.put(self.alert.update(type=kind, text=Text(text), by="anna", at=self.clock.now()))

    def stop(self):
        self.put(self.alert.stop(by="anna", at=self.clock.now()))

    def close(self):
        result, contribution = Result.OTHER, Contribution.NONE
        now = self.clock.now()
        self.put(self.alert.close(result=result, contribution=contribution, text=None, by="anna", at=now))

    def close_by_itself(self):
        self.put(self.alert.close_unanswered(at=self.clock.now()))

    def add_outcome(self):
        found = {"result": Result.MISSING_PERSON_FOUND, "contribution": Contribution.DIRECT, "text": None}
        self.put(with_outcome(self.alert, **found, by="anna", at=self.clock.now()))

    def look(self, network=X, attempt=0, **posters):
        body = PostMessage(alert=ALERT, network=network, attempt=attempt)
        self.posting(**posters).post(Record("m1", 1, self.clock.now(), body))

    def settle(self, network=X):
        """Everything that follows, as the queue brings it back; a killed sender's claim is waited for."""
        self.queues.sent.append((QueueName.SOCIAL, {"alert": ALERT, "network": network, "attempt": 0}, 0))
        ends = self.clock.now() + timedelta(minutes=10)
        while self.queues.sent and self.clock.now() < ends:
            queue, body, delay_s = self.queues.sent.pop(0)
            assert queue is QueueName.SOCIAL
            if delay_s >= 600:  # that is the look at the end of the alert
                continue
            self.clock.advance(seconds=delay_s)
            message = PostMessage.model_validate(body, strict=False)
            self.posting().post(Record("m1", 1, self.clock.now(), message))

    def standing(self, network=X):
        return [kept.texts[-1] for kept in self.posters[network].standing]


@pytest.fixture
def world():
    return World()


def texts(world, network=X):
    """What stands, by the word that tells it from the others."""
    words = ("Correctie", "Update", "afgerond", "Vermist")
    return [next(word for word in words if word in text) for text in world.standing(network)]


@pytest.mark.parametrize("network", Network)
def test_a_public_alert_is_posted_once_however_often_it_is_looked_at(world, network):
    world.begin()
    for _ in range(3):
        world.look(network)
    (text,) = world.standing(network)
    assert text == (
        "BURGERNET 23-11 21:15 Sluisveen (0abc): Vermist: Noor, 7 jaar. Rode jas, gele laarzen. Ziet u haar? Bel 112."
    )
    assert [kept.language for kept in world.posters[network].posts] == ["nl"]


@pytest.mark.parametrize("changes", [{"scope": Scope.RESTRICTED}, {"status": Status.EXERCISE}, {"status": Status.TEST}])
def test_nothing_else_ever_is(world, changes):
    world.begin(**changes)
    world.settle()
    world.close()
    world.settle()
    assert world.posters[X].posts == []
    assert world.told is None


def test_before_it_begins_nothing_is_posted(world):
    draft, _ = approved_alert(example_content(AREA, scope=Scope.PUBLIC), alert_id=ALERT, at=START)
    world.alerts.put(draft, 0, EventRecord("e0", START, "created", "anna"))
    world.look()
    world.stop()
    world.look()
    assert world.posters[X].posts == []


def test_a_network_that_is_not_configured_is_let_go(world):
    world.begin()
    Posting({}, world.alerts, Names(), world.store, world.queues, world.clock).post(
        Record("m1", 1, START, PostMessage(alert=ALERT, network=X))
    )
    assert world.queues.sent == []


def test_mastodon_changes_the_words_of_the_call(world):
    world.begin()
    world.settle(MASTODON)
    world.update(UpdateType.UPDATE, "Zij is op een fiets")
    world.settle(MASTODON)
    world.update(UpdateType.CORRECTION, "De jas is blauw")
    world.settle(MASTODON)
    (kept,) = world.posters[MASTODON].posts
    assert ["Update: Zij is op een fiets." in kept.texts[1], "Correctie: De jas is blauw." in kept.texts[2]] == [
        True
    ] * 2


def test_on_x_more_is_a_reply_and_a_correction_takes_the_place_of_the_call(world):
    world.begin()
    world.settle()
    world.update(UpdateType.UPDATE, "Zij is op een fiets")
    world.settle()
    assert texts(world) == ["Vermist", "Update"]
    assert world.posters[X].posts[1].reply_to == world.posters[X].posts[0].posted.id
    world.update(UpdateType.UPDATE, "Zij is op een step")
    world.settle()
    assert ["step" in text for text in world.standing()] == [False, True]
    world.update(UpdateType.CORRECTION, "De jas is blauw")
    world.settle()
    assert texts(world) == ["Correctie"]
    assert "gele laarzen" in world.standing()[0]
    world.update(UpdateType.UPDATE, "Zij is in het bos")
    world.settle()
    assert texts(world) == ["Correctie", "Update"]


@pytest.mark.parametrize("network", Network)
def test_a_stop_takes_the_post_away_and_later_news_is_told_to_who_saw_it(world, network):
    world.begin()
    world.update(UpdateType.UPDATE, "Zij is op een fiets")
    world.settle(network)
    world.clock.advance(seconds=1)
    world.stop()
    world.settle(network)
    assert world.standing(network) == []
    world.clock.advance(seconds=1)
    world.update(UpdateType.CORRECTION, "Het gaat om een ander meisje")
    world.settle(network)
    news = "Correctie: Het gaat om een ander meisje. Bel 0800-0011."
    assert world.standing(network) == [f"BURGERNET 23-11 21:15 Sluisveen (0abc): Vermist: Noor, 7 jaar. {news}"]


@pytest.mark.parametrize("network", Network)
def test_who_was_described_is_withdrawn_at_closing_and_how_it_ended_takes_its_place(world, network):
    world.begin()
    world.update(UpdateType.UPDATE, "Zij is op een fiets")
    world.settle(network)
    world.close()
    world.settle(network)
    assert world.standing(network) == [
        "BURGERNET 23-11 21:15 Sluisveen (0abc): Deze oproep is afgerond. Bedankt voor uw hulp."
    ]
    assert world.posters[network].posts[-1].reply_to == ""


@pytest.mark.parametrize("network", Network)
def test_where_nobody_was_described_how_it_ended_is_a_reply(world, network):
    world.begin(category=Category.OTHER_URGENT)
    world.settle(network)
    world.close()
    world.settle(network)
    assert texts(world, network) == ["Vermist", "afgerond"]
    assert world.posters[network].posts[1].reply_to == world.posters[network].posts[0].posted.id


def test_after_a_stop_there_is_nothing_to_reply_to(world):
    world.begin(category=Category.OTHER_URGENT)
    world.settle()
    world.stop()
    world.close()
    world.settle()
    assert texts(world) == ["afgerond"]
    assert world.posters[X].posts[-1].reply_to == ""


@pytest.mark.parametrize("first_try", ["none", "refused", "lost"])
def test_how_it_ended_is_not_told_a_day_later_or_weeks(world, first_try):
    world.begin(category=Category.OTHER_URGENT)
    world.settle()
    world.close()
    if first_try == "refused":
        world.posters[X].refusals = [DOWN]
        world.look()
    elif first_try == "lost":
        with pytest.raises(Killed):
            world.look(X, **{X: Dying(world.posters[X], before=True)})
    world.clock.advance(days=1)
    world.settle()  # a dead letter that is put back, or a change of the alert
    assert texts(world) == ["Vermist"]
    assert [post["state"] for post in world.told["x"]["posts"][1:]] == ([] if first_try == "none" else ["failed"])


def test_how_it_ended_stays_for_as_long_as_it_stands(world):
    world.begin()
    world.settle()
    world.close()
    world.settle()
    world.clock.advance(days=8)
    world.settle()
    assert texts(world) == ["afgerond"]


@pytest.mark.parametrize("network", Network)
def test_an_outcome_that_was_known_late_answers_the_post_that_nobody_knew(world, network):
    world.begin()
    world.settle(network)
    world.close_by_itself()
    world.settle(network)
    world.clock.advance(days=2)
    world.add_outcome()
    world.settle(network)
    world.settle(network)
    nobody_knew, known = world.standing(network)
    assert "Hoe het is afgelopen, weten wij niet." in nobody_knew
    assert "Nu weten wij hoe het is afgelopen. De vermiste is gevonden." in known
    first, second = world.posters[network].posts[-2:]
    assert second.reply_to == first.posted.id


def test_where_nothing_was_posted_yet_only_the_outcome_is(world):
    world.begin()
    world.settle()
    world.close_by_itself()
    world.clock.advance(hours=30)
    world.add_outcome()
    world.settle()
    (known,) = world.standing()
    assert "De vermiste is gevonden." in known


def test_an_outcome_that_is_known_weeks_later_is_not_posted(world):
    world.begin()
    world.settle()
    world.close_by_itself()
    world.settle()
    world.clock.advance(days=20)
    world.add_outcome()
    world.settle()
    assert texts(world) == ["afgerond"]


def test_who_heard_nothing_is_not_told_how_it_ended(world):
    world.begin()
    world.close()
    world.settle()
    assert world.posters[X].posts == []


def test_when_its_time_is_over_the_post_goes_by_itself(world):
    world.begin()
    world.look()
    ((queue, body, delay_s),) = world.queues.sent
    assert (queue, body["alert"], delay_s) == (QueueName.SOCIAL, ALERT, 900)
    world.look()
    assert len(world.queues.sent) == 1  # one look at a time, whatever else comes in
    while world.queues.sent:
        _, _, delay_s = world.queues.sent.pop()
        world.clock.advance(seconds=delay_s)
        world.look()
    assert world.clock.now() >= world.alert.expires
    assert world.clock.now() < world.alert.expires + timedelta(seconds=10)
    assert world.standing() == []


def test_a_busy_network_is_asked_again_when_it_says(world):
    world.begin()
    world.posters[X].refusals = [FAST, DOWN]
    world.look()
    world.look(attempt=3)
    waits = [(body["attempt"], delay_s) for _, body, delay_s in world.queues.sent]
    assert waits == [(1, 90), (4, 16)]
    assert world.told["x"]["posts"] == [{"name": "call", "state": "queued", "reason": "503"}]
    world.look(attempt=4)
    assert texts(world) == ["Vermist"]
    assert world.told["x"]["posts"] == [{"name": "call", "state": "posted", "url": "https://social.example/1"}]


def test_what_is_refused_for_good_is_told_and_not_tried_again(world):
    world.begin()
    world.posters[X].refusals = [NEVER]
    world.look()
    world.look()
    assert world.posters[X].posts == []
    assert world.told["x"]["posts"] == [{"name": "call", "state": "failed", "reason": "403 Suspended"}]
    assert world.told["mastodon"]["posts"] == [{"name": "call", "state": "queued"}]


def test_after_its_time_it_is_tried_no_more(world):
    world.begin()
    world.posters[X].refusals = [DOWN]
    world.look()
    world.clock.advance(hours=5)
    world.look(attempt=1)
    assert world.posters[X].posts == []
    assert world.told["x"]["posts"] == [{"name": "call", "state": "failed", "reason": "503"}]


def test_a_post_that_was_taken_and_not_answered_stands_once(world):
    world.begin()
    world.posters[X].lost = 1
    world.look()
    assert world.told["x"]["posts"][0]["state"] == "queued"
    world.settle()
    assert texts(world) == ["Vermist"]
    assert world.told["x"]["posts"][0]["state"] == "posted"


def test_a_call_with_the_words_of_another_in_the_same_minute_does_not_take_its_post(world):
    """The sender of the second one is killed before X has it; so its words are looked for."""
    world.begin()
    world.look()
    twin = replace(world.alert, id="0000000xyz")
    world.alerts.put(twin, 0, EventRecord("e", twin.changed_at, "begun", "anna"))
    body = PostMessage(alert=twin.id, network=X, attempt=0)
    with pytest.raises(Killed):
        world.posting(**{X: Dying(world.posters[X], before=True)}).post(Record("m1", 1, START, body))
    world.clock.advance(minutes=3)
    world.posting().post(Record("m1", 2, START, body))
    first, second = (world.store.get(name, X).posts["call"].id for name in (ALERT, twin.id))
    assert [kept.posted.id for kept in world.posters[X].standing] == [first, second]
    world.stop()
    world.look()
    assert [kept.posted.id for kept in world.posters[X].standing] == [second]


def test_what_may_stand_when_it_is_closed_is_looked_for_and_taken_away(world):
    world.begin()
    world.posters[X].lost = 1
    world.look()
    world.close()
    world.settle()
    assert texts(world) == ["afgerond"]


def test_what_may_stand_is_waited_for_until_it_would_show(world):
    world.begin()
    with pytest.raises(Killed):
        world.look(**{X: Dying(world.posters[X], before=True)})
    world.clock.advance(seconds=10)
    world.stop()
    world.look()
    assert [delay_s for _, _, delay_s in world.queues.sent] == [30]
    world.clock.advance(seconds=60)
    world.look()
    assert world.store.get(ALERT, X).posts["call"].state is PostState.FAILED


def test_a_post_that_cannot_be_taken_away_is_heard_of(world):
    world.begin()
    world.settle()
    world.close()
    world.posters[X].refusals = [NEVER]
    with pytest.raises(NotWithdrawn, match="403 Suspended"):
        world.look()
    assert world.told["x"]["posts"][0]["state"] == "failed"
    world.look()  # put back by somebody who has mended it
    assert texts(world) == ["afgerond"]


def test_a_network_that_is_ill_too_long_to_take_a_post_away_is_heard_of(world):
    world.begin()
    world.settle()
    world.stop()
    world.posters[X].refusals = [DOWN, DOWN]
    world.look(attempt=MOST_TRIES - 1)
    with pytest.raises(NotWithdrawn):
        world.look(attempt=MOST_TRIES)
    world.look(attempt=MOST_TRIES)
    assert world.standing() == []


def test_what_cannot_be_corrected_is_taken_away(world):
    world.begin()
    world.settle(MASTODON)
    world.update(UpdateType.CORRECTION, "De jas is blauw")
    world.posters[MASTODON].refusals = [NEVER]
    world.look(MASTODON)
    assert world.standing(MASTODON) == []
    kept = world.store.get(ALERT, MASTODON).posts["call"]
    assert (kept.state, kept.says) == (PostState.WITHDRAWN, "call")
    world.look(MASTODON)
    assert len(world.posters[MASTODON].posts) == 1
    world.close()
    world.settle(MASTODON)
    assert texts(world, MASTODON) == ["afgerond"]


def test_what_can_be_neither_corrected_nor_taken_away_is_heard_of_and_tried_again(world):
    world.begin()
    world.settle(MASTODON)
    world.update(UpdateType.CORRECTION, "De jas is blauw")
    world.posters[MASTODON].refusals = [NEVER, NEVER]
    with pytest.raises(NotWithdrawn, match="403 Suspended"):
        world.look(MASTODON)
    kept = world.store.get(ALERT, MASTODON).posts["call"]
    assert (kept.state, kept.says) == (PostState.FAILED, "call")
    world.update(UpdateType.UPDATE, "Zij is op een fiets")
    world.look(MASTODON)
    assert world.standing(MASTODON) == []


def test_while_another_works_on_it_a_message_waits(world):
    world.begin()
    claimed = world.store.put(replace(world.store.get(ALERT, X), lease_ms=2**50))
    world.look()
    assert world.posters[X].posts == []
    assert [delay_s for _, _, delay_s in world.queues.sent] == [2]
    world.store.put(replace(claimed, lease_ms=0))
    world.look()
    assert texts(world) == ["Vermist"]


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("then", ["nothing", "correction", "stop", "close"])
def test_a_sender_that_is_killed_around_a_request_leaves_what_should_stand(network, after, then):
    world = World().begin()
    with pytest.raises(Killed):
        world.look(network, **{network: Dying(world.posters[network], before=not after, after=after)})
    world.clock.advance(seconds=1)
    {
        "nothing": lambda: None,
        "correction": lambda: world.update(UpdateType.CORRECTION, "De jas is blauw"),
        "stop": world.stop,
        "close": world.close,
    }[then]()
    world.settle(network)
    stood = after and then == "close"
    expected = {"nothing": ["Vermist"], "correction": ["Correctie"], "stop": [], "close": ["afgerond"] if stood else []}
    assert texts(world, network) == expected[then]
    assert len({kept.texts[0] for kept in world.posters[network].posts}) == len(world.posters[network].posts)


MOVES = st.lists(
    st.sampled_from(["look", "look", "down", "fast", "lost", "killed", "update", "correction", "stop"]), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MOVES, st.sampled_from(Network))
def test_whatever_happens_in_whatever_order_in_the_end_the_right_posts_stand_once(moves, network):
    world = World().begin()
    for number, move in enumerate(moves):
        world.clock.advance(seconds=1)
        match move:
            case "look":
                world.look(network)
            case "down" | "fast":
                world.posters[network].refusals.append({"down": DOWN, "fast": FAST}[move])
            case "lost":
                world.posters[network].lost = 1
            case "killed":
                try:
                    world.look(network, **{network: Dying(world.posters[network], after=True)})
                except Killed:
                    world.clock.advance(minutes=3)
            case "update" | "correction" if len(world.alert.updates) < 9:
                world.update(UpdateType(move), f"Nieuws {number}")
            case "stop":
                world.stop()
    world.settle(network)
    asking = world.alert.stopped_at is None
    standing = world.standing(network)
    assert len(standing) == len(set(standing))
    if asking:
        assert sum("gele laarzen" in text for text in standing) == 1
        newest = [update.text.nl for update in world.alert.updates[-1:]]
        assert all(any(text in post for post in standing) for text in newest)
    else:
        assert not any("gele laarzen" in text for text in standing)
    world.close()
    world.settle(network)
    assert not any("Noor" in text for text in world.standing(network))
    assert len(world.standing(network)) == (1 if world.posters[network].posts else 0)
