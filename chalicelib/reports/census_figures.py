"""Participants of an area as they are told: sums of rows, less what is held back because it is small."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from chalicelib.areas.codes import lineage
from chalicelib.reports.census_model import CHANNELS, FIGURES, NOBODY, Participants, total
from chalicelib.reports.model import NATION
from chalicelib.reports.suppression import told
from chalicelib.reports.withheld import is_whole

OWN_RULE = tuple(figure for figure in FIGURES if figure not in CHANNELS)


@dataclass(frozen=True)
class PeopleTold:
    """As ``Participants``; None: held back."""

    participants: int | None = 0
    paused: int | None = 0
    home: int | None = 0
    work: int | None = 0
    by_channel: Mapping[str, int | None] = field(default_factory=lambda: dict.fromkeys(CHANNELS, 0))

    @property
    def places(self) -> int | None:
        """Told where both parts are."""
        return None if self.home is None or self.work is None else self.home + self.work

    def number_alone(self) -> "PeopleTold":
        """How many there are, and nothing of what they chose."""
        return PeopleTold(self.participants, None, None, None, dict.fromkeys(CHANNELS))


def people_told(people: Mapping[str, Participants], areas: Iterable[str]) -> dict[str, PeopleTold]:
    """Of each of these areas, of one municipality or the nation. ``people``: all rows of its partition."""
    wanted = list(areas)
    known = {**{area: NOBODY for area in wanted if area != NATION}, **people}
    allowed = {} if all(map(is_whole, wanted)) else _allowed(known)
    inside: dict[str, list[Participants]] = {}
    for code, numbers in known.items():
        for above in (*lineage(code), NATION):
            inside.setdefault(above, []).append(numbers)
    found: dict[str, PeopleTold] = {}
    for area in wanted:
        sums = total(inside.get(area, ()))
        shown = {
            figure: getattr(sums, figure) if is_whole(area) or area in allowed[figure] else None for figure in FIGURES
        }
        found[area] = PeopleTold(
            **{figure: shown[figure] for figure in OWN_RULE},
            by_channel={channel: shown[channel] for channel in CHANNELS},
        )
    return found


def together(people: Iterable[PeopleTold]) -> PeopleTold:
    """Of areas that do not overlap; what is held back of one is so of all, so it tells no more than they do."""
    some = list(people)
    return PeopleTold(
        **{figure: _sum(getattr(one, figure) for one in some) for figure in OWN_RULE},
        by_channel={channel: _sum(one.by_channel[channel] for one in some) for channel in CHANNELS},
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    total_ = 0
    for number in numbers:
        if number is None:
            return None
        total_ += number
    return total_


def _allowed(people: Mapping[str, Participants]) -> dict[str, frozenset[str]]:
    parts = {figure: {area: attrgetter(figure)(numbers) for area, numbers in people.items()} for figure in FIGURES}
    allowed = {figure: told(parts[figure]) for figure in OWN_RULE}
    withheld = {area for code in people for area in lineage(code)} - allowed["participants"]
    return allowed | {channel: told(parts[channel], withheld) for channel in CHANNELS}
