"""X, API v2, as far as one account posts, looks at its posts and takes them away; it signs with OAuth 1.0a."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chalicelib.platform.clock import epoch, parse_rfc3339, rfc3339
from local.carrier import oauth1
from local.carrier.accounts import HANDLE, USER_ID, X
from local.carrier.faults import Fault, Rule
from local.carrier.inbox import Channel, Message
from local.carrier.posts import Posts, in_time

MOST = 280
LINK = re.compile(r"https?://\S+")
ONCE = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    in_reply_to_tweet_id: str = Field(pattern=r"^[0-9]{1,19}$")


class _Create(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    text: str = Field(min_length=1)
    reply: _Reply | None = None


class XError(Exception):
    """A problem as X tells it (RFC 7807)."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"title": title, "detail": detail, "type": "about:blank", "status": status}


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, XError)
    return JSONResponse(error.body, error.status)


@dataclass(frozen=True)
class XApi:
    """``nonces``: that have been used."""

    posts: Posts
    nonces: set[str] = field(default_factory=set)

    async def create(self, request: Request) -> Response:
        """``POST /2/tweets``."""
        self._check(request)
        try:
            asked = _Create.model_validate_json(await request.body())
        except ValidationError:
            raise _invalid() from None
        rule = self.posts.exchange.strike(Channel.X, HANDLE)
        if answer := self._struck(rule):
            return answer
        if _weighed(asked.text) > MOST:
            raise XError(403, "Forbidden", "Your Tweet text is too long.")
        if asked.reply and not self.posts.find(asked.reply.in_reply_to_tweet_id):
            raise XError(403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if any(post.content.text == asked.text for post in self.posts.all()):  # those that are gone count as well
            raise XError(403, "Forbidden", DUPLICATE)
        reply = asked.reply.in_reply_to_tweet_id if asked.reply else ""
        post = self.posts.add(asked.text, HANDLE, {"reply_to": reply})
        return await in_time(rule, JSONResponse({"data": {"id": post.id, "text": _shown(post)["text"]}}, 201))

    async def delete(self, request: Request) -> Response:
        """``DELETE /2/tweets/{id}``."""
        self._check(request)
        rule = self.posts.exchange.strike(Channel.X, HANDLE)
        if answer := self._struck(rule):
            return answer
        post = self.posts.find(request.path_params["id"])
        if post is None:
            raise XError(404, "Not Found Error", "Could not find tweet.")
        self.posts.withdraw(post)
        return await in_time(rule, JSONResponse({"data": {"deleted": True}}))

    async def me(self, request: Request) -> Response:
        """``GET /2/users/me``."""
        self._check(request)
        return JSONResponse({"data": {"id": USER_ID, "name": "Burgernet", "username": HANDLE}})

    async def newest(self, request: Request) -> Response:
        """``GET /2/users/{id}/tweets``."""
        self._check(request)
        if request.path_params["id"] != USER_ID:
            raise XError(404, "Not Found Error", "Could not find user.")
        most, since = _asked(request)
        shown = [_shown(post) for post in reversed(self.posts.standing()) if post.at >= since][:most]
        data = {"data": shown} if shown else {}
        return JSONResponse({**data, "meta": {"result_count": len(shown)}})

    def _check(self, request: Request) -> None:
        header = request.headers.get("authorization", "")
        now = epoch(self.posts.exchange.clock.now())
        try:
            self.nonces.add(oauth1.check(request.method, str(request.url), header, X, now, self.nonces))
        except oauth1.NotSigned as why:
            raise XError(401, "Unauthorized", f"Unauthorized: {why}") from None

    def _struck(self, rule: Rule | None) -> Response | None:
        match rule.fault if rule else None:
            case Fault.THROTTLED:
                again = epoch(self.posts.exchange.clock.now()) + 2
                error = XError(429, "Too Many Requests", "Too Many Requests")
                return JSONResponse(error.body, 429, {"x-rate-limit-reset": str(again)})
            case Fault.UNAVAILABLE:
                error = XError(503, "Service Unavailable", "Service Unavailable")
                return JSONResponse(error.body, 503)
            case Fault.REJECTED:
                raise XError(403, "Forbidden", "You are not permitted to perform this action.")
        return None


def _asked(request: Request) -> tuple[int, datetime]:
    query = request.query_params
    try:
        most = int(query.get("max_results", "10"))
        since = parse_rfc3339(query.get("start_time", "2010-11-06T00:00:00Z"))
    except ValueError:
        raise _invalid() from None
    if not 5 <= most <= 100:
        raise _invalid()
    return most, since


def _invalid() -> XError:
    return XError(400, "Invalid Request", "One or more parameters to your request was invalid.")


def _shown(post: Message) -> dict[str, Any]:
    """Escaped, and with every link shortened."""
    text = LINK.sub("https://t.co/0123456789", escape(post.content.text, quote=False))
    return {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id], "created_at": rfc3339(post.at)}


def _weighed(text: str) -> int:
    """As twitter-text 3 counts, emoji apart."""
    plain = LINK.sub("u" * 23, unicodedata.normalize("NFC", text))
    return sum(1 if ONCE.fullmatch(sign) else 2 for sign in plain)
