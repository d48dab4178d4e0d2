"""The ledger's twin in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from chalicelib.alerts.messages import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery import changes
from chalicelib.delivery.model import (
    NO_CAP,
    NO_COSTS,
    Batch,
    BatchKey,
    Cap,
    Cost,
    LaneState,
    Plan,
    Reason,
    Result,
    Tally,
)
from chalicelib.delivery.rows import Keys


@dataclass
class MemoryLedger:
    """The twin."""

    rows: dict[BatchKey, Batch] = field(default_factory=dict)
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)
    units: dict[tuple[str, str], dict[int, Tally]] = field(default_factory=dict)
    spared: dict[tuple[str, str, int], Mapping[Reason, int]] = field(default_factory=dict)
    holders: dict[tuple[BatchKey, Channel], str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def put_plan(self, alert: str, message: str, plan: Plan) -> None:
        self.plans[alert, message] = plan

    def plan(self, alert: str, message: str) -> Plan | None:
        return self.plans.get((alert, message))

    def add_wave(self, alert: str, wave: int, units: int, at: datetime, cap: Cap = NO_CAP) -> Plan:
        with self.lock:
            plan = self.plans.get((alert, MessageKind.CALL), Plan(0, at, cap=cap))
            if len(plan.waves) == wave - 1:
                plan = replace(plan, units=plan.units + units, waves=(*plan.waves, units))
                self.plans[alert, MessageKind.CALL] = plan
            return plan

    def prepare(self, batch: Batch) -> Keys:
        return {}

    def add(self, batch: Batch, keys: Keys | None = None) -> Batch:
        return self.rows.setdefault(batch.key, batch)

    def get(self, key: BatchKey) -> Batch | None:
        return self.rows.get(key)

    def claim(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int, who: str = "") -> Batch | None:
        """As ``Claims.take``, without the alert. ``who``: whoever has it and asks again gets it again, as the same."""
        with self.lock:
            batch = self.rows.get(key)
            lane = batch.lanes.get(channel) if batch else None
            if batch is None or lane is None:
                return None
            claimed = lane.state is LaneState.CLAIMED
            again = claimed and who != "" and self.holders.get((key, channel)) == who
            if not again and not changes.claimable(lane, now_ms):
                return None
            self.holders[key, channel] = who
            taken_over = lane.taken_over if again else claimed
            self.rows[key] = changes.claimed(batch, channel, now_ms + lease_ms, taken_over=taken_over)
            return self.rows[key].with_contacts_of(channel)

    def record(
        self,
        batch: Batch,
        channel: Channel,
        results: Mapping[int, Result],
        state: LaneState | None = None,
        at_s: int | None = None,
    ) -> Batch:
        with self.lock:
            self.rows[batch.key] = changes.recorded(self.rows[batch.key], channel, results, state, at_s)
            return self.rows[batch.key]

    def fold(
        self,
        key: BatchKey,
        news: Mapping[Channel, Mapping[int, Result]],
        costs: Mapping[Channel, Mapping[int, Cost]] = NO_COSTS,
    ) -> None:
        with self.lock:
            if batch := self.rows.get(key):
                self.rows[key] = changes.folded(batch, news, costs)

    def batches(self, alert: str, message: str, unit: int) -> Iterator[Batch]:
        mine = [k for k in self.rows if (k.alert, k.message, k.unit) == (alert, message, unit)]
        return iter([self.rows[key] for key in sorted(mine, key=lambda key: (key.number, key.fallback))])

    def put_suppressed(self, alert: str, message: str, unit: int, people: Mapping[Reason, int]) -> None:
        self.spared.setdefault((alert, message, unit), dict(people))

    def suppressed(self, alert: str, message: str, unit: int) -> Mapping[Reason, int]:
        return self.spared.get((alert, message, unit), {})

    def put_tally(self, alert: str, message: str, unit: int, tally: Tally) -> None:
        with self.lock:
            units = self.units.setdefault((alert, message), {})
            if unit not in units or units[unit].version < tally.version:
                units[unit] = tally

    def tallies(self, alert: str, message: str) -> Iterator[tuple[int, Tally]]:
        units = self.units.get((alert, message), {})
        return ((unit, units[unit]) for unit in sorted(units))
