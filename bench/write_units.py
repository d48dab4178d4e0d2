"""What DynamoDB bills for a write, from the request and the item before and after it.

DynamoDB developer guide, "Read and write unit consumption": 1 KB of the larger of the two, each begun KB a whole unit;
one item of a batch like any other, in a transaction double, a condition that did not hold as if it had. Sizes as in
"Item sizes and formats".
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

UNIT = 1_024
Item = Mapping[str, Mapping[str, Any]]


def units(before: Item | None, after: Item | None) -> int:
    return max(1, ceil(max(size(before or {}), size(after or {})) / UNIT))


def size(item: Item) -> int:
    """Bytes. Binary values are in base 64, as they travel."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def sized(item: Item) -> Item:
    """An item of our stores as ``size`` reads it: binary as it travels, a third longer than it lies."""
    return {name: {"B": "x" * ceil(len(value["B"]) * 4 / 3)} if "B" in value else value for name, value in item.items()}


def _value(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(str(content).encode())
        case "N":
            return ceil(len(str(content).strip("-0.").replace(".", "")) / 2) + 1
        case "B":
            return len(str(content)) * 3 // 4 - str(content).count("=")
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value(inner) for name, inner in content.items())
        case "L":
            return 3 + sum(1 + _value(inner) for inner in content)
        case "SS" | "NS" | "BS":
            return sum(_value({kind[0]: inner}) for inner in content)
    raise ValueError(f"no type of DynamoDB: {kind}")
