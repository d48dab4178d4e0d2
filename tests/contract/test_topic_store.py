"""What every store of topics promises."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

import pytest

from chalicelib.alerts.text import Language
from chalicelib.channels.model import Device
from chalicelib.platform.clock import ManualClock, epoch_ms
from chalicelib.platform.flat_dynamo import FlatDynamo
from chalicelib.topics.model import SHARDS, Claim, Figures, Listener, Outcome, Page, listener_id, shard
from chalicelib.topics.store import DynamoTopicStore
from chalicelib.topics.store_memory import MemoryTopicStore

ALERT = "0000000abc"
NOW = datetime(2026, 11, 23, 20, 15, 0, 123_000, tzinfo=UTC)
HERE, AWAY, THERE = "BU90010101", "GM9001", "BU90010102"


@pytest.fixture
def store(backend):
    table, clock = backend.table("topics"), ManualClock(NOW)
    return MemoryTopicStore(clock) if backend.name == "memory" else DynamoTopicStore(table, clock)


def listener(name, language=Language.NL):
    device = Device(f"https://web.push.apple.com/push/{name}", "point", "secret")
    return Listener(listener_id(device), device, language)


def all_of(pages):
    """Every listener, by asking page after page."""
    found, after = [], ""
    while True:
        page = pages(after=after)
        found += page.listeners
        if not page.after:
            return found
        after = page.after


@pytest.mark.transactions
def test_a_listener_is_found_under_each_of_its_areas_and_nowhere_else(store):
    one = listener("one", Language.EN)
    store.put(one, [HERE, AWAY, HERE])
    assert all_of(lambda after: store.page(HERE, after, 10)) == [one]
    assert all_of(lambda after: store.page(AWAY, after, 10)) == [one]
    assert store.page("BU90010199", "", 10) == Page(())


@pytest.mark.transactions
def test_who_is_put_again_listens_to_the_new_areas_alone(store):
    one = listener("one")
    store.put(one, [HERE, AWAY])
    renewed = replace(one, language=Language.EN)
    store.put(renewed, [AWAY])
    assert store.page(HERE, "", 10).listeners == ()
    assert store.page(AWAY, "", 10).listeners == (renewed,)


@pytest.mark.transactions
def test_who_is_removed_listens_to_nothing_and_may_come_back(store):
    one = listener("one")
    store.remove(one.id)
    store.put(one, [HERE])
    store.remove(one.id)
    store.remove(one.id)
    assert store.page(HERE, "", 10).listeners == ()
    store.put(one, [HERE])
    assert store.page(HERE, "", 10).listeners == (one,)


@dataclass(frozen=True)
class Meanwhile(FlatDynamo):
    """Does something of others right before its first transaction."""

    others: list[Callable[[], None]] = field(default_factory=list)

    def ask(self, action, request):
        if action == "TransactWriteItems" and self.others:
            self.others.pop()()
        return super().ask(action, request)


@pytest.mark.transactions
def test_who_was_removed_and_put_again_meanwhile_is_read_again(backend, store):
    if backend.name == "memory":
        pytest.skip("the twin changes everything at once")
    one = listener("one")
    store.put(one, [HERE])

    def others():
        store.remove(one.id)
        store.put(one, [THERE])

    replace(store, dynamo=Meanwhile(others=[others])).put(one, [AWAY])
    found = [store.page(area, "", 10).listeners for area in (HERE, THERE, AWAY)]
    assert found == [(), (), (one,)]


@pytest.mark.transactions
def test_pages_hold_all_listeners_once_in_the_order_of_their_ids(store):
    everybody = [listener(str(number)) for number in range(7)]
    for one in everybody:
        store.put(one, [HERE])
    assert all_of(lambda after: store.page(HERE, after, 3)) == sorted(everybody, key=lambda one: one.id)


@pytest.mark.transactions
def test_who_may_have_got_the_call_is_heard_of_while_it_listens(store):
    outcomes = {name: listener(name) for name in ("claimed", *Outcome)}
    for name, one in outcomes.items():
        store.put(one, [HERE])
        assert store.claim(ALERT, "call", one.id, "page").mine
        store.settle(ALERT, "call", one.id, Outcome(name))
    left, other = listener("left"), listener("other")
    for one, message in ((left, "call"), (other, "outcome")):
        store.put(one, [HERE])
        store.claim(ALERT, message, one.id, "page")
    store.remove(left.id)
    for most in (1, 10):
        pages = [partial(store.heard, ALERT, number, most=most) for number in range(SHARDS)]
        heard = [one for page in pages for one in all_of(page)]
        assert {one.id for one in heard} == {outcomes[name].id for name in ("claimed", "sent", "unknown")}
    assert all(one in store.heard(ALERT, shard(one.id), "", 10).listeners for one in heard)


def test_a_message_is_claimed_once_for_each_listener(store):
    one = listener("one").id
    assert store.look(ALERT, "call", one) is None
    claimed = Claim(Outcome.CLAIMED, "first", epoch_ms(NOW), said=2)
    assert store.claim(ALERT, "call", one, "first", 2) == replace(claimed, mine=True)
    assert store.claim(ALERT, "call", one, "second", 3) == store.look(ALERT, "call", one) == claimed
    store.settle(ALERT, "call", one, Outcome.SENT)
    assert store.claim(ALERT, "call", one, "first") == replace(claimed, outcome=Outcome.SENT)
    assert store.claim(ALERT, "update-1", one, "first").mine
    assert store.claim("0000000abd", "call", one, "first").mine
    assert store.claim(ALERT, "call", listener("two").id, "first").mine


def test_what_is_released_may_be_claimed_again(store):
    one = listener("one").id
    store.claim(ALERT, "call", one, "first")
    store.release(ALERT, "call", one)
    store.release(ALERT, "call", one)
    assert store.claim(ALERT, "call", one, "second").mine


def test_of_many_at_once_one_has_the_claim(store):
    one = listener("one").id
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: store.claim(ALERT, "call", one, "page"), range(8)))
    assert sum(claim.mine for claim in claims) == 1


def test_a_page_is_counted_once(store):
    assert store.figures(ALERT, "call") is None
    assert store.finished(ALERT, "call", "a#") is None
    store.finish(ALERT, "call", "a#", Figures(3, 2, 1), "next")
    store.finish(ALERT, "call", "a#", Figures(9, 9, 9), "")
    store.finish(ALERT, "call", "b#", Figures(sent=1), "")
    store.finish(ALERT, "update-1", "a#", Figures(sent=7), "")
    assert store.finished(ALERT, "call", "a#") == "next"
    assert store.finished(ALERT, "call", "b#") == ""
    assert store.figures(ALERT, "call") == Figures(4, 2, 1)
