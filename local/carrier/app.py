"""Every route of the carrier at a glance."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.carrier import connect as connect_calls
from local.carrier import mastodon, x
from local.carrier.connect import Connect, ConnectError
from local.carrier.end_user_messaging import TARGET, EndUserMessaging
from local.carrier.exchange import Exchange
from local.carrier.faults import FaultPlan
from local.carrier.geocoder import MAX_ROWS, Geocoder
from local.carrier.inbox import Channel, Message, to_json
from local.carrier.mastodon import Mastodon, MastodonError
from local.carrier.page import SHOWN, page
from local.carrier.posts import Posts
from local.carrier.push import Push, PushError, refused
from local.carrier.replies import NoAnswer, NoLink, Replies
from local.carrier.ses import Ses
from local.carrier.sns import Sns
from local.carrier.watched_file import WatchedFile
from local.carrier.x import XApi, XError

HOSTS = ["127.0.0.1", "localhost"]  # a page elsewhere cannot reach us under another name

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
# An e-mail is somebody else's HTML: it may show itself, and do nothing.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


@dataclass(frozen=True)
class Carrier:
    exchange: Exchange
    replies: Replies
    geocoder: Geocoder
    jwks: WatchedFile[Any]

    async def page(self, request: Request) -> Response:
        messages = self.exchange.inbox.select()
        shown = [self._shown(message) for message in reversed(messages[-SHOWN:])]
        return HTMLResponse(page(shown, len(messages)), headers={"Content-Security-Policy": PAGE_POLICY})

    async def messages(self, request: Request) -> Response:
        """``?to=&channel=&alert=&status=&after=``: after is a ``seq``."""
        query = request.query_params
        messages = self.exchange.inbox.select(
            to=_contact(query.get("to", "")),
            channel=query.get("channel", ""),
            alert=query.get("alert", ""),
            status=query.get("status", ""),
            after=_whole(request, "after", 0),
        )
        return JSONResponse([self._shown(message) for message in messages])

    async def clear(self, request: Request) -> Response:
        self.exchange.clear()
        return Response(status_code=204)

    async def message(self, request: Request) -> Response:
        return JSONResponse(self._shown(self._found(request)))

    async def message_html(self, request: Request) -> Response:
        content = self._found(request).content
        return HTMLResponse(content.html, headers={"Content-Security-Policy": MAIL_POLICY})

    async def reply(self, request: Request) -> Response:
        """``{"text": ...}``, or ``{"body": {...}}`` for what else a tip may hold. Answers as the API answers."""
        asked = await _json_object(request)
        body = asked.get("body", {"text": asked.get("text")})
        if not isinstance(body, dict):
            raise HTTPException(422, "body: an object")
        try:
            answer = await self.replies.reply(self._found(request), body)
        except NoLink:
            raise HTTPException(409, "this message holds no reply link to this machine") from None
        except NoAnswer as error:
            raise HTTPException(502, f"the API does not answer: {error}") from None
        return Response(answer.content, answer.status, {"Content-Type": answer.media_type})

    async def counts(self, request: Request) -> Response:
        shown: dict[str, dict[str, int]] = {}
        for (channel, what), number in sorted(self.exchange.counts.items()):
            shown.setdefault(channel, {})[what] = number
        return JSONResponse(shown)

    async def faults(self, request: Request) -> Response:
        return JSONResponse(self.exchange.faults.to_json())

    async def put_faults(self, request: Request) -> Response:
        try:
            self.exchange.faults.put(FaultPlan.model_validate_json(await request.body()))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise HTTPException(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        return JSONResponse(self.exchange.faults.to_json())

    async def delete_faults(self, request: Request) -> Response:
        self.exchange.faults.put(FaultPlan())
        return Response(status_code=204)

    async def geocode(self, request: Request) -> Response:
        rows, start = _whole(request, "rows", 10), _whole(request, "start", 0)
        if rows > MAX_ROWS:
            raise HTTPException(400, f"rows: at most {MAX_ROWS}")
        return JSONResponse(self.geocoder.free(request.query_params.get("q", ""), rows, start))

    async def keys(self, request: Request) -> Response:
        return JSONResponse(self.jwks.read())

    async def health(self, request: Request) -> Response:
        return JSONResponse(
            {"status": "ok", "messages": len(self.exchange.inbox), "receipts_waiting": self.exchange.receipts.waiting}
        )

    def _found(self, request: Request) -> Message:
        message = self.exchange.inbox.find(request.path_params["id"])
        if message is None:
            raise HTTPException(404, "no such message")
        return message

    def _shown(self, message: Message) -> dict[str, Any]:
        return to_json(message, self.exchange.inbox.status(message))


def create_app(carrier: Carrier) -> Starlette:
    sns, ses, phones = Sns(carrier.exchange), Ses(carrier.exchange), EndUserMessaging(carrier.exchange)
    push = Push(carrier.exchange)
    connect = Connect(carrier.exchange)
    on_x = XApi(Posts(carrier.exchange, Channel.X))
    on_mastodon = Mastodon(Posts(carrier.exchange, Channel.MASTODON))

    async def by_target(request: Request) -> Response:
        """Two of AWS's services take everything at ``POST /``; one of them says so in a header."""
        meant = request.headers.get("x-amz-target", "").startswith(f"{TARGET}.")
        return await (phones if meant else sns).handle(request)

    @asynccontextmanager
    async def receipts_run(app: Starlette) -> AsyncIterator[None]:
        carrier.exchange.receipts.start()
        yield
        carrier.exchange.receipts.stop()
        await carrier.replies.client.aclose()

    return Starlette(
        routes=[
            # As AWS
            Route("/", by_target, methods=["POST"]),
            Route("/v2/email/outbound-emails", ses.send_email, methods=["POST"]),
            Route("/v2/email/outbound-bulk-emails", ses.send_bulk_email, methods=["POST"]),
            Route("/contact/outbound-voice", connect.handle, methods=["PUT"]),
            # As a push service, and the browsers behind it
            Route("/push/{device}", push.handle, methods=["POST"]),
            Route("/push/{device}", push.subscription, methods=["GET"]),
            # As X
            Route("/2/tweets", on_x.create, methods=["POST"]),
            Route("/2/tweets/{id}", on_x.delete, methods=["DELETE"]),
            Route("/2/users/me", on_x.me, methods=["GET"]),
            Route("/2/users/{id}/tweets", on_x.newest, methods=["GET"]),
            # As a server of Mastodon
            Route("/api/v1/statuses", on_mastodon.create, methods=["POST"]),
            Route("/api/v1/statuses/{id}", on_mastodon.edit, methods=["PUT"]),
            Route("/api/v1/statuses/{id}", on_mastodon.delete, methods=["DELETE"]),
            Route("/api/v1/accounts/verify_credentials", on_mastodon.me, methods=["GET"]),
            Route("/api/v1/accounts/{id}/statuses", on_mastodon.newest, methods=["GET"]),
            # Phones and inboxes
            Route("/", carrier.page, methods=["GET"]),
            Route("/messages", carrier.messages, methods=["GET"]),
            Route("/messages", carrier.clear, methods=["DELETE"]),
            Route("/messages/{id}", carrier.message, methods=["GET"]),
            Route("/messages/{id}/html", carrier.message_html, methods=["GET"]),
            Route("/messages/{id}/reply", carrier.reply, methods=["POST"]),
            Route("/counts", carrier.counts, methods=["GET"]),
            # Faults on demand
            Route("/faults", carrier.faults, methods=["GET"]),
            Route("/faults", carrier.put_faults, methods=["PUT"]),
            Route("/faults", carrier.delete_faults, methods=["DELETE"]),
            # As other outside parties
            Route("/geocoder/free", carrier.geocode, methods=["GET"]),
            Route("/.well-known/jwks.json", carrier.keys, methods=["GET"]),
            Route("/health", carrier.health, methods=["GET"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
        exception_handlers={
            HTTPException: _error,
            PushError: refused,
            ConnectError: connect_calls.refused,
            XError: x.refused,
            MastodonError: mastodon.refused,
        },
        lifespan=receipts_run,
    )


async def _error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed", 409: "no_reply_link", 422: "invalid_fields", 502: "no_answer"}
    shown = {"code": code.get(error.status_code, "bad_request"), "message": error.detail}
    return JSONResponse({"error": shown}, error.status_code, error.headers)


def _contact(text: str) -> str:
    """A plus sign that came unescaped in a query arrives as a space."""
    return "+" + text[1:] if text.startswith(" ") else text


def _whole(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400, f"{name}: a whole number")
    return int(text)


async def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise HTTPException(400, "a JSON object is needed")
    return body


def jwks_file(path: Path | None) -> WatchedFile[Any]:
    return WatchedFile(path, json.loads, {"keys": []})
