"""Entries of the trail, each holding the hash of the one before it, and what is wrong with a trail that was touched.

There is one chain. It is cut into days (UTC) only to be found again; numbers run on from day to day.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

START = "0" * 64  # what the first entry has in the place of a hash before it


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What happened, before it has its place in the chain. Ids and reasons; no contact, no text of an alert or a tip.

    ``id``: the same deed told twice has the same. ``at``: RFC 3339. ``actor``: user name, ``system``,
    ``participant`` or ``unknown``. ``subject``: id of an alert, code of an area, id of an organisation; or empty.
    ``address``: of the network that a member of staff used, where known.
    """

    id: str
    at: str
    action: str
    actor: str
    tenant: str = ""
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry(Deed):
    """``n``: 1, 2, 3, ... ``day``: on which it was written, ``2026-11-24``. ``prev``: the hash of entry ``n`` - 1."""

    day: str
    n: int
    prev: str
    hash: str = ""

    def sealed(self) -> str:
        """What its hash must be: SHA-256 over all of it."""
        content = {name: value for name, value in self.as_json().items() if name != "hash"}
        return hashlib.sha256(
            json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        ).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "facts": dict(self.facts)}


@dataclass(frozen=True)
class Head:
    """The end of the chain. ``n`` 0: nothing was written yet."""

    n: int = 0
    hash: str = START
    day: str = ""


@dataclass(frozen=True)
class DayHead:
    """What is kept apart from the entries of a day: the numbers of its first and last one, and the last one's hash."""

    day: str
    first: int
    n: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """``n``: the entry at fault, or the number that is not there. ``code``: for programs."""

    day: str
    n: int
    code: str
    message: str


def chained(head: Head, deeds: Sequence[Deed], day: str) -> list[Entry]:
    """The deeds as the next entries after ``head``."""
    entries: list[Entry] = []
    prev = head.hash
    for n, deed in enumerate(deeds, head.n + 1):
        bare = Entry(**{**asdict(deed), "facts": dict(deed.facts)}, day=day, n=n, prev=prev)
        prev = bare.sealed()
        entries.append(Entry(**{**bare.as_json(), "hash": prev}))
    return entries


def faults_of_day(entries: Sequence[Entry], head: DayHead, before: Head) -> Iterator[Fault]:
    """What is wrong with a day. ``entries``: all of it, by number. ``before``: the end of the day before."""
    expected, prev = before.n + 1, before.hash
    if head.first != expected:
        yield Fault(head.day, expected, "missing_day", f"Entries {expected} to {head.first - 1} have no day.")
        expected, prev = head.first, ""  # what came before is not known here
    for entry in entries:
        if entry.n > expected:
            yield Fault(head.day, expected, "missing", f"Entries {expected} to {entry.n - 1} are not there.")
        elif entry.n < expected:
            yield Fault(head.day, entry.n, "doubled", f"Entry {entry.n} stands where {expected} should.")
        if entry.hash != entry.sealed() or entry.day != head.day:
            yield Fault(head.day, entry.n, "altered", f"Entry {entry.n} is not what was written.")
        elif prev and entry.n == expected and entry.prev != prev:
            yield Fault(head.day, entry.n, "broken", f"Entry {entry.n} does not follow on the one before it.")
        expected, prev = entry.n + 1, entry.hash
    if expected <= head.n:
        yield Fault(
            head.day, expected, "missing", f"Entries {expected} to {head.n}, the last of the day, are not there."
        )
    elif expected > head.n + 1:
        yield Fault(head.day, head.n + 1, "added", f"Entries from {head.n + 1} on were not written by the trail.")
    elif prev != head.hash:
        yield Fault(head.day, head.n, "replaced", f"Entry {head.n}, the last of the day, is another than was written.")
