"""Every route of the origin at a glance."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

import httpx
from starlette.applications import Starlette
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from local.demo.timeline import Timeline
from local.origin import people
from local.origin.pages import Pages
from local.origin.proxy import Proxy
from local.origin.security import SecurityHeaders
from local.origin.story import Stage
from local.origin.turns import Turns


class Anything(PathConvertor):
    """A path with line ends in it, too: whoever is behind us answers for it."""

    regex = r"[\s\S]*"


register_url_convertor("anything", Anything())

HOSTS = ["127.0.0.1", "localhost"]  # a page elsewhere cannot reach us under another name
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
MOST_CONNECTIONS = 200
TIMEOUT = httpx.Timeout(30, connect=2)  # API Gateway itself gives up after 29 s


def create_app(
    web: Path,
    api: str,
    carrier: str = "",
    others: Mapping[str, Path] = MappingProxyType({}),
    photos: str = "",
    tiles: str = "",
    play: Callable[[Timeline], object] | None = None,
    turns: Turns | None = None,
) -> Starlette:
    """``web``: folder of the pages. ``api``: base address of the stage. ``carrier``: shown under /carrier, if given.

    ``others``: address -> file, of what the pages use and others wrote. ``photos``: the origin of the bucket of photos.
    ``tiles``: that of what lies under maps, if anything does.
    ``play``: the story that a button plays, if given. ``turns``: that requests to the API take, if not the usual.
    """
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=50, keepalive_expiry=4)
    client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False)

    @asynccontextmanager
    async def open_client(app: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    # The carrier hands some requests on to the API: a turn there and one here must not wait for each other.
    behind = {"/api": (api, turns or Turns()), "/carrier": (carrier, Turns(MOST_CONNECTIONS))}
    routes: list[BaseRoute] = [
        Route(f"{prefix}/{{path:anything}}", Proxy(client, prefix, upstream, taken).handle, methods=METHODS)
        for prefix, (upstream, taken) in behind.items()
        if upstream
    ]
    routes += Stage(play).routes() if play else []
    pages = Mount("/", GZipMiddleware(Pages(directory=web, html=True), minimum_size=1000))
    return Starlette(
        routes=[*routes, *people.routes(), *(_file(path, file) for path, file in others.items()), pages],
        middleware=[
            Middleware(SecurityHeaders, photos=photos, tiles=tiles),
            Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS),
        ],
        lifespan=open_client,
    )


def _file(path: str, file: Path) -> Route:
    async def answer(request: Request) -> Response:
        return FileResponse(file, headers={"Cache-Control": "no-cache"})

    return Route(f"/{path}", answer)
