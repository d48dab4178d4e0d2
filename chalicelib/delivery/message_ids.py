"""Table ``message_ids``: finds a message in the ledger by the id that its provider gave it.

An SMS receipt carries nothing else. Rows end after a week.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import BatchKey
from chalicelib.delivery.rows import partition
from chalicelib.platform.flat_dynamo import FlatDynamo

WRITE_BATCH = 25  # DynamoDB: rows per BatchWriteItem

Row = dict[str, Any]


@dataclass(frozen=True)
class MessageRef:
    """Where a provider's message id belongs."""

    key: BatchKey
    channel: Channel
    index: int


class MessageIds(Protocol):
    def put(self, refs: Mapping[str, MessageRef], ttl: int) -> None: ...

    def get(self, provider_ids: Iterable[str]) -> dict[str, MessageRef]: ...


@dataclass(frozen=True)
class DynamoMessageIds:
    table: str
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)

    def put(self, refs: Mapping[str, MessageRef], ttl: int) -> None:
        rows = [{"PutRequest": {"Item": _ref_row(name, ref, ttl)}} for name, ref in refs.items()]
        for start in range(0, len(rows), WRITE_BATCH):
            waiting: dict[str, Any] = {self.table: rows[start : start + WRITE_BATCH]}
            while waiting:
                waiting = self.dynamo.ask("BatchWriteItem", {"RequestItems": waiting}).get("UnprocessedItems", {})

    def get(self, provider_ids: Iterable[str]) -> dict[str, MessageRef]:
        keys = ({"id": {"S": name}} for name in sorted(set(provider_ids)))
        return {row["id"]["S"]: _read_ref(row) for row in self.dynamo.get_many(self.table, keys)}


def _ref_row(name: str, ref: MessageRef, ttl: int) -> Row:
    return {
        "id": {"S": name},
        "m": {"S": partition(ref.key.alert, ref.key.message)},
        "b": {"S": ref.key.batch},
        "c": {"S": ref.channel.value},
        "i": {"N": str(ref.index)},
        "ttl": {"N": str(ttl)},
    }


def _read_ref(row: Row) -> MessageRef:
    alert, message = row["m"]["S"].split("#")
    return MessageRef(BatchKey.parse(alert, message, row["b"]["S"]), Channel(row["c"]["S"]), int(row["i"]["N"]))


@dataclass
class MemoryMessageIds:
    """The twin; forgets nothing."""

    refs: dict[str, MessageRef] = field(default_factory=dict)

    def put(self, refs: Mapping[str, MessageRef], ttl: int) -> None:
        self.refs.update(refs)

    def get(self, provider_ids: Iterable[str]) -> dict[str, MessageRef]:
        return {name: self.refs[name] for name in provider_ids if name in self.refs}
