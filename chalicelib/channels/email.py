"""E-mail through Amazon SES v2 in bulk: one call for up to 50 recipients, with tags that address the ledger."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.channels.model import Accepted, Answer, Mail, MailRecipient, Refusal, Refused
from chalicelib.platform.outgoing import NoAnswer, NoConnection
from chalicelib.platform.signed import SES, Signed, json_problem

PATH = "/v2/email/outbound-bulk-emails"
JSON = {"Content-Type": "application/json"}
TEMPLATES_KEPT = 8
BULK = 50  # SES: destinations per SendBulkEmail
ONE_CLICK = {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"}

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


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """What became of one entry of a call."""

    status: str = "FAILED"
    message_id: str | None = None


class Results(msgspec.Struct, frozen=True, rename="pascal"):
    """SES's answer, the results in the order of the entries."""

    bulk_email_entry_results: list[Result]


_json = msgspec.json.Encoder().encode
_results = msgspec.json.Decoder(Results).decode


@dataclass(frozen=True)
class SesEmailSender:
    """Never tries again by itself: a call that was not answered may have been taken."""

    sender: str
    configuration_set: str
    service: Signed = field(default_factory=lambda: Signed(SES))

    def send(self, mail: Mail, to: Sequence[MailRecipient]) -> list[Answer]:
        if len(to) > BULK:
            raise ValueError(f"SES takes {BULK} recipients a call, not {len(to)}")
        try:
            answer = self.service.post(PATH, _json(self._request(mail, to)), JSON)
        except NoConnection as error:
            return [Refused(Refusal.TEMPORARY, str(error))] * len(to)
        except NoAnswer as error:
            return [Refused(Refusal.UNKNOWN, str(error))] * len(to)
        if answer.ok:
            return [_answer(result) for result in _results(answer.content).bulk_email_entry_results]
        code = json_problem(answer).code
        return [Refused(CALL_REFUSALS.get(code, Refusal.TEMPORARY), code)] * len(to)

    def _request(self, mail: Mail, to: Sequence[MailRecipient]) -> dict[str, Any]:
        return {
            "FromEmailAddress": self.sender,
            "ConfigurationSetName": self.configuration_set,
            "DefaultContent": {"Template": _template(mail)},
            "BulkEmailEntries": [_entry(recipient) for recipient in to],
        }


@lru_cache(maxsize=TEMPLATES_KEPT)
def _template(mail: Mail) -> msgspec.Raw:
    """JSON, which is the same in all calls of an alert in one language."""
    placeholders = set(re.findall(r"\{\{(\w+)\}\}", mail.subject + mail.text + mail.html))
    template = {
        "TemplateContent": {"Subject": mail.subject, "Text": mail.text, "Html": mail.html},
        # Every placeholder needs a default, or SES fails the rendering of the whole entry.
        "TemplateData": _json(dict.fromkeys(sorted(placeholders), "")).decode(),
    }
    return msgspec.Raw(_json(template))


def _entry(recipient: MailRecipient) -> dict[str, Any]:
    entry = {
        "Destination": {"ToAddresses": [recipient.address]},
        "ReplacementTags": [{"Name": name, "Value": value} for name, value in recipient.tags.items()],
        "ReplacementEmailContent": {
            "ReplacementTemplate": {"ReplacementTemplateData": _json(recipient.values).decode()}
        },
    }
    if recipient.unsubscribe_url:
        link = {"Name": "List-Unsubscribe", "Value": f"<{recipient.unsubscribe_url}>"}
        entry["ReplacementHeaders"] = [link, ONE_CLICK]
    return entry


def _answer(result: Result) -> Answer:
    if result.status == "SUCCESS":
        return Accepted(result.message_id or "")
    return Refused(ENTRY_REFUSALS.get(result.status, Refusal.TEMPORARY), result.status)


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
