"""Who takes part in an area, in numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import NamedTuple, TypeVar

from chalicelib.areas import codes
from chalicelib.participants.roll import Enrolled
from chalicelib.reports.model import NATION

CHANNELS = ("sms", "voice", "email", "push")

Key = TypeVar("Key")


@dataclass(frozen=True)
class Participants:
    """``participants``: who can be asked, and whose first place lies here, so that areas add up.

    ``paused``: the same of those who cannot be: by their own wish, for want of an answer, or as no channel works.
    ``home``, ``work``: places here of those who can be asked; ``home`` is all that is not work.
    A channel: those of the participants who are asked on it; one person may have several.
    """

    participants: int = 0
    paused: int = 0
    home: int = 0
    work: int = 0
    sms: int = 0
    voice: int = 0
    email: int = 0
    push: int = 0

    @property
    def places(self) -> int:
        return self.home + self.work

    def __add__(self, other: "Participants") -> "Participants":
        return Participants(*map(int.__add__, astuple(self), astuple(other)))

    def __sub__(self, other: "Participants") -> "Participants":
        return Participants(*map(int.__sub__, astuple(self), astuple(other)))


FIGURES = tuple(figure.name for figure in fields(Participants))
NOBODY = Participants()
_numbers = attrgetter(*FIGURES)


class RowKey(NamedTuple):
    """``partition``: a municipality with the smallest areas in it, or the nation with its municipalities."""

    partition: str
    area: str


def counted_in(person: Enrolled | None) -> dict[RowKey, Participants]:
    """What somebody adds to each row."""
    sums: dict[RowKey, Participants] = {}
    if person is None:
        return sums
    for rank, (area, kind) in enumerate(person.places):
        here = NOBODY
        if person.active:
            here += Participants(work=1) if kind == "work" else Participants(home=1)
        if rank == 0:
            on = dict.fromkeys(person.channels, 1)
            here += Participants(participants=1, **on) if person.active else Participants(paused=1)
        for key in rows_of(area):
            sums[key] = sums.get(key, NOBODY) + here
    return without_nobody(sums)


def rows_of(area: str) -> tuple[RowKey, RowKey]:
    municipality = codes.lineage(area)[-1]
    return RowKey(municipality, area), RowKey(NATION, municipality)


def difference(after: Mapping[Key, Participants], before: Mapping[Key, Participants]) -> dict[Key, Participants]:
    """Row by row; those that stay the same are left out."""
    keys = [*after, *(key for key in before if key not in after)]
    return without_nobody({key: after.get(key, NOBODY) - before.get(key, NOBODY) for key in keys})


def without_nobody(sums: Mapping[Key, Participants]) -> dict[Key, Participants]:
    return {key: people for key, people in sums.items() if people != NOBODY}


def total(parts: Iterable[Participants]) -> Participants:
    columns = zip(*map(_numbers, parts), strict=True)
    return Participants(*map(sum, columns))


@dataclass(frozen=True)
class Generations:
    """Which set of counts is told, and which one a rebuild is making. ``census_rebuild`` says why there are two.

    ``guarded_until``: epoch seconds; until then the one that is told may be handed changes that it holds already.
    ``began``: epoch seconds; ``cursor``: how far the making has come. ``revision``: of this row.
    """

    told: int = 0
    guarded_until: int = 0
    making: int | None = None
    began: int = 0
    cursor: str | None = None
    revision: int = 0

    def counted(self, now: int) -> list[tuple[int, bool]]:
        """The sets to which every change is to be added, and whether each is guarded."""
        told = (self.told, now < self.guarded_until)
        return [told] if self.making is None else [told, (self.making, True)]


@dataclass(frozen=True)
class Snapshot:
    """What was counted in a partition at the end of a day. ``year``: of the boundaries that its codes are of."""

    partition: str
    day: date
    year: int
    people: Mapping[str, Participants] = field(default_factory=dict)
