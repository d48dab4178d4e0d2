"""What every answer says to the browser about trust, unless it says so itself."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.headers import HEADERS, content_security_policy


class SecurityHeaders:
    """``photos``: the origin that the bucket of photos has here; the emulator's, so that of all else as well.

    ``tiles``: the origin of what lies under maps, or nothing.
    """

    def __init__(self, app: ASGIApp, photos: str, tiles: str = "") -> None:
        self._app = app
        policy = content_security_policy(photos, photos, photos, tiles and f" {tiles}")
        self.headers = {**HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
