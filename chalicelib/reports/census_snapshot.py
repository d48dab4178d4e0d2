"""SNAPSHOT: keeps what was counted at the end of each day, so that there is growth to tell of.

A schedule calls every hour; the first call after midnight in Amsterdam keeps the day before, the others find it kept.
These rows are records: who has left is nowhere any more, so they cannot be made anew from anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.areas.service import AreaService
from chalicelib.platform.clock import AMSTERDAM, Clock
from chalicelib.platform.observe import logger
from chalicelib.reports.census_model import Snapshot
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.census_today import CensusToday
from chalicelib.reports.model import NATION


@dataclass(frozen=True)
class Snapshots:
    areas: AreaService
    store: CensusStore
    clock: Clock

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """Returns how many rows of days were ``kept``: of the nation, last, and of each municipality with anybody."""
        day = self.clock.now().astimezone(AMSTERDAM).date() - timedelta(days=1)
        kept = 0 if self.store.day(NATION, day, day) else self._keep(day)
        logger.info("snapshots.run", day=day.isoformat(), kept=kept)
        return {"kept": kept}

    def _keep(self, day: date) -> int:
        years = {area.code: area.year for area in self.areas.municipalities()}
        joined = {area.code for area in self.areas.municipalities(joined_only=True)}
        latest = max(years.values(), default=day.year)
        today = CensusToday(self.store, self.areas.succession(), day.year)
        partitions = (*sorted(joined.union(today.people(NATION))), NATION)
        for partition in partitions:
            year = years.get(partition, latest)
            self.store.keep(Snapshot(partition, day, year, today.people(partition)))
        return len(partitions)
