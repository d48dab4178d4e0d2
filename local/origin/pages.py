"""The pages of the folder ``web``: files as they are, addresses without ``.html``, and the personal links."""

import os
import stat
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

REPLY_PAGE = "reply.html"  # every /t/<token>: the page reads the token from its address


class Pages(StaticFiles):
    """``404.html``, where it is there, answers what is not."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        if not all(_may_be_served(part) for part in Path(path).parts):
            return "", None
        full_path, found = super().lookup_path(path)
        if found and stat.S_ISREG(found.st_mode):
            return full_path, found
        page_path, page = super().lookup_path(_page(path))
        return (page_path, page) if page else (full_path, found)

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            response = Response(error.detail, error.status_code, error.headers, "text/plain")
        response.headers["Cache-Control"] = "no-cache"  # may be kept, if asked whether it is still right
        return response


def _page(path: str) -> str:
    return REPLY_PAGE if path.startswith(f"t{os.sep}") and path.count(os.sep) == 1 else f"{path}.html"


def _may_be_served(name: str) -> bool:
    """Not hidden, and a name that a file system knows."""
    return not name.startswith(".") and "\0" not in name and len(name.encode()) < 240
