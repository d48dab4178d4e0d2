"""What DynamoDB bills: the size of an item, and the units of a read. As its developer guide says."""

from collections.abc import Mapping
from math import ceil
from typing import Any

PAGE_BYTES = 1_000_000  # "1 MB"; where DynamoDB draws the line exactly is not documented
UNIT_BYTES = 4096


def item_bytes(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Names and values of an item in DynamoDB's JSON, binary as bytes; strings, binaries and numbers only."""
    return sum(len(name.encode()) + _value_bytes(*next(iter(value.items()))) for name, value in item.items())


def read_units(size: int) -> float:
    """Of one page of an eventually consistent Query."""
    return max(ceil(size / UNIT_BYTES), 1) / 2


def _value_bytes(kind: str, content: str | bytes) -> int:
    if kind == "N":  # a byte for two significant digits, one more, and one for the sign
        digits = str(content).lstrip("-").replace(".", "").strip("0")
        return (len(digits) + 1) // 2 + 1 + str(content).startswith("-")
    return len(content if isinstance(content, bytes) else content.encode())
