"""The chain as it is written, and each way of touching it: found, and named by its number."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.audit.messages import AuditMessage
from chalicelib.audit.model import START, Head
from chalicelib.audit.service import TOGETHER, Trail
from chalicelib.audit.store import HeadMoved, MemoryAuditStore
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import Unavailable

EVENING = datetime(2026, 11, 24, 23, 50, tzinfo=UTC)


def record(number, at="2026-11-24T23:50:00.000Z", **changes):
    given = {"id": f"e{number}", "at": at, "action": "alert_approved", "actor": "bram", "subject": "0000000abc"}
    return Record(f"m{number}", 1, EVENING, AuditMessage(**{**given, **changes}))


def made(*, days=3, each=4):
    """A trail of so many days, written in pieces."""
    trail = Trail(MemoryAuditStore(), ManualClock(EVENING))
    number = 0
    for _ in range(days):
        for _ in range(each):
            number += 1
            trail.record([record(number, facts={"reason": "Zij staat op het ijs."})])
        trail.clock.advance(hours=24)
    return trail


def faults(trail, noted=None):
    return [(fault.n, fault.code) for fault in trail.verify(noted=noted).faults]


def test_entries_hold_each_other_from_day_to_day():
    trail = made()
    entries = [entry for day in ("2026-11-24", "2026-11-25", "2026-11-26") for entry in trail.store.entries(day)]
    assert [entry.n for entry in entries] == list(range(1, 13))
    assert [entry.prev for entry in entries] == [START, *[entry.hash for entry in entries[:-1]]]
    verdict = trail.verify()
    assert (verdict.faults, verdict.entries, verdict.complete, verdict.since) == ([], 12, True, "2026-11-24")
    assert verdict.head == Head(12, entries[-1].hash, "2026-11-26")


def test_an_empty_trail_is_whole():
    verdict = Trail(MemoryAuditStore(), ManualClock(EVENING)).verify()
    assert (verdict.faults, verdict.entries, verdict.complete) == ([], 0, True)


def test_a_deed_that_is_told_again_stands_once():
    trail = made(days=1)
    trail.record([record(2), record(5), record(5)])
    assert [entry.id for entry in trail.store.entries("2026-11-24") + trail.store.entries("2026-11-25")] == [
        f"e{n}" for n in range(1, 6)
    ]
    assert faults(trail) == []


def test_what_comes_together_is_written_in_the_order_in_which_it_happened():
    trail = Trail(MemoryAuditStore(), ManualClock(EVENING))
    later, earlier = record(1, at="2026-11-24T23:50:02.000Z"), record(2, at="2026-11-24T23:50:01.000Z")
    assert trail.record([later, earlier]) == set()
    assert [entry.id for entry in trail.store.entries("2026-11-24")] == ["e2", "e1"]


def test_more_than_one_transaction_takes():
    trail = Trail(MemoryAuditStore(), ManualClock(EVENING))
    trail.record([record(n) for n in range(2 * TOGETHER + 1)])
    assert trail.store.head().n == 2 * TOGETHER + 1
    assert faults(trail) == []


class Crowded(MemoryAuditStore):
    """Others write first, a number of times."""

    others = 0

    def append(self, entries, after, **until):
        if self.others:
            self.others -= 1
            before, self.others = self.others, 0
            Trail(self, ManualClock(EVENING)).record([record(1_000 + before)])
            self.others = before
        super().append(entries, after, **until)


def test_who_loses_a_race_goes_behind_the_winner():
    store = Crowded()
    store.others = 5
    trail = Trail(store, ManualClock(EVENING))
    trail.record([record(1)])
    assert [entry.id for entry in store.entries("2026-11-24")] == ["e1004", "e1003", "e1002", "e1001", "e1000", "e1"]
    assert faults(trail) == []


def test_who_loses_every_race_comes_back():
    store = Crowded()
    store.others = 100
    with pytest.raises(HeadMoved):
        Trail(store, ManualClock(EVENING)).record([record(1)])


def test_the_chain_does_not_go_back_with_a_clock():
    trail = made(days=2)
    trail.clock.advance(hours=-40)
    trail.record([record(99)])
    assert trail.store.entries("2026-11-25")[-1].id == "e99"
    assert faults(trail) == []


def row(trail, n):
    return next(key for key in trail.store.rows if key[1] == n)


@pytest.mark.parametrize("n", range(1, 13))
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "eva"),
        ("action", "alert_stopped"),
        ("at", "2026-11-24T23:50:00.001Z"),
        ("facts", {"reason": "Zomaar."}),
        ("address", "192.0.2.1"),
        ("day", "2026-11-01"),
    ],
)
def test_an_altered_entry_is_found(n, name, value):
    trail = made()
    trail.store.rows[row(trail, n)] = replace(trail.store.rows[row(trail, n)], **{name: value})
    assert (n, "altered") in faults(trail)


@pytest.mark.parametrize("n", range(1, 13))
def test_an_entry_altered_with_its_hash_breaks_the_next_or_the_end_of_the_day(n):
    trail = made()
    forged = replace(trail.store.rows[row(trail, n)], actor="eva")
    trail.store.rows[row(trail, n)] = replace(forged, hash=forged.sealed())
    assert faults(trail) == [(n, "replaced")] if n % 4 == 0 else [(n + 1, "broken")]


@pytest.mark.parametrize("n", range(1, 13))
def test_a_missing_entry_is_found(n):
    trail = made()
    del trail.store.rows[row(trail, n)]
    assert (n, "missing") in faults(trail)


@pytest.mark.parametrize(("n", "other"), [(1, 2), (2, 4), (4, 5), (5, 12)])
def test_entries_in_each_others_place_are_found(n, other):
    trail = made()
    rows, first, second = trail.store.rows, row(trail, n), row(trail, other)
    rows[first], rows[second] = rows[second], rows[first]
    assert {number for number, _ in faults(trail)} & {n, other}


@pytest.mark.parametrize("kept", range(12))
def test_a_tail_that_was_cut_off_is_found(kept):
    trail = made()
    for n in range(kept + 1, 13):
        del trail.store.rows[row(trail, n)]
    assert (kept + 1, "missing") in faults(trail)


def test_a_tail_that_was_cut_off_with_its_heads_is_found_by_who_wrote_the_end_down():
    trail = made()
    noted = trail.verify().head
    shorter = made(days=2)
    assert faults(shorter) == []
    assert faults(shorter, noted) == [(12, "missing")]
    other = made(days=3)
    assert faults(other, noted) == []
    assert faults(other, replace(noted, hash="f" * 64)) == [(12, "replaced")]


def test_the_end_of_an_empty_trail_may_be_noted():
    noted = Trail(MemoryAuditStore(), ManualClock(EVENING)).verify().head
    assert faults(made(), noted) == []


def test_a_look_at_older_days_knows_nothing_of_a_later_note():
    trail = made()
    assert trail.verify("2026-11-24", trail.verify().head).faults == []


@pytest.mark.parametrize("n", [2, 4])
def test_a_note_outlives_the_entries_of_its_day(n):
    trail = made(days=2)
    noted = Head(n, trail.store.rows[row(trail, n)].hash, "2026-11-24")
    trail.clock.advance(days=7 * 365 - 2)
    for key in [key for key in trail.store.rows if key[0] == "2026-11-24"]:
        del trail.store.rows[key]
    assert faults(trail, noted) == []
    assert faults(trail, replace(noted, hash="f" * 64)) == ([(4, "replaced")] if n == 4 else [])


def test_a_whole_day_that_is_gone_is_found():
    trail = made()
    del trail.store.by_day["2026-11-25"]
    assert (5, "missing_day") in faults(trail)


def test_an_entry_that_was_put_behind_the_end_is_found():
    trail = made()
    last = trail.store.rows[row(trail, 12)]
    added = replace(last, n=13, prev=last.hash, id="forged")
    trail.store.rows["2026-11-26", 13] = replace(added, hash=added.sealed())
    assert faults(trail) == [(13, "added")]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.sampled_from(["actor", "facts", "prev", "hash", "subject"]), st.text(min_size=1))
def test_no_change_of_any_text_goes_unseen(n, name, text):
    trail = made()
    entry = trail.store.rows[row(trail, n)]
    value = {"reason": text} if name == "facts" else text
    trail.store.rows[row(trail, n)] = replace(entry, **{name: value})
    assert bool(faults(trail)) == (json.dumps(getattr(entry, name)) != json.dumps(value))


def test_one_look_takes_only_so_many_and_says_where_it_ended():
    trail = replace(made(), verified=8)
    first = trail.verify()
    assert (first.entries, first.since, first.complete) == (8, "2026-11-25", False)
    rest = trail.verify("2026-11-24")
    assert (rest.entries, rest.since, rest.complete, rest.faults) == (4, "2026-11-24", True, [])


class Busy(MemoryAuditStore):
    """Somebody adds while it is read, a number of times."""

    more = 0

    def entries(self, day, **which):
        if self.more:
            self.more -= 1
            Trail(self, ManualClock(EVENING)).record([record(2_000 + self.more)])
        return super().entries(day, **which)


def test_what_is_written_during_a_look_is_no_fault():
    trail = Trail(Busy(), ManualClock(EVENING))
    trail.record([record(1)])
    trail.store.more = 3
    verdict = trail.verify()
    assert (verdict.faults, verdict.entries, verdict.head.n) == ([], 4, 4)
    trail.store.more = 10_000
    with pytest.raises(Unavailable, match="trail_moves"):
        trail.verify()


def test_what_was_kept_long_enough_may_go():
    trail = made(days=2)
    trail.clock.advance(days=7 * 365 - 2)
    trail.record([record(50)])
    gone = [key for key in trail.store.rows if key[0] == "2026-11-24"]
    for key in gone:
        del trail.store.rows[key]
    assert faults(trail) == []
    assert trail.verify().complete
    del trail.store.rows[row(trail, 6)]
    assert (6, "missing") in faults(trail)


def test_a_page_is_of_one_day_actor_and_subject():
    trail = made(days=2)
    trail.record([record(50, actor="anna"), record(51, subject="GM9001")])
    day = "2026-11-26"

    def page(**changes):
        asked = {"actor": None, "subject": None, "after": 0, "limit": 10} | changes
        found = trail.page(day, **asked)
        return [entry.id for entry in found.entries], found.cursor

    assert page() == (["e50", "e51"], None)
    assert page(actor="anna") == (["e50"], None)
    assert page(subject="GM9001") == (["e51"], None)
    assert page(limit=1) == (["e50"], 9)
    assert page(after=9) == (["e51"], None)
