"""When and about what somebody wants to be asked: hours of each place, topics, exercises.

Who says nothing is asked at any hour about everything, but in no exercise. Wishes lie packed in each row of table
``places``, and only of those who have some: a place of most people carries nothing. A canary's row says there that it
is one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from chalicelib.platform import ids
from chalicelib.platform.clock import AMSTERDAM

MAX_HOURS = 2  # of one place
STEP = 15  # minutes
DAY, WEEK = 24 * 60, 7 * 24 * 60
STEPS = DAY // STEP
PACKED = 5  # characters of one ``Hours``
EXERCISES, CANARY, PLACES = "e", "c", "@"


class Topic(StrEnum):
    """What somebody can choose not to be asked about: what is urgent by its category, all else by its kind.

    A missing child is not among them.
    """

    RESIDENTIAL_BURGLARY = "residential_burglary"
    ROBBERY = "robbery"
    HIT_AND_RUN = "hit_and_run"
    MISSING_PERSON = "missing_person"
    OTHER_URGENT = "other_urgent"
    INQUIRY = "inquiry"
    PREVENTION = "prevention"


LETTERS = dict(zip(Topic, "brhmuip", strict=True))


class Day(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


DAYS = tuple(Day)


@dataclass(frozen=True)
class Hours:
    """On some days of the week, from ``start`` until ``end`` by the clock on the wall in the Netherlands.

    Both are minutes since midnight, on a quarter of an hour, below 24:00. An end that is not after the start is the
    next day's: Friday from 22:00 to 07:00 ends on Saturday, and from 00:00 to 00:00 is the whole day.
    """

    days: frozenset[Day]
    start: int
    end: int

    def __post_init__(self) -> None:
        for minute in (self.start, self.end):
            if minute % STEP or not 0 <= minute < DAY:
                raise ValueError("hours begin and end on a quarter of an hour of one day")

    def hold(self, minute: int) -> bool:
        """``minute``: of the week, see ``minute_of_week``. The end is exclusive."""
        long = (self.end - self.start) % DAY or DAY
        return any((minute - DAYS.index(day) * DAY - self.start) % WEEK < long for day in self.days)

    @property
    def packed(self) -> str:
        days = sum(1 << DAYS.index(day) for day in self.days)
        return ids.encode((days * STEPS + self.start // STEP) * STEPS + self.end // STEP, PACKED)

    @classmethod
    def read(cls, packed: str) -> "Hours":
        rest, end = divmod(ids.decode(packed), STEPS)
        days, start = divmod(rest, STEPS)
        return cls(frozenset(day for number, day in enumerate(DAYS) if days >> number & 1), start * STEP, end * STEP)


@dataclass(frozen=True)
class Wishes:
    """``hours``: of each place, in their order; none of a place is always, and so is a place that is not there.

    ``canary``: this is no person, but an address of ours by which we see that messages arrive.
    """

    declined: frozenset[Topic] = frozenset()
    exercises: bool = False
    hours: tuple[tuple[Hours, ...], ...] = ()
    canary: bool = False

    def open(self, rank: int, minute: int) -> bool:
        """Whether they may be asked for the sake of the place of that rank. ``minute``: of the week."""
        hours = self.hours[rank] if rank < len(self.hours) else ()
        return not hours or any(some.hold(minute) for some in hours)

    @property
    def packed(self) -> str:
        """Letters of topics that are declined, ``e`` for exercises, ``c`` of a canary, ``@`` and the hours of each
        place; or nothing.
        """
        said = "".join(LETTERS[topic] for topic in Topic if topic in self.declined)
        said += EXERCISES * self.exercises + CANARY * self.canary
        hours = ",".join("".join(some.packed for some in place) for place in self.hours).rstrip(",")
        return said + (PLACES + hours if hours else "")


@lru_cache(maxsize=10_000)
def read_wishes(packed: str) -> Wishes:
    """What ``packed`` says. Many people wish the same."""
    said, _, hours = packed.partition(PLACES)
    return Wishes(
        declined=frozenset(topic for topic, letter in LETTERS.items() if letter in said),
        exercises=EXERCISES in said,
        hours=tuple(map(_read_place, hours.split(","))) if hours else (),
        canary=CANARY in said,
    )


def _read_place(packed: str) -> tuple[Hours, ...]:
    return tuple(Hours.read(packed[start : start + PACKED]) for start in range(0, len(packed), PACKED))


def minute_of_week(moment: datetime) -> int:
    """Minutes since Monday 00:00 by the clock on the wall in the Netherlands, 0 to 10,079."""
    there = moment.astimezone(AMSTERDAM)
    return there.weekday() * DAY + there.hour * 60 + there.minute
