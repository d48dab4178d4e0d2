"""What became of the codes of areas: CBS gives new ones each 1 January, where areas merge, split or are numbered anew.

A figure keeps the code that it was counted under. When it is read it is told under today's: of a merged area all that
merged, of one that was numbered anew its former number. What was split cannot be divided afterwards: it is told of what
all its parts lie in, and of the parts themselves nothing from before.

A code has **ended** where it became others and no area has been given it since. So wherever one is found later on, in a
place that was not moved yet, it can only mean the area of before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from chalicelib.areas.codes import lineage


@dataclass(frozen=True, order=True)
class Successor:
    """From ``year`` on, what was ``old`` lies in ``new``."""

    year: int
    old: str
    new: str


@dataclass(frozen=True)
class NotComparable(Exception):
    """There are no figures of the area as it is today from before ``year``."""

    year: int


class Succession:
    """``ended``: codes that are no area's any more, each with its last year plus one. ``grown``: codes to which
    something came that had another, each with the last year in which it did: what was counted before is of less.
    """

    def __init__(self, successors: Iterable[Successor]) -> None:
        self._years: dict[int, dict[str, set[str]]] = {}
        for it in sorted(successors):
            self._years.setdefault(it.year, {}).setdefault(it.old, set()).add(it.new)
        self.ended: dict[str, int] = {}
        for year, became in sorted(self._years.items()):
            given = set().union(*became.values())
            self.ended = {code: last for code, last in self.ended.items() if code not in given}
            self.ended |= {old: year for old in became if old not in given}
        self._last = {
            lineage(code)[-1]: year
            for year, became in sorted(self._years.items())
            for old, news in became.items()
            for code in (old, *news)
        }
        self.grown = {
            code: year
            for year, became in sorted(self._years.items())
            for old, news in became.items()
            for code in news - {old}
        }
        self.today = cache(self._today)

    def origins(self, code: str, now: int, made: int) -> frozenset[str]:
        """The codes in year ``made`` of all that ``code`` is in year ``now``; one that is new since stands for itself.

        Raises:
            NotComparable: a part of it was more than that part then.
        """
        codes = frozenset({code})
        for year in sorted((year for year in self._years if made < year <= now), reverse=True):
            codes = _before(codes, self._years[year], year)
        return codes

    def comparable_from(self, code: str, first: int) -> int | None:
        """The year before which there are no figures of what ``code`` is today; None: there are, from ``first`` on.

        Nor are there where it lay in a municipality that lives on without it: figures stay where they were told.
        """
        codes, around = frozenset({code}), self.municipalities(lineage(code)[-1])
        for year in sorted((year for year in self._years if year > first), reverse=True):
            try:
                codes = _before(codes, self._years[year], year)
            except NotComparable:
                return year
            if not around.issuperset(lineage(it)[-1] for it in codes):
                return year
        return None

    def _today(self, code: str, made: int) -> str | None:
        """Where what was counted under ``code`` in year ``made`` is told now: a code, or that of the smallest area in
        which all its parts lie. None: those lie in several municipalities.
        """
        first, *others = (lineage(it) for it in sorted(self.parts(code, made)))
        return next((area for area in first if all(area in other for other in others)), None)

    def parts(self, code: str, made: int) -> frozenset[str]:
        """What ``code`` of year ``made`` has become: itself, another, or several."""
        codes = frozenset({code})
        for year, became in sorted(self._years.items()):
            codes = frozenset(new for it in codes for new in self._step(it, became, year, made))
        return codes

    def standing(self, codes: Iterable[str]) -> frozenset[str]:
        """These, and instead of each that has ended, or whose municipality has, what it became."""
        ends = {code: next((self.ended[it] for it in lineage(code) if it in self.ended), None) for code in codes}
        return frozenset().union(*(self.parts(code, year - 1) if year else {code} for code, year in ends.items()))

    def concerns(self, code: str) -> bool:
        """Whether an area of this code, or one that it lies in, ever became another."""
        return any(area in became for area in lineage(code) for became in self._years.values())

    def _step(self, code: str, became: Mapping[str, set[str]], year: int, made: int) -> Collection[str]:
        if code in became and (year > made or self.ended.get(code) == year):
            return became[code]
        # Not told by itself: with what it lay in, where that is no more.
        gone = next((area for area in lineage(code)[1:] if area in became and self.ended.get(area) == year), None)
        return became[gone] if gone and code not in became else {code}

    def former(self, areas: Collection[str]) -> frozenset[str]:
        """Ended codes of what lies in these areas now, as a whole."""
        now = frozenset(areas)
        found = ((code, self.today(code, year - 1)) for code, year in self.ended.items())
        return frozenset(code for code, area in found if area and not now.isdisjoint(lineage(area)))

    def lost(self, year: int) -> dict[str, frozenset[str]]:
        """Codes that are an area's after ``year`` began too, and in which other areas parts of each lie since then."""
        became = {old: frozenset(news - {old}) for old, news in self._years.get(year, {}).items()}
        return {old: others for old, others in became.items() if others and old not in self.ended}

    def municipalities(self, municipality: str) -> frozenset[str]:
        """Those that lie in this one now, as a whole, under any code that they had; this one among them."""
        whole = (code for code, year in self.ended.items() if self.today(code, year - 1) == municipality)
        return frozenset({municipality, *whole})

    def changed(self, municipality: str) -> int | None:
        """The last year in which a code changed in it, or in one that lies in it now; None: never."""
        of = self.municipalities(municipality)
        return max((year for code, year in self._last.items() if code in of), default=None)

    def known(self, municipality: str) -> frozenset[str]:
        """All codes in a municipality, of any year, that became others."""
        return frozenset(old for became in self._years.values() for old in became if lineage(old)[-1] == municipality)


def _before(codes: frozenset[str], became: Mapping[str, set[str]], year: int) -> frozenset[str]:
    former = {old for old, news in became.items() if not news.isdisjoint(codes)}
    if any(not became[old] <= codes for old in former):
        raise NotComparable(year)
    return frozenset(former | {code for code in codes if code not in became})
