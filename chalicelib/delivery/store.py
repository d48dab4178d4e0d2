"""The ledger: table ``deliveries``.

A row per batch of up to 50 people. Everything that changes a row adds one to its version under a condition, and what it
writes is merged with what stands there, so that senders and receipts can work on one row at the same time.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.alerts.model import MessageKind
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import (
    FINISHED,
    Batch,
    BatchKey,
    Lane,
    LaneState,
    Person,
    Plan,
    Result,
    Tally,
)
from chalicelib.platform.clock import Clock, epoch, parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import only_condition_failed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT = timedelta(days=30)  # who was asked, and how: long enough for complaints and questions


class Busy(Exception):
    """Another sender holds the lane. ``free_at_ms``: when its lease ends."""

    def __init__(self, free_at_ms: int) -> None:
        super().__init__("the lane is claimed")
        self.free_at_ms = free_at_ms


class Ledger(Protocol):
    def put_plan(self, alert: str, message: MessageKind, plan: Plan) -> None: ...

    def plan(self, alert: str, message: MessageKind) -> Plan | None: ...

    def add(self, batch: Batch) -> Batch:
        """Write the batch unless one with its key is there; the one that stands is returned."""
        ...

    def get(self, key: BatchKey) -> Batch | None: ...

    def claim(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Batch | None:
        """Take the lane for ``lease_ms``. None where there is nothing to do: no such lane, or it is finished.

        The lane that is returned says whether it was ``taken_over`` from a sender whose lease ended.

        Raises:
            Busy: another holds it and its lease has not ended.
        """
        ...

    def record(
        self, batch: Batch, channel: Channel, results: Mapping[int, Result], state: LaneState | None = None
    ) -> Batch:
        """Merge results into a lane, and set its state where one is given; returns the row as it now stands.

        ``batch`` may be stale: it is read again until the write fits. A finished lane keeps its state, and with its
        end the contacts of its channel leave the ledger.
        """
        ...

    def batches(self, alert: str, message: MessageKind, unit: int) -> Iterator[Batch]:
        """All batches of a unit in order, strongly consistent."""
        ...

    def put_tally(self, alert: str, message: MessageKind, unit: int, tally: Tally) -> None:
        """Keep the tally of a unit unless a newer one stands."""
        ...

    def tallies(self, alert: str, message: MessageKind) -> Iterator[Tally]: ...


Row = dict[str, Any]


def partition(alert: str, message: str) -> str:
    return f"{alert}#{message}"


def _key(key: BatchKey) -> Row:
    return {"m": {"S": partition(key.alert, key.message)}, "b": {"S": f"batch#{key.batch}"}}


def _lane_row(lane: Lane) -> Row:
    return {
        "M": {
            "st": {"S": lane.state.value},
            "l": {"N": str(lane.lease_ms)},
            "r": {"S": "".join(lane.results)},
        }
    }


def _people(batch: Batch) -> Row:
    people = [[p.participant, p.area, p.language, p.contacts] for p in batch.people]
    return {"B": zlib.compress(json.dumps(people, separators=(",", ":")).encode(), 6)}


def _batch_row(batch: Batch) -> Row:
    row = {
        **_key(batch.key),
        "p": _people(batch),
        "n": {"N": str(len(batch.people))},
        "v": {"N": str(batch.version)},
    }
    return row | {channel.value: _lane_row(lane) for channel, lane in batch.lanes.items()}


def read_batch(row: Row) -> Batch:
    """A row of the ledger in DynamoDB's own JSON, as a query or a stream gives it."""
    alert, message = row["m"]["S"].split("#")
    people = json.loads(zlib.decompress(row["p"]["B"]))
    return Batch(
        BatchKey.parse(alert, message, row["b"]["S"].removeprefix("batch#")),
        tuple(
            Person(who, area, language, {Channel(channel): contact for channel, contact in contacts.items()})
            for who, area, language, contacts in people
        ),
        {channel: _read_lane(row[channel.value]["M"]) for channel in Channel if channel.value in row},
        int(row["v"]["N"]),
    )


def _read_lane(row: Row) -> Lane:
    return Lane(LaneState(row["st"]["S"]), tuple(map(Result, row["r"]["S"])), int(row["l"]["N"]))


def _tally_row(tally: Tally) -> bytes:
    packed = {
        "people": [tally.people, tally.asked, tally.reached],
        "results": tally.results,
        "areas": tally.areas,
    }
    return zlib.compress(json.dumps(packed, separators=(",", ":")).encode())


def _read_tally(row: Row) -> Tally:
    packed = json.loads(zlib.decompress(row["t"]["B"]))
    people, asked, reached = packed["people"]
    return Tally(
        people,
        asked,
        reached,
        results={
            Channel(channel): {Result(result): number for result, number in numbers.items()}
            for channel, numbers in packed["results"].items()
        },
        areas={area: (people, asked, reached) for area, (people, asked, reached) in packed["areas"].items()},
        version=int(row["v"]["N"]),
    )


@dataclass(frozen=True)
class DynamoLedger:
    """``clock``: rows with people in them end after ``KEPT``; plans and tallies, which hold only numbers, stay."""

    client: "Callable[[], DynamoDBClient]"
    table: str
    clock: Clock

    def put_plan(self, alert: str, message: MessageKind, plan: Plan) -> None:
        self.client().put_item(
            TableName=self.table,
            Item={
                "m": {"S": partition(alert, message)},
                "b": {"S": "plan"},
                "units": {"N": str(plan.units)},
                "at": {"S": rfc3339(plan.planned_at)},
            },
        )

    def plan(self, alert: str, message: MessageKind) -> Plan | None:
        row = self._row({"m": {"S": partition(alert, message)}, "b": {"S": "plan"}})
        return Plan(int(row["units"]["N"]), parse_rfc3339(row["at"]["S"])) if row else None

    def add(self, batch: Batch) -> Batch:
        try:
            self.client().put_item(
                TableName=self.table,
                Item={**_batch_row(batch), "ttl": {"N": str(epoch(self.clock.now() + KEPT))}},
                ConditionExpression="attribute_not_exists(b)",
            )
        except ClientError as error:
            only_condition_failed(error)
            standing = self.get(batch.key)
            assert standing is not None
            return standing
        return batch

    def get(self, key: BatchKey) -> Batch | None:
        row = self._row(_key(key))
        return read_batch(row) if row else None

    def claim(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Batch | None:
        try:
            answer = self.client().update_item(
                TableName=self.table,
                Key=_key(key),
                UpdateExpression="SET #c.st = :claimed, #c.l = :until ADD v :one",
                ConditionExpression="attribute_exists(#c) AND (#c.st = :new OR (#c.st = :claimed AND #c.l < :now))",
                ExpressionAttributeNames={"#c": channel.value},
                ExpressionAttributeValues={
                    ":claimed": {"S": LaneState.CLAIMED.value},
                    ":new": {"S": LaneState.NEW.value},
                    ":until": {"N": str(now_ms + lease_ms)},
                    ":now": {"N": str(now_ms)},
                    ":one": {"N": "1"},
                },
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            only_condition_failed(error)
            _explain(self.get(key), channel)
            return None
        return _claimed(read_batch(dict(answer["Attributes"])), channel, now_ms + lease_ms)

    def record(
        self, batch: Batch, channel: Channel, results: Mapping[int, Result], state: LaneState | None = None
    ) -> Batch:
        while True:
            changed = _recorded(batch, channel, results, state)
            if changed is batch:
                return batch
            people = {":people": _people(changed)} if changed.people is not batch.people else {}
            try:
                self.client().update_item(
                    TableName=self.table,
                    Key=_key(batch.key),
                    UpdateExpression="SET #c = :lane, v = :next" + (", p = :people" if people else ""),
                    ConditionExpression="v = :v",
                    ExpressionAttributeNames={"#c": channel.value},
                    ExpressionAttributeValues={
                        ":lane": _lane_row(changed.lanes[channel]),
                        **people,
                        ":v": {"N": str(batch.version)},
                        ":next": {"N": str(changed.version)},
                    },
                )
            except ClientError as error:
                only_condition_failed(error)
                standing = self.get(batch.key)
                assert standing is not None
                batch = standing
            else:
                return changed

    def batches(self, alert: str, message: MessageKind, unit: int) -> Iterator[Batch]:
        return map(read_batch, self._rows(alert, message, f"batch#{unit:05d}-"))

    def put_tally(self, alert: str, message: MessageKind, unit: int, tally: Tally) -> None:
        try:
            self.client().put_item(
                TableName=self.table,
                Item={
                    "m": {"S": partition(alert, message)},
                    "b": {"S": f"unit#{unit:05d}"},
                    "v": {"N": str(tally.version)},
                    "t": {"B": _tally_row(tally)},
                },
                ConditionExpression="attribute_not_exists(v) OR v < :v",
                ExpressionAttributeValues={":v": {"N": str(tally.version)}},
            )
        except ClientError as error:
            only_condition_failed(error)

    def tallies(self, alert: str, message: MessageKind) -> Iterator[Tally]:
        return map(_read_tally, self._rows(alert, message, "unit#"))

    def _row(self, key: Row) -> Row | None:
        answer = self.client().get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return dict(answer["Item"]) if "Item" in answer else None

    def _rows(self, alert: str, message: str, prefix: str) -> Iterator[Row]:
        pages = (
            self.client()
            .get_paginator("query")
            .paginate(
                TableName=self.table,
                ConsistentRead=True,
                KeyConditionExpression="m = :m AND begins_with(b, :prefix)",
                ExpressionAttributeValues={":m": {"S": partition(alert, message)}, ":prefix": {"S": prefix}},
            )
        )
        for page in pages:
            yield from map(dict, page["Items"])


def _explain(standing: Batch | None, channel: Channel) -> None:
    """Why a claim failed: nothing to do (returns), or somebody else is at it (raises ``Busy``)."""
    lane = standing.lanes.get(channel) if standing else None
    if lane and lane.state not in FINISHED:
        raise Busy(lane.lease_ms)


def _claimed(batch: Batch, channel: Channel, until_ms: int) -> Batch:
    before = batch.lanes[channel]
    taken_over = before.state is LaneState.CLAIMED
    lane = replace(before, state=LaneState.CLAIMED, lease_ms=until_ms, taken_over=taken_over)
    return replace(batch, lanes={**batch.lanes, channel: lane}, version=batch.version + 1)


def _recorded(batch: Batch, channel: Channel, results: Mapping[int, Result], state: LaneState | None) -> Batch:
    old = batch.lanes[channel]
    lane = old.with_results(results)
    if state is not None and old.state not in FINISHED:
        lane = replace(lane, state=state, lease_ms=old.lease_ms if state is LaneState.CLAIMED else 0)
    if lane == old:
        return batch
    changed = replace(batch, lanes={**batch.lanes, channel: lane}, version=batch.version + 1)
    return changed.without_contacts(channel) if lane.state in FINISHED and old.state not in FINISHED else changed


@dataclass
class MemoryLedger:
    """The twin."""

    rows: dict[BatchKey, Batch] = field(default_factory=dict)
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)
    units: dict[tuple[str, str, int], Tally] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def put_plan(self, alert: str, message: MessageKind, plan: Plan) -> None:
        self.plans[alert, message] = plan

    def plan(self, alert: str, message: MessageKind) -> Plan | None:
        return self.plans.get((alert, message))

    def add(self, batch: Batch) -> Batch:
        return self.rows.setdefault(batch.key, batch)

    def get(self, key: BatchKey) -> Batch | None:
        return self.rows.get(key)

    def claim(self, key: BatchKey, channel: Channel, now_ms: int, lease_ms: int) -> Batch | None:
        with self.lock:
            batch = self.rows.get(key)
            lane = batch.lanes.get(channel) if batch else None
            if batch is None or lane is None or not lane.claimable(now_ms):
                _explain(batch, channel)
                return None
            self.rows[key] = _claimed(batch, channel, now_ms + lease_ms)
            return self.rows[key]

    def record(
        self, batch: Batch, channel: Channel, results: Mapping[int, Result], state: LaneState | None = None
    ) -> Batch:
        with self.lock:
            self.rows[batch.key] = _recorded(self.rows[batch.key], channel, results, state)
            return self.rows[batch.key]

    def batches(self, alert: str, message: MessageKind, unit: int) -> Iterator[Batch]:
        mine = [k for k in self.rows if (k.alert, k.message, k.unit) == (alert, message, unit)]
        return iter([self.rows[key] for key in sorted(mine, key=lambda key: key.number)])

    def put_tally(self, alert: str, message: MessageKind, unit: int, tally: Tally) -> None:
        with self.lock:
            standing = self.units.get((alert, message, unit))
            if standing is None or standing.version < tally.version:
                self.units[alert, message, unit] = tally

    def tallies(self, alert: str, message: MessageKind) -> Iterator[Tally]:
        return (tally for key, tally in sorted(self.units.items()) if key[:2] == (alert, message))
