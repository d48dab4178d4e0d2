"""AWS End User Messaging, ``SendTextMessage`` and ``SendVoiceMessage``: AWS's JSON protocol 1.0."""

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from local.carrier import sms_parts
from local.carrier.exchange import Exchange, answer_delay_s
from local.carrier.faults import Fault
from local.carrier.inbox import Channel, Message, Spoken, Written

TARGET = "PinpointSMSVoiceV2"  # what X-Amz-Target begins with
VOICES = {"AMY", "BRIAN", "EMMA", "LOTTE", "RUBEN"}  # the English and Dutch ones
MAX_SAID = 3_000  # characters without elements
# Amazon Polly, "Supported SSML tags"; without those that only some voices know.
ELEMENTS = {"speak", "break", "lang", "mark", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}


class PhoneError(Exception):
    """``code`` and ``reason`` as the API reference names them."""

    def __init__(self, code: str, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.body = {"__type": code, "Message": message} | ({"Reason": reason} if reason else {})


class _Send(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    DestinationPhoneNumber: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    ConfigurationSetName: str = Field(default="", max_length=256, pattern=r"^[A-Za-z0-9_:/-]*$")
    TimeToLive: int = Field(default=259_200, ge=5, le=259_200)
    Context: dict[str, str] = Field(default_factory=dict, max_length=5)


class SendTextMessage(_Send):
    OriginationIdentity: str = Field(default="NOTICE", max_length=256, pattern=r"^[A-Za-z0-9_:/+-]+$")
    MessageBody: str = Field(min_length=1, max_length=1600, pattern=r"\S")
    MessageType: Literal["TRANSACTIONAL", "PROMOTIONAL"] = "PROMOTIONAL"


class SendVoiceMessage(_Send):
    OriginationIdentity: str = Field(max_length=256, pattern=r"^[A-Za-z0-9_:/+-]+$")
    MessageBody: str = Field(min_length=1, max_length=6000, pattern=r"\S")
    MessageBodyTextType: Literal["TEXT", "SSML"] = "TEXT"
    VoiceId: str = "MATTHEW"


M = TypeVar("M", bound=_Send)


@dataclass(frozen=True)
class EndUserMessaging:
    exchange: Exchange

    async def handle(self, request: Request) -> Response:
        """``POST /`` with our target in front of the operation."""
        operation = request.headers["x-amz-target"].partition(".")[2]
        try:
            message_id, delay_s = self._take(operation, await request.body())
        except PhoneError as error:
            return _json(error.body, 400)
        if delay_s:
            await asyncio.sleep(delay_s)
        return _json({"MessageId": message_id}, 200)

    def _take(self, operation: str, body: bytes) -> tuple[str, float]:
        if operation == "SendTextMessage":
            return self._accept(self._text(_read(SendTextMessage, body)))
        if operation == "SendVoiceMessage":
            return self._accept(self._call(_read(SendVoiceMessage, body)))
        raise PhoneError("UnknownOperationException", f"The carrier does not know {operation}")

    def _accept(self, message: Message) -> tuple[str, float]:
        rule = self.exchange.strike(message.channel, message.to)
        if rule and rule.fault is Fault.THROTTLED:
            raise PhoneError("ThrottlingException", "Rate exceeded")
        if rule and rule.fault is Fault.REJECTED:
            raise _invalid("DestinationPhoneNumber", "INVALID_PARAMETER")
        if rule and rule.fault is Fault.OPTED_OUT:
            self.exchange.counts[message.channel, Fault.OPTED_OUT] += 1
            raise PhoneError(
                "ConflictException", "Destination phone number is opted out", "DESTINATION_PHONE_NUMBER_OPTED_OUT"
            )
        self.exchange.accept(message, rule)
        return message.id, answer_delay_s(rule)

    def _text(self, asked: SendTextMessage) -> Message:
        parts = sms_parts.count(asked.MessageBody)
        return Message(
            channel=Channel.SMS,
            content=Written(asked.MessageBody),
            sms_type=asked.MessageType.capitalize(),
            parts=parts.parts,
            encoding=parts.encoding,
            **self._common(asked, asked.OriginationIdentity),
        )

    def _call(self, asked: SendVoiceMessage) -> Message:
        if asked.VoiceId not in VOICES:
            raise _invalid("VoiceId", "FIELD_VALIDATION_FAILED")
        said = _plain(asked.MessageBody) if asked.MessageBodyTextType == "SSML" else asked.MessageBody
        if len(said) > MAX_SAID:
            raise _invalid("MessageBody", "MAXIMUM_SIZE_EXCEEDED")
        return Message(
            channel=Channel.VOICE,
            content=Spoken(said, asked.MessageBody, asked.VoiceId),
            **self._common(asked, asked.OriginationIdentity),
        )

    def _common(self, asked: _Send, origination: str) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "to": asked.DestinationPhoneNumber,
            "at": self.exchange.clock.now(),
            "sender": origination,
            "tags": asked.Context,
            "configuration_set": asked.ConfigurationSetName,
            "life_s": asked.TimeToLive,
            "end_user_messaging": True,
        }


def _plain(ssml: str) -> str:
    """What is said. Refuses what Amazon Polly would not say, such as a recording."""
    if "<!" in ssml:  # no declarations, so no entities either: nothing that grows while it is read
        raise _invalid("MessageBody", "CANNOT_PARSE")
    try:
        root = ElementTree.fromstring(ssml)  # noqa: S314
    except ElementTree.ParseError:
        raise _invalid("MessageBody", "CANNOT_PARSE") from None
    if root.tag != "speak" or any(element.tag not in ELEMENTS for element in root.iter()):
        raise _invalid("MessageBody", "CANNOT_PARSE")
    for element in root.iter():
        if element.tag in ("break", "p"):
            element.tail = f" {element.tail or ''}"
    return " ".join("".join(root.itertext()).split())


def _read(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(str(error.errors()[0]["loc"][:1] or "body"), "FIELD_VALIDATION_FAILED") from None


def _invalid(field: str, reason: str) -> PhoneError:
    return PhoneError("ValidationException", f"1 validation error detected: {field}", reason)


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status, media_type="application/x-amz-json-1.0")
