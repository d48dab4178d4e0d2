"""SMS through Amazon SNS: one number a call; the receipt comes as a CloudWatch Logs entry with the message id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from chalicelib.channels.model import NO_TAGS, Accepted, Answer, Refusal, Refused
from chalicelib.platform.outgoing import NoAnswer, NoConnection
from chalicelib.platform.signed import SNS, Signed, element, query_problem

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
# SNS API Reference, Publish: error codes. What is not here is treated as temporary: better late than never.
REFUSALS: Mapping[str, Refusal] = {
    "Throttled": Refusal.THROTTLED,
    "Throttling": Refusal.THROTTLED,
    "ThrottlingException": Refusal.THROTTLED,
    "ThrottledException": Refusal.THROTTLED,
    "InvalidParameter": Refusal.PERMANENT,
    "InvalidParameterException": Refusal.PERMANENT,
    "ParameterValueInvalid": Refusal.PERMANENT,
    "OptedOut": Refusal.OPTED_OUT,
    "OptedOutException": Refusal.OPTED_OUT,
}


@dataclass(frozen=True)
class SnsSmsSender:
    """Never tries again by itself: a publish that was not answered may have been taken."""

    sender_id: str
    service: Signed = field(default_factory=lambda: Signed(SNS))

    def send(self, phone: str, text: str, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None) -> Answer:
        common = _common(self.sender_id, tags.get("alert", ""))
        form = f"{common}&PhoneNumber={quote_plus(phone)}&Message={quote_plus(text)}"
        try:
            answer = self.service.post("/", form.encode(), FORM)
        except NoConnection as error:
            return Refused(Refusal.TEMPORARY, str(error))
        except NoAnswer as error:
            return Refused(Refusal.UNKNOWN, str(error))
        if answer.ok:
            return Accepted(element("MessageId", answer.content))
        code = query_problem(answer).code
        return Refused(REFUSALS.get(code, Refusal.TEMPORARY), code)


@lru_cache(maxsize=16)
def _common(sender_id: str, alert: str) -> str:
    """What all messages of an alert have in common, as a form."""
    attributes = {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": sender_id}
    if alert:
        attributes["alert"] = alert
    form = {"Action": "Publish", "Version": "2010-03-31"}
    for number, (name, value) in enumerate(attributes.items(), 1):
        entry = f"MessageAttributes.entry.{number}"
        form |= {f"{entry}.Name": name, f"{entry}.Value.DataType": "String", f"{entry}.Value.StringValue": value}
    return urlencode(form)


@dataclass
class MemorySmsSender:
    """The twin: keeps what was sent. ``refusals``: phone -> answers to give, first come first."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    refusals: dict[str, list[Refused]] = field(default_factory=dict)

    def send(self, phone: str, text: str, *, tags: Mapping[str, str] = NO_TAGS, life_s: int | None = None) -> Answer:
        if self.refusals.get(phone):
            return self.refusals[phone].pop(0)
        self.sent.append((phone, text))
        return Accepted(f"sms-{len(self.sent)}")
