"""E-mail through Amazon SES v2 in bulk: one call for up to 50 recipients, with tags that address the ledger."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.channels.model import Accepted, Answer, Mail, MailRecipient, Refusal, Refused
from chalicelib.platform.outgoing import NoAnswer, NoConnection
from chalicelib.platform.signed import SES, Signed, json_problem

PATH = "/v2/email/outbound-bulk-emails"
JSON = {"Content-Type": "application/json"}
BULK = 50  # SES: destinations per SendBulkEmail
ONE_CLICK = '{"Name":"List-Unsubscribe-Post","Value":"List-Unsubscribe=One-Click"}'

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


_json = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class SesEmailSender:
    """Never tries again by itself: a call that was not answered may have been taken."""

    sender: str
    configuration_set: str
    service: Signed = field(default_factory=lambda: Signed(SES))

    def send(self, mail: Mail, to: Sequence[MailRecipient]) -> list[Answer]:
        if len(to) > BULK:
            raise ValueError(f"SES takes {BULK} recipients a call, not {len(to)}")
        entries = ",".join([_entry(recipient) for recipient in to])
        request = f'{self._common(mail)},"BulkEmailEntries":[{entries}]}}'
        try:
            answer = self.service.post(PATH, request.encode(), JSON)
        except NoConnection as error:
            return [Refused(Refusal.TEMPORARY, str(error))] * len(to)
        except NoAnswer as error:
            return [Refused(Refusal.UNKNOWN, str(error))] * len(to)
        if answer.ok:
            return [_answer(result) for result in json.loads(answer.content)["BulkEmailEntryResults"]]
        code = json_problem(answer).code
        return [Refused(CALL_REFUSALS.get(code, Refusal.TEMPORARY), code)] * len(to)

    def _common(self, mail: Mail) -> str:
        """What is of everybody: the beginning of the request, without the brace that ends it."""
        request = {
            "FromEmailAddress": self.sender,
            "ConfigurationSetName": self.configuration_set,
            "DefaultContent": {"Template": _template(mail)},
        }
        return _json(request)[:-1]


def _template(mail: Mail) -> dict[str, Any]:
    placeholders = set(re.findall(r"\{\{(\w+)\}\}", mail.subject + mail.text + mail.html))
    return {
        "TemplateContent": {"Subject": mail.subject, "Text": mail.text, "Html": mail.html},
        # Every placeholder needs a default, or SES fails the rendering of the whole entry.
        "TemplateData": _json(dict.fromkeys(sorted(placeholders), "")),
    }


def _entry(recipient: MailRecipient) -> str:
    """What is of one recipient: JSON, put together by hand because it is made for each."""
    tags = ",".join([f'{{"Name":{_json(name)},"Value":{_json(value)}}}' for name, value in recipient.tags.items()])
    values = ",".join([f"{_json(name)}:{_json(value)}" for name, value in recipient.values.items()])
    headers = ""
    if recipient.unsubscribe_url:
        link = _json(f"<{recipient.unsubscribe_url}>")
        headers = f',"ReplacementHeaders":[{{"Name":"List-Unsubscribe","Value":{link}}},{ONE_CLICK}]'
    return (
        f'{{"Destination":{{"ToAddresses":[{_json(recipient.address)}]}},"ReplacementTags":[{tags}],'
        f'"ReplacementEmailContent":{{"ReplacementTemplate":{{"ReplacementTemplateData":{_json(f"{{{values}}}")}}}}}'
        f"{headers}}}"
    )


def _answer(result: Mapping[str, str]) -> Answer:
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
