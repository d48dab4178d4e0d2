"""What every store of the audit trail promises."""

import pytest

from chalicelib.audit.model import DayHead, Deed, Head, chained
from chalicelib.audit.store import DynamoAuditStore, HeadMoved, MemoryAuditStore, Written
from chalicelib.platform import aws

TTL = 2_000_000_000


@pytest.fixture
def store(backend):
    if backend.name == "memory":
        return MemoryAuditStore()
    names = (backend.table(name) for name in ("audit", "audit_heads", "idempotency"))
    return DynamoAuditStore(lambda: aws.client("dynamodb"), *names)


def deeds(*ids):
    return [
        Deed(id=it, at="2026-11-24T20:00:00.000Z", action="refused", actor="anna", facts={"why": "é"}) for it in ids
    ]


def append(store, *ids, day="2026-11-24", after=None):
    head = after or store.head()
    store.append(entries := chained(head, deeds(*ids), day), head, known=TTL, kept=TTL)
    return entries


@pytest.mark.transactions
def test_entries_are_read_back_as_they_were_sealed(store):
    first = append(store, "a", "b")
    second = append(store, "c", day="2026-11-25")
    assert store.entries("2026-11-24") == first
    assert store.entries("2026-11-25") == second
    assert all(entry.hash == entry.sealed() for entry in store.entries("2026-11-24"))
    assert store.entries("2026-11-24", after=1) == first[1:]
    assert store.entries("2026-11-24", limit=1) == first[:1]
    assert store.entries("2026-11-26") == []


@pytest.mark.transactions
def test_the_end_is_known_apart_from_the_entries(store):
    assert store.head() == Head()
    append(store, "a")
    append(store, "b")
    third = append(store, "c", day="2026-11-25")[-1]
    assert store.head() == Head(3, third.hash, "2026-11-25")
    second = store.entries("2026-11-24")[-1]
    days = [DayHead("2026-11-25", 3, 3, third.hash), DayHead("2026-11-24", 1, 2, second.hash)]
    assert store.days() == days
    assert store.days(until="2026-11-24") == days[1:]


@pytest.mark.transactions
def test_only_one_goes_behind_the_same_end(store):
    start = store.head()
    append(store, "a")
    with pytest.raises(HeadMoved):
        append(store, "b", after=start)
    head = store.head()
    append(store, "b")
    with pytest.raises(HeadMoved):
        append(store, "c", after=head)
    assert [entry.id for entry in store.entries("2026-11-24")] == ["a", "b"]


@pytest.mark.transactions
def test_a_deed_is_written_once_and_its_company_waits(store):
    append(store, "a", "b")
    with pytest.raises(Written) as known:
        append(store, "b", "c")
    assert known.value.ids == {"b"}
    assert store.head().n == 2
