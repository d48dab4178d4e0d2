"""RECEIPTS: what providers say afterwards is folded into the ledger, in any order, as often as it comes.

"Taken by the provider" and "delivered" stay two results.
"""

import base64
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from chalicelib.channels.model import Channel
from chalicelib.delivery.message_ids import MessageIds
from chalicelib.delivery.messages import PhoneEvent, ReceiptMessage, SesEvent, SmsReceipt, SmsReceipts
from chalicelib.delivery.model import NO_COSTS, BatchKey, Cost, Receipt, Result, merged
from chalicelib.delivery.store import Ledger
from chalicelib.delivery.suppress import suppress
from chalicelib.participants.model import SuppressionReason
from chalicelib.platform.batch import Record
from chalicelib.platform.observe import count, logger
from chalicelib.platform.queues import QueueName, Queues

PACK = 250  # receipts of one message: about 40 KB
FEW = 32  # of the log that are folded at once: the fewer, the less waiting for others would spare
AGAIN_S = 60
ATTEMPTS = 6  # after 1 + 2 + ... + 32 s an id that is not there will not come
TAGS = ("alert", "message", "batch", "index")

COMPLAINT = "Complaint"  # it was delivered, and called spam
PERMANENT = "Permanent"  # bounceType
# SES event publishing: eventType. Opens and clicks say nothing about delivery.
SES_RESULTS: Mapping[str, Result] = {
    "Send": Result.SENT,
    "Delivery": Result.DELIVERED,
    COMPLAINT: Result.DELIVERED,
    "Bounce": Result.FAILED,
    "Reject": Result.FAILED,
    "Rendering Failure": Result.FAILED,
}
# End User Messaging, "Event types for SMS, MMS, and voice". A text that a carrier took is delivered only where that is
# the last that will be heard of it, as in some countries. A call that was answered may have been put down again;
# completed is what was said to the end. What is not here says nothing about delivery.
PHONE_RESULTS: Mapping[str, tuple[Channel, Result]] = {
    **dict.fromkeys(("TEXT_QUEUED", "TEXT_PENDING", "TEXT_SENT", "TEXT_SUCCESSFUL"), (Channel.SMS, Result.SENT)),
    "TEXT_DELIVERED": (Channel.SMS, Result.DELIVERED),
    **dict.fromkeys(
        (
            "TEXT_INVALID",
            "TEXT_INVALID_MESSAGE",
            "TEXT_UNREACHABLE",
            "TEXT_CARRIER_UNREACHABLE",
            "TEXT_BLOCKED",
            "TEXT_CARRIER_BLOCKED",
            "TEXT_PROTECT_BLOCKED",
            "TEXT_SPAM",
            "TEXT_TTL_EXPIRED",
        ),
        (Channel.SMS, Result.FAILED),
    ),
    **dict.fromkeys(("VOICE_INITIATED", "VOICE_RINGING", "VOICE_ANSWERED"), (Channel.VOICE, Result.SENT)),
    "VOICE_COMPLETED": (Channel.VOICE, Result.DELIVERED),
    **dict.fromkeys(
        ("VOICE_BUSY", "VOICE_NO_ANSWER", "VOICE_FAILED", "VOICE_TTL_EXPIRED"), (Channel.VOICE, Result.FAILED)
    ),
}
LAST_WORD = "TEXT_SUCCESSFUL"
# SNS delivery log, providerResponse: "Phone number is opted out". End User Messaging has no event type for it: whoever
# is on its list of opt-outs when the message is sent later ends as blocked, and messageStatusDescription says why.
OPTED_OUT = "opted out"


@dataclass(frozen=True)
class Receipts:
    ledger: Ledger
    message_ids: MessageIds
    queues: Queues

    def fold(self, records: list[Record[ReceiptMessage]]) -> set[str]:
        """Write the news of one window, each batch once."""
        bodies = [record.body.root for record in records]
        logged = [receipt for body in bodies if isinstance(body, SmsReceipts) for receipt in body.receipts]
        addressed = chain.from_iterable(_of_event(body) for body in bodies if not isinstance(body, SmsReceipts))
        self._fold(chain(addressed, self._resolved(logged)))
        count("Receipts", len(bodies))
        return set()

    def fold_logged(self, receipts: Sequence[SmsReceipt]) -> None:
        """The same, of some entries of SNS's log that are on no queue."""
        self._fold(self._resolved(receipts))
        count("Receipts")

    def _fold(self, receipts: Iterable[Receipt]) -> None:
        by_batch: dict[BatchKey, dict[Channel, dict[int, Result]]] = defaultdict(lambda: defaultdict(dict))
        costs: dict[BatchKey, dict[Channel, dict[int, Cost]]] = defaultdict(lambda: defaultdict(dict))
        never: dict[tuple[BatchKey, Channel], dict[int, SuppressionReason]] = defaultdict(dict)
        for receipt in receipts:
            lane = by_batch[receipt.key][receipt.channel]
            lane[receipt.index] = merged(lane.get(receipt.index, Result.NONE), receipt.result)
            if receipt.cost:
                known = costs[receipt.key][receipt.channel]
                known[receipt.index] = receipt.cost.merged(known.get(receipt.index, receipt.cost))
            if receipt.never_again:
                never[receipt.key, receipt.channel][receipt.index] = receipt.never_again
        for (key, channel), reasons in never.items():
            if batch := self.ledger.get(key):
                suppress(self.queues, batch, channel, reasons)
        for key, news in by_batch.items():
            self.ledger.fold(key, news, costs.get(key, NO_COSTS))

    def put_back(self, body: Mapping[str, Any]) -> None:
        """What was read of an event that could not be folded, without whom it was for."""
        self.queues.send(QueueName.RECEIPTS, [body], delay_s=AGAIN_S)

    def _resolved(self, receipts: Sequence[SmsReceipt]) -> Iterator[Receipt]:
        refs = self.message_ids.get(receipt.sms_message_id for receipt in receipts)
        early: dict[int, list[SmsReceipt]] = defaultdict(list)
        for receipt in receipts:
            if ref := refs.get(receipt.sms_message_id):
                result = _sms_result(receipt)
                never_again = SuppressionReason.OPTED_OUT if result is Result.OPTED_OUT else None
                cost = _cost(receipt.parts, receipt.price)
                yield Receipt(ref.key, ref.channel, ref.index, result, never_again, cost)
            else:
                early[receipt.attempt].append(receipt)
        for attempt, some in early.items():
            self._ask_again(attempt, some)

    def _ask_again(self, attempt: int, receipts: Sequence[SmsReceipt]) -> None:
        """The sender may not have written the ids yet; a verification code's never is."""
        if attempt == ATTEMPTS:
            count("ReceiptsOfOthers", len(receipts))
            return
        later = [receipt.model_copy(update={"attempt": attempt + 1}) for receipt in receipts]
        self.queues.send(QueueName.RECEIPTS, _packed(later), delay_s=2**attempt)


def _of_event(event: SesEvent | PhoneEvent) -> Iterator[Receipt]:
    return _of_ses(event) if isinstance(event, SesEvent) else _of_phone(event)


def _of_ses(event: SesEvent) -> Iterator[Receipt]:
    result = SES_RESULTS.get(event.event_type)
    if result is None:
        return
    never_again = SuppressionReason.COMPLAINED if event.event_type == COMPLAINT else None
    if event.bounce and event.bounce.bounce_type == PERMANENT:
        never_again = SuppressionReason.BOUNCED
    tags = {name: values[0] for name, values in event.mail.tags.items() if values}
    yield from _addressed(tags, Channel.EMAIL, result, never_again)


def _of_phone(event: PhoneEvent) -> Iterator[Receipt]:
    if known := PHONE_RESULTS.get(event.event_type):
        channel, result = known
        last = event.event_type == LAST_WORD and event.is_final
        cost = _cost(event.parts, event.price)
        if channel is Channel.SMS and result is Result.FAILED and OPTED_OUT in event.description.lower():
            yield from _addressed(event.context, channel, Result.OPTED_OUT, SuppressionReason.OPTED_OUT, cost)
        else:
            yield from _addressed(event.context, channel, Result.DELIVERED if last else result, cost=cost)


def _addressed(
    tags: Mapping[str, str],
    channel: Channel,
    result: Result,
    never_again: SuppressionReason | None = None,
    cost: Cost | None = None,
) -> Iterator[Receipt]:
    """Of a message that carries our tags."""
    try:
        alert, message, batch, index = (tags[name] for name in TAGS)
        yield Receipt(BatchKey.parse(alert, message, batch), channel, int(index), result, never_again, cost)
    except (KeyError, ValueError):
        count("ReceiptsOfOthers")  # such as a verification code's


def _cost(parts: int, price: float | None) -> Cost | None:
    """``price``: US dollars of all parts; None where the provider does not say."""
    return None if price is None else Cost(parts, round(price * 1_000_000))


def _sms_result(receipt: SmsReceipt) -> Result:
    if receipt.status == "SUCCESS":
        return Result.DELIVERED
    return Result.OPTED_OUT if OPTED_OUT in receipt.provider_response.lower() else Result.FAILED


@dataclass(frozen=True)
class SmsLog:
    """SNS writes SMS delivery status to CloudWatch Logs; a subscription brings it here.

    Many go on the queue, where they are folded with what else comes in a while. A few are folded at once: the last
    receipts of an alert come one by one for half a minute, and each would be a message on its own.
    """

    receipts: Receipts
    queues: Queues

    def take(self, event: Mapping[str, Any]) -> None:
        """``event``: a CloudWatch Logs subscription's. A line that is no delivery status is counted and let go."""
        data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
        receipts = [receipt for line in data["logEvents"] if (receipt := _read_line(line["message"]))]
        folded = len(receipts) <= FEW and self._folded(receipts)
        if not folded:
            self.queues.send(QueueName.RECEIPTS, _packed(receipts))
        logger.info("sms_log.taken", receipts=len(receipts), lines=len(data["logEvents"]), folded=folded)

    def _folded(self, receipts: Sequence[SmsReceipt]) -> bool:
        try:
            self.receipts.fold_logged(receipts)
        except Exception:  # the queue tries again, and longer
            logger.exception("sms_log.not_folded", receipts=len(receipts))
            return False
        return True


def _packed(receipts: Sequence[SmsReceipt]) -> list[dict[str, Any]]:
    """Message bodies: SQS bills 64 KB of a message as one request, so many go together."""
    return [
        SmsReceipts(receipts=tuple(receipts[start : start + PACK])).model_dump(mode="json")
        for start in range(0, len(receipts), PACK)
    ]


def _read_line(line: str) -> SmsReceipt | None:
    try:
        entry = json.loads(line)
        return SmsReceipt(
            sms_message_id=entry["notification"]["messageId"],
            status=entry["status"],
            provider_response=entry["delivery"].get("providerResponse") or "",
            parts=entry["delivery"].get("numberOfMessageParts") or 1,
            price=entry["delivery"].get("priceInUSD"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        count("SmsLogUnreadable")
        return None
