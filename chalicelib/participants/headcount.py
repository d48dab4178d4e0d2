"""HEADCOUNT: people and places per geohash cell, counted from the stream of the participants' table."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.areas.model import Point
from chalicelib.participants.cells import CellKey, CellStore, Heads, cells_of
from chalicelib.platform.clock import Clock, epoch
from chalicelib.platform.once import REMEMBERED, count_once

Sums = dict[CellKey, Heads]


@dataclass(frozen=True)
class Headcount:
    cells: CellStore
    clock: Clock

    def count(self, event: Mapping[str, Any]) -> None:
        """``event``: records of the participants' stream, with both images."""
        changes = [(record["eventID"], change_of(record["dynamodb"])) for record in event["Records"]]
        ttl = epoch(self.clock.now() + REMEMBERED)
        count_once(
            [change for change in changes if change[1]], lambda ids, sums: self.cells.count_changes(ids, sums, ttl)
        )


def change_of(change: Mapping[str, Any]) -> Sums:
    """What one change of a participant adds to each cell; cells that stay the same are left out."""
    sums: Sums = {}
    for image, sign in ((change.get("OldImage"), -1), (change.get("NewImage"), +1)):
        for key, heads in _cells(image):
            sums[key] = sums.get(key, Heads()) + Heads(sign * heads.first, sign * heads.other)
    return {key: delta for key, delta in sums.items() if delta != Heads()}


def _cells(image: Mapping[str, Any] | None) -> Iterator[tuple[CellKey, Heads]]:
    if not image or not image["active"]["BOOL"]:
        return
    for rank, place in enumerate(json.loads(image["places"]["S"])):
        yield from cells_of(Point(*place["point"]), place["area"], rank).items()
