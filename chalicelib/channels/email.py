"""E-mail through Amazon SES v2 in bulk: one call for up to 50 recipients, with tags that address the ledger."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from chalicelib.channels.model import Accepted, Answer, Mail, MailRecipient, Refusal, Refused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import BulkEmailEntryResultTypeDef, BulkEmailEntryTypeDef

BULK = 50  # SES: destinations per SendBulkEmail

# SES API v2 Reference, BulkEmailEntryResult: Status. What is not here is treated as temporary.
ENTRY_REFUSALS: Mapping[str, Refusal] = {
    "MESSAGE_REJECTED": Refusal.PERMANENT,
    "INVALID_PARAMETER": Refusal.PERMANENT,
    "ACCOUNT_THROTTLED": Refusal.THROTTLED,
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": Refusal.THROTTLED,
}
CALL_REFUSALS: Mapping[str, Refusal] = {
    "TooManyRequestsException": Refusal.THROTTLED,
    "LimitExceededException": Refusal.THROTTLED,
    "MessageRejected": Refusal.PERMANENT,
    "BadRequestException": Refusal.PERMANENT,
}


@dataclass(frozen=True)
class SesEmailSender:
    """``client`` must not retry by itself: a call that timed out may have been taken."""

    client: "Callable[[], SESV2Client]"
    sender: str
    configuration_set: str

    def send(self, mail: Mail, to: Sequence[MailRecipient]) -> list[Answer]:
        if len(to) > BULK:
            raise ValueError(f"SES takes {BULK} recipients a call, not {len(to)}")
        placeholders = set(re.findall(r"\{\{(\w+)\}\}", mail.subject + mail.text + mail.html))
        try:
            answer = self.client().send_bulk_email(
                FromEmailAddress=self.sender,
                ConfigurationSetName=self.configuration_set,
                DefaultContent={
                    "Template": {
                        "TemplateContent": {"Subject": mail.subject, "Text": mail.text, "Html": mail.html},
                        # Every placeholder needs a default, or SES fails the rendering of the whole entry.
                        "TemplateData": json.dumps(dict.fromkeys(sorted(placeholders), "")),
                    }
                },
                BulkEmailEntries=[_entry(recipient) for recipient in to],
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            return [Refused(CALL_REFUSALS.get(code, Refusal.TEMPORARY), code)] * len(to)
        except ConnectionError as error:  # botocore's: no connection came about, so nothing was taken
            return [Refused(Refusal.TEMPORARY, type(error).__name__)] * len(to)
        except HTTPClientError as error:
            return [Refused(Refusal.UNKNOWN, type(error).__name__)] * len(to)
        return [_answer(result) for result in answer["BulkEmailEntryResults"]]


def _entry(recipient: MailRecipient) -> "BulkEmailEntryTypeDef":
    entry: BulkEmailEntryTypeDef = {
        "Destination": {"ToAddresses": [recipient.address]},
        "ReplacementTags": [{"Name": name, "Value": value} for name, value in recipient.tags.items()],
        "ReplacementEmailContent": {
            "ReplacementTemplate": {"ReplacementTemplateData": json.dumps(dict(recipient.values))}
        },
    }
    if recipient.unsubscribe_url:
        entry["ReplacementHeaders"] = [
            {"Name": "List-Unsubscribe", "Value": f"<{recipient.unsubscribe_url}>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        ]
    return entry


def _answer(result: "BulkEmailEntryResultTypeDef") -> Answer:
    status = result.get("Status", "FAILED")
    if status == "SUCCESS":
        return Accepted(result["MessageId"])
    return Refused(ENTRY_REFUSALS.get(status, Refusal.TEMPORARY), status)


@dataclass
class MemoryEmailSender:
    """The twin: keeps what was sent, placeholders filled in. ``refusals``: address -> answers to give."""

    sent: list[tuple[MailRecipient, Mail]] = field(default_factory=list)
    refusals: dict[str, list[Refused]] = field(default_factory=dict)
    calls: int = 0

    def send(self, mail: Mail, to: Sequence[MailRecipient]) -> list[Answer]:
        if len(to) > BULK:
            raise ValueError(f"SES takes {BULK} recipients a call, not {len(to)}")
        self.calls += 1
        return [self._send_one(mail, recipient) for recipient in to]

    def _send_one(self, mail: Mail, recipient: MailRecipient) -> Answer:
        if self.refusals.get(recipient.address):
            return self.refusals[recipient.address].pop(0)
        self.sent.append(
            (recipient, Mail(*(_filled(text, recipient) for text in (mail.subject, mail.text, mail.html))))
        )
        return Accepted(f"email-{len(self.sent)}")


def _filled(text: str, recipient: MailRecipient) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: recipient.values.get(match[1], ""), text)
