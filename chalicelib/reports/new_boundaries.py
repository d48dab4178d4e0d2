"""NEW BOUNDARIES: what hangs on codes of areas goes along, once a year's areas and what became of codes are loaded.

An operator calls it by hand until it is ``done``, and may call it again: what was done is not done twice, and whoever
is cut off anywhere goes on. Figures stay where they are; ``history`` joins them when they are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.areas.codes import lineage
from chalicelib.areas.service import AreaService
from chalicelib.areas.succession import Succession
from chalicelib.participants.relocation import Relocation
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.observe import logger
from chalicelib.reports.money_store import MoneyStore
from chalicelib.staff.model import Organisation
from chalicelib.staff.store import OrganisationStore

PAGE = 100
AT_ONCE = timedelta(minutes=12)  # of a function that is given 15


@dataclass(frozen=True)
class NewBoundaries:
    areas: AreaService
    organisations: OrganisationStore
    money: MoneyStore
    relocation: Relocation
    clock: Clock

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: empty, or ``{"after": ...}`` as the call before answered.

        Returns:
            ``done``; where not, ``after``, to go on. ``moved``: participants whose places lie in another area now.
            ``ended``: codes that are no area's any more. ``missing``: codes that areas became which were not loaded:
            what became these has not ended, and nothing that hangs on its code was handed over; only participants are
            found anew from their points, as always. ``undecided``: for an administrator to say: a municipality that
            was split over several, where nobody said which of them get what it had; one that goes on, with one in
            which a part of it lies now, where only the first takes part; and organisations that have what was split, or
            an area in a municipality that has ended of which no line says what it became.
        """
        until = self.clock.now() + AT_ONCE
        succession, after = self.areas.succession(), event.get("after")
        told: dict[str, Any] = {"ended": [], "missing": [], "undecided": []} if after else self._hand_over(succession)
        moved, done = 0, False
        while not done and self.clock.now() < until:
            some, after = self.relocation.page(after, PAGE, succession.concerns)
            moved, done = moved + some, after is None
        logger.info("boundaries.run", moved=moved, done=done, codes={name: len(some) for name, some in told.items()})
        return {"done": done, "moved": moved, **({} if done else {"after": after}), **told}

    def _hand_over(self, succession: Succession) -> dict[str, Any]:
        this_year = self.clock.now().astimezone(AMSTERDAM).year
        became = {
            code: succession.parts(code, year - 1) for code, year in succession.ended.items() if year <= this_year
        }
        loaded = self.areas.names({code for codes in became.values() for code in codes})
        missing = sorted({code for codes in became.values() for code in codes} - loaded.keys())
        became = {code: codes for code, codes in became.items() if codes <= loaded.keys()}
        undecided = [f"{it.id} {code}" for it in self.organisations.all() for code in self._move(it, became)]
        for code, codes in sorted(became.items()):
            if code.startswith("GM") and len(codes) == 1:
                self._inherit(next(iter(codes)), code, succession)
        for code, codes in sorted(became.items()):
            self.areas.end(code, succession.ended[code])
            if self.areas.undecided(code):
                if len(codes) == 1:
                    self.areas.hand_over(code, codes)
                else:
                    undecided.append(code)
        undecided += [f"{part} part of {code}" for code, part in self.areas.left_out(this_year)]
        return {"ended": sorted(became), "missing": missing, "undecided": sorted(undecided)}

    def _inherit(self, heir: str, code: str, succession: Succession) -> None:
        """A municipality's part in the network, and its addresses, go to the one that it lies in now.

        Of budgets their sum does, where each that lies in it had one, and it has none itself.
        """
        self.areas.inherit(heir, code)
        year, lying_in = succession.ended[code], succession.municipalities(heir)
        budgets = self.money.budgets(year, lying_in)
        if heir not in budgets and budgets.keys() == lying_in - {heir}:
            self.money.give_budget(heir, year, sum(budgets.values()))

    def _move(self, organisation: Organisation, became: Mapping[str, frozenset[str]]) -> list[str]:
        """Its areas are those that they became; the codes of which that cannot be said stay, and are returned."""
        split = [code for code in organisation.areas if code.startswith("GM") and len(became.get(code, ())) > 1]
        kept = {code for code in organisation.areas if code not in became or code in split}
        areas = kept.union(*(became[code] for code in organisation.areas if code not in kept))
        had = organisation.areas
        if areas != {*had} and not self.organisations.set_areas(organisation.id, sorted(areas), had):
            now = self.organisations.find(organisation.id)  # an administrator gave it others just now
            return self._move(now, became) if now else []
        lost = [code for code in kept if code not in became and not became.keys().isdisjoint(lineage(code))]
        return split + sorted(lost)
