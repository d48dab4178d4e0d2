"""Records of a queue: each stands alone, and the ones that failed come back by themselves.

A body that is not what the queue carries fails like any other record, so that the queue's redrive policy
moves it to the dead-letter queue; it is logged by message id and field names, never by its contents.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.platform.errors import dotted
from chalicelib.platform.observe import count, logger


class Message(BaseModel):
    """Base of every queue body: frozen, exact, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def body(self) -> dict[str, Any]:
        """What is put on the queue."""
        return self.model_dump(mode="json", exclude_none=True)


M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Record(Generic[M]):
    """``received``: how often the queue has handed this one out, 1 the first time. ``sent_at``: put on the queue."""

    message_id: str
    received: int
    sent_at: datetime
    body: M


class TryLater(Exception):
    """Not now: the record stays on the queue and comes back after its visibility timeout. Not an error."""


def each(event: Mapping[str, Any], model: type[M], handle: Callable[[Record[M]], None]) -> dict[str, Any]:
    """Handle the records one by one; answer as SQS wants partial failures."""

    def together(records: Iterable[Record[M]]) -> set[str]:
        return {record.message_id for record in records if not _succeeds(handle, record)}

    return all_together(event, model, together)


def all_together(
    event: Mapping[str, Any],
    model: type[M],
    handle: Callable[[list[Record[M]]], set[str]],
    put_back: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Handle the well-formed records at once; ``handle`` returns the message ids that must come back.

    Where it fails, halves are handled, and halves of those: one bad record takes no other to the dead letters.
    ``put_back``: what we read of a body that holds more, as a provider's holds whom it was for, goes on the queue in
    the place of that body, so that the rest lies in no dead letter.
    """
    failed: set[str] = set()
    records: list[Record[M]] = []
    for raw in event["Records"]:
        try:
            records.append(_read(raw, model))
        except ValidationError as error:
            failed.add(raw["messageId"])
            wrong = [dotted(item["loc"]) or item["type"] for item in error.errors(include_input=False)]
            logger.error("queue.malformed", message_id=raw["messageId"], expected=model.__name__, wrong=wrong)
            count("QueueMalformed")
    if records:
        failed |= _handled(handle, records)
    if put_back and failed:
        failed -= _replaced(event, [record for record in records if record.message_id in failed], put_back)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in sorted(failed)]}


def _read(raw: Mapping[str, Any], model: type[M]) -> Record[M]:
    attributes = raw.get("attributes", {})
    return Record(
        message_id=raw["messageId"],
        received=int(attributes.get("ApproximateReceiveCount", 1)),
        sent_at=datetime.fromtimestamp(int(attributes.get("SentTimestamp", 0)) / 1000, UTC),
        body=model.model_validate_json(raw["body"]),
    )


def _handled(handle: Callable[[list[Record[M]]], set[str]], records: list[Record[M]]) -> set[str]:
    try:
        return handle(records)
    except Exception:  # as below
        logger.exception("queue.failed", message_ids=[record.message_id for record in records])
        count("QueueFailed")
        if len(records) == 1:
            return {records[0].message_id}
    half = len(records) // 2
    return _handled(handle, records[:half]) | _handled(handle, records[half:])


def _replaced(
    event: Mapping[str, Any], records: Iterable[Record[Any]], put_back: Callable[[dict[str, Any]], None]
) -> set[str]:
    """The message ids in whose place another message stands now."""
    raw = {record["messageId"]: record["body"] for record in event["Records"]}
    replaced = set()
    for record in records:
        read = record.body.model_dump(mode="json", exclude_none=True, by_alias=True)
        if json.loads(raw[record.message_id]) == read:
            continue
        try:
            put_back(read)
            replaced.add(record.message_id)
        except Exception:  # then it comes back as it is
            logger.exception("queue.not_put_back", message_id=record.message_id)
    return replaced


def _succeeds(handle: Callable[[Record[M]], None], record: Record[M]) -> bool:
    try:
        handle(record)
    except TryLater as wait:
        logger.info("queue.try_later", message_id=record.message_id, why=str(wait))
        return False
    except Exception:  # whatever it was, the other records must not suffer, and this one must come back
        logger.exception("queue.failed", message_id=record.message_id, body=type(record.body).__name__)
        count("QueueFailed")
        return False
    return True
