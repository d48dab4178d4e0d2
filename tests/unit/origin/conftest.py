"""An origin before a small upstream that says what it was asked."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.loopback import running
from local.origin.app import create_app

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


async def told(request: Request) -> Response:
    """Everything that arrived; ``/status/<n>`` answers with that number."""
    if request.url.path.startswith("/stage/status/"):
        status = int(request.url.path.rsplit("/", 1)[1])
        return Response(status_code=status, headers={"ETag": '"1"', "Content-Security-Policy": "sandbox"})
    body = await request.body()
    arrived = {
        "method": request.method,
        "path": request.scope["raw_path"].decode(),
        "query": request.scope["query_string"].decode(),
        "headers": dict(request.headers),
        "body": body.decode(),
    }
    return JSONResponse(arrived, headers={"X-Upstream": "yes", "Set-Cookie": "a=1"})


@pytest.fixture(scope="session")
def upstream() -> Iterator[str]:
    with running(Starlette(routes=[Route("/{path:anything}", told, methods=METHODS)])) as url:
        yield url


@pytest.fixture(scope="session")
def web(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "web"
    pages = {
        "index.html": "home",
        "reply.html": "reply page",
        "aanmelden.html": "sign up",
        "dashboard.html": "figures",
        "dashboard/figures.js": "export const figures = 1;",
        "404.html": "no such page",
        "app.js": "// " + "x" * 4000,
        ".secret": "hidden",
    }
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder.parent / "outside.txt").write_text("outside")
    return folder


@pytest.fixture(scope="session")
def origin(upstream: str, web: Path) -> Iterator[httpx.Client]:
    with (
        running(create_app(web, f"{upstream}/stage", f"{upstream}/phones")) as url,
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def origin_url(origin: httpx.Client) -> str:
    return str(origin.base_url).rstrip("/")
