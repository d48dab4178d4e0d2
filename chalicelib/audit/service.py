"""Writes the trail, reads it, and says whether it is whole."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from chalicelib.audit.messages import AuditMessage
from chalicelib.audit.model import DayHead, Deed, Entry, Fault, Head, chained, faults_of_day
from chalicelib.audit.store import AuditStore, HeadMoved, Written
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.observe import logger
from chalicelib.platform.once import TRANSACTION

KNOWN_FOR = timedelta(days=15)  # a deed told again; a dead letter lives for 14
KEPT = timedelta(days=7 * 365)  # of days before that only their ends are there
TOGETHER = TRANSACTION // 2 - 1  # a mark and a row for each, and two for the head
TRIES = 20
PAUSE_S = 0.05
EXAMINED = 1_000  # entries that one page of a filtered list looks at
VERIFIED = 20_000  # entries that one look at the chain takes at most


@dataclass(frozen=True)
class Page:
    """``cursor``: the number of the entry to go on behind; None at the end."""

    entries: Sequence[Entry]
    cursor: int | None


@dataclass(frozen=True)
class Verdict:
    """``since``: the first day looked at. ``complete``: that is the first there is. ``head``: to be written down."""

    entries: int
    since: str
    complete: bool
    head: Head
    faults: Sequence[Fault]


@dataclass(frozen=True)
class Trail:
    store: AuditStore
    clock: Clock
    verified: int = VERIFIED

    def record(self, records: Sequence[Record[AuditMessage]]) -> set[str]:
        """Add what the records tell, oldest first, each deed once; all of it is written when this returns."""
        deeds = {record.body.id: record.body.deed() for record in records}
        waiting = sorted(deeds.values(), key=lambda deed: (deed.at, deed.id))
        for start in range(0, len(waiting), TOGETHER):
            self._add(waiting[start : start + TOGETHER])
        return set()

    def _add(self, deeds: Sequence[Deed]) -> None:
        tries = 0
        while deeds:
            head, now = self.store.head(), self.clock.now()
            day = max(head.day, now.date().isoformat())  # the chain never goes back, whatever a clock says
            entries = chained(head, deeds, day)
            try:
                self.store.append(entries, head, known=epoch(now + KNOWN_FOR), kept=epoch(now + KEPT))
            except Written as known:
                deeds = [deed for deed in deeds if deed.id not in known.ids]
            except HeadMoved:
                tries += 1
                if tries == TRIES:
                    raise
                self.clock.sleep(PAUSE_S * random.random() * tries)  # noqa: S311
            else:
                # A third place that knows where the chain ends, which no function can write over.
                logger.info("audit.head", n=entries[-1].n, hash=entries[-1].hash, day=day)
                return

    def page(self, day: str, *, actor: str | None, subject: str | None, after: int, limit: int) -> Page:
        """Entries of a day, by number. A page may hold less than asked for."""
        looked_at = self.store.entries(day, after=after, limit=EXAMINED)
        found: list[Entry] = []
        for entry in looked_at:
            if actor in (None, entry.actor) and subject in (None, entry.subject):
                found.append(entry)
            if len(found) == limit:
                return Page(found, entry.n)
        return Page(found, looked_at[-1].n if len(looked_at) == EXAMINED else None)

    def verify(self, until: str = "9", noted: Head | None = None) -> Verdict:
        """Look at the chain from its end backwards, day by day, as far as one look goes.

        ``until``: the last day to look at. ``noted``: an end of the chain that was written down earlier,
        looked at together with the end that there is now.

        Raises:
            Unavailable: trail_moves, entries come faster than they can be read.
        """
        head, days, newest = self._standing_still(until)
        found = list(_of_heads(head, days)) if until == "9" else []
        if noted and noted.n and until == "9":  # a look at older days knows nothing of what came behind them
            found += self._of_note(noted, days)
        looked_at, since = 0, ""
        for day, before in pairwise([*days, None]):
            assert day is not None
            if self._ended(day):
                break
            if looked_at and looked_at + day.n - day.first >= self.verified:
                return Verdict(looked_at, since, False, head, found)
            entries = newest if day is days[0] else self.store.entries(day.day)
            end = Head(before.n, before.hash, before.day) if before else Head()
            found += faults_of_day(entries, day, end)
            looked_at, since = looked_at + len(entries), day.day
        return Verdict(looked_at, since, True, head, found)

    def _standing_still(self, until: str) -> tuple[Head, list[DayHead], list[Entry]]:
        """The end of the chain, the ends of its days and all of the newest day, read while nobody added to it."""
        for _ in range(TRIES):
            head, days = self.store.head(), self.store.days(until=until)
            newest = self.store.entries(days[0].day) if days else []
            if self.store.head() == head:
                return head, days, newest
        raise Unavailable("trail_moves", "Entries are being written just now; try again.")

    def _of_note(self, noted: Head, days: Sequence[DayHead]) -> Iterator[Fault]:
        day = next((day for day in days if day.first <= noted.n <= day.n), None)
        if day and noted.n == day.n:
            found: str | None = day.hash
        elif day and self._ended(day):
            return  # the entry has been kept as long as any: only the last of its day can still be compared
        else:
            entry = next(iter(self.store.entries(day.day, after=noted.n - 1, limit=1)), None) if day else None
            found = entry.hash if entry and entry.n == noted.n else None
        if found is None:
            yield Fault(day.day if day else "", noted.n, "missing", f"Entry {noted.n}, once the last, is not there.")
        elif found != noted.hash:
            at = day.day if day else ""
            yield Fault(at, noted.n, "replaced", f"Entry {noted.n} is another than it was when it was the last.")

    def _ended(self, day: DayHead) -> bool:
        """Whether its entries may be gone."""
        return day.day <= (self.clock.now() - KEPT).date().isoformat()


def _of_heads(head: Head, days: Sequence[DayHead]) -> Iterator[Fault]:
    last = days[0] if days else None
    if (last.n if last else 0) != head.n or (last and last.hash != head.hash):
        yield Fault(
            head.day, head.n, "head_moved", "The end of the chain and the end of its last day are not the same."
        )
