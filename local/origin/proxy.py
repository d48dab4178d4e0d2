"""Hands requests on to a server behind us, path prefix stripped, the answer streamed through."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from local.origin.problems import problem
from local.origin.turns import NoTurn, Turns

MAX_BODY_BYTES = 1024 * 1024  # half a minute of sound as base64; the API itself takes less of most else
MAX_READ_BYTES = 32 * 1024 * 1024
AGAIN_AFTER_S = 2

# RFC 9110, 7.6.1: of one connection only; and what the two servers write themselves.
_OWN = frozenset(
    {
        b"connection",
        b"date",
        b"host",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"server",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_UPWARDS = re.compile(rb"/(\.|%2e){1,2}(/|\\|%2f|%5c|$)", re.IGNORECASE)


class TooLarge(Exception):
    """The body is over the limit."""


@dataclass(frozen=True)
class Proxy:
    """``upstream``: base address, which takes the place of ``prefix``. ``turns``: which requests take to it."""

    client: httpx.AsyncClient
    prefix: str
    upstream: str
    turns: Turns

    async def handle(self, request: Request) -> Response:
        try:
            outgoing = self._outgoing(request, await _body(request))
        except TooLarge:
            return problem(413, "body_too_large", f"A body may be {MAX_BODY_BYTES} bytes.")
        except httpx.InvalidURL:
            return problem(404, "not_found", "No such address.")
        try:
            async with self.turns.turn():
                answer = await self.client.send(outgoing, stream=True)
        except NoTurn:
            return _unavailable("Too many others ask at once; try again in a moment.")
        except httpx.HTTPError:
            return _unavailable("The service does not answer; try again in a moment.")
        response = StreamingResponse(_streamed(answer), answer.status_code)
        response.raw_headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _OWN]
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _outgoing(self, request: Request, body: bytes) -> httpx.Request:
        path: bytes = request.scope["raw_path"]
        if _UPWARDS.search(path):
            raise httpx.InvalidURL("leaves the prefix")
        query: bytes = request.scope["query_string"]
        target = (path + b"?" + query if query else path).decode("latin-1").removeprefix(self.prefix)
        headers = [(name, value) for name, value in request.headers.raw if name not in _OWN]
        return httpx.Request(request.method, self.upstream + target, headers=headers, content=body)


def _unavailable(message: str) -> Response:
    answer = problem(503, "unavailable", message)
    answer.headers["Retry-After"] = str(AGAIN_AFTER_S)
    return answer


async def _body(request: Request) -> bytes:
    """Reads even what is too large, so that who sends it comes to read the answer; to a limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_READ_BYTES:
            break
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge
    return bytes(body)


async def _streamed(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
