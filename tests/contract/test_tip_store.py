"""What every tip store promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.text import Language
from chalicelib.areas.model import Point
from chalicelib.platform.errors import NotFound, TooManyRequests
from chalicelib.tips.model import Tip, TipKind, TipStatus, Triage, tip_id
from chalicelib.tips.store import DynamoTipStore, MemoryTipStore

ALERT, OTHER = "0000000abc", "0000000abd"
NOW = datetime(2026, 11, 23, 20, 15, 0, 123_000, tzinfo=UTC)
FULL = Tip(
    id=tip_id(NOW, "0000001"),
    alert=ALERT,
    reply="0000000abc00000100",
    kind=TipKind.SEEN,
    at=NOW,
    text="Bij de toren,\nop de trap 👀",
    place=Point(5.4129123456, 52.7766),
    seen_at=NOW - timedelta(minutes=3),
    contact_me=True,
    language=Language.EN,
)
BARE = Tip(id=tip_id(NOW, "0000002"), alert=ALERT, reply="0000000abc00000101", kind=TipKind.NOT_SEEN, at=NOW)


@pytest.fixture
def store(backend):
    table = backend.table("tips")
    return MemoryTipStore() if backend.name == "memory" else DynamoTipStore(table)


def later(tip, seconds, **changes):
    at = tip.at + timedelta(seconds=seconds)
    return replace(tip, id=tip_id(at, tip.id[-7:]), at=at, **changes)


def everything(store, alert=ALERT):
    return store.page(alert, after=None, limit=100)


def test_what_was_added_is_read_back(store):
    store.add(FULL, 20)
    store.add(BARE, 20)
    assert everything(store) == [FULL, BARE]


def test_an_alert_without_tips_has_an_empty_page(store):
    assert everything(store) == []


def test_tips_stand_in_the_order_of_time(store):
    tips = [later(FULL, seconds) for seconds in (50, 0, 3600, 7, 86_400)]
    for tip in tips:
        store.add(tip, 20)
    assert everything(store) == sorted(tips, key=lambda tip: tip.at)


def test_a_page_begins_behind_its_cursor(store):
    tips = [later(FULL, seconds) for seconds in range(5)]
    for tip in tips:
        store.add(tip, 20)
    assert store.page(ALERT, after=None, limit=2) == tips[:2]
    assert store.page(ALERT, after=tips[1].id, limit=2) == tips[2:4]
    assert store.page(ALERT, after=tips[4].id, limit=2) == []


def test_a_page_of_the_newest_ends_with_the_last(store):
    tips = [later(FULL, seconds) for seconds in range(5)]
    for tip in tips:
        store.add(tip, 20)
    assert store.page(ALERT, after=None, limit=2, newest=True) == tips[3:]
    assert store.page(ALERT, after=tips[3].id, limit=2, newest=True) == tips[4:]
    assert store.page(ALERT, after=None, limit=9, newest=True) == tips


def test_a_cursor_tells_tips_of_one_moment_apart(store):
    store.add(FULL, 20)
    store.add(BARE, 20)
    assert store.page(ALERT, after=FULL.id, limit=5) == [BARE]


def test_alerts_do_not_see_each_others_tips(store):
    store.add(FULL, 20)
    assert everything(store, OTHER) == []
    assert store.count(OTHER) == {TipKind.SEEN: 0, TipKind.NOT_SEEN: 0, TipKind.INFO: 0}


def test_a_link_gives_so_many_tips_and_no_more(store):
    for seconds in range(3):
        store.add(later(FULL, seconds), 3)
    with pytest.raises(TooManyRequests) as caught:
        store.add(later(FULL, 3), 3)
    assert caught.value.code == "too_many_tips"
    assert len(everything(store)) == 3
    store.add(BARE, 3)
    assert len(everything(store)) == 4


def test_many_at_once_by_one_link_do_not_pass_the_limit(store):
    def tries(seconds):
        try:
            store.add(later(FULL, seconds), 5)
        except TooManyRequests:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(tries, range(16)))
    assert sum(taken) == len(everything(store)) == 5


def test_a_tip_is_read_by_its_id(store):
    store.add(FULL, 20)
    assert store.get(ALERT, FULL.id) == FULL
    for alert, tip in ((ALERT, BARE.id), (OTHER, FULL.id)):
        with pytest.raises(NotFound, match="tip_not_found"):
            store.get(alert, tip)


def test_photos_come_one_by_one_in_any_order_and_twice(store):
    tip = replace(FULL, photos_due=3)
    store.add(tip, 20)
    for number in (3, 1, 3):
        store.add_photo(tip, number)
    assert store.get(ALERT, tip.id) == replace(tip, photos=(1, 3))
    assert everything(store) == [replace(tip, photos=(1, 3))]


def test_what_is_withdrawn_gets_no_photo_any_more_and_keeps_none(store):
    store.add(replace(FULL, photos_due=2), 20)
    store.add_photo(FULL, 1)
    store.withdraw(ALERT)
    left = store.get(ALERT, FULL.id)
    assert (left.photos, left.photos_due) == ((), 0)  # none is called missing
    for tip in (FULL, BARE):
        with pytest.raises(NotFound, match="tip_not_found"):
            store.add_photo(tip, 2)
    assert [tip.photos for tip in everything(store)] == [()]


def test_triage_is_kept_and_leaves_the_rest(store):
    store.add(FULL, 20)
    triage = Triage(TipStatus.USEFUL, "Doorgegeven", "anna", NOW + timedelta(minutes=1))
    expected = replace(FULL, status=TipStatus.USEFUL, note="Doorgegeven", triaged_by="anna", triaged_at=triage.at)
    assert store.triage(ALERT, FULL.id, triage) == expected
    assert everything(store) == [expected]


def test_triage_without_a_note_leaves_the_note(store):
    store.add(FULL, 20)
    store.triage(ALERT, FULL.id, Triage(TipStatus.READ, "Bellen", "anna", NOW))
    after = store.triage(ALERT, FULL.id, Triage(TipStatus.NOT_USEFUL, None, "bram", NOW))
    assert (after.status, after.note, after.triaged_by) == (TipStatus.NOT_USEFUL, "Bellen", "bram")


def test_triage_of_an_unknown_tip_makes_none(store):
    store.add(FULL, 20)
    for alert, tip in ((ALERT, BARE.id), (OTHER, FULL.id), (ALERT, tip_id(NOW + timedelta(1), "0000001"))):
        with pytest.raises(NotFound) as caught:
            store.triage(alert, tip, Triage(TipStatus.READ, None, "anna", NOW))
        assert caught.value.code == "tip_not_found"
    assert everything(store) == [FULL]
    assert everything(store, OTHER) == []


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        ({}, True),
        ({"kind": TipKind.INFO}, True),
        ({"kind": TipKind.NOT_SEEN}, False),
        ({"status": TipStatus.USEFUL}, True),
        ({"status": TipStatus.NOT_USEFUL}, False),
    ],
)
def test_a_tip_that_may_lead_somewhere_is_known_from_its_moment_on(store, change, matters):
    store.add(replace(FULL, **change), 20)
    assert store.came_since(ALERT, NOW) is matters
    assert store.came_since(ALERT, NOW - timedelta(minutes=1)) is matters
    assert not store.came_since(ALERT, NOW + timedelta(milliseconds=1))
    assert not store.came_since(OTHER, NOW)


def test_tips_are_counted_by_kind(store):
    for seconds, kind in enumerate((TipKind.SEEN, TipKind.NOT_SEEN, TipKind.SEEN)):
        store.add(later(FULL, seconds, kind=kind), 20)
    assert store.count(ALERT) == {TipKind.SEEN: 2, TipKind.NOT_SEEN: 1, TipKind.INFO: 0}


def test_a_note_of_the_control_room_goes_with_the_tip(store):
    store.add(FULL, 20)
    triaged = store.triage(ALERT, FULL.id, Triage(TipStatus.USEFUL, "Het was Jan", "anna", NOW))
    store.withdraw(ALERT)
    (left,) = everything(store)
    assert (triaged.note, left.note, left.status) == ("Het was Jan", None, TipStatus.USEFUL)


def test_what_is_withdrawn_leaves_only_what_kind_it_was(store):
    store.add(FULL, 20)
    store.add(BARE, 20)
    other = replace(FULL, alert=OTHER, reply="0000000abd00000100")
    store.add(other, 20)
    assert store.withdraw(ALERT) == 2
    bare = {"reply": "-", "text": None, "place": None, "seen_at": None, "contact_me": False}
    assert everything(store) == [replace(FULL, **bare), replace(BARE, **bare)]
    assert store.count(ALERT) == {TipKind.SEEN: 1, TipKind.NOT_SEEN: 1, TipKind.INFO: 0}
    assert store.withdraw(ALERT) == 0
    with pytest.raises(NotFound):
        store.triage(ALERT, FULL.id, Triage(TipStatus.USEFUL, "Het was Jan", "anna", NOW))
    assert everything(store, OTHER) == [other]
    with pytest.raises(TooManyRequests):
        store.add(later(other, 1), 1)
