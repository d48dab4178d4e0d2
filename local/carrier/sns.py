"""Amazon SNS ``Publish`` to a phone number: AWS's query protocol, form-encoded in and XML out."""

import asyncio
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from local.carrier import sms_parts
from local.carrier.exchange import Exchange, answer_delay_s
from local.carrier.faults import Fault
from local.carrier.inbox import Channel, Message, Written

MAX_CHARACTERS = 1600  # SNS: one Publish of an SMS
SENDER_ID = "AWS.SNS.SMS.SenderID"
SMS_TYPE = "AWS.SNS.SMS.SMSType"

_E164 = re.compile(r"\+[1-9]\d{5,14}")
_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}")
_NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"


class SnsError(Exception):
    """``code`` as SNS's API reference names it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Sns:
    exchange: Exchange

    async def handle(self, request: Request) -> Response:
        """``POST /``: every action of SNS comes here."""
        try:
            form = _form(await request.body())
            if form.get("Action") != "Publish":
                raise SnsError(
                    "InvalidAction", f"The action {form.get('Action', '')} is not valid for this web service"
                )
            message_id, delay_s = self._publish(form)
        except SnsError as error:
            return _error(error)
        if delay_s:
            await asyncio.sleep(delay_s)
        return _xml(
            200,
            f'<PublishResponse xmlns="{_NAMESPACE}"><PublishResult><MessageId>{message_id}</MessageId></PublishResult>'
            f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></PublishResponse>",
        )

    def _publish(self, form: Mapping[str, str]) -> tuple[str, float]:
        phone, text, attributes = _checked(form)
        rule = self.exchange.strike(Channel.SMS, phone)
        if rule and rule.fault is Fault.THROTTLED:
            raise SnsError("Throttling", "Rate exceeded")
        if rule and rule.fault is Fault.REJECTED:
            raise _not_a_phone(phone)
        parts = sms_parts.count(text)
        message = Message(
            id=str(uuid.uuid4()),
            channel=Channel.SMS,
            to=phone,
            at=self.exchange.clock.now(),
            sender=attributes.get(SENDER_ID, "NOTICE"),
            content=Written(text),
            tags={name: value for name, value in attributes.items() if not name.startswith("AWS.")},
            sms_type=attributes.get(SMS_TYPE, "Promotional"),
            parts=parts.parts,
            encoding=parts.encoding,
        )
        self.exchange.accept(message, rule)
        return message.id, answer_delay_s(rule)


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
    except ValueError:
        raise SnsError("MalformedQueryString", "The query string is malformed") from None


def _checked(form: Mapping[str, str]) -> tuple[str, str, dict[str, str]]:
    """The phone number, the text and the message attributes."""
    if "PhoneNumber" not in form:
        raise SnsError(
            "InvalidParameter", "Invalid parameter: PhoneNumber Reason: the carrier takes no topic or target"
        )
    phone, text, attributes = form["PhoneNumber"], form.get("Message", ""), _attributes(form)
    if not _E164.fullmatch(phone):
        raise _not_a_phone(phone)
    if not text:
        raise SnsError("InvalidParameter", "Invalid parameter: Empty message")
    if len(text) > MAX_CHARACTERS:
        raise SnsError("InvalidParameter", "Invalid parameter: Message Reason: Message too long")
    if SENDER_ID in attributes and not _SENDER.fullmatch(attributes[SENDER_ID]):
        raise SnsError("InvalidParameter", f"Invalid parameter: {SENDER_ID} Reason: not a valid sender id")
    if attributes.get(SMS_TYPE, "Promotional") not in {"Promotional", "Transactional"}:
        raise SnsError("InvalidParameter", f"Invalid parameter: {SMS_TYPE} Reason: Promotional or Transactional")
    return phone, text, attributes


def _attributes(form: Mapping[str, str]) -> dict[str, str]:
    """``MessageAttributes.entry.N.Name`` and ``.Value.StringValue`` put together."""
    found: dict[str, str] = {}
    for number in range(1, len(form)):
        entry = f"MessageAttributes.entry.{number}"
        name = form.get(f"{entry}.Name")
        if name is None:
            break
        if not form.get(f"{entry}.Value.DataType"):
            raise SnsError("ParameterValueInvalid", f"The message attribute '{name}' must contain a DataType")
        found[name] = form.get(f"{entry}.Value.StringValue", "")
    return found


def _not_a_phone(phone: str) -> SnsError:
    return SnsError("InvalidParameter", f"Invalid parameter: PhoneNumber Reason: {phone} is not valid to publish to")


def _error(error: SnsError) -> Response:
    return _xml(
        error.status,
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>{error.code}</Code>'
        f"<Message>{escape(error.message)}</Message></Error><RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>",
    )


def _xml(status: int, text: str) -> Response:
    return Response(text, status, media_type="text/xml")
