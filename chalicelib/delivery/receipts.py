"""RECEIPTS: what providers say afterwards is folded into the ledger, in any order, as often as it comes.

"Taken by the provider" and "delivered" stay two results. A receipt of a message that is not in the ledger (a verification
code) is let go once it is old enough that its message id would have been written.
"""

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from chalicelib.channels.model import Channel
from chalicelib.delivery.messages import ReceiptMessage, SesEvent, SmsReceipt
from chalicelib.delivery.model import BatchKey, Receipt, Result
from chalicelib.delivery.store import Ledger, MessageIds
from chalicelib.platform.batch import Record
from chalicelib.platform.clock import Clock
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import QueueName, Queues

LET_GO_AFTER = timedelta(minutes=5)

# SES event publishing: eventType. Opens, clicks and complaints say nothing about delivery.
SES_RESULTS: Mapping[str, Result] = {
    "Send": Result.SENT,
    "Delivery": Result.DELIVERED,
    "Bounce": Result.FAILED,
    "Reject": Result.FAILED,
    "Rendering Failure": Result.FAILED,
}
OPTED_OUT = "opted out"  # SNS delivery log, providerResponse: "Phone number is opted out"


@dataclass(frozen=True)
class Receipts:
    ledger: Ledger
    message_ids: MessageIds
    clock: Clock

    def fold(self, records: list[Record[ReceiptMessage]]) -> set[str]:
        """Write the news of one window: each batch row once. Returns the message ids that must come back."""
        known, waiting = self._resolved(records)
        by_lane: dict[tuple[BatchKey, Channel], dict[int, Result]] = defaultdict(dict)
        for receipt in known:
            lane = by_lane[receipt.key, receipt.channel]
            lane[receipt.index] = max(lane.get(receipt.index, Result.NONE), receipt.result, key=list(Result).index)
        for (key, channel), results in by_lane.items():
            batch = self.ledger.get(key)
            if batch and channel in batch.lanes:
                self.ledger.record(batch, channel, results)
        count("Receipts", len(known))
        return waiting

    def _resolved(self, records: list[Record[ReceiptMessage]]) -> tuple[list[Receipt], set[str]]:
        sms = {r.body.root.sms_message_id for r in records if isinstance(r.body.root, SmsReceipt)}
        refs = self.message_ids.get(sms)
        known: list[Receipt] = []
        waiting: set[str] = set()
        for record in records:
            receipt = record.body.root
            if isinstance(receipt, SesEvent):
                known += _of_ses(receipt)
            elif ref := refs.get(receipt.sms_message_id):
                known.append(Receipt(ref.key, ref.channel, ref.index, _sms_result(receipt)))
            elif self.clock.now() - record.sent_at < LET_GO_AFTER:
                waiting.add(record.message_id)
        return known, waiting


def _of_ses(event: SesEvent) -> Iterator[Receipt]:
    tags = {name: values[0] for name, values in event.mail.tags.items() if values}
    result = SES_RESULTS.get(event.event_type)
    if result is None or not {"alert", "message", "batch", "index"} <= tags.keys():
        return
    key = BatchKey.parse(tags["alert"], tags["message"], tags["batch"])
    yield Receipt(key, Channel.EMAIL, int(tags["index"]), result)


def _sms_result(receipt: SmsReceipt) -> Result:
    if receipt.status == "SUCCESS":
        return Result.DELIVERED
    return Result.OPTED_OUT if OPTED_OUT in receipt.provider_response.lower() else Result.FAILED


@dataclass(frozen=True)
class SmsLog:
    """SNS writes SMS delivery status to CloudWatch Logs; a subscription brings it here, and it goes on a queue."""

    queues: Queues

    def forward(self, event: Mapping[str, Any]) -> None:
        """``event``: a CloudWatch Logs subscription's. A line that is no delivery status is counted and let go."""
        data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        receipts = [receipt for line in data["logEvents"] if (receipt := _read_line(line["message"]))]
        self.queues.send(QueueName.RECEIPTS, _bodies(receipts))
        logger.info("sms_log.forwarded", receipts=len(receipts), lines=len(data["logEvents"]))


def _read_line(line: str) -> SmsReceipt | None:
    try:
        entry = json.loads(line)
        return SmsReceipt(
            sms_message_id=entry["notification"]["messageId"],
            status=entry["status"],
            provider_response=entry["delivery"].get("providerResponse", ""),
            at=entry["notification"]["timestamp"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        count("SmsLogUnreadable")
        return None


def _bodies(receipts: Iterable[SmsReceipt]) -> list[dict[str, Any]]:
    """Grouped by id, so that receipts of one message tend to arrive together."""
    ordered = sorted(receipts, key=lambda receipt: receipt.sms_message_id)
    return [
        receipt.model_dump(mode="json")
        for _, group in groupby(ordered, key=lambda receipt: receipt.sms_message_id)
        for receipt in group
    ]
