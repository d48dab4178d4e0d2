"""A carrier that runs on a free port of this process, its receipts kept in memory, its clock moved by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import boto3
import httpx
import pytest
from botocore.config import Config

from chalicelib.platform.clock import ManualClock
from local.carrier.app import Carrier, create_app, jwks_file
from local.carrier.exchange import Exchange
from local.carrier.faults import Faults
from local.carrier.geocoder import Geocoder
from local.carrier.inbox import Inbox
from local.carrier.outlets import Kind, MemoryOutlet
from local.carrier.receipts import Receipts
from local.carrier.replies import Replies
from local.loopback import running

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ONCE = Config(retries={"total_max_attempts": 1})


class StoodStill(Receipts):
    """Receipts go only when a test says so."""

    def start(self) -> None:
        pass


@dataclass
class Running:
    """``http``: for the carrier's own routes. ``outlets``: what was said of the messages. ``files``: its folder."""

    url: str
    http: httpx.Client
    clock: ManualClock
    receipts: Receipts
    outlets: dict[Kind, MemoryOutlet]
    files: Path

    def pass_time(self, seconds: float = 10) -> None:
        self.clock.advance(seconds=seconds)
        self.receipts.flush()

    def messages(self, **query: str) -> list[dict]:
        return self.http.get("/messages", params=query).json()

    def faults(self, *rules: dict, seed: int = 0) -> None:
        self.http.put("/faults", json={"rules": rules, "seed": seed}).raise_for_status()


@pytest.fixture(scope="session")
def started(tmp_path_factory) -> Iterator[Running]:
    files = tmp_path_factory.mktemp("carrier")
    clock, inbox = ManualClock(START), Inbox()
    outlets = {kind: MemoryOutlet() for kind in Kind}
    receipts = StoodStill(inbox, outlets, clock)
    app = create_app(
        Carrier(
            Exchange(inbox, Faults(), receipts, clock),
            Replies(httpx.AsyncClient(trust_env=False)),
            Geocoder(files / "addresses.json"),
            jwks_file(files / "jwks.json"),
        )
    )
    with running(app) as url, httpx.Client(base_url=url, trust_env=False) as http:
        yield Running(url, http, clock, receipts, outlets, files)


@pytest.fixture
def carrier(started: Running) -> Iterator[Running]:
    """The one carrier of this run, emptied; its faults end with the test, as others have only a client of it."""
    started.pass_time(3600)
    for outlet in started.outlets.values():
        outlet.taken.clear()
    started.http.delete("/messages")
    for file in started.files.iterdir():
        file.unlink()
    started.clock.at = START
    yield started
    started.http.delete("/faults")


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")


@pytest.fixture(scope="session")
def sns(started: Running, session: boto3.Session):
    client = session.client("sns", endpoint_url=started.url, config=ONCE)
    yield client
    client.close()


@pytest.fixture(scope="session")
def ses(started: Running, session: boto3.Session):
    client = session.client("sesv2", endpoint_url=started.url, config=ONCE)
    yield client
    client.close()
