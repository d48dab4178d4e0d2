"""The twin of the participants' rows in the table ``reports``."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.platform.once import TRANSACTION, AlreadyCounted
from chalicelib.reports.census_model import NOBODY, Generations, Participants, RowKey, Snapshot
from chalicelib.reports.census_store import Deltas, Overtaken


@dataclass
class MemoryCensusStore:
    standing: Generations = field(default_factory=Generations)
    rows: dict[tuple[int, RowKey], Participants] = field(default_factory=dict)
    changes: set[tuple[int, str]] = field(default_factory=set)
    whole: dict[tuple[int, str], int] = field(default_factory=dict)
    days: dict[tuple[str, date], Snapshot] = field(default_factory=dict)

    def generations(self) -> Generations:
        return self.standing

    def move(self, before: Generations, after: Generations) -> Generations:
        if self.standing.revision != before.revision:
            raise Overtaken
        self.standing = replace(after, revision=before.revision + 1)
        return self.standing

    def people(self, partition: str, generation: int | None = None) -> dict[str, Participants]:
        number = self.standing.told if generation is None else generation
        return {
            key.area: people
            for (of, key), people in sorted(self.rows.items())
            if of == number and key.partition == partition
        }

    def count_changes(self, generation: int, changes: Sequence[str], deltas: Deltas, ttl: int) -> None:
        _fits(len(changes) + len(deltas))
        names = {(generation, change) for change in changes}
        if names & self.changes:
            raise AlreadyCounted
        self.changes |= names
        self._add(generation, deltas)

    def take_in(self, generation: int, versions: Mapping[str, int], deltas: Deltas, ttl: int) -> None:
        _fits(len(versions) + len(deltas))
        names = {(generation, participant): version for participant, version in versions.items()}
        if names.keys() & self.whole.keys():
            raise AlreadyCounted
        self.whole |= names
        self._add(generation, deltas)

    def taken_in(self, generation: int, participants: Iterable[str]) -> dict[str, int]:
        return {name: self.whole[generation, name] for name in participants if (generation, name) in self.whole}

    def drop_before(self, partition: str, generation: int) -> None:
        stale = [(of, key) for of, key in self.rows if key.partition == partition and of < generation]
        for place in stale:
            del self.rows[place]

    def keep(self, snapshot: Snapshot) -> None:
        self.days.setdefault((snapshot.partition, snapshot.day), snapshot)

    def day(self, partition: str, first: date, last: date) -> Snapshot | None:
        found = [it for (where, day), it in self.days.items() if where == partition and first <= day <= last]
        return max(found, key=lambda it: it.day, default=None)

    def on(self, partition: str, days: Collection[date]) -> dict[date, Snapshot]:
        return {day: self.days[partition, day] for day in days if (partition, day) in self.days}

    def _add(self, generation: int, deltas: Deltas) -> None:
        for key, people in deltas.items():
            self.rows[generation, key] = self.rows.get((generation, key), NOBODY) + people


def _fits(actions: int) -> None:
    if actions > TRANSACTION:
        raise ValueError(f"a transaction takes {TRANSACTION} actions")
