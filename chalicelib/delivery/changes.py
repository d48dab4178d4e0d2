"""What may happen to a batch of the ledger, whichever database it lies in."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import ASKED, FINISHED, Batch, Cost, Lane, LaneState, Result, Span


class Busy(Exception):
    """Another sender holds the lane. ``free_at_ms``: when its lease ends."""

    def __init__(self, free_at_ms: int) -> None:
        super().__init__("the lane is claimed")
        self.free_at_ms = free_at_ms


def claimable(lane: Lane | None, now_ms: int) -> bool:
    """False where there is nothing to do. Raises ``Busy`` where somebody else is at it."""
    if lane is None or lane.state in FINISHED:
        return False
    if not lane.claimable(now_ms):
        raise Busy(lane.lease_ms)
    return True


def claimed(batch: Batch, channel: Channel, until_ms: int, *, taken_over: bool) -> Batch:
    """``taken_over``: from a sender whose lease ended. The lane cannot tell: claimed, it may be our own."""
    lane = replace(batch.lanes[channel], state=LaneState.CLAIMED, lease_ms=until_ms, taken_over=taken_over)
    return replace(batch, lanes={**batch.lanes, channel: lane}, version=batch.version + 1)


def recorded(
    batch: Batch, channel: Channel, results: Mapping[int, Result], state: LaneState | None, at_s: int | None = None
) -> Batch:
    old = batch.lanes[channel]
    lane = old.with_results(results)
    if at_s is not None and _newly_taken(old.results, lane.results):
        lane = replace(lane, taken=Span(at_s, at_s).plus(old.taken))
    if state is not None and old.state not in FINISHED:
        lane = replace(lane, state=state, lease_ms=old.lease_ms if state is LaneState.CLAIMED else 0)
    if lane == old:
        return batch
    changed = replace(batch, lanes={**batch.lanes, channel: lane}, version=batch.version + 1)
    return changed.without_contacts(channel) if lane.state in FINISHED and old.state not in FINISHED else changed


def _newly_taken(before: tuple[Result, ...], after: tuple[Result, ...]) -> bool:
    return any(now in ASKED and was not in ASKED for was, now in zip(before, after, strict=True))


def folded(
    batch: Batch, news: Mapping[Channel, Mapping[int, Result]], costs: Mapping[Channel, Mapping[int, Cost]]
) -> Batch:
    """The same batch where there is nothing new."""
    told = {channel: lane.with_results(news[channel]) for channel, lane in batch.lanes.items() if channel in news}
    told |= {channel: told[channel].with_costs(some) for channel, some in costs.items() if channel in told}
    if all(batch.lanes[channel] == lane for channel, lane in told.items()):
        return batch
    return replace(batch, lanes={**batch.lanes, **told}, version=batch.version + 1)
