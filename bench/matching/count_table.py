"""A table of places in this process that answers and bills a Query as DynamoDB does.

Rows lie packed, as the very bytes that go over the wire: a page is a slice. 2.4 million take about half a gigabyte.
"""

import base64
import gc
import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from bench.billing import PAGE_BYTES, item_bytes, read_units
from chalicelib.participants.place_rows import PlaceRow, encode

CONDITION = re.compile(r"= (:\w+) AND \S+ BETWEEN (:\w+) AND (:\w+)")
KEY_AT = len('{"k":{"S":"')


@dataclass(frozen=True)
class _Partition:
    """``blob``: items in the order of their keys, a comma between. ``starts`` of each, and of one after the last.

    ``bills``: bytes billed for all items before each, and for all.
    """

    blob: bytes
    starts: "array[int]"
    bills: "array[int]"

    def key(self, number: int) -> bytes:
        begin = self.starts[number] + KEY_AT
        return self.blob[begin : self.blob.index(b'"', begin)]

    def __len__(self) -> int:
        return len(self.starts) - 1


class CountTable:
    def __init__(self, rows: Iterable[PlaceRow]) -> None:
        waiting: dict[str, list[tuple[bytes, int]]] = {}
        gc.disable()  # nothing here is garbage, and looking through millions of rows for it takes minutes
        for row in rows:
            item = encode(row)
            partition = item["c"]["S"]
            waiting.setdefault(partition, []).append((_on_the_wire(item), item_bytes(item)))
        gc.enable()
        self._partitions: dict[str, _Partition] = {}
        while waiting:
            partition, items = waiting.popitem()
            items.sort()
            self._partitions[partition] = _Partition(
                b",".join(content for content, _ in items),
                array("I", accumulate((len(content) + 1 for content, _ in items), initial=0)),
                array("I", accumulate((size for _, size in items), initial=0)),
            )

    def __len__(self) -> int:
        return sum(map(len, self._partitions.values()))

    @property
    def mean_bytes(self) -> float:
        """The mean size of a row, as billed."""
        return sum(partition.bills[-1] for partition in self._partitions.values()) / max(len(self), 1)

    @property
    def fullest(self) -> int:
        """Rows of the fullest partition."""
        return max(map(len, self._partitions.values()), default=0)

    def query(self, request: Mapping[str, Any]) -> bytes:
        """The answer to ``c = :partition AND k BETWEEN :first AND :last``, one page."""
        found = CONDITION.search(request["KeyConditionExpression"])
        if not found:
            raise ValueError("only one partition's range of keys")
        values = request["ExpressionAttributeValues"]
        name, first, last = (values[label]["S"] for label in found.groups())
        partition = self._partitions.get(name)
        if partition is None:
            return _answer(b"", 0, 0, None)
        numbers = range(len(partition))
        after = request.get("ExclusiveStartKey")
        begin = (
            bisect_right(numbers, after["k"]["S"].encode(), key=partition.key)
            if after
            else bisect_left(numbers, first.encode(), key=partition.key)
        )
        end = bisect_right(numbers, last.encode(), key=partition.key)
        bills = partition.bills
        cut = min(end, max(bisect_right(bills, bills[begin] + PAGE_BYTES) - 1, begin + 1))
        cut = min(cut, begin + request.get("Limit", cut))
        items = partition.blob[partition.starts[begin] : partition.starts[cut] - 1] if cut > begin else b""
        if "ProjectionExpression" not in request:
            items = items.replace(b'{"k":', b'{"c":{"S":"%b"},"k":' % name.encode())
        more = {"c": {"S": name}, "k": {"S": partition.key(cut - 1).decode()}} if cut < end else None
        return _answer(items, max(cut - begin, 0), bills[cut] - bills[begin] if cut > begin else 0, more)


def _answer(items: bytes, count: int, size: int, more: Mapping[str, Any] | None) -> bytes:
    rest: dict[str, Any] = {
        "Count": count,
        "ScannedCount": count,
        "ConsumedCapacity": {"TableName": "places", "CapacityUnits": read_units(size)},
    }
    if more:
        rest["LastEvaluatedKey"] = more
    return b'{"Items":[' + items + b"]," + json.dumps(rest).encode()[1:]


def _on_the_wire(item: Mapping[str, Any]) -> bytes:
    """What a Query with the product's projection gives: all but the partition key, binary in base 64.

    One without a projection gets that key too. No row here has ended, so none has a ``ttl``.
    """
    shown = {name: value for name, value in item.items() if name not in ("c", "ttl")}
    shown["x"] = {"B": base64.b64encode(item["x"]["B"]).decode()}
    return json.dumps({"k": shown.pop("k"), **shown}, separators=(",", ":")).encode()
