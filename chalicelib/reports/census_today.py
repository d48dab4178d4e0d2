"""Who takes part, under the codes of today, also while places still have those of a year before."""

from dataclasses import dataclass

from chalicelib.areas.succession import Succession
from chalicelib.reports.census_model import NOBODY, Participants
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.history import told_under
from chalicelib.reports.model import NATION

MOVED = 1  # years: so long after a code ended places are looked for that still have it


@dataclass(frozen=True)
class CensusToday:
    """``year``: this one, in the Netherlands."""

    store: CensusStore
    succession: Succession
    year: int

    def people(self, partition: str) -> dict[str, Participants]:
        """As ``CensusStore.people``, of the counts that are told."""
        sources = {partition}
        if partition != NATION:
            recent = {code for code, year in self.succession.ended.items() if year + MOVED >= self.year}
            sources |= recent & self.succession.municipalities(partition)
        found: dict[str, Participants] = {}
        for source in sorted(sources):
            for code, people in self.store.people(source).items():
                now = told_under(code, code if partition == NATION else source, self.year, self.succession)
                found[now] = found.get(now, NOBODY) + people
        return found
