"""CENSUS: participants per area, counted from the stream of the participants' table, each change once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.participants.roll import Enrolled, Roll, enrolled
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import logger
from chalicelib.platform.once import REMEMBERED, AlreadyCounted, count_once
from chalicelib.reports.census_model import Participants, RowKey, counted_in, difference
from chalicelib.reports.census_store import CensusStore

GONE = 10**9  # behind every version: no change of somebody who left is to be added
KEPT = timedelta(days=14)  # that somebody was taken in: longer than a rebuild may take, and REMEMBERED behind it


@dataclass(frozen=True)
class Change:
    """One participant, from one version to the next; None: not there. ``version``: the later one, of leaving too."""

    participant: str
    version: int
    before: Enrolled | None
    after: Enrolled | None

    @classmethod
    def of(cls, images: Mapping[str, Any]) -> "Change":
        """``images``: of a record of the stream."""
        old, new = images.get("OldImage"), images.get("NewImage")
        before, after = enrolled(old) if old else None, enrolled(new) if new else None
        known = after or before
        assert known
        return cls(known.id, after.version if after else known.version + 1, before, after)

    @property
    def id(self) -> str:
        return f"{self.participant}.{self.version}"

    @property
    def deltas(self) -> dict[RowKey, Participants]:
        return difference(counted_in(self.after), counted_in(self.before))


@dataclass(frozen=True)
class Census:
    roll: Roll
    store: CensusStore
    clock: Clock

    def count(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: records of the participants' stream, with both images."""
        changes = [Change.of(record["dynamodb"]) for record in event["Records"]]
        for generation, guarded in self.store.generations().counted(epoch(self.clock.now())):
            if guarded:
                for change in changes:
                    self._guarded(generation, change)
            else:
                self._together(generation, changes)
        logger.info("census.counted", changes=len(changes))
        return {"batchItemFailures": []}

    def _together(self, generation: int, changes: Sequence[Change]) -> None:
        ttl = epoch(self.clock.now() + REMEMBERED)
        since = self.store.taken_in(generation, (change.participant for change in changes))
        news = [change for change in changes if change.deltas and change.version > since.get(change.participant, 0)]
        count_once(
            [(change.id, change.deltas) for change in news],
            lambda ids, sums: self.store.count_changes(generation, ids, sums, ttl),
        )

    def _guarded(self, generation: int, change: Change) -> None:
        """Into a set that may not hold this participant yet, or hold the change already."""
        since = self.store.taken_in(generation, [change.participant]).get(change.participant)
        if since is None:
            # As they are now, not as they were then: a later change may have come first, when this set was not there.
            person = self.roll.find(change.participant)
            version = person.version if person else GONE
            ttl = epoch(self.clock.now() + KEPT)
            try:
                self.store.take_in(generation, {change.participant: version}, counted_in(person), ttl)
            except AlreadyCounted:
                pass  # by somebody else just now
            else:
                return
        self._together(generation, [change])
