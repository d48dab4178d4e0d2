"""Table ``counters``: how often something happened in a while. What is counted is named by a hash, not by itself:
a keyed one of contacts and networks, which could be guessed otherwise; a plain one of what staff were refused.

A while is a fixed window of the clock, so that one write does it: at the border of two, twice as much gets through.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from chalicelib.platform.clock import epoch
from chalicelib.platform.flat_dynamo import FlatDynamo


class Counters(Protocol):
    def add(self, name: str, window_s: int, now: datetime) -> int:
        """Count one more; how many there are now in the window that ``now`` lies in. Never counts one too few."""
        ...


@dataclass(frozen=True)
class DynamoCounters:
    table: str
    dynamo: FlatDynamo = field(default_factory=FlatDynamo)

    def add(self, name: str, window_s: int, now: datetime) -> int:
        begin = epoch(now) // window_s * window_s
        request = {
            "TableName": self.table,
            "Key": {"id": {"S": f"{name}#{begin}"}},
            "UpdateExpression": "SET #ttl = :ttl ADD n :one",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
            "ExpressionAttributeValues": {":ttl": {"N": str(begin + 2 * window_s)}, ":one": {"N": "1"}},
            "ReturnValues": "UPDATED_NEW",
        }
        return int(self.dynamo.ask("UpdateItem", request)["Attributes"]["n"]["N"])


@dataclass
class MemoryCounters:
    """The twin."""

    counted: Counter[tuple[str, int]] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, name: str, window_s: int, now: datetime) -> int:
        key = name, epoch(now) // window_s * window_s
        with self.lock:
            self.counted[key] += 1
            return self.counted[key]
