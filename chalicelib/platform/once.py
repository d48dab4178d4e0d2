"""Sums that grow with every change of a table, each change once.

A change is added in the same transaction as a mark that it was: a stream may hand out its records again.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeAlias, TypeVar

from botocore.exceptions import ClientError

TRANSACTION = 100  # DynamoDB: actions per TransactWriteItems
REMEMBERED = timedelta(days=2)  # a stream keeps its records for one day


class Summable(Protocol):
    def __add__(self, other: Any) -> Any: ...


Key = TypeVar("Key", bound=Hashable)
Sum = TypeVar("Sum", bound=Summable)
Changes: TypeAlias = Sequence[tuple[str, Mapping[Key, Sum]]]  # id of the change -> what it adds to each sum


class AlreadyCounted(Exception):
    """At least one of the changes was counted before; none of them is counted now."""


def count_once(changes: Changes[Key, Sum], write: Callable[[Sequence[str], Mapping[Key, Sum]], None]) -> None:
    """Hand the changes to ``write`` in lots, which counts a lot as a whole or raises ``AlreadyCounted``."""
    for ids, sums in lots(changes):
        try:
            write(ids, sums)
        except AlreadyCounted:
            _one_by_one([change for change in changes if change[0] in ids], write)


def _one_by_one(changes: Changes[Key, Sum], write: Callable[[Sequence[str], Mapping[Key, Sum]], None]) -> None:
    for change, sums in changes:
        try:
            write([change], sums)
        except AlreadyCounted:
            continue


def lots(changes: Changes[Key, Sum]) -> Iterator[tuple[list[str], dict[Key, Sum]]]:
    """Changes put together as far as one transaction takes them, a mark for each change and one action for each sum."""
    ids: list[str] = []
    total: dict[Key, Sum] = {}
    for change, sums in changes:
        if len(ids) + 1 + len(total.keys() | sums.keys()) > TRANSACTION:
            yield ids, total
            ids, total = [], {}
        ids = [*ids, change]
        total = total | {key: total[key] + delta if key in total else delta for key, delta in sums.items()}
    if ids:
        yield ids, total


def marks(table: str, kind: str, changes: Sequence[str], ttl: int) -> list[Any]:
    """Actions that remember changes as counted in ``kind``. ``ttl``: until when, epoch seconds."""
    return [
        {
            "Put": {
                "TableName": table,
                "Item": {"id": {"S": f"{kind}#{change}"}, "ttl": {"N": str(ttl)}},
                "ConditionExpression": "attribute_not_exists(id)",
            }
        }
        for change in changes
    ]


def counted_before(error: ClientError) -> bool:
    """Whether a transaction failed because of a mark."""
    reasons: Any = error.response.get("CancellationReasons", [])
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons)
