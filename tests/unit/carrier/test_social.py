"""The carrier as X and as a server of Mastodon: it takes what they take and refuses what they refuse."""

from datetime import timedelta
from functools import cached_property

import pytest
import urllib3

from chalicelib.channels.mastodon import MastodonAccount, MastodonPoster
from chalicelib.channels.model import Refusal
from chalicelib.channels.social import Declined, Posted
from chalicelib.channels.x import XAccount, XPoster
from chalicelib.platform.outgoing import Connections
from local.carrier import accounts, oauth1


@pytest.fixture
def x(carrier):
    return XPoster(XAccount(carrier.url, **accounts.X), carrier.clock)


@pytest.fixture
def mastodon(carrier):
    return MastodonPoster(MastodonAccount(carrier.url, accounts.MASTODON_TOKEN), carrier.clock)


@pytest.fixture(params=["x", "mastodon"])
def network(request):
    return request.param, request.getfixturevalue(request.param)


def post(poster, text, key, **more):
    return poster.post(text, key=key, language="nl", **more)


def test_the_signature_is_that_of_the_standards_own_example():
    """RFC 5849, 3.4.1.1, as corrected by its errata; the signature as others compute it."""
    header = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ]
    form = [("c2", ""), ("a3", "2 q")]
    made = oauth1.signature(
        "post",
        "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        [*header, *form],
        "j49sk3j29djd",
        "dh893hdasih9",
    )
    assert made == "r6/TJjbCOr97/+UU0NsvSne7s5g="


def test_posts_are_shown_with_their_state(carrier, network):
    name, poster = network
    first = post(poster, f"Vermist: Noor, {name}", f"shown-{name}")
    second = post(poster, f"Gevonden, {name}", f"shown-2-{name}", reply_to=first.id)
    poster.withdraw(first.id)
    shown = carrier.messages(channel=name)
    assert [(one["id"], one["status"], one["sender"]) for one in shown] == [
        (first.id, "withdrawn", "burgernet"),
        (second.id, "accepted", "burgernet"),
    ]
    assert shown[1]["headers"]["reply_to"] == first.id
    assert f"Gevonden, {name}" in carrier.http.get("/").text


def test_mastodon_is_told_the_language_and_that_everybody_may_read_it(carrier, mastodon):
    post(mastodon, "Vermist: Noor", "language")
    assert carrier.messages()[0]["headers"] == {"language": "nl", "visibility": "public"}


def test_an_edit_shows_in_its_place(carrier, mastodon):
    posted = post(mastodon, "Vermist: Noor", "edit")
    mastodon.correct(posted.id, "Vermist: Jip", language="nl")
    assert [message["text"] for message in carrier.messages()] == ["Vermist: Jip"]


def test_what_is_answered_too_late_may_stand_and_is_found(carrier, network):
    name, poster = network
    carrier.faults({"channel": name, "fault": "slow", "delay_ms": 11_000, "times": 1})
    short = type(poster)(poster.account, carrier.clock, Impatient())
    since = carrier.clock.now()
    assert post(short, "Vermist: Noor", f"late-{name}").reason is Refusal.UNKNOWN
    assert isinstance(poster.find("Vermist: Noor", since), Posted)


class Impatient(Connections):
    """Wait less long than ours."""

    @cached_property
    def _pool(self):
        return urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=2, read=0.3))


@pytest.mark.parametrize("change", [*accounts.X])
def test_x_refuses_whoever_is_not_the_account_it_knows(carrier, change):
    stranger = XPoster(XAccount(carrier.url, **{**accounts.X, change: "other"}), carrier.clock)
    refused = post(stranger, "Vermist", "stranger")
    assert (refused.reason, refused.code[:3]) == (Refusal.PERMANENT, "401")
    assert carrier.messages() == []


def test_x_refuses_what_was_signed_long_ago_or_for_another_request(carrier, x):
    url = f"{carrier.url}/2/users/me"
    old = x._authorization("GET", url)
    carrier.clock.advance(minutes=6)
    for header in (old, x._authorization("DELETE", url), x._authorization("GET", f"{url}?a=1"), "Bearer x", ""):
        assert carrier.http.get("/2/users/me", headers={"Authorization": header}).status_code == 401
    header = x._authorization("GET", url)
    assert [carrier.http.get("/2/users/me", headers={"Authorization": header}).status_code for _ in "ab"] == [200, 401]


def test_mastodon_refuses_another_token(carrier):
    refused = post(MastodonPoster(MastodonAccount(carrier.url, "other"), carrier.clock), "Vermist", "token")
    assert refused == Declined(Refusal.PERMANENT, "401 The access token is invalid")


@pytest.mark.parametrize(("name", "most"), [("x", 280), ("mastodon", 500)])
def test_a_post_that_is_too_long_is_refused_for_good(carrier, request, name, most):
    poster = request.getfixturevalue(name)
    assert post(poster, "a" * (most + 1), f"long-{name}").reason is Refusal.PERMANENT
    link = "https://burgernet.example/" + "b" * 300
    assert isinstance(post(poster, f"{link} " + "a" * (most - 24), f"link-{name}"), Posted)


def test_x_refuses_the_same_words_twice_even_when_the_first_are_gone(x):
    posted = post(x, "Vermist: Noor", "a")
    x.withdraw(posted.id)
    refused = post(x, "Vermist: Noor", "b")
    assert (refused.reason, "duplicate" in refused.code) == (Refusal.UNKNOWN, True)


def test_mastodon_forgets_a_key_after_an_hour(carrier, mastodon):
    first = post(mastodon, "Vermist: Noor", "hour")
    assert post(mastodon, "Vermist: Noor", "hour") == first
    carrier.clock.advance(minutes=61)
    assert post(mastodon, "Vermist: Noor", "hour") != first


def test_a_reply_to_what_is_gone_is_refused_for_good(network):
    name, poster = network
    gone = post(poster, "Vermist: Noor", f"gone-{name}")
    poster.withdraw(gone.id)
    assert post(poster, "Gevonden", f"reply-{name}", reply_to=gone.id).reason is Refusal.PERMANENT


def test_a_busy_network_says_when_to_come_back(carrier, network):
    name, poster = network
    carrier.faults({"channel": name, "fault": "throttled"})
    assert post(poster, "Vermist", f"busy-{name}").after_s == 2


def test_only_the_newest_hundred_are_looked_at(carrier, x):
    posted = [post(x, f"Oproep {number}", str(number)) for number in range(101)]
    assert x.find("Oproep 0", carrier.clock.now()) is None
    assert x.find("Oproep 1", carrier.clock.now()) == posted[1]
    assert x.find("Oproep 1", carrier.clock.now() + timedelta(minutes=1)) is None
