"""A Mastodon server, as far as one account posts, edits, looks at its posts and takes them away."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chalicelib.platform.clock import rfc3339
from local.carrier.accounts import HANDLE, MASTODON_TOKEN
from local.carrier.faults import Fault, Rule
from local.carrier.inbox import Channel, Message
from local.carrier.posts import Posts, in_time

MOST = 500
LINK = re.compile(r"https?://\S+")
ACCOUNT_ID = "109000000000000001"
KEYS_LIVE = timedelta(hours=1)


class _Status(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    status: str = Field(min_length=1)
    language: str = Field(default="", pattern=r"^([a-z]{2})?$")


class _NewStatus(_Status):
    visibility: Literal["public", "unlisted", "private", "direct"] = "public"
    in_reply_to_id: str = ""


S = TypeVar("S", bound=_Status)


class MastodonError(Exception):
    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.status, self.headers = status, headers


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, MastodonError)
    return JSONResponse({"error": str(error)}, error.status, error.headers)


@dataclass(frozen=True)
class Mastodon:
    """``keys``: idempotency key -> which post it made, and when."""

    posts: Posts
    keys: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def create(self, request: Request) -> Response:
        """``POST /api/v1/statuses``."""
        self._check(request)
        asked = _read(_NewStatus, await request.body())
        rule = self._strike()
        key = request.headers.get("idempotency-key", "")
        post = self._made_by(key) or self._add(asked, key)
        return await in_time(rule, JSONResponse(_shown(post, request)))

    async def edit(self, request: Request) -> Response:
        """``PUT /api/v1/statuses/{id}``."""
        self._check(request)
        asked = _read(_Status, await request.body())
        rule = self._strike()
        post = self.posts.change(self._found(request), asked.status)
        return await in_time(rule, JSONResponse(_shown(post, request)))

    async def delete(self, request: Request) -> Response:
        """``DELETE /api/v1/statuses/{id}``."""
        self._check(request)
        rule = self._strike()
        post = self._found(request)
        self.posts.withdraw(post)
        return await in_time(rule, JSONResponse({**_shown(post, request), "text": post.content.text}))

    async def me(self, request: Request) -> Response:
        """``GET /api/v1/accounts/verify_credentials``."""
        self._check(request)
        return JSONResponse({"id": ACCOUNT_ID, "username": HANDLE, "acct": HANDLE})

    async def newest(self, request: Request) -> Response:
        """``GET /api/v1/accounts/{id}/statuses``."""
        self._check(request)
        if request.path_params["id"] != ACCOUNT_ID:
            raise MastodonError(404, "Record not found")
        limit = request.query_params.get("limit", "20")
        most = min(int(limit), 40) if limit.isdecimal() else 20
        return JSONResponse([_shown(post, request) for post in reversed(self.posts.standing())][:most])

    def _add(self, asked: _NewStatus, key: str) -> Message:
        if asked.in_reply_to_id and not self.posts.find(asked.in_reply_to_id):
            raise MastodonError(404, "The post you are trying to reply to does not appear to exist.")
        headers = {"language": asked.language, "visibility": asked.visibility, "reply_to": asked.in_reply_to_id}
        post = self.posts.add(asked.status, HANDLE, headers)
        if key:
            self.keys[key] = post.id, post.at
        return post

    def _made_by(self, key: str) -> Message | None:
        made, at = self.keys.get(key, ("", self.posts.exchange.clock.now()))
        return self.posts.find(made) if self.posts.exchange.clock.now() - at < KEYS_LIVE else None

    def _found(self, request: Request) -> Message:
        post = self.posts.find(request.path_params["id"])
        if post is None:
            raise MastodonError(404, "Record not found")
        return post

    def _check(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {MASTODON_TOKEN}":
            raise MastodonError(401, "The access token is invalid")

    def _strike(self) -> Rule | None:
        exchange = self.posts.exchange
        rule = exchange.strike(Channel.MASTODON, HANDLE)
        match rule.fault if rule else None:
            case Fault.THROTTLED:
                again = rfc3339(exchange.clock.now() + timedelta(seconds=2))
                raise MastodonError(429, "Too many requests", {"Retry-After": "2", "X-RateLimit-Reset": again})
            case Fault.UNAVAILABLE:
                raise MastodonError(503, "Service Unavailable")
            case Fault.REJECTED:
                raise MastodonError(403, "Your login is currently disabled")
        return rule


def _read(model: type[S], body: bytes) -> S:
    try:
        asked = model.model_validate_json(body)
    except ValidationError:
        raise MastodonError(422, "Validation failed: Text can't be blank") from None
    if len(LINK.sub("u" * 23, asked.status)) > MOST:
        raise MastodonError(422, f"Validation failed: Text character limit of {MOST} exceeded")
    return asked


def _shown(post: Message, request: Request) -> dict[str, Any]:
    headers = dict(post.headers)
    return {
        "id": post.id,
        "created_at": rfc3339(post.at),
        "in_reply_to_id": headers.get("reply_to"),
        "language": headers.get("language"),
        "visibility": headers.get("visibility"),
        "url": f"{request.url.scheme}://{request.url.netloc}/@{HANDLE}/{post.id}",
        "content": _as_html(post.content.text),
    }


def _as_html(text: str) -> str:
    """As Mastodon does: paragraphs, breaks, and links cut up so that they look short."""
    paragraphs = (escape(part, quote=False) for part in text.split("\n\n"))
    linked = (LINK.sub(_link, part).replace("\n", "<br />") for part in paragraphs)
    return "".join(f"<p>{part}</p>" for part in linked)


def _link(found: re.Match[str]) -> str:
    scheme, _, rest = found[0].partition("://")
    return (
        f'<a href="{found[0]}" rel="nofollow noopener" target="_blank"><span class="invisible">{scheme}://</span>'
        f'<span class="ellipsis">{rest[:30]}</span><span class="invisible">{rest[30:]}</span></a>'
    )
