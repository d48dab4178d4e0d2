"""The product in one process, and its API as somebody of an organisation calls it."""

import json
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from chalice.test import Client

import app
from chalicelib import wiring
from chalicelib.channels.email import SesEmailSender
from chalicelib.platform.clock import ManualClock, epoch
from chalicelib.platform.queues import QueueName
from chalicelib.platform.settings import TABLES, Settings
from chalicelib.staff.model import Role
from chalicelib.wiring import System
from local import tokens
from local.year.plan import YEAR

NETWORK = "network@burgernet.example"  # who reads of the whole network
AFTERWARDS = datetime(YEAR + 1, 1, 15, 12, 0, tzinfo=UTC)


def in_memory(folder: Path) -> System:
    """On the twins that ship with the product; only e-mail goes out as it does.

    ``folder``: where the key of the staff's tokens is kept.
    """
    keys = json.loads(tokens.jwks_file(folder).read_text())
    settings = Settings(
        stage="year",
        tables={table: table for table in TABLES},
        queue_urls={queue: f"https://sqs.example/{queue}" for queue in QueueName},
        web_url="https://burgernet.example",
        link_secret="l" * 32,
        contact_secret="c" * 32,
        push_secret="p" * 32,
        jwks_url="https://staff.burgernet.example/jwks.json",  # type: ignore[arg-type]
        token_issuer=tokens.ISSUER,
        token_audience=tokens.AUDIENCE,
        geocoder_url="https://addresses.burgernet.example",  # type: ignore[arg-type]
        yearly_emails=(NETWORK,),
    )
    parts = wiring.memory_parts(ManualClock(AFTERWARDS), lambda _: keys)
    return System(settings, replace(parts, email=SesEmailSender(settings.email_from, settings.ses_configuration_set)))


def wake(system: System, function: Callable[[dict[str, Any]], object], moments: Iterable[datetime]) -> None:
    """As a schedule wakes a function of the system at these moments; then it is as late as before."""
    clock = system.parts.clock
    assert isinstance(clock, ManualClock)
    now = clock.at
    for moment in moments:
        clock.at = moment
        function({})
    clock.at = now


class NoAnswer(Exception):
    """The API answered with something else than 200."""


Token = Callable[[Role, str], str]  # of a role, in an organisation


def tokens_in(folder: Path) -> Token:
    """Made with the key there, valid when the year is over."""
    now = epoch(AFTERWARDS)
    return lambda role, tenant: tokens.issue(role, user="year", tenant=tenant, folder=folder, now=now)


@dataclass(frozen=True)
class Caller:
    """Of the API, by HTTP as far as Chalice has it."""

    system: System
    token: Token

    def get(self, path: str, role: Role | None = None, tenant: str = "") -> Any:
        """The JSON of an answer, or the text of another. Raises ``NoAnswer``."""
        headers = {"Authorization": f"Bearer {self.token(role, tenant)}"} if role else {}
        with wiring.using(self.system), redirect_stdout(StringIO()):  # where metrics are told
            answer = Client(app.app).http.get(path, headers=headers)
        if answer.status_code != 200:
            raise NoAnswer(f"{path}: {answer.status_code} {answer.body!r}")
        json_there = answer.headers["Content-Type"].startswith("application/json")
        return answer.json_body if json_there else answer.body.decode("utf-8-sig")
