"""Hand-over between functions: a queue takes JSON bodies that hold ids, never contacts.

Alerts that are sent at the same time do not wait for each other: what is about an alert carries its id as
``MessageGroupId``, and SQS hands out first what is of a group that has few messages under way (fair queues).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH = 10  # SQS: entries per SendMessageBatch
MAX_DELAY_S = 900  # SQS: the longest DelaySeconds


class QueueName(StrEnum):
    """Every queue of the system. ``..._followup`` carries updates and outcomes, so that they never wait."""

    NOTICES = "notices"
    SUPPRESS = "suppress"
    STAFF_MAIL = "staff_mail"
    PROOFS = "proofs"
    AUDIT = "audit"
    PLAN = "plan"
    WAVES = "waves"
    MATCH = "match"
    MATCH_FOLLOWUP = "match_followup"
    SMS = "sms"
    SMS_FOLLOWUP = "sms_followup"
    VOICE = "voice"
    VOICE_FOLLOWUP = "voice_followup"
    EMAIL = "email"
    EMAIL_FOLLOWUP = "email_followup"
    PUSH = "push"
    PUSH_FOLLOWUP = "push_followup"
    SOCIAL = "social"
    TOPICS = "topics"
    RECEIPTS = "receipts"
    TALLY = "tally"
    COUNT = "count"


class Queues(Protocol):
    def send(self, queue: QueueName, bodies: Iterable[Mapping[str, Any]], *, delay_s: int = 0) -> None:
        """Put all bodies on the queue, or raise: an error means that some may not have been taken.

        ``delay_s``: 0 to 900; nobody receives them before that.
        """
        ...


class SqsRefused(Exception):
    """SQS did not take some entries of a batch after a second try."""


@dataclass(frozen=True)
class SqsQueues:
    """``urls``: queue name -> queue URL. ``client``: made on first use."""

    client: "Callable[[], SQSClient]"
    urls: Mapping[QueueName, str]

    def send(self, queue: QueueName, bodies: Iterable[Mapping[str, Any]], *, delay_s: int = 0) -> None:
        entries = [_entry(str(number), body, delay_s) for number, body in enumerate(bodies)]
        for start in range(0, len(entries), BATCH):
            self._send(queue, entries[start : start + BATCH])

    def _send(self, queue: QueueName, entries: "list[SendMessageBatchRequestEntryTypeDef]") -> None:
        for _ in range(2):
            answer = self.client().send_message_batch(QueueUrl=self.urls[queue], Entries=entries)
            refused = {failure["Id"] for failure in answer.get("Failed", [])}
            if not refused:
                return
            entries = [entry for entry in entries if entry["Id"] in refused]
        raise SqsRefused(f"{queue}: {len(entries)} entries")


def _entry(name: str, body: Mapping[str, Any], delay_s: int) -> "SendMessageBatchRequestEntryTypeDef":
    entry: SendMessageBatchRequestEntryTypeDef = {
        "Id": name,
        "MessageBody": json.dumps(body, separators=(",", ":")),
        "DelaySeconds": delay_s,
    }
    return {**entry, "MessageGroupId": body["alert"]} if "alert" in body else entry


@dataclass
class MemoryQueues:
    """The twin: keeps ``(queue, body, delay_s)`` in the order of sending."""

    sent: list[tuple[QueueName, dict[str, Any], int]] = field(default_factory=list)

    def send(self, queue: QueueName, bodies: Iterable[Mapping[str, Any]], *, delay_s: int = 0) -> None:
        if not 0 <= delay_s <= MAX_DELAY_S:
            raise ValueError(f"SQS takes a delay of 0 to {MAX_DELAY_S} s")
        # Through JSON and back, so that a test meets what a consumer would.
        self.sent += [(queue, json.loads(json.dumps(body)), delay_s) for body in bodies]

    def take(self, queue: QueueName) -> list[dict[str, Any]]:
        """Remove and return the bodies of one queue, delay or not."""
        taken = [body for name, body, _ in self.sent if name is queue]
        self.sent = [entry for entry in self.sent if entry[0] is not queue]
        return taken
