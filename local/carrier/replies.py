"""A neighbour who answers: follows the personal link in a message and leaves a tip there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from local.carrier.inbox import Message
from local.loopback import is_loopback_url

_LINK = re.compile(r"(https?://[^\s\"'<>]+)/t/([0-9A-Za-z]+)")


class NoLink(Exception):
    """The message holds no personal reply link."""


class NoAnswer(Exception):
    """The API could not be reached."""


@dataclass(frozen=True)
class Answer:
    """The API's own answer, as it came."""

    status: int
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Replies:
    """``api``: base address of the API; empty: ``/api`` beside the page that the link leads to."""

    client: httpx.AsyncClient
    api: str = ""

    async def reply(self, message: Message, body: Mapping[str, Any]) -> Answer:
        """``POST {api}/tips/{token}``. Raises ``NoLink``, ``NoAnswer``."""
        link = _LINK.search(message.content.text) or _LINK.search(message.content.html)
        if link is None:
            raise NoLink
        api = self.api or f"{link[1]}/api"
        if not is_loopback_url(api):
            raise NoLink
        try:
            answer = await self.client.post(
                f"{api}/tips/{link[2]}",
                content=json.dumps(body),
                headers={"Content-Type": "application/json"},
            )
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        return Answer(answer.status_code, answer.content, answer.headers.get("content-type", ""))
