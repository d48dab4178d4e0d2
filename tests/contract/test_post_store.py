"""What every store of posts promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.channels.social import Network
from chalicelib.delivery.post_store import DynamoPostStore, MemoryPostStore, Overtaken
from chalicelib.delivery.posts import Post, PostState, Thread

ALERT = "0000000abc"
NOW = datetime(2026, 11, 23, 20, 15, 0, 123_000, tzinfo=UTC)
CALL = Post("call", "call-2", PostState.POSTED, NOW, "17", "https://x.com/i/web/status/17")
REPLY = Post("update-3", "update-3", PostState.QUEUED, NOW, reason="503 één moment")


@pytest.fixture
def store(backend):
    table = backend.table("posts")
    return MemoryPostStore() if backend.name == "memory" else DynamoPostStore(table)


def test_nothing_is_kept_at_first(store):
    assert store.get(ALERT, Network.X) == Thread(ALERT, Network.X)


def test_what_is_put_is_read_in_its_order(store):
    thread = Thread(ALERT, Network.X, lease_ms=12, look_ms=34).with_post(CALL).with_post(REPLY)
    written = store.put(thread)
    assert written == replace(thread, version=1)
    assert store.get(ALERT, Network.X) == written
    assert list(store.get(ALERT, Network.X).posts) == ["call", "update-3"]


def test_each_network_has_a_thread_of_its_own(store):
    store.put(Thread(ALERT, Network.X).with_post(CALL))
    assert store.get(ALERT, Network.MASTODON).posts == {}


def test_who_was_overtaken_is_told_and_writes_nothing(store):
    old = store.put(Thread(ALERT, Network.X))
    new = store.put(old.with_post(CALL))
    for late in (Thread(ALERT, Network.X), old):
        with pytest.raises(Overtaken):
            store.put(late.with_post(REPLY))
    assert store.get(ALERT, Network.X) == new


def test_of_many_at_once_one_writes(store):
    def put(_):
        try:
            return store.put(Thread(ALERT, Network.X)).version
        except Overtaken:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert sorted(filter(None, pool.map(put, range(8)))) == [1]
