"""A batch and its fallbacks: the same people at the same index, so that everybody counts once wherever they are tried.

Who failed for good on every channel is tried on another one in a fallback: a batch of its own, because a batch's people
are written once. Of the others it holds nobody.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import ASKED, FOR_GOOD, MAY_KNOW, Batch, Person, Reason, Result, Tally, summed

NONE_SUPPRESSED: Mapping[Reason, int] = {}
NOBODY = Person("", "", "", {})  # whom a fallback does not try


@dataclass(frozen=True)
class Family:
    base: Batch
    fallbacks: tuple[Batch, ...] = ()

    @property
    def number(self) -> int:
        return self.base.key.number

    @property
    def batches(self) -> tuple[Batch, ...]:
        return (self.base, *self.fallbacks)

    @cached_property
    def lanes(self) -> list[tuple[Channel, tuple[Result, ...]]]:
        return [(channel, lane.results) for batch in self.batches for channel, lane in batch.lanes.items()]

    def results(self, index: int) -> list[tuple[Channel, Result]]:
        """What became of one person's messages. Empty where they only keep an index in this message."""
        return [(channel, results[index]) for channel, results in self.lanes if results[index] is not Result.NONE]

    def known_on(self, index: int) -> frozenset[Channel]:
        """The channels on which the message may have reached the person at ``index``."""
        return frozenset(channel for channel, result in self.results(index) if result in MAY_KNOW)

    def stranded(self) -> list[int]:
        """Those on whom every channel failed for good, and for whom no other was looked up yet."""
        marks = {index for _, results in self.lanes for index, result in enumerate(results) if result in FOR_GOOD}
        failed = (index for index in sorted(marks) if all(result in FOR_GOOD for _, result in self.results(index)))
        return [index for index in failed if not any(self._given_up(batch, index) for batch in self.fallbacks)]

    @staticmethod
    def _given_up(fallback: Batch, index: int) -> bool:
        """Whether they stand in it and on no channel: there was none left."""
        on = (lane.results[index] is not Result.NONE for lane in fallback.lanes.values())
        return bool(fallback.people[index].participant) and not any(on)

    def next_fallback(self, people: Mapping[int, Person]) -> Batch:
        """``people``: by index."""
        key = replace(self.base.key, fallback=len(self.fallbacks) + 1)
        return Batch.new(key, tuple(people.get(index, NOBODY) for index in range(len(self.base.people))))

    def plus(self, fallback: Batch) -> "Family":
        return Family(self.base, (*self.fallbacks, fallback))


def families(batches: Iterable[Batch]) -> Iterator[Family]:
    """``batches``: in the order of the ledger."""
    for _, members in groupby(batches, key=lambda batch: (batch.key.unit, batch.key.number)):
        base, *fallbacks = members
        yield Family(base, tuple(fallbacks))


def tally_of(of: Iterable[Family], suppressed: Mapping[Reason, int] = NONE_SUPPRESSED) -> Tally:
    """``suppressed``: what the matcher counted; nothing as long as it is not through."""
    people = asked = reached = 0
    version = 1 if suppressed else 0
    results: dict[Channel, Counter[Result]] = {}
    costs: list[tuple[Channel, tuple[int, int, int]]] = []
    areas: dict[str, tuple[int, int, int]] = {}
    for family in of:
        version += sum(batch.version for batch in family.batches)
        for channel, lane in family.lanes:
            results.setdefault(channel, Counter()).update(result for result in lane if result is not Result.NONE)
        costs += [
            (channel, (1, *cost))
            for batch in family.batches
            for channel, lane in batch.lanes.items()
            for cost in lane.costs.values()
        ]
        for index, person in enumerate(family.base.people):
            theirs = family.results(index)
            if not theirs:
                continue
            was_asked = any(result in ASKED for _, result in theirs)
            was_reached = any(result is Result.DELIVERED for _, result in theirs)
            people, asked, reached = people + 1, asked + was_asked, reached + was_reached
            before = areas.get(person.area, (0, 0, 0))
            areas[person.area] = (before[0] + 1, before[1] + was_asked, before[2] + was_reached)
    return Tally(people, asked, reached, results, areas, version, suppressed, summed(costs))
