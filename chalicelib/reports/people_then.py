"""Who took part in some areas together when a day had ended, under the codes that they have now."""

from collections.abc import Callable, Mapping
from itertools import groupby

from chalicelib.areas.codes import lineage
from chalicelib.areas.succession import Succession
from chalicelib.reports.census_figures import PeopleTold, people_told, together
from chalicelib.reports.census_model import Snapshot
from chalicelib.reports.model import NATION
from chalicelib.reports.withheld import is_whole

Read = Callable[[str], Snapshot | None]  # of a partition, what was counted after the day


def people_then(areas: Mapping[str, int | None], read: Read, succession: Callable[[], Succession]) -> PeopleTold | None:
    """None: it was not counted, or one of the areas had ended. What is held back of one of them is so of all.

    Args:
        areas: by code, with boundaries as in which year; none lies in another. Or the nation, of any year.

    Raises:
        NotComparable: one of them was split since.
    """
    lies_in = _municipality if len(areas) == 1 else _as_whole
    origins: set[str] = set()
    for code, year in areas.items():
        counted = read(lies_in(code)) or read(NATION)
        if counted is None:
            return None
        if year is None or code == NATION or year == counted.year:
            origins.add(code)
        elif year > counted.year:
            origins |= succession().origins(code, year, counted.year)
        elif succession().ended.get(code, counted.year + 1) <= counted.year:
            return None
        else:
            origins.add(code)
    found: list[PeopleTold] = []
    for partition, some in groupby(sorted(origins, key=lies_in), key=lies_in):
        snapshot = read(partition)
        found += people_told(snapshot.people if snapshot else {}, some).values()
    return together(found)


def _municipality(code: str) -> str:
    return lineage(code)[-1]


def _as_whole(code: str) -> str:
    """Of several areas: what the nation's rows know of a municipality is read once for all of them."""
    return NATION if is_whole(code) else _municipality(code)
