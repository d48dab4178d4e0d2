"""DynamoDB for what is read and written per recipient: its own JSON, signed and sent without botocore's client.

botocore's parser walks a shape for every value, 28 µs an item. Here a page is read in one go into rows of a form that
whoever asks gives: as plain JSON, whose binary values are text in base 64 as they travel, or as a ``Struct`` of the
attributes below, a third of a microsecond each row. All else goes through the ordinary clients.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from chalicelib.platform.outgoing import Answer, NoAnswer, NoConnection
from chalicelib.platform.signed import DYNAMODB, Signed, json_problem

TARGET = "DynamoDB_20120810."
CONTENT_TYPE = "application/x-amz-json-1.0"
ATTEMPTS = 6
BACKOFF_S = 0.05
MOST_KEYS = 100  # DynamoDB: of one BatchGetItem
# DynamoDB developer guide, "Error handling": the errors of status 400 that may be tried again.
TRY_AGAIN = frozenset(
    {
        "ItemCollectionSizeLimitExceededException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
    }
)

Item: TypeAlias = dict[str, Any]
Row = TypeVar("Row")


class Text(Struct, frozen=True, gc=False):
    """An attribute of type S."""

    text: str = msgspec.field(name="S")


class Binary(Struct, frozen=True, gc=False):
    """An attribute of type B."""

    content: bytes = msgspec.field(name="B")


class Number(Struct, frozen=True, gc=False):
    """An attribute of type N."""

    digits: str = msgspec.field(name="N")


class Capacity(Struct, frozen=True, rename="pascal"):
    """What an answer cost, where that was asked."""

    capacity_units: float = 0.0


class Page(Struct, Generic[Row], frozen=True, rename="pascal"):
    """One answer to a Query."""

    items: list[Row]
    count: int
    consumed_capacity: Capacity = Capacity()
    last_evaluated_key: Item | None = None


Reader: TypeAlias = Callable[[bytes], Page[Row]]


def reader(row: type[Row]) -> Reader[Row]:
    """Makes pages of such rows of answers: ``row`` is ``Item`` or a ``Struct``. To be made once and kept.

    An answer of another form is a ``msgspec.DecodeError``.
    """
    return msgspec.json.Decoder(Page[row]).decode  # type: ignore[valid-type]


read_items = reader(Item)
_read = msgspec.json.Decoder(Item).decode
_written = msgspec.json.Encoder().encode


class Address(NamedTuple):
    """Where a row lies."""

    table: str
    key: Item


class NotAnswered(Exception):
    """DynamoDB left keys of a batch unread, several times over."""


@dataclass(frozen=True)
class FlatDynamo:
    """``pause`` waits between tries: seconds."""

    pause: Callable[[float], None] = time.sleep
    service: Signed = field(default_factory=lambda: Signed(DYNAMODB))

    def pages(self, request: Mapping[str, Any], read: Reader[Row]) -> Iterator[Page[Row]]:
        """Every page of a Query. Raises as ``ask``."""
        page = read(self._answer("Query", request))
        yield page
        while page.last_evaluated_key:
            page = read(self._answer("Query", {**request, "ExclusiveStartKey": page.last_evaluated_key}))
            yield page

    def get_many(self, table: str, keys: Iterable[Item], only: Sequence[str] = ()) -> Iterator[Item]:
        """The rows that exist of those keys, each given once, in no order. Strongly consistent.

        ``only``: the attributes that are wanted; all, where none is named. Raises as ``ask``, and ``NotAnswered``.
        """
        wanted = list(keys)
        for start in range(0, len(wanted), MOST_KEYS):
            yield from self._lot(table, wanted[start : start + MOST_KEYS], only)

    def rows(self, *addresses: Address) -> list[Item | None]:
        """The row at each of up to 100 addresses, of whatever tables, or None; read at once. Raises as ``get_many``."""
        asked: Item = {}
        for table, key in addresses:
            asked.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
        found = [(table, row) for table, rows in self._batches(asked) for row in rows]
        return [
            next((row for table, row in found if table == at.table and at.key.items() <= row.items()), None)
            for at in addresses
        ]

    def _lot(self, table: str, keys: list[Item], only: Sequence[str]) -> Iterator[Item]:
        asked: Item = {"Keys": keys, "ConsistentRead": True}
        if only:
            asked["ProjectionExpression"] = ",".join([f"#{name}" for name in only])
            asked["ExpressionAttributeNames"] = {f"#{name}": name for name in only}
        for _, rows in self._batches({table: asked}):
            yield from rows

    def _batches(self, asked: Item) -> Iterator[tuple[str, list[Item]]]:
        """Table and rows of a BatchGetItem, perhaps several times of the same table."""
        for attempt in range(1, ATTEMPTS + 1):
            answer = self.ask("BatchGetItem", {"RequestItems": asked})
            yield from answer["Responses"].items()
            asked = answer.get("UnprocessedKeys", {})
            if not asked:
                return
            if attempt < ATTEMPTS:
                self._pause(attempt)
        raise NotAnswered(", ".join(asked))

    def ask(self, action: str, request: Mapping[str, Any]) -> Item:
        """What an action answers, as plain JSON.

        A write may be done twice where its answer was lost, as with any client.

        Raises:
            ClientError: as any client would, refused or still failing after 6 tries.
            NoConnection, NoAnswer: 6 times.
        """
        return _read(self._answer(action, request))

    def _answer(self, action: str, request: Mapping[str, Any]) -> bytes:
        body = _written(request)
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(action, body)
            except (NoConnection, NoAnswer):
                pass
            except ClientError as error:
                if not _may_be_tried_again(error):
                    raise
            self._pause(attempt)
        return self._once(action, body)

    def _pause(self, attempt: int) -> None:
        self.pause(random.uniform(0, BACKOFF_S * 2**attempt))  # noqa: S311

    def _once(self, action: str, body: bytes) -> bytes:
        headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET + action}
        answer = self.service.post("/", body, headers)
        if answer.status == 200:
            return answer.content
        raise _client_error(action, answer)


def _client_error(action: str, answer: Answer) -> ClientError:
    code, message = json_problem(answer)
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": answer.status}},  # type: ignore[typeddict-item]
        action,
    )


def _may_be_tried_again(error: ClientError) -> bool:
    response = error.response
    return response["ResponseMetadata"]["HTTPStatusCode"] >= 500 or response["Error"]["Code"] in TRY_AGAIN
