"""X, API v2, in the name of one account: OAuth 1.0a (RFC 5849), which never expires by itself.

X knows no key for a request that is tried again; what may stand there is looked for among the account's own posts.
It refuses the same words twice, which is a second guard.
"""

import html
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalicelib.channels.model import Refusal
from chalicelib.channels.social import Declined, Posted
from chalicelib.channels.social_answers import CLOCKS_DIFFER, ask, declined, read
from chalicelib.platform.clock import Clock, epoch, rfc3339
from chalicelib.platform.ids import random_id
from chalicelib.platform.outgoing import Answer, Connections

NEWEST = 100  # GET /2/users/:id/tweets: max_results
_LINK = re.compile(r"https://t\.co/\w+")  # what X puts in the place of every link


@dataclass(frozen=True)
class XAccount:
    """``url``: of the API, without a slash at the end. The other four: of the app, and of the account that posts."""

    url: str
    consumer_key: str
    consumer_secret: str = field(repr=False)
    access_token: str
    access_token_secret: str = field(repr=False)


@dataclass(frozen=True)
class XPoster:
    account: XAccount
    clock: Clock
    connections: Connections = field(default_factory=Connections)

    def post(self, text: str, *, key: str, language: str, reply_to: str = "") -> Posted | Declined:
        reply = {"reply": {"in_reply_to_tweet_id": reply_to}} if reply_to else {}
        answer = self._ask("POST", "/2/tweets", {"text": text, **reply})
        if isinstance(answer, Declined):
            standing = answer.code.startswith("403") and "duplicate" in answer.code
            return Declined(Refusal.UNKNOWN, answer.code) if standing else answer
        return _posted(read(answer)["data"]["id"])

    def find(self, text: str, since: datetime) -> Posted | Declined | None:
        since -= CLOCKS_DIFFER
        me = self._ask("GET", "/2/users/me")
        if isinstance(me, Declined):
            return me
        asked = {"max_results": str(NEWEST), "start_time": f"{rfc3339(since)[:19]}Z"}
        answer = self._ask("GET", f"/2/users/{read(me)['data']['id']}/tweets?{urlencode(asked)}")
        if isinstance(answer, Declined):
            return answer
        return next((_posted(it["id"]) for it in read(answer).get("data", []) if _says(it["text"], text)), None)

    def correct(self, post_id: str, text: str, *, language: str) -> Posted | Declined:
        return Declined(Refusal.PERMANENT, "X has no way to change a post")

    def withdraw(self, post_id: str) -> Declined | None:
        answer = self._ask("DELETE", f"/2/tweets/{post_id}")
        if isinstance(answer, Declined):
            return None if answer.code.startswith("404") else answer
        return None if read(answer)["data"]["deleted"] else Declined(Refusal.TEMPORARY, "not deleted")

    def _ask(self, method: str, path: str, body: Any = None) -> Answer | Declined:
        url = self.account.url + path
        headers = {"Authorization": self._authorization(method, url)}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        answer = ask(self.connections, method, url, content, headers)
        return answer if isinstance(answer, Declined) or answer.ok else declined(answer, self.clock.now())

    def _authorization(self, method: str, url: str) -> str:
        from oauthlib.oauth1 import Client  # only who posts should load it

        account = self.account
        client = Client(
            account.consumer_key,
            client_secret=account.consumer_secret,
            resource_owner_key=account.access_token,
            resource_owner_secret=account.access_token_secret,
            nonce=random_id(16),
            timestamp=str(epoch(self.clock.now())),
        )
        _, headers, _ = client.sign(url, method)  # a body of JSON is no part of what is signed
        authorization: str = headers["Authorization"]
        return authorization


def _posted(post_id: str) -> Posted:
    return Posted(post_id, f"https://x.com/i/web/status/{post_id}")


def _says(shown: str, text: str) -> bool:
    """Whether it is our text. X escapes what HTML would read, and shortens links."""
    pieces = (re.escape(html.unescape(piece)) for piece in _LINK.split(shown))
    return re.fullmatch(r"\S+".join(pieces), text) is not None
