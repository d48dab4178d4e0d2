"""Amazon Connect, ``StartOutboundVoiceContact``: it runs the flow of docs/runbooks/recordings.md."""

import asyncio
import re
import uuid
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.carrier.exchange import Exchange, answer_delay_s
from local.carrier.faults import Fault
from local.carrier.inbox import Channel, Message, Spoken

PHONE = r"^\+[1-9]\d{1,14}$"
VOICES = {"Amy", "Brian", "Emma", "Lotte", "Ruben"}
RECORDING = re.compile(r"https://[a-z0-9.-]+\.s3\.[a-z0-9-]+\.amazonaws\.com/\S+\.wav")
MOST_BYTES = 32_768  # of all attributes


class _Flow(BaseModel):
    """What the flow reads; other attributes are ours alone."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    before: str
    recording: str
    after: str
    voice: str


class StartOutboundVoiceContact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    DestinationPhoneNumber: str = Field(pattern=PHONE)
    SourcePhoneNumber: str = Field(pattern=PHONE)
    InstanceId: str = Field(min_length=1, max_length=100)
    ContactFlowId: str = Field(min_length=1, max_length=500)
    ClientToken: str = Field(max_length=500)
    RingTimeoutInSeconds: int = Field(default=60, ge=15, le=60)
    Attributes: dict[str, str]


class ConnectError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ConnectError)
    return JSONResponse({"Message": str(error)}, error.status, {"x-amzn-ErrorType": str(error)})


@dataclass(frozen=True)
class Connect:
    """``made``: client token -> the contact it made."""

    exchange: Exchange
    made: dict[str, str] = field(default_factory=dict)

    async def handle(self, request: Request) -> Response:
        """``PUT /contact/outbound-voice``."""
        try:
            asked = StartOutboundVoiceContact.model_validate_json(await request.body())
        except ValidationError:
            raise ConnectError(400, "InvalidParameterException") from None
        if asked.ClientToken in self.made:
            return JSONResponse({"ContactId": self.made[asked.ClientToken]})
        rule = self.exchange.strike(Channel.VOICE, asked.DestinationPhoneNumber)
        if rule and rule.fault is Fault.THROTTLED:
            raise ConnectError(429, "TooManyRequestsException")
        if rule and rule.fault is Fault.REJECTED:
            raise ConnectError(403, "DestinationNotAllowedException")
        message = self._call(asked)
        self.made[asked.ClientToken] = message.id
        self.exchange.accept(message, rule)
        if delay_s := answer_delay_s(rule):
            await asyncio.sleep(delay_s)
        return JSONResponse({"ContactId": message.id})

    def _call(self, asked: StartOutboundVoiceContact) -> Message:
        if sum(len(name) + len(value.encode()) for name, value in asked.Attributes.items()) > MOST_BYTES:
            raise ConnectError(400, "InvalidParameterException")
        try:
            flow = _Flow.model_validate(asked.Attributes)
            said = f"{_plain(flow.before)}\n[{flow.recording}]\n{_plain(flow.after)}"
        except (ValidationError, ElementTree.ParseError):
            raise ConnectError(400, "InvalidParameterException") from None
        if flow.voice not in VOICES or not RECORDING.fullmatch(flow.recording):
            raise ConnectError(400, "InvalidParameterException")
        ours = {name: value for name, value in asked.Attributes.items() if name not in _Flow.model_fields}
        return Message(
            id=str(uuid.uuid4()),
            channel=Channel.VOICE,
            to=asked.DestinationPhoneNumber,
            at=self.exchange.clock.now(),
            sender=asked.SourcePhoneNumber,
            content=Spoken(said, flow.before + flow.after, flow.voice),
            tags=ours,
        )


def _plain(ssml: str) -> str:
    if "<!" in ssml:  # no declarations, so no entities
        raise ElementTree.ParseError
    return " ".join("".join(ElementTree.fromstring(ssml).itertext()).split())  # noqa: S314
