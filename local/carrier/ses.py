"""Amazon SES v2: ``SendEmail`` and ``SendBulkEmail``, answered as SES does."""

import asyncio
import base64
import binascii
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import JSONResponse

from chalicelib.platform.clock import epoch_ms
from local.carrier import rendering, ses_requests
from local.carrier.exchange import Exchange, answer_delay_s
from local.carrier.faults import Fault, Rule
from local.carrier.inbox import Channel, Content, Message, Written
from local.carrier.raw_mail import MailUnreadable, RawMail, read_raw

MAX_RECIPIENTS = 50  # SES: destinations per call
REGION_MARK = "0102"  # SES: message ids of eu-west-1 begin so

# SES: what a fault becomes for one entry of a bulk call.
ENTRY_STATUSES = {
    Fault.THROTTLED: ("ACCOUNT_THROTTLED", "Maximum sending rate exceeded."),
    Fault.REJECTED: ("MESSAGE_REJECTED", "Email address is not verified."),
}

R = TypeVar("R", bound=ses_requests.Envelope)


class SesError(Exception):
    """``kind`` as SES's API reference names it."""

    def __init__(self, kind: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Ses:
    exchange: Exchange

    async def send_email(self, request: Request) -> JSONResponse:
        """``POST /v2/email/outbound-emails``."""
        return await _answered(request, ses_requests.SendEmail, self._send_email)

    async def send_bulk_email(self, request: Request) -> JSONResponse:
        """``POST /v2/email/outbound-bulk-emails``."""
        return await _answered(request, ses_requests.SendBulkEmail, self._send_bulk_email)

    def _send_email(self, asked: ses_requests.SendEmail) -> tuple[dict[str, Any], float]:
        raw = _raw(asked.content.raw.data) if asked.content.raw else RawMail()
        to = asked.destination.everyone or raw.recipients
        _check_sender(asked.from_email_address or raw.sender)
        _check_recipients(to)
        content, headers = _content(asked.content, raw)
        rule = self.exchange.strike(Channel.EMAIL, to[0])
        if rule and rule.fault in ENTRY_STATUSES:
            raise _refusal(rule)
        envelope = asked.model_copy(
            update={
                "from_email_address": asked.from_email_address or raw.sender,
                "configuration_set_name": asked.configuration_set_name or raw.configuration_set,
            }
        )
        tags = {**raw.tags, **_tags(asked.email_tags)}
        message_id = self._accept(envelope, to, content, tags, headers, rule)
        return {"MessageId": message_id}, answer_delay_s(rule)

    def _send_bulk_email(self, asked: ses_requests.SendBulkEmail) -> tuple[dict[str, Any], float]:
        _check_sender(asked.from_email_address)
        entries = asked.bulk_email_entries
        if not entries:
            raise SesError("BadRequestException", "Missing required parameter: BulkEmailEntries")
        if sum(len(entry.destination.everyone) for entry in entries) > MAX_RECIPIENTS:
            raise SesError("BadRequestException", f"Recipient count exceeds {MAX_RECIPIENTS}.")
        letters = _letters(asked.default_content.template)
        wrong = [_wrong_recipients(entry.destination.everyone) for entry in entries]
        rules = [
            None if why else self.exchange.strike(Channel.EMAIL, entry.destination.everyone[0])
            for entry, why in zip(entries, wrong, strict=True)
        ]
        if all(rule and rule.fault is Fault.THROTTLED for rule in rules):
            raise SesError("TooManyRequestsException", "Maximum sending rate exceeded.", 429)
        results = [
            self._send_entry(asked, entry, letters, why, rule)
            for entry, why, rule in zip(entries, wrong, rules, strict=True)
        ]
        return {"BulkEmailEntryResults": results}, max(map(answer_delay_s, rules))

    def _send_entry(
        self,
        asked: ses_requests.SendBulkEmail,
        entry: ses_requests.BulkEntry,
        letters: "Letters",
        wrong: str,
        rule: Rule | None,
    ) -> dict[str, str]:
        if wrong:
            return {"Status": "INVALID_PARAMETER", "Error": wrong}
        if rule and rule.fault in ENTRY_STATUSES:
            status, error = ENTRY_STATUSES[rule.fault]
            return {"Status": status, "Error": error}
        try:
            letter = letters.filled(entry.replacement_email_content.replacement_template.replacement_template_data)
        except SesError as error:
            return {"Status": "INVALID_PARAMETER", "Error": error.message}
        tags = {**_tags(asked.default_email_tags), **_tags(entry.replacement_tags)}
        headers = _headers(asked.default_content.template.headers, entry.replacement_headers)
        return {
            "Status": "SUCCESS",
            "MessageId": self._accept(asked, entry.destination.everyone, letter, tags, headers, rule),
        }

    def _accept(
        self,
        asked: ses_requests.Envelope,
        to: tuple[str, ...],
        content: Content,
        tags: Mapping[str, str],
        headers: tuple[tuple[str, str], ...],
        rule: Rule | None,
    ) -> str:
        at = self.exchange.clock.now()
        message_id = _message_id(at)
        missing = content.missing() if isinstance(content, rendering.Letter) else None
        for address in to:
            message = Message(
                id=message_id,
                channel=Channel.EMAIL,
                to=address,
                at=at,
                sender=asked.from_email_address,
                content=Written() if missing else content,
                tags=tags,
                recipients=to,
                headers=headers,
                reply_to=asked.reply_to_addresses,
                configuration_set=asked.configuration_set_name,
            )
            if missing:
                self.exchange.accept_unrendered(message, missing)
            else:
                self.exchange.accept(message, rule)
        return message_id


async def _answered(
    request: Request, shape: type[R], send: Callable[[R], tuple[dict[str, Any], float]]
) -> JSONResponse:
    try:
        body, delay_s = send(_read(shape, await request.body()))
    except SesError as error:
        return _json({"message": error.message}, error.status, {"x-amzn-ErrorType": error.kind})
    if delay_s:
        await asyncio.sleep(delay_s)
    return _json(body)


def _json(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, status, {"x-amzn-RequestId": str(uuid.uuid4()), **(headers or {})})


def _read(shape: type[R], body: bytes) -> R:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise SesError("BadRequestException", f"{where}: {first['msg']}" if where else first["msg"]) from None


def _check_sender(sender: str) -> None:
    if wrong := _wrong_address(sender):
        raise SesError("BadRequestException", f"From address: {wrong}")


def _check_recipients(to: tuple[str, ...]) -> None:
    if len(to) > MAX_RECIPIENTS:
        raise SesError("BadRequestException", f"Recipient count exceeds {MAX_RECIPIENTS}.")
    if wrong := _wrong_recipients(to):
        raise SesError("BadRequestException", wrong)


def _wrong_recipients(to: tuple[str, ...]) -> str:
    """What is wrong with them, empty where nothing is."""
    if not to:
        return "Missing required parameter: Destination"
    return next(filter(None, map(_wrong_address, to)), "")


def _wrong_address(address: str) -> str:
    bare = match[1] if (match := re.fullmatch(r"[^<>]*<([^<>]+)>", address)) else address
    local, at, domain = bare.rpartition("@")
    if not (at and domain):
        return "Missing final '@domain'"
    if not local or re.search(r"[\s\x00-\x1f]", bare):
        return "Local address contains control or whitespace"
    return ""


def _refusal(rule: Rule) -> SesError:
    if rule.fault is Fault.THROTTLED:
        return SesError("TooManyRequestsException", "Maximum sending rate exceeded.", 429)
    return SesError("MessageRejected", "Email address is not verified.")


@dataclass(frozen=True)
class Letters:
    """A template of a call with its default values."""

    subject: rendering.Template
    text: rendering.Template
    html: rendering.Template
    defaults: Mapping[str, Any]

    def filled(self, data: str) -> rendering.Letter:
        """Raises ``SesError`` where ``data`` is no JSON object."""
        return rendering.Letter(self.subject, self.text, self.html, {**self.defaults, **_values(data)})


def _letters(template: ses_requests.Template) -> Letters:
    content = template.template_content
    if content is None:
        raise SesError("NotFoundException", f"Template {template.template_name or ''} does not exist.", 404)
    try:
        subject, text, html = map(rendering.parse, (content.subject, content.text, content.html))
    except rendering.TemplateRefused as error:
        raise SesError("BadRequestException", str(error)) from None
    return Letters(subject, text, html, _values(template.template_data))


def _values(data: str) -> dict[str, Any]:
    try:
        values = from_json(data, allow_inf_nan=False)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise SesError("BadRequestException", "Template data is not a JSON object.")
    return values


def _content(asked: ses_requests.EmailContent, raw: RawMail) -> tuple[Content, tuple[tuple[str, str], ...]]:
    if asked.simple:
        body = asked.simple.body
        written = Written(
            subject=asked.simple.subject.data,
            text=body.text.data if body.text else "",
            html=body.html.data if body.html else "",
        )
        return written, _headers(asked.simple.headers)
    if asked.template:
        return _letters(asked.template).filled("{}"), _headers(asked.template.headers)
    if asked.raw:
        return raw.content, raw.headers
    raise SesError("BadRequestException", "Content: one of Simple, Raw and Template is needed")


def _raw(data: str) -> RawMail:
    try:
        return read_raw(base64.b64decode(data, validate=True))
    except (binascii.Error, ValueError):
        raise SesError("BadRequestException", "Content.Raw.Data: not base64") from None
    except MailUnreadable:
        raise SesError("BadRequestException", "Content.Raw.Data: not a MIME message") from None


def _headers(
    default: Iterable[ses_requests.Header], replacement: Iterable[ses_requests.Header] = ()
) -> tuple[tuple[str, str], ...]:
    """A replacement takes the place of the default of the same name, whatever its case."""
    headers = {header.name.lower(): (header.name, header.value) for header in (*default, *replacement)}
    return tuple(headers.values())


def _tags(tags: Iterable[ses_requests.Tag]) -> dict[str, str]:
    return {tag.name: tag.value for tag in tags}


def _message_id(at: datetime) -> str:
    return f"{REGION_MARK}{epoch_ms(at):012x}-{uuid.uuid4()}-000000"
