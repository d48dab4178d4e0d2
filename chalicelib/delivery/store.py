"""The ledger: table ``deliveries``.

Batches of up to 100 people. Everything that changes a batch adds one to its version under a condition, and what it
writes is merged with what stands there, so that senders and receipts can work on one batch at the same time.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from botocore.exceptions import ClientError

from chalicelib.alerts.messages import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery import changes, rows
from chalicelib.delivery.model import (
    FINISHED,
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
from chalicelib.delivery.rows import Keys, Row, partition
from chalicelib.platform.clock import Clock, epoch, rfc3339
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.flat_dynamo import Address, FlatDynamo, read_items

KEPT = timedelta(days=30)  # who was asked, and how: long enough for complaints and questions


class Ledger(Protocol):
    def put_plan(self, alert: str, message: str, plan: Plan) -> None: ...

    def plan(self, alert: str, message: str) -> Plan | None: ...

    def add_wave(self, alert: str, wave: int, units: int, at: datetime, cap: Cap = NO_CAP) -> Plan:
        """The plan of the call grows by a wave, unless it has that wave or lacks the one before; as it then stands.

        The cap of the first wave is that of all.
        """
        ...

    def prepare(self, batch: Batch) -> Keys:
        """The first half of ``add``, which may be done ahead: there is no batch yet, and its people may change."""
        ...

    def add(self, batch: Batch, keys: Keys | None = None) -> Batch:
        """Write the batch unless one with its key is there; the one that stands is returned.

        ``keys``: what ``prepare`` gave for the batch of that key.
        """
        ...

    def get(self, key: BatchKey) -> Batch | None: ...

    def record(
        self,
        batch: Batch,
        channel: Channel,
        results: Mapping[int, Result],
        state: LaneState | None = None,
        at_s: int | None = None,
    ) -> Batch:
        """Merge results into a lane, and set its state where one is given; returns the row as it now stands.

        ``at_s``: when a provider took what it took, epoch seconds.
        ``batch`` may be stale: it is read again until the write fits. A finished lane keeps its state, and with its
        end the contacts of its channel leave the ledger.
        """
        ...

    def fold(
        self,
        key: BatchKey,
        news: Mapping[Channel, Mapping[int, Result]],
        costs: Mapping[Channel, Mapping[int, Cost]] = NO_COSTS,
    ) -> None:
        """Merge what providers say into all lanes of a batch, in one write. What is of no batch is let go.

        ``costs``: of messages that ``news`` is about as well.
        """
        ...

    def batches(self, alert: str, message: str, unit: int) -> Iterator[Batch]:
        """All batches of a unit in order, each with its fallbacks after it; strongly consistent."""
        ...

    def put_suppressed(self, alert: str, message: str, unit: int, people: Mapping[Reason, int]) -> None:
        """Keep who of a unit was not asked, and why, unless that is known already."""
        ...

    def suppressed(self, alert: str, message: str, unit: int) -> Mapping[Reason, int]:
        """Nothing where nobody was, or where nobody has come to the end of the unit yet. Strongly consistent."""
        ...

    def put_tally(self, alert: str, message: str, unit: int, tally: Tally) -> None:
        """Keep the tally of a unit unless a newer one stands."""
        ...

    def tallies(self, alert: str, message: str) -> Iterator[tuple[int, Tally]]:
        """Unit and tally of each unit that has one."""
        ...


class Taken(NamedTuple):
    """A lane that was taken. ``lanes``: the row as it was before. ``taken_over``: from a sender whose lease ended."""

    lanes: Row
    taken_over: bool


@dataclass(frozen=True)
class DynamoLedger:
    """``clock``: rows with people in them end after ``KEPT``; plans and tallies, which hold only numbers, stay."""

    table: str
    clock: Clock
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)

    def put_plan(self, alert: str, message: str, plan: Plan) -> None:
        self._ask(
            "PutItem",
            Item={
                **rows.plan_key(alert, message),
                "units": {"N": str(plan.units)},
                "at": {"S": rfc3339(plan.planned_at)},
                "cap": rows.cap_value(plan.cap),
            },
        )

    def plan(self, alert: str, message: str) -> Plan | None:
        row = self._row(rows.plan_key(alert, message))
        return rows.read_plan(row) if row else None

    def add_wave(self, alert: str, wave: int, units: int, at: datetime, cap: Cap = NO_CAP) -> Plan:
        try:
            answer = self._ask(
                "UpdateItem",
                Key=rows.plan_key(alert, MessageKind.CALL),
                UpdateExpression="SET #waves = list_append(if_not_exists(#waves, :none), :wave), "
                "#at = if_not_exists(#at, :at), #cap = if_not_exists(#cap, :cap) ADD #units :units",
                ConditionExpression="size(#waves) = :before" if wave > 1 else "attribute_not_exists(b)",
                ExpressionAttributeNames={"#waves": "waves", "#at": "at", "#units": "units", "#cap": "cap"},
                ExpressionAttributeValues={
                    ":none": {"L": []},
                    ":wave": {"L": [{"N": str(units)}]},
                    ":units": {"N": str(units)},
                    ":at": {"S": rfc3339(at)},
                    ":cap": rows.cap_value(cap),
                    **({":before": {"N": str(wave - 1)}} if wave > 1 else {}),
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            only_condition_failed(error)
            standing = self.plan(alert, MessageKind.CALL)
            return standing or Plan(0, at)
        return rows.read_plan(answer["Attributes"])

    def prepare(self, batch: Batch) -> Keys:
        """The row of lanes, made unless it stands. A batch is there once its people are, and they need the keys.

        A matcher killed between the two leaves lanes that the next one takes over.
        """
        lanes = batch.lanes
        names = {"#ttl": "ttl"} | {f"#{channel}": channel.value for channel in lanes}
        values = {":ttl": self._until, ":v": {"N": "1"}} | {f":{channel}": rows.new_lane() for channel in lanes}
        sets = ["#ttl = if_not_exists(#ttl, :ttl)", "v = if_not_exists(v, :v)"]
        sets += [f"#{channel} = if_not_exists(#{channel}, :{channel})" for channel in lanes]
        answer = self._ask(
            "UpdateItem",
            Key=rows.lanes_key(batch.key),
            UpdateExpression=f"SET {', '.join(sets)}",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        return rows.keys_of(answer["Attributes"])

    def add(self, batch: Batch, keys: Keys | None = None) -> Batch:
        if keys is None or not keys.keys() >= batch.lanes.keys():
            keys = self.prepare(batch)
        if not keys.keys() >= batch.lanes.keys():  # a lane has ended: the batch has long been there
            return self._standing(batch.key)
        try:
            self._ask(
                "PutItem",
                Item={**rows.people_row(batch, keys), "ttl": self._until},
                ConditionExpression="attribute_not_exists(b)",
            )
        except ClientError as error:
            only_condition_failed(error)
            return self._standing(batch.key)
        return batch

    @property
    def _until(self) -> Row:
        return {"N": str(epoch(self.clock.now() + KEPT))}

    def get(self, key: BatchKey) -> Batch | None:
        request = {
            "ConsistentRead": True,
            "KeyConditionExpression": "m = :m AND b BETWEEN :lanes AND :people",
            "ExpressionAttributeValues": {
                ":m": rows.lanes_key(key)["m"],
                ":lanes": rows.lanes_key(key)["b"],
                ":people": rows.people_key(key)["b"],
            },
        }
        return next(rows.read_batches(self._there(self._ask("Query", **request)["Items"])), None)

    def _standing(self, key: BatchKey) -> Batch:
        batch = self.get(key)
        assert batch is not None
        return batch

    def take(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Taken | None:
        """The first half of a claim, or None. Raises ``Busy``.

        A lane that is free and one whose lease ended are asked for apart: so it is known which it was, also where an
        answer was lost and the client asked again. Nobody is told of a batch before its people are written, so nobody
        takes a lane of one that has none yet.
        """
        taken_over = False
        while True:
            row = self._take(key, channel, now_ms, now_ms + lease_ms, from_another=taken_over)
            if row:
                return Taken(row, taken_over)
            lanes = self._row(rows.lanes_key(key))
            lane = rows.lane_of(lanes, channel) if lanes else None
            if lane is None or not changes.claimable(lane, now_ms):
                return None
            taken_over = lane.state is LaneState.CLAIMED

    def _take(self, key: BatchKey, channel: Channel, now_ms: int, until_ms: int, *, from_another: bool) -> Row | None:
        """The row as it was, or None where the lane is not so. What is asked again is known as ours by ``w``."""
        so = "#on.st = :claimed AND #on.l < :now" if from_another else "#on.st = :new"
        known = {":now": {"N": str(now_ms)}} if from_another else {":new": {"S": LaneState.NEW.value}}
        try:
            answer = self._ask(
                "UpdateItem",
                Key=rows.lanes_key(key),
                UpdateExpression="SET v = v + :one, #on.st = :claimed, #on.l = :until, #on.w = :who",
                ConditionExpression=f"#ttl > :today AND ({so} OR #on.st = :claimed AND #on.w = :who)",
                ExpressionAttributeNames={"#on": channel.value, "#ttl": "ttl"},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":claimed": {"S": LaneState.CLAIMED.value},
                    ":until": {"N": str(until_ms)},
                    ":who": {"S": secrets.token_hex(4)},
                    ":today": {"N": str(epoch(self.clock.now()))},
                    **known,
                },
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            only_condition_failed(error)
            return None
        row: Row = answer["Attributes"]
        return row

    def people_at(self, key: BatchKey) -> Address:
        return Address(self.table, rows.people_key(key))

    def taken(self, taken: Taken, people: Row | None, channel: Channel, until_ms: int) -> Batch | None:
        """The second half of a claim. ``people``: what lies at ``people_at``. None: nobody is on that lane."""
        if people is None:
            return None
        batch = rows.read_batch(people, taken.lanes, [channel])
        if channel not in batch.lanes:
            return None
        return changes.claimed(batch, channel, until_ms, taken_over=taken.taken_over)

    def record(
        self,
        batch: Batch,
        channel: Channel,
        results: Mapping[int, Result],
        state: LaneState | None = None,
        at_s: int | None = None,
    ) -> Batch:
        while True:
            changed = changes.recorded(batch, channel, results, state, at_s)
            if changed is batch or self._written(batch, changed, [channel]):
                return changed
            batch = self._standing(batch.key)

    def fold(
        self,
        key: BatchKey,
        news: Mapping[Channel, Mapping[int, Result]],
        costs: Mapping[Channel, Mapping[int, Cost]] = NO_COSTS,
    ) -> None:
        while batch := self._lanes_of(key, news.keys()):
            changed = changes.folded(batch, news, costs)
            if changed is batch or self._written(batch, changed, batch.lanes.keys() & news.keys()):
                return

    def _lanes_of(self, key: BatchKey, channels: Set[Channel]) -> Batch | None:
        """A batch without its people, where that is enough to know how its lanes stand."""
        row = self._row(rows.lanes_key(key))
        if row is None:
            return None
        lanes = rows.begun_lanes(row)
        return Batch(key, (), lanes, rows.version(row)) if channels <= lanes.keys() else self.get(key)

    def _written(self, before: Batch, after: Batch, channels: Iterable[Channel]) -> bool:
        """Whether it still fitted: nothing is written over what another wrote."""
        sets, removes = ["v = :next"], []
        names: dict[str, str] = {}
        values: Row = {":v": {"N": str(before.version)}, ":next": {"N": str(after.version)}}
        for channel in sorted(channels):
            lane = after.lanes[channel]
            names[f"#{channel}"] = channel.value
            sets.append(f"#{channel}.st = :st_{channel}, #{channel}.l = :l_{channel}, #{channel}.r = :r_{channel}")
            values |= {
                f":st_{channel}": {"S": lane.state.value},
                f":l_{channel}": {"N": str(lane.lease_ms)},
                f":r_{channel}": {"S": rows.letters(lane)},
            }
            if lane.taken and lane.taken != before.lanes[channel].taken:
                sets.append(f"#{channel}.f = :f_{channel}, #{channel}.t = :t_{channel}")
                values |= {
                    f":f_{channel}": {"N": str(lane.taken.first)},
                    f":t_{channel}": {"N": str(lane.taken.last)},
                }
            if lane.costs != before.lanes[channel].costs:
                sets.append(f"#{channel}.c = :c_{channel}")
                values[f":c_{channel}"] = {"S": rows.written_costs(lane)}
            if lane.state in FINISHED:
                removes += [f"#{channel}.k", f"#{channel}.w"]
        try:
            self._ask(
                "UpdateItem",
                Key=rows.lanes_key(before.key),
                UpdateExpression=f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else ""),
                ConditionExpression="v = :v",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            only_condition_failed(error)
            return False
        return True

    def batches(self, alert: str, message: str, unit: int) -> Iterator[Batch]:
        return rows.read_batches(self._rows(alert, message, f"batch#{unit:05d}-"))

    def put_suppressed(self, alert: str, message: str, unit: int, people: Mapping[Reason, int]) -> None:
        counts = {reason.value: {"N": str(number)} for reason, number in people.items()}
        try:
            self._ask(
                "PutItem",
                Item={**rows.suppressed_key(alert, message, unit), "s": {"M": counts}},
                ConditionExpression="attribute_not_exists(b)",
            )
        except ClientError as error:
            only_condition_failed(error)

    def suppressed(self, alert: str, message: str, unit: int) -> Mapping[Reason, int]:
        row = self._row(rows.suppressed_key(alert, message, unit))
        return {Reason(reason): int(number["N"]) for reason, number in row["s"]["M"].items()} if row else {}

    def put_tally(self, alert: str, message: str, unit: int, tally: Tally) -> None:
        try:
            self._ask(
                "PutItem",
                Item={
                    "m": {"S": partition(alert, message)},
                    "b": {"S": f"unit#{unit:05d}"},
                    "v": {"N": str(tally.version)},
                    "t": rows.pack_tally(tally),
                },
                ConditionExpression="attribute_not_exists(v) OR v < :v",
                ExpressionAttributeValues={":v": {"N": str(tally.version)}},
            )
        except ClientError as error:
            only_condition_failed(error)

    def tallies(self, alert: str, message: str) -> Iterator[tuple[int, Tally]]:
        return map(rows.read_tally, self._rows(alert, message, "unit#"))

    def _row(self, key: Row) -> Row | None:
        answer = self._ask("GetItem", Key=key, ConsistentRead=True)
        return next(self._there([answer["Item"]] if "Item" in answer else []), None)

    def _rows(self, alert: str, message: str, prefix: str) -> Iterator[Row]:
        request = {
            "TableName": self.table,
            "ConsistentRead": True,
            "KeyConditionExpression": "m = :m AND begins_with(b, :prefix)",
            "ExpressionAttributeValues": {":m": {"S": partition(alert, message)}, ":prefix": {"S": prefix}},
        }
        for page in self.dynamo.pages(request, read_items):
            yield from self._there(page.items)

    def _there(self, found: Iterable[Row]) -> Iterator[Row]:
        """Without what has ended, which the table forgets some days later."""
        now = epoch(self.clock.now())
        return (row for row in found if "ttl" not in row or int(row["ttl"]["N"]) > now)

    def _ask(self, action: str, **parameters: Any) -> Row:
        return self.dynamo.ask(action, {"TableName": self.table, **parameters})
