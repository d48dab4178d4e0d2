"""SMS through Amazon SNS: one number a call; the receipt comes as a CloudWatch Logs entry with the message id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from chalicelib.channels.model import Accepted, Answer, Refusal, Refused

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

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
    """``client`` must not retry by itself: a publish that timed out may have been taken."""

    client: "Callable[[], SNSClient]"
    sender_id: str

    def send(self, phone: str, text: str, *, alert: str = "") -> Answer:
        attributes: dict[str, MessageAttributeValueTypeDef] = {
            "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": self.sender_id},
        }
        if alert:
            attributes["alert"] = {"DataType": "String", "StringValue": alert}
        try:
            answer = self.client().publish(PhoneNumber=phone, Message=text, MessageAttributes=attributes)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            return Refused(REFUSALS.get(code, Refusal.TEMPORARY), code)
        except ConnectionError as error:  # botocore's: no connection came about, so nothing was taken
            return Refused(Refusal.TEMPORARY, type(error).__name__)
        except HTTPClientError as error:
            return Refused(Refusal.UNKNOWN, type(error).__name__)
        return Accepted(answer["MessageId"])


@dataclass
class MemorySmsSender:
    """The twin: keeps what was sent. ``refusals``: phone -> answers to give, first come first."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    refusals: dict[str, list[Refused]] = field(default_factory=dict)

    def send(self, phone: str, text: str, *, alert: str = "") -> Answer:
        if self.refusals.get(phone):
            return self.refusals[phone].pop(0)
        self.sent.append((phone, text))
        return Accepted(f"sms-{len(self.sent)}")
