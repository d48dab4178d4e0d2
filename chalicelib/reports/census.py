"""CENSUS: participants per area, counted from the stream of the participants' table, each change once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import logger
from chalicelib.platform.once import REMEMBERED, count_once
from chalicelib.reports.census_model import Participants
from chalicelib.reports.census_store import CensusStore
from chalicelib.reports.model import lineage

Sums = dict[str, Participants]


@dataclass(frozen=True)
class Census:
    store: CensusStore
    clock: Clock

    def count(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: records of the participants' stream, with both images."""
        changes = [(record["eventID"], change_of(record["dynamodb"])) for record in event["Records"]]
        ttl = epoch(self.clock.now() + REMEMBERED)
        count_once(
            [change for change in changes if change[1]], lambda ids, sums: self.store.count_changes(ids, sums, ttl)
        )
        logger.info("census.counted", changes=len(changes))
        return {"batchItemFailures": []}


def change_of(change: Mapping[str, Any]) -> Sums:
    """What one change of a participant adds to each area; areas that stay the same are left out."""
    sums: Sums = {}
    for image, sign in ((change.get("OldImage"), -1), (change.get("NewImage"), +1)):
        for rank, area in enumerate(_areas(image)):
            _add(sums, area, Participants(sign if rank == 0 else 0, sign))
    return {area: delta for area, delta in sums.items() if delta != Participants()}


def _areas(image: Mapping[str, Any] | None) -> list[str]:
    if not image or not image["active"]["BOOL"]:
        return []
    return [area["S"] for area in image["areas"]["L"]]


def _add(sums: Sums, code: str, delta: Participants) -> None:
    for area in lineage(code):
        sums[area] = sums.get(area, Participants()) + delta
