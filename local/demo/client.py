"""The doors of a local stack: the API as citizens and staff use it, and the phones and inboxes of the carrier."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
LOOK_AGAIN_S = 0.2


class Refused(Exception):
    """The API said no. ``code``: the error's."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class NeverHappened(Exception):
    """Something that was waited for did not come about in time."""


@dataclass(frozen=True)
class Api:
    """``token``: a staff token or a personal link's, or empty."""

    http: httpx.Client
    base: str
    token: str = field(default="", repr=False)

    def as_(self, token: str) -> "Api":
        return Api(self.http, self.base, token)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Any:
        """The answer's JSON; None where there is no body. Raises ``Refused``."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.http.request(method, self.base + path, json=body, params=query, headers=headers)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.json()["error"]["code"])
        return answer.json() if answer.content else None

    def get(self, path: str, **query: str) -> Any:
        return self.call("GET", path, None, **query)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self.call("POST", path, body)


@dataclass(frozen=True)
class Carrier:
    http: httpx.Client
    base: str

    def messages(self, **query: str) -> list[dict[str, Any]]:
        """What phones and inboxes received: ``to``, ``channel``, ``alert``, ``status``, ``after``."""
        answer = self.http.get(f"{self.base}/messages", params=query)
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()
        return messages

    def last(self) -> int:
        """The place of the newest message, to look only behind it later."""
        return max((message["seq"] for message in self.messages()), default=0)

    def receipts_waiting(self) -> int:
        """Receipts that the carrier has still to give."""
        return int(self.http.get(f"{self.base}/health").json()["receipts_waiting"])

    def counts(self) -> dict[str, dict[str, int]]:
        """By channel, how often what happened since the carrier began."""
        counted: dict[str, dict[str, int]] = self.http.get(f"{self.base}/counts").json()
        return counted

    def faults(self, *rules: Mapping[str, Any], seed: int = 1) -> None:
        self.http.put(f"{self.base}/faults", json={"rules": list(rules), "seed": seed}).raise_for_status()

    def reply(self, message: Mapping[str, Any], body: Mapping[str, Any]) -> int:
        """Answer a message by its personal link; the API's status."""
        return self.http.post(f"{self.base}/messages/{message['id']}/reply", json={"body": dict(body)}).status_code


def until(look: Callable[[], T | None], what: str, seconds: float = 120) -> T:
    """Look again and again until there is something to see. Raises ``NeverHappened``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (seen := look()) is not None:
            return seen
        time.sleep(LOOK_AGAIN_S)
    raise NeverHappened(what)


def code_in(message: Mapping[str, Any]) -> str:
    """The six digits of a verification message."""
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", message["text"])  # said in two halves
    assert found, "a verification message holds a code"
    return found[1] + found[2]
