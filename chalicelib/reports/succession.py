"""Figures of earlier years under the codes of today.

A figure keeps the code and the year that it was made with. When it is read, the codes of what is an area today are
found in that year: of a merged area all those that merged, of one that was numbered anew its former number. What was
split cannot be divided afterwards: it is not comparable before the year of the split, and nothing is guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.areas.succession import Successor


@dataclass(frozen=True)
class NotComparable(Exception):
    """There are no figures of the area as it is today from before ``year``."""

    year: int


class Succession:
    def __init__(self, successors: Iterable[Successor]) -> None:
        self._years: dict[int, dict[str, set[str]]] = {}
        for it in successors:
            self._years.setdefault(it.year, {}).setdefault(it.old, set()).add(it.new)

    def origins(self, code: str, now: int, made: int) -> frozenset[str]:
        """The codes in year ``made`` of all that ``code`` is in year ``now``; one that is new since stands for itself.

        Raises:
            NotComparable: a part of it was more than that part then.
        """
        codes = frozenset({code})
        for year in sorted((year for year in self._years if made < year <= now), reverse=True):
            codes = _before(codes, self._years[year], year)
        return codes


def _before(codes: frozenset[str], became: Mapping[str, set[str]], year: int) -> frozenset[str]:
    former = {old for old, news in became.items() if not news.isdisjoint(codes)}
    if any(not became[old] <= codes for old in former):
        raise NotComparable(year)
    return frozenset(former | {code for code in codes if code not in became})
