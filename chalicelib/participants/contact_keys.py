"""Table ``contact_keys``: the keys that contacts are sealed with, wrapped. What leaves it can be read nowhere any more.

    id              participant; or ``data#<month>``, a data key
    phone, email    a key each: the month of the data key that wraps it, and the wrapped key in base 64
    k               of a data key: as KMS gave it

The table has a day of point-in-time recovery where others have 35: what is erased is unreadable in their backups too.
"""

from base64 import b64decode, b64encode
from binascii import a2b_base64
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.participants.model import ContactKind
from chalicelib.platform.clock import Clock
from chalicelib.platform.dynamo import only_condition_failed
from chalicelib.platform.envelope import Kms, month, unwrap, wrap
from chalicelib.platform.flat_dynamo import FlatDynamo

DATA = "data#"
ALL = tuple(ContactKind)

Keys = Mapping[ContactKind, bytes]
Row = dict[str, Any]


class ContactKeys(Protocol):
    def find(self, participants: Iterable[str], kinds: Collection[ContactKind] = ALL) -> Mapping[str, Keys]:
        """The keys of those who have any, by participant id. Strongly consistent. ``kinds``: which ones are needed."""
        ...


@dataclass(frozen=True)
class DynamoContactKeys:
    """``opened``: data keys that this container has had opened, by month."""

    table: str
    kms: Kms
    clock: Clock
    database: FlatDynamo = field(default_factory=FlatDynamo)
    opened: dict[str, AESGCM] = field(default_factory=dict, repr=False)

    def find(self, participants: Iterable[str], kinds: Collection[ContactKind] = ALL) -> Mapping[str, Keys]:
        keys = ({"id": {"S": name}} for name in sorted(set(participants)))
        rows = self.database.get_many(self.table, keys, ["id", *kinds])
        return {row["id"]["S"]: self._read(row, kinds) for row in rows}

    def written(self, participant: str, new: Keys, gone: Collection[ContactKind]) -> Row | None:
        """The update by which keys come and go, for a transaction; None where none does."""
        if not new and not gone:
            return None
        write: Row = {"TableName": self.table, "Key": {"id": {"S": participant}}}
        names = {f"#{kind}": kind.value for kind in (*new, *gone)}
        parts = []
        if new:
            parts.append(f"SET {', '.join(f'#{kind} = :{kind}' for kind in new)}")
            write["ExpressionAttributeValues"] = {f":{kind}": {"S": self._wrapped(key)} for kind, key in new.items()}
        if gone:
            parts.append(f"REMOVE {', '.join(f'#{kind}' for kind in gone)}")
        return {**write, "UpdateExpression": " ".join(parts), "ExpressionAttributeNames": names}

    def erased(self, participant: str) -> Row:
        """The deletion of all keys of somebody, for a transaction."""
        return {"TableName": self.table, "Key": {"id": {"S": participant}}}

    def _wrapped(self, key: bytes) -> str:
        name = month(self.clock.now())
        return f"{name} {b64encode(wrap(self._data_key(name), key)).decode()}"

    def _unwrapped(self, text: str) -> bytes:
        name, wrapped = text.split(" ")
        return unwrap(self._data_key(name), a2b_base64(wrapped))

    def _read(self, row: Row, kinds: Collection[ContactKind]) -> Keys:
        return {kind: self._unwrapped(row[kind]["S"]) for kind in kinds if kind in row}

    def _data_key(self, name: str) -> AESGCM:
        if name not in self.opened:
            self.opened[name] = AESGCM(self.kms.open(self._standing(name)))
        return self.opened[name]

    def _standing(self, name: str) -> bytes:
        """As it is stored; made where there is none yet. Of two who make one, the first stands."""
        key = {"id": {"S": DATA + name}}
        request = {"TableName": self.table, "Key": key, "ConsistentRead": True}
        if found := self.database.ask("GetItem", request).get("Item"):
            return b64decode(found["k"]["B"])
        made = {**key, "k": {"B": b64encode(self.kms.generate().sealed).decode()}}
        try:
            self.database.ask(
                "PutItem", {"TableName": self.table, "Item": made, "ConditionExpression": "attribute_not_exists(id)"}
            )
        except ClientError as error:
            only_condition_failed(error)
        return b64decode(self.database.ask("GetItem", request)["Item"]["k"]["B"])


@dataclass
class MemoryContactKeys:
    """The twin. ``keys``: participant id -> keys."""

    keys: dict[str, dict[ContactKind, bytes]] = field(default_factory=dict)

    def find(self, participants: Iterable[str], kinds: Collection[ContactKind] = ALL) -> Mapping[str, Keys]:
        return {name: dict(self.keys[name]) for name in participants if name in self.keys}
