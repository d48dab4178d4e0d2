"""Table ``alerts``: per alert one row with all of it, its history, and the messages that delivery must start.

A change is one transaction: the alert under a condition on its version, the event, and the outbox row if there is one.
So an approved alert has its outbox row, always, and an undone one has none.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil
from threading import Lock
from typing import Protocol

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.alerts import alert_codec, listing
from chalicelib.alerts.handover import Outbox, Withdrawal
from chalicelib.alerts.history import EventRecord
from chalicelib.alerts.jurisdiction import alert_not_found
from chalicelib.alerts.listing import Page, Summary, Wanted, page_of, summary_of
from chalicelib.alerts.model import Alert, version_changed
from chalicelib.platform.clock import parse_rfc3339, rfc3339
from chalicelib.platform.dynamo import bind
from chalicelib.platform.flat_dynamo import Address, FlatDynamo, Item

MAX_ROW_BYTES = 350_000  # DynamoDB: 400 KB an item; the rest is for names, keys and summary
_LOST = {"ConditionalCheckFailed", "TransactionConflict"}  # DynamoDB: codes of CancellationReasons


class AlertStore(Protocol):
    def get(self, alert_id: str) -> Alert:
        """The alert as the last change left it. Raises ``NotFound``."""
        ...

    def put(
        self, alert: Alert, expected_version: int, event: EventRecord, outbox: Outbox | Withdrawal | None = None
    ) -> None:
        """Write a change, all of it or nothing. ``expected_version`` 0: it must be new.

        Raises:
            Conflict: ``version_changed``, the stored alert has another version.
        """
        ...

    def forget_addresses(self, alert_id: str) -> None:
        """Take out of its history from which networks it was asked for."""
        ...

    def page(self, *, limit: int, cursor: str | None = None, wanted: Wanted | None = None) -> Page:
        """Newest first, those that are ``wanted`` of what people write; not what goes to canaries. Eventually
        consistent.
        """
        ...

    def events(self, alert_id: str, *, after: str | None, limit: int) -> list[EventRecord]:
        """Oldest first, those behind the cursor ``after``; see ``cursor_of``."""
        ...


def cursor_of(event: EventRecord) -> str:
    """A place in an alert's history: ``<rfc3339>_<id>``."""
    return f"{rfc3339(event.at)}_{event.id}"


def size_of(alert: Alert) -> int:
    """Bytes of the two compressed values. More than ``MAX_ROW_BYTES`` must not be put."""
    return len(alert_codec.written(alert)) + len(alert.content.target.packed)


class _ByCreated(GlobalSecondaryIndex["_AlertRow"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_created"
        projection = IncludeProjection(["summary"])

    kind = UnicodeAttribute(hash_key=True)
    created = UnicodeAttribute(range_key=True)


class _AlertRow(Model):
    id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="alert")
    kind = UnicodeAttribute()
    created = UnicodeAttribute()
    state = UnicodeAttribute()
    version = NumberAttribute()
    summary = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False)
    target = BinaryAttribute(legacy_encoding=False)
    public = BooleanAttribute(null=True)
    by_created = _ByCreated()


class _EventRow(Model):
    id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    type = UnicodeAttribute()
    by = UnicodeAttribute()
    facts = UnicodeAttribute()
    address = UnicodeAttribute(null=True)
    tenant = UnicodeAttribute(null=True)


class _OutboxRow(Model):
    """``due``: epoch seconds, rounded up. ``wave``: which part of the call, from 1 on. ``public``: all may know."""

    id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    message = UnicodeAttribute()
    due = NumberAttribute()
    wave = NumberAttribute()
    public = BooleanAttribute(null=True)


class DynamoAlertStore:
    def __init__(self, table: str) -> None:
        self._table, self._dynamo = table, FlatDynamo()
        self._alerts = bind(_AlertRow, table)
        self._events = bind(_EventRow, table)
        self._outbox = bind(_OutboxRow, table)
        meta = self._alerts.Meta
        self._connection = Connection(
            region=meta.region,
            host=meta.host,
            connect_timeout_seconds=meta.connect_timeout_seconds,
            read_timeout_seconds=meta.read_timeout_seconds,
        )

    def get(self, alert_id: str) -> Alert:
        table, key = self.address(alert_id)
        answer = self._dynamo.ask("GetItem", {"TableName": table, "Key": key, "ConsistentRead": True})
        return self.read(answer.get("Item"))

    def address(self, alert_id: str) -> Address:
        """For who reads it together with other rows, as every batch does that is sent."""
        return Address(self._table, {"id": {"S": alert_id}, "sk": {"S": "alert"}})

    @staticmethod
    def read(row: Item | None) -> Alert:
        """What lies at its address. Raises as ``get``."""
        if row is None:
            raise alert_not_found()
        return alert_codec.read(b64decode(row["body"]["B"]), b64decode(row["target"]["B"]))

    def put(
        self, alert: Alert, expected_version: int, event: EventRecord, outbox: Outbox | Withdrawal | None = None
    ) -> None:
        same = _AlertRow.version == expected_version if expected_version else _AlertRow.id.does_not_exist()
        # The token makes a retry after a lost answer harmless: it is the same transaction.
        with _lost_race(), TransactWrite(connection=self._connection, client_request_token=event.id) as transaction:
            transaction.save(self._alert_row(alert), condition=same)
            transaction.save(self._event_row(alert, event))
            if isinstance(outbox, Outbox):
                transaction.save(self._outbox_row(alert, outbox))
            elif outbox:
                transaction.delete(self._outbox(alert.id, f"outbox#{outbox.message}"))

    def forget_addresses(self, alert_id: str) -> None:
        told = _EventRow.address.exists()
        for row in self._events.query(alert_id, _EventRow.sk.startswith("event#"), told, consistent_read=True):
            row.update([_EventRow.address.remove()])

    def page(self, *, limit: int, cursor: str | None = None, wanted: Wanted | None = None) -> Page:
        rows = self._alerts.query(
            listing.WRITTEN_BY_PEOPLE,
            index_name="by_created",
            scan_index_forward=False,
            limit=listing.examined(limit, wanted),
            last_evaluated_key=_start(cursor) if cursor else None,
            attributes_to_get=["id", "created", "summary"],
        )
        return page_of(((row.created, listing.read(row.summary)) for row in rows), limit, wanted)

    def events(self, alert_id: str, *, after: str | None, limit: int) -> list[EventRecord]:
        first = f"event#{after.replace('_', '#')}!" if after else "event#"  # "!": the next key after the cursor's own
        rows = self._events.query(
            alert_id, _EventRow.sk.between(first, "event#~"), consistent_read=True, limit=limit, page_size=limit
        )
        return [_read_event(row) for row in rows]

    def _alert_row(self, alert: Alert) -> _AlertRow:
        return self._alerts(
            alert.id,
            kind=listing.list_of(alert),
            created=listing.created(alert),
            state=alert.state,
            version=alert.version,
            summary=listing.written(alert),
            body=alert_codec.written(alert),
            target=alert.content.target.packed,
            public=alert.content.is_public or None,  # for those who read the stream
        )

    def _event_row(self, alert: Alert, event: EventRecord) -> _EventRow:
        return self._events(
            alert.id,
            f"event#{rfc3339(event.at)}#{event.id}",
            type=event.type,
            by=event.by,
            facts=json.dumps(dict(event.facts)),
            address=event.address or None,
            tenant=alert.tenant,
        )

    def _outbox_row(self, alert: Alert, outbox: Outbox) -> _OutboxRow:
        return self._outbox(
            alert.id,
            f"outbox#{outbox.name}",
            message=str(outbox.message),
            due=ceil(outbox.due.timestamp()),
            wave=outbox.wave,
            public=alert.content.is_public or None,
        )


@contextmanager
def _lost_race() -> Iterator[None]:
    try:
        yield
    except TransactWriteError as failure:
        if _LOST & {reason.code for reason in failure.cancellation_reasons if reason}:
            raise version_changed() from failure
        raise


def _start(cursor: str) -> dict[str, dict[str, str]]:
    """The key from which DynamoDB goes on."""
    created = cursor.replace("_", "#")
    return {
        "kind": {"S": listing.WRITTEN_BY_PEOPLE},
        "created": {"S": created},
        "id": {"S": created.partition("#")[2]},
        "sk": {"S": "alert"},
    }


def _read_event(row: _EventRow) -> EventRecord:
    _, at, event_id = row.sk.split("#")
    return EventRecord(event_id, parse_rfc3339(at), row.type, row.by, json.loads(row.facts), row.address or "")


@lru_cache(maxsize=16_384)
def _listed(row: tuple[bytes, bytes]) -> tuple[str, Summary] | None:
    """When it was created, and what a list says of it; None where no list does. Kept: each page looks at every row."""
    alert = alert_codec.read(*row)
    if listing.list_of(alert) != listing.WRITTEN_BY_PEOPLE:
        return None
    return listing.created(alert), summary_of(alert)


@dataclass
class MemoryAlertStore:
    """The twin. Keeps alerts in their stored form, so that a reader meets what the table would give.

    ``outbox``: (alert id, name) -> what delivery must start, in the order of writing.
    """

    rows: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    history: dict[str, list[EventRecord]] = field(default_factory=dict)
    outbox: dict[tuple[str, str], Outbox] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def get(self, alert_id: str) -> Alert:
        if alert_id not in self.rows:
            raise alert_not_found()
        return alert_codec.read(*self.rows[alert_id])

    def put(
        self, alert: Alert, expected_version: int, event: EventRecord, outbox: Outbox | Withdrawal | None = None
    ) -> None:
        with self.lock:
            standing = self.get(alert.id).version if alert.id in self.rows else 0
            if standing != expected_version:
                raise version_changed()
            self.rows[alert.id] = alert_codec.written(alert), alert.content.target.packed
            self.history.setdefault(alert.id, []).append(event)
            if isinstance(outbox, Outbox):
                self.outbox[alert.id, outbox.name] = outbox
            elif outbox:
                self.outbox.pop((alert.id, outbox.message), None)

    def forget_addresses(self, alert_id: str) -> None:
        history = self.history.get(alert_id, [])
        history[:] = [replace(event, address="") for event in history]

    def page(self, *, limit: int, cursor: str | None = None, wanted: Wanted | None = None) -> Page:
        start = cursor.replace("_", "#") if cursor else "~"
        by_created = dict(filter(None, map(_listed, self.rows.values())))
        names = sorted((name for name in by_created if name < start), reverse=True)[: listing.examined(limit, wanted)]
        return page_of(((name, by_created[name]) for name in names), limit, wanted)

    def events(self, alert_id: str, *, after: str | None, limit: int) -> list[EventRecord]:
        history = sorted(self.history.get(alert_id, []), key=cursor_of)
        return [event for event in history if cursor_of(event) > (after or "")][:limit]
