"""Who posts for everybody: the twin, and the requests of X and Mastodon against the carrier, one suite for all."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chalicelib.channels.mastodon import MastodonAccount, MastodonPoster
from chalicelib.channels.model import Refusal
from chalicelib.channels.social import Declined, MemorySocialPoster, Posted
from chalicelib.channels.x import XAccount, XPoster
from chalicelib.platform.clock import ManualClock
from local.carrier import accounts
from local.carrier.app import Carrier, create_app, jwks_file
from local.carrier.exchange import Exchange
from local.carrier.faults import FaultPlan, Faults
from local.carrier.geocoder import Geocoder
from local.carrier.inbox import Channel, Inbox, Status
from local.carrier.receipts import Receipts
from local.carrier.replies import Replies
from local.loopback import running

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
TEXT = (
    "BURGERNET Sluiswijk: Vermist: Noor & Jip, 7 jaar.\n\nEN: <Missing>. https://burgernet.example/lang/adres Bel 112."
)
FAULTS = {
    Refusal.THROTTLED: ("throttled", Declined(Refusal.THROTTLED, "429", 2)),
    Refusal.TEMPORARY: ("unavailable", Declined(Refusal.TEMPORARY, "503")),
    Refusal.PERMANENT: ("rejected", Declined(Refusal.PERMANENT, "403")),
}


class Twin:
    def __init__(self):
        self.clock = ManualClock(NOW)
        self.poster = MemorySocialPoster(self.clock)

    def refuse(self, reason):
        self.poster.refusals = [FAULTS[reason][1]]

    def standing(self):
        return [(kept.posted.id, kept.texts[-1], kept.reply_to) for kept in self.poster.standing]


class Real:
    def __init__(self, poster, channel, exchange):
        self.poster, self.channel, self.exchange, self.clock = poster, channel, exchange, exchange.clock
        exchange.clear()
        exchange.faults.put(FaultPlan())

    def refuse(self, reason):
        self.exchange.faults.put(FaultPlan.model_validate({"rules": [{"fault": FAULTS[reason][0], "times": 1}]}))

    def standing(self):
        inbox = self.exchange.inbox
        posts = [post for post in inbox.select(channel=self.channel) if inbox.status(post) is not Status.WITHDRAWN]
        return [(post.id, post.content.text, dict(post.headers).get("reply_to", "")) for post in posts]


@pytest.fixture(scope="module")
def carrier(tmp_path_factory):
    files = tmp_path_factory.mktemp("carrier")
    clock, inbox = ManualClock(NOW), Inbox()
    exchange = Exchange(inbox, Faults(), Receipts(inbox, {}, clock), clock)
    replies = Replies(httpx.AsyncClient(trust_env=False))
    app = create_app(Carrier(exchange, replies, Geocoder(files / "addresses.json"), jwks_file(files / "jwks.json")))
    with running(app) as url:
        yield url, exchange


@pytest.fixture(params=["memory", "x", "mastodon"])
def network(request):
    if request.param == "memory":
        return Twin()
    url, exchange = request.getfixturevalue("carrier")
    if request.param == "x":
        return Real(XPoster(XAccount(url, **accounts.X), exchange.clock), Channel.X, exchange)
    account = MastodonAccount(url, accounts.MASTODON_TOKEN)
    return Real(MastodonPoster(account, exchange.clock), Channel.MASTODON, exchange)


@pytest.fixture
def post(network, request):
    """Posts under a key that no other test has used."""

    def post(text=TEXT, key="call", **more):
        return network.poster.post(text, key=f"{request.node.name}-{key}", language="nl", **more)

    return post


def test_a_post_stands_where_anybody_can_read_it(network, post):
    posted = post()
    assert isinstance(posted, Posted)
    assert posted.url.startswith("http")
    assert posted.url.endswith(posted.id)
    assert network.standing() == [(posted.id, TEXT, "")]


def test_an_answer_stands_below_what_it_answers(network, post):
    call = post()
    outcome = post("Zij is gevonden.", "outcome", reply_to=call.id)
    assert network.standing()[1] == (outcome.id, "Zij is gevonden.", call.id)


def test_what_was_posted_is_found_by_its_words_and_by_its_time(network, post):
    assert network.poster.find(TEXT, network.clock.now()) is None
    posted = post()
    assert network.poster.find(TEXT, network.clock.now()) == posted
    assert network.poster.find("Vermist: Sam.", network.clock.now()) is None
    assert network.poster.find(TEXT, network.clock.now() + timedelta(minutes=1)) is None


def test_tried_again_under_its_key_it_never_stands_twice(network, post):
    first, second = post(), post()
    assert second == first or second.reason is Refusal.UNKNOWN
    assert network.standing() == [(first.id, TEXT, "")]


def test_what_is_withdrawn_is_gone_and_stays_gone(network, post):
    posted = post()
    assert network.poster.withdraw(posted.id) is None
    assert network.standing() == []
    assert network.poster.find(TEXT, network.clock.now()) is None
    assert network.poster.withdraw(posted.id) is None


@pytest.mark.parametrize("reason", FAULTS)
def test_what_is_refused_is_told_in_our_words_and_the_next_one_is_taken(network, post, reason):
    expected = FAULTS[reason][1]
    for ask in (post, lambda: network.poster.withdraw("1")):
        network.refuse(reason)
        refused = ask()
        assert (refused.reason, refused.code[:3], refused.after_s) == (reason, expected.code, expected.after_s)
    assert network.standing() == []
    assert isinstance(post(), Posted)


@pytest.mark.parametrize("network", ["memory", "mastodon"], indirect=True)
def test_a_correction_stands_in_the_same_place_and_twice_is_once(network, post):
    posted = post()
    for _ in range(2):
        assert network.poster.correct(posted.id, "Zij draagt blauw.", language="nl") == posted
    assert network.standing() == [(posted.id, "Zij draagt blauw.", "")]


@pytest.mark.parametrize("network", ["memory", "mastodon"], indirect=True)
def test_what_is_gone_cannot_be_corrected(network, post):
    posted = post()
    network.poster.withdraw(posted.id)
    refused = network.poster.correct(posted.id, "Zij draagt blauw.", language="nl")
    assert (refused.reason, refused.code[:3]) == (Refusal.PERMANENT, "404")
