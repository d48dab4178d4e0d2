"""Requests that go out over kept connections, sent once each: what could not be sent, and what nobody answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import urllib3
from botocore.httpsession import where
from urllib3 import exceptions

CONNECT_S, READ_S = 2, 10  # as platform.aws
NEVER_SENT = (exceptions.NewConnectionError, exceptions.ConnectTimeoutError, exceptions.SSLError)


class NoConnection(Exception):
    """No connection came about, so nothing was taken."""


class NoAnswer(Exception):
    """It was sent, at least in part, and nothing came back: it may have been taken."""


class Answer(NamedTuple):
    """``headers``: names in small letters find theirs."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Connections:
    """To any host. May be shared by threads. Repeats nothing and follows nothing."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """As ``ask``."""
        return self.ask("POST", url, body, headers)

    def ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer, whatever its status.

        Raises:
            NoConnection: nothing was taken.
            NoAnswer: it may have been taken.
        """
        try:
            answer = self._pool.urlopen(method, url, body=body, headers=dict(headers), redirect=False)
        except NEVER_SENT as error:
            raise NoConnection(type(error).__name__) from error
        except exceptions.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        return Answer(answer.status, answer.headers, answer.data)

    @cached_property
    def _pool(self) -> urllib3.PoolManager:
        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        return urllib3.PoolManager(maxsize=16, retries=False, ca_certs=where(), timeout=timeout)
