"""A push service (RFC 8030) and its devices: it knows who sends (VAPID, RFC 8292), the device reads what it says."""

import asyncio
import json
import re
import uuid
from base64 import urlsafe_b64decode
from binascii import Error
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chalicelib.platform.clock import epoch
from local.carrier.devices import NAME, Device, Unreadable
from local.carrier.exchange import Exchange, answer_delay_s
from local.carrier.faults import Fault
from local.carrier.inbox import Channel, Message, Written

MOST_BYTES = 4096
LONGEST_S = 24 * 3600  # of a token: RFC 8292, 2
KEPT_S = 4 * 7 * 24 * 3600
URGENCIES = {"very-low", "low", "normal", "high"}
AUTHORIZATION = re.compile(r"vapid t=([\w.-]+), ?k=([\w-]+)")
STATUS = {Fault.GONE: 410, Fault.THROTTLED: 429, Fault.REJECTED: 400}


class PushError(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, PushError)
    return JSONResponse({"message": str(error)}, error.status)


@dataclass(frozen=True)
class Push:
    """``keys``: device -> the key of who may write to it, as if it had subscribed to the first that did."""

    exchange: Exchange
    keys: dict[str, str] = field(default_factory=dict)

    async def subscription(self, request: Request) -> Response:
        """What a browser would hand its page."""
        return JSONResponse(_device(request).subscription(_origin(request)))

    async def handle(self, request: Request) -> Response:
        """``POST /push/{device}``."""
        message = self._read(request, await request.body())
        rule = self.exchange.strike(Channel.PUSH, message.to)
        if rule and rule.fault in STATUS:
            wait = {"Retry-After": "1"} if rule.fault is Fault.THROTTLED else {}
            return JSONResponse({"message": rule.fault}, STATUS[rule.fault], wait)
        self.exchange.accept(message, rule)
        if delay_s := answer_delay_s(rule):
            await asyncio.sleep(delay_s)
        return Response(status_code=201, headers={"Location": f"{_origin(request)}/push-messages/{message.id}"})

    def _read(self, request: Request, body: bytes) -> Message:
        device = _device(request)
        sender = self._sender(request, device)
        life_s = _life_s(request)
        headers = {name: request.headers.get(name, "") for name in ("TTL", "Urgency", "Topic")}
        if headers["Urgency"] not in URGENCIES or not re.fullmatch(r"[\w-]{0,32}", headers["Topic"], re.ASCII):
            raise PushError(400, "Urgency or Topic")
        if request.headers.get("content-encoding") != "aes128gcm":
            raise PushError(415, "Content-Encoding")
        if len(body) > MOST_BYTES:
            raise PushError(413, "too large")
        shown = _shown(device, body)
        return Message(
            id=str(uuid.uuid4()),
            channel=Channel.PUSH,
            to=device.name,
            at=self.exchange.clock.now(),
            sender=sender,
            content=Written(f"{shown['body']}\n{shown['url']}", str(shown["title"])),
            tags={"alert": str(shown["alert"])},
            headers=tuple(headers.items()),
            life_s=life_s,
        )

    def _sender(self, request: Request, device: Device) -> str:
        """Who says that they send: the subject of their token."""
        given = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if not given:
            raise PushError(401, "Authorization: vapid")
        token, key = given.groups()
        if self.keys.setdefault(device.name, key) != key:
            raise PushError(403, "the device has subscribed to another key")
        try:
            # By our own clock, which a test moves by hand.
            claims = jwt.decode(token, _key(key), ["ES256"], audience=_origin(request), options={"verify_exp": False})
            subject, left_s = str(claims["sub"]), int(claims["exp"]) - epoch(self.exchange.clock.now())
        except (jwt.InvalidTokenError, KeyError, ValueError, Error) as error:
            raise PushError(403, type(error).__name__) from None
        if not 0 < left_s <= LONGEST_S or urlsplit(subject).scheme not in ("https", "mailto", "http"):
            raise PushError(403, "exp or sub")
        return subject


def _device(request: Request) -> Device:
    name = request.path_params["device"]
    if not re.fullmatch(NAME, name):
        raise PushError(404, "no such device")
    return Device(name)


def _key(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), urlsafe_b64decode(text + "=" * (-len(text) % 4))
    )


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _life_s(request: Request) -> int:
    text = request.headers.get("ttl", "")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise PushError(400, "TTL")
    return min(int(text), KEPT_S)


def _shown(device: Device, body: bytes) -> dict[str, Any]:
    """As ``web/sw.js`` reads it."""
    try:
        shown = json.loads(device.read(body))
        return {name: shown[name] for name in ("title", "body", "alert", "url")}
    except (Unreadable, ValueError, KeyError, TypeError) as error:
        # A real push service could not know; here it is the device that says so.
        raise PushError(400, f"the device cannot read it: {error}") from None
