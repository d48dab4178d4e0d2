"""CENSUS: participants per area, counted from the stream of the participants' table, each change once.

A change is counted in the same transaction as a mark that it was: a stream may hand out its records again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.observe import logger
from chalicelib.reports.model import Participants, lineage
from chalicelib.reports.store import TRANSACTION, AlreadyCounted, ReportStore

REMEMBERED = timedelta(days=2)  # a stream keeps its records for one day
Sums = dict[str, Participants]


@dataclass(frozen=True)
class Census:
    reports: ReportStore
    clock: Clock

    def count(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """``event``: records of the participants' stream, with both images."""
        changes = [(record["eventID"], change_of(record["dynamodb"])) for record in event["Records"]]
        ttl = epoch(self.clock.now() + REMEMBERED)
        for ids, sums in lots([change for change in changes if change[1]]):
            try:
                self.reports.count_changes(ids, sums, ttl)
            except AlreadyCounted:
                self._one_by_one([change for change in changes if change[0] in ids], ttl)
        logger.info("census.counted", changes=len(changes))
        return {"batchItemFailures": []}

    def _one_by_one(self, changes: list[tuple[str, Sums]], ttl: int) -> None:
        for event_id, sums in changes:
            try:
                self.reports.count_changes([event_id], sums, ttl)
            except AlreadyCounted:
                logger.info("census.seen_before", event=event_id)


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


def lots(changes: list[tuple[str, Sums]]) -> Iterator[tuple[list[str], Sums]]:
    """Changes put together as far as one transaction takes them."""
    ids: list[str] = []
    total: Sums = {}
    for event_id, sums in changes:
        if len(ids) + 1 + len(total.keys() | sums.keys()) > TRANSACTION:
            yield ids, total
            ids, total = [], {}
        ids = [*ids, event_id]
        total = total | {area: total.get(area, Participants()) + delta for area, delta in sums.items()}
    if ids:
        yield ids, total
