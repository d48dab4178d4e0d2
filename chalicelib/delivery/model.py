"""The ledger's words: batches of people, and what became of each message."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain
from operator import add
from typing import NamedTuple

from msgspec import Struct

from chalicelib.channels.model import Channel, Refusal
from chalicelib.participants.model import SuppressionReason

# People who share a row, a claim and the writes of results. Fewer cost more writes a person; of more, the last batches
# take so long at a slow provider that a high rate is not used to its end (tests/unit/bench).
BATCH_SIZE = 100
LAST_BATCH_SIZE = 67  # of those at the end of a unit
CHECKPOINT = 10  # messages whose results are written together: a killed sender doubles at most these
MAIL_CHECKPOINT = 25  # the same of mails, of which SES's own events tell whom a killed sender sent to
# Once its lease has ended, a lane whose sender was killed is settled by the next one: within the five receives of a
# message and their visibility timeouts. What is not settled then has gone to the dead-letter queue.
SETTLED_MS = 600_000


class Result(StrEnum):
    """What became of one message to one person, one letter each. They stand in the order in which they may change."""

    NONE = "-"  # this person is not on this channel
    QUEUED = "q"
    TEMPORARY = "t"  # refused for now, will be tried again
    STALLED = "e"  # the same for so long that another channel is tried as well
    UNSURE = "w"  # the provider did not answer: it may have been taken, and is tried once more
    UNKNOWN = "u"  # the same, and tried no more
    STOPPED = "x"  # not sent: the alert was stopped, closed or had expired
    REFUSED = "r"  # the provider will never take it
    SENT = "s"  # taken by the provider
    FAILED = "f"  # taken, but it bounced or could not be delivered
    OPTED_OUT = "o"
    DELIVERED = "d"


_RANK = {result: rank for rank, result in enumerate(Result)}
ASKED = frozenset({Result.UNSURE, Result.UNKNOWN, Result.SENT, Result.FAILED, Result.DELIVERED})  # taken by a provider
MAY_KNOW = ASKED - {Result.FAILED}  # who was asked and will want to hear how it ended
FOR_GOOD = frozenset({Result.REFUSED, Result.FAILED, Result.OPTED_OUT})  # by this message they will not be reached
ELSEWHERE = FOR_GOOD | {Result.STALLED}  # who is on no channel but these is tried on another one
RETRIED = frozenset({Result.TEMPORARY, Result.STALLED, Result.UNSURE})
TO_SEND = RETRIED | {Result.QUEUED}
OF_REFUSAL: Mapping[Refusal, Result] = {
    Refusal.THROTTLED: Result.TEMPORARY,
    Refusal.TEMPORARY: Result.TEMPORARY,
    Refusal.PERMANENT: Result.REFUSED,
    Refusal.OPTED_OUT: Result.OPTED_OUT,
    Refusal.UNKNOWN: Result.UNSURE,
}


def merged(old: Result, new: Result) -> Result:
    """A result never goes backwards, in whatever order the news comes in."""
    return new if _RANK[new] > _RANK[old] else old


class Cost(NamedTuple):
    """What a provider charged for one message. ``parts``: of an SMS, else 1. ``micros``: millionths of a US dollar."""

    parts: int
    micros: int

    def merged(self, other: "Cost") -> "Cost":
        """The larger of each: a receipt may come before the price is known, and twice."""
        return Cost(max(self.parts, other.parts), max(self.micros, other.micros))


class Span(NamedTuple):
    """The first and the last of some moments, epoch seconds."""

    first: int
    last: int

    def plus(self, other: "Span | None") -> "Span":
        return self if other is None else Span(min(self.first, other.first), max(self.last, other.last))


NO_COSTS: Mapping[Channel, Mapping[int, Cost]] = {}


class LaneState(StrEnum):
    """How far one channel of a batch is."""

    NEW = "new"
    CLAIMED = "claimed"
    DONE = "done"
    STOPPED = "stopped"
    EXPIRED = "expired"


FINISHED = frozenset({LaneState.DONE, LaneState.STOPPED, LaneState.EXPIRED})


@dataclass(frozen=True)
class Lane:
    """One channel of a batch. ``results``: one per person of the batch, in its order. ``lease_ms``: epoch.

    ``taken_over``: told with a claim, not stored: the sender before did not come to its end.
    ``costs``: by index, of those whose receipt told. ``taken``: between which moments a provider took its messages.
    """

    state: LaneState
    results: tuple[Result, ...]
    lease_ms: int = 0
    taken_over: bool = field(default=False, compare=False)
    costs: Mapping[int, Cost] = field(default_factory=dict)
    taken: Span | None = None

    @property
    def waiting(self) -> list[int]:
        """The indexes of those to whom nothing was sent yet, as far as is known."""
        return [index for index, result in enumerate(self.results) if result in TO_SEND]

    def with_results(self, news: Mapping[int, Result]) -> "Lane":
        """News of somebody who is not on the channel is let go."""
        results = list(self.results)
        for index, result in news.items():
            if 0 <= index < len(results) and results[index] is not Result.NONE:
                results[index] = merged(results[index], result)
        return replace(self, results=tuple(results))

    def with_costs(self, told: Mapping[int, Cost]) -> "Lane":
        """As ``with_results``."""
        ours = {index: cost for index, cost in told.items() if 0 <= index < len(self.results)}
        ours = {index: cost for index, cost in ours.items() if self.results[index] is not Result.NONE}
        merged_ = {
            index: self.costs[index].merged(cost) if index in self.costs else cost for index, cost in ours.items()
        }
        return replace(self, costs={**self.costs, **merged_})

    def claimable(self, now_ms: int) -> bool:
        return self.state is LaneState.NEW or (self.state is LaneState.CLAIMED and self.lease_ms < now_ms)


class Person(Struct, frozen=True, gc=False):
    """One recipient as the ledger keeps it. Safe to print. ``area``: neighbourhood code of the place that was inside.

    ``contacts``: of the channels that are not finished; what is sent needs no contact any more. That of push is a
    reference, by which the devices are found when it is sent.
    """

    participant: str
    area: str
    language: str
    contacts: Mapping[Channel, str]

    def with_contacts(self, contacts: Mapping[Channel, str]) -> "Person":
        return Person(self.participant, self.area, self.language, contacts)

    def known_as(self, participant: str) -> "Person":
        return Person(participant, self.area, self.language, self.contacts)

    def __repr__(self) -> str:
        return f"Person({self.participant} {self.area} {self.language})"


@dataclass(frozen=True)
class BatchKey:
    """``unit`` and ``number`` are below 32,768: they fit the reply link's three characters each.

    ``fallback``: 0 for the batch itself, from 1 on for those that try some of its people on another channel.
    """

    alert: str
    message: str
    unit: int
    number: int
    fallback: int = 0

    @property
    def batch(self) -> str:
        return f"{self.unit:05d}-{self.number:05d}" + (f"-{self.fallback:03d}" if self.fallback else "")

    @classmethod
    def parse(cls, alert: str, message: str, batch: str) -> "BatchKey":
        """Raises ``ValueError`` where ``batch`` is not ``<unit>-<number>``, perhaps with ``-<fallback>``."""
        unit, number, *fallback = map(int, batch.split("-", 2))
        return cls(alert, message, unit, number, *fallback)


@dataclass(frozen=True)
class Batch:
    key: BatchKey
    people: tuple[Person, ...]
    lanes: Mapping[Channel, Lane]
    version: int = 1

    @classmethod
    def new(cls, key: BatchKey, people: tuple[Person, ...]) -> "Batch":
        channels = [channel for channel in Channel if any(channel in person.contacts for person in people)]
        lanes = {
            channel: Lane(
                LaneState.NEW,
                tuple(Result.QUEUED if channel in person.contacts else Result.NONE for person in people),
            )
            for channel in channels
        }
        return cls(key, people, lanes)

    def unfinished(self, channel: Channel) -> bool:
        return channel in self.lanes and self.lanes[channel].state not in FINISHED

    def without_contacts(self, channel: Channel) -> "Batch":
        """The same, but nobody's contact on a channel."""
        people = tuple(
            person.with_contacts({other: to for other, to in person.contacts.items() if other is not channel})
            if channel in person.contacts
            else person
            for person in self.people
        )
        return replace(self, people=people)

    def with_contacts_of(self, channel: Channel) -> "Batch":
        """The same, with everybody's contact on this channel and no other."""
        people = tuple(
            person.with_contacts({on: to for on, to in person.contacts.items() if on is channel})
            for person in self.people
        )
        return replace(self, people=people)

    def busy(self, now_ms: int) -> bool:
        """Somebody is sending from it, or was killed at it and not everything that was sent is written yet."""
        return any(
            lane.state is LaneState.CLAIMED and lane.lease_ms + SETTLED_MS >= now_ms for lane in self.lanes.values()
        )


class Reason(StrEnum):
    """Why somebody in the area, whom a message could reach, is not asked. Of several the first one counts."""

    NO_EXERCISES = "no_exercises"  # did not agree to take part in exercises and tests
    CATEGORY = "category"  # does not want to be asked about this
    HOURS = "hours"  # not now, at none of their places in the area
    CAP = "cap"  # was asked often enough this week


class Messages(NamedTuple):
    """What became of the messages to some people on one channel.

    ``sent``: taken by a provider; ``delivered`` of those; ``failed``: will not arrive. ``priced``: whose cost is known,
    with their ``parts`` and ``micros``, millionths of a US dollar, in all.
    """

    sent: int = 0
    delivered: int = 0
    failed: int = 0
    priced: int = 0
    parts: int = 0
    micros: int = 0

    def plus(self, other: "Messages") -> "Messages":
        return Messages(*map(add, self, other))


@dataclass(frozen=True)
class AreaTally:
    """Of the people of one neighbourhood. ``people``, ``asked``, ``reached`` as in ``Tally``.

    ``spared``: asked on no channel, and on one of them because the alert was stopped, closed or had expired.
    """

    people: int = 0
    asked: int = 0
    reached: int = 0
    spared: int = 0
    messages: Mapping[Channel, Messages] = field(default_factory=dict)

    def plus(self, other: "AreaTally") -> "AreaTally":
        messages = dict(self.messages)
        for channel, numbers in other.messages.items():
            messages[channel] = messages.get(channel, Messages()).plus(numbers)
        return AreaTally(
            self.people + other.people,
            self.asked + other.asked,
            self.reached + other.reached,
            self.spared + other.spared,
            messages,
        )


@dataclass(frozen=True)
class Tally:
    """What a part of the ledger adds up to.

    ``suppressed``: why -> people who were not asked; none of them is among ``people``.
    ``people``: matched; ``asked``: at least one message taken by a provider; ``reached``: at least one delivered.
    ``results``: channel -> result -> messages. ``areas``: by neighbourhood code. ``taken``: by providers.
    ``version`` grows with every change of what was counted, so that an older tally never replaces a newer one.
    ``costs``: channel -> messages whose cost is known, and their parts and millionths of a dollar in all.
    """

    people: int = 0
    asked: int = 0
    reached: int = 0
    results: Mapping[Channel, Mapping[Result, int]] = field(default_factory=dict)
    areas: Mapping[str, AreaTally] = field(default_factory=dict)
    version: int = 0
    suppressed: Mapping[Reason, int] = field(default_factory=dict)
    costs: Mapping[Channel, tuple[int, int, int]] = field(default_factory=dict)
    taken: Span | None = None

    def plus(self, other: "Tally") -> "Tally":
        results: dict[Channel, Counter[Result]] = {}
        areas = dict(self.areas)
        for part in (self, other):
            for channel, numbers in part.results.items():
                results.setdefault(channel, Counter()).update(numbers)
        for area, numbers_there in other.areas.items():
            areas[area] = areas[area].plus(numbers_there) if area in areas else numbers_there
        return Tally(
            self.people + other.people,
            self.asked + other.asked,
            self.reached + other.reached,
            results,
            areas,
            self.version + other.version,
            Counter(self.suppressed) + Counter(other.suppressed),
            summed(chain(self.costs.items(), other.costs.items())),
            self.taken.plus(other.taken) if self.taken else other.taken,
        )


def summed(costs: Iterable[tuple[Channel, tuple[int, int, int]]]) -> dict[Channel, tuple[int, int, int]]:
    """By channel: messages, parts, millionths of a dollar."""
    sums: dict[Channel, tuple[int, int, int]] = {}
    for channel, (messages, parts, micros) in costs:
        before = sums.get(channel, (0, 0, 0))
        sums[channel] = (before[0] + messages, before[1] + parts, before[2] + micros)
    return sums


@dataclass(frozen=True)
class Receipt:
    """News from a provider about one message: which person of which batch, on which channel.

    ``never_again``: why the contact must not be tried any more. ``cost``: where the provider said.
    """

    key: BatchKey
    channel: Channel
    index: int
    result: Result
    never_again: SuppressionReason | None = None
    cost: Cost | None = None


@dataclass(frozen=True)
class Cap:
    """Nobody is asked more than ``most`` times a week; 0 is no end to it, also where too few alerts came before.

    ``before``: alerts of this week that may have asked the same people.
    """

    most: int = 0
    before: tuple[str, ...] = ()


NO_CAP = Cap()


@dataclass(frozen=True)
class Plan:
    """Into how many units a message was split, and when. A unit is what one match message handles.

    ``waves``: how many units each wave of a call has. A call grows with each wave; a unit keeps its number.
    ``cap``: as it was found when the message was planned first, so that a repeat asks the same people.
    """

    units: int
    planned_at: datetime
    waves: tuple[int, ...] = ()
    cap: Cap = NO_CAP

    def units_of(self, wave: int) -> range:
        """The numbers of a wave's units; waves count from 1."""
        before = sum(self.waves[: wave - 1])
        return range(before, before + self.waves[wave - 1])
