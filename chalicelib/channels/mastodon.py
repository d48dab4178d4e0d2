"""Mastodon, in the name of one account, on whatever server it lives.

A post that is tried again with its ``Idempotency-Key`` within an hour is the same post; after that it is looked for.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from chalicelib.channels.social import Declined, Posted
from chalicelib.channels.social_answers import CLOCKS_DIFFER, ask, declined, read
from chalicelib.platform.clock import Clock, parse_rfc3339
from chalicelib.platform.outgoing import Answer, Connections

NEWEST = 40  # GET /api/v1/accounts/:id/statuses: limit


@dataclass(frozen=True)
class MastodonAccount:
    """``url``: of its server, without a slash at the end. ``access_token``: with read:accounts, read:statuses and
    write:statuses."""

    url: str
    access_token: str = field(repr=False)


@dataclass(frozen=True)
class MastodonPoster:
    account: MastodonAccount
    clock: Clock
    connections: Connections = field(default_factory=Connections)

    def post(self, text: str, *, key: str, language: str, reply_to: str = "") -> Posted | Declined:
        body = {"status": text, "language": language, "visibility": "public"}
        reply = {"in_reply_to_id": reply_to} if reply_to else {}
        return _posted(self._ask("POST", "/statuses", {**body, **reply}, {"Idempotency-Key": key}))

    def find(self, text: str, since: datetime) -> Posted | Declined | None:
        since -= CLOCKS_DIFFER
        me = self._ask("GET", "/accounts/verify_credentials")
        if isinstance(me, Declined):
            return me
        asked = urlencode({"limit": NEWEST, "exclude_reblogs": "true"})
        answer = self._ask("GET", f"/accounts/{read(me)['id']}/statuses?{asked}")
        if isinstance(answer, Declined):
            return answer
        newest = (it for it in read(answer) if parse_rfc3339(it["created_at"]) >= since)
        return next((Posted(it["id"], it["url"]) for it in newest if _words(it["content"]) == text.split()), None)

    def correct(self, post_id: str, text: str, *, language: str) -> Posted | Declined:
        return _posted(self._ask("PUT", f"/statuses/{post_id}", {"status": text, "language": language}))

    def withdraw(self, post_id: str) -> Declined | None:
        answer = self._ask("DELETE", f"/statuses/{post_id}")
        return answer if isinstance(answer, Declined) and not answer.code.startswith("404") else None

    def _ask(self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None) -> Answer | Declined:
        headers = {"Authorization": f"Bearer {self.account.access_token}", **(more or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        answer = ask(self.connections, method, f"{self.account.url}/api/v1{path}", content, headers)
        return answer if isinstance(answer, Declined) or answer.ok else declined(answer, self.clock.now())


def _posted(answer: Answer | Declined) -> Posted | Declined:
    if isinstance(answer, Declined):
        return answer
    status = read(answer)
    return Posted(status["id"], status["url"])


def _words(content: str) -> list[str]:
    """Of a post as Mastodon shows it, in HTML."""
    reader = _Text()
    reader.feed(content)
    reader.close()
    return "".join(reader.parts).split()


@dataclass
class _Text(HTMLParser):
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("p", "br"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
