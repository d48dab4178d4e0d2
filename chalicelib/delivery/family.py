"""A batch and its fallbacks: the same people at the same index, so that everybody counts once wherever they are tried.

Who failed for good on every channel is tried on another one in a fallback: a batch of its own, because a batch's people
are written once. Of the others it holds nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import (
    ASKED,
    ELSEWHERE,
    FOR_GOOD,
    MAY_KNOW,
    AreaTally,
    Batch,
    Cost,
    Messages,
    Person,
    Reason,
    Result,
    Span,
    Tally,
    summed,
)

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

    def costs(self) -> Iterator[tuple[Channel, int, Cost]]:
        """What is known of the costs of one message: its channel, the index of its person, the cost."""
        for batch in self.batches:
            for channel, lane in batch.lanes.items():
                yield from ((channel, index, cost) for index, cost in lane.costs.items())

    def known_on(self, index: int) -> frozenset[Channel]:
        """The channels on which the message may have reached the person at ``index``."""
        return frozenset(channel for channel, result in self.results(index) if result in MAY_KNOW)

    def stranded(self) -> list[int]:
        """Those on whom every channel failed, for good or for long, and for whom no other was looked up yet."""
        marks = {index for _, results in self.lanes for index, result in enumerate(results) if result in ELSEWHERE}
        failed = (index for index in sorted(marks) if all(result in ELSEWHERE for _, result in self.results(index)))
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
    version = 1 if suppressed else 0
    results: dict[Channel, Counter[Result]] = {}
    areas: dict[str, _AreaCount] = defaultdict(_AreaCount)
    taken: Span | None = None
    for family in of:
        version += sum(batch.version for batch in family.batches)
        for channel, lane in family.lanes:
            results.setdefault(channel, Counter()).update(result for result in lane if result is not Result.NONE)
        for index, person in enumerate(family.base.people):
            if theirs := family.results(index):
                areas[person.area].somebody(theirs)
        for lane_of in (lane for batch in family.batches for lane in batch.lanes.values()):
            taken = lane_of.taken.plus(taken) if lane_of.taken else taken
        for channel, index, cost in family.costs():
            areas[family.base.people[index].area].cost(channel, cost)
    counted = {code: area.tally() for code, area in areas.items()}
    return Tally(
        sum(area.people for area in counted.values()),
        sum(area.asked for area in counted.values()),
        sum(area.reached for area in counted.values()),
        results,
        counted,
        version,
        suppressed,
        _costs(counted.values()),
        taken,
    )


class _AreaCount:
    """An ``AreaTally`` that is being made: a unit has some thousand people."""

    __slots__ = ("asked", "messages", "people", "reached", "spared")

    def __init__(self) -> None:
        self.people = self.asked = self.reached = self.spared = 0
        self.messages: dict[Channel, list[int]] = defaultdict(lambda: [0] * len(Messages._fields))

    def somebody(self, theirs: Iterable[tuple[Channel, Result]]) -> None:
        asked = reached = stopped = False
        for channel, result in theirs:
            counts = self.messages[channel]
            if result in ASKED:
                asked = True
                counts[0] += 1
            if result is Result.DELIVERED:
                reached = True
                counts[1] += 1
            elif result in FOR_GOOD:
                counts[2] += 1
            elif result is Result.STOPPED:
                stopped = True
        self.people += 1
        self.asked += asked
        self.reached += reached
        self.spared += stopped and not asked

    def cost(self, channel: Channel, cost: Cost) -> None:
        counts = self.messages[channel]
        counts[3:] = [counts[3] + 1, counts[4] + cost.parts, counts[5] + cost.micros]

    def tally(self) -> AreaTally:
        messages = {channel: Messages(*counts) for channel, counts in self.messages.items()}
        return AreaTally(self.people, self.asked, self.reached, self.spared, messages)


def _costs(areas: Iterable[AreaTally]) -> dict[Channel, tuple[int, int, int]]:
    numbers = (pair for area in areas for pair in area.messages.items() if pair[1].priced)
    return summed((channel, (some.priced, some.parts, some.micros)) for channel, some in numbers)
