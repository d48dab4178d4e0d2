"""What crosses HTTP of wishes: hours, topics."""

from typing import Annotated

from pydantic import Field

from chalicelib.participants.wishes import DAYS, MAX_HOURS, Day, Hours, Topic
from chalicelib.platform.http import Body

Quarter = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):(00|15|30|45)$", examples=["22:15"])]
Topics = Annotated[
    list[Topic],
    Field(max_length=len(Topic), description="What not to be asked about; a missing child cannot be among it"),
]
Exercises = Annotated[bool, Field(description="Whether to take part in exercises and tests")]


class HoursBody(Body):
    """On these days, by the clock in the Netherlands. An end that is not after the start is the next day's."""

    days: list[Day] = Field(min_length=1, max_length=len(Day))
    start: Quarter
    end: Quarter

    def value(self) -> Hours:
        return Hours(frozenset(self.days), _minutes(self.start), _minutes(self.end))

    @classmethod
    def of(cls, hours: Hours) -> "HoursBody":
        days = [day for day in DAYS if day in hours.days]
        return cls(days=days, start=_clock(hours.start), end=_clock(hours.end))


PlaceHours = Annotated[
    list[HoursBody],
    Field(max_length=MAX_HOURS, description="When to be asked because of this place; none is always"),
]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def in_order(declined: frozenset[Topic]) -> list[Topic]:
    return [topic for topic in Topic if topic in declined]
