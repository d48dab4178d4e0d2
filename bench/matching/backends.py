"""Who plays DynamoDB: a table in memory that counts, or an emulator that holds the very rows."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from bench.billing import item_bytes
from bench.matching.count_table import CountTable
from bench.matching.inputs import Places
from bench.matching.loopback import CREDENTIALS, serving
from bench.matching.rows import place_rows
from chalicelib.participants.place_rows import encode
from chalicelib.participants.places import DynamoPlaceStore, PlaceStore
from chalicelib.platform import aws
from chalicelib.platform.flat_dynamo import FlatDynamo
from infra import tables
from local.ministack import endpoint, health, ministack
from local.process import HOST, Process, free_port

TABLE = "places"
DYNALITE = Path(__file__).parents[2] / ".tools/dynalite/node_modules/dynalite/cli.js"


@dataclass(frozen=True)
class Backend:
    """``open``: the product's own store over the table, with nothing counted yet. ``row_bytes``: mean, as billed."""

    open: Callable[[], PlaceStore]
    row_bytes: float
    fullest_partition: int


@contextmanager
def backend(name: str, places: Places) -> Iterator[Backend]:
    """Loaded, and where every client of this process looks."""
    if name == "count":
        table = CountTable(place_rows(places))
        with serving(table):
            yield Backend(_opens(), table.mean_bytes, table.fullest)
        return
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        process = _dynalite(folder, port) if name == "dynalite" else ministack(folder, port)
        running.enter_context(process).until_it_answers(endpoint(port) if name == "dynalite" else health(port))
        os.environ |= {**CREDENTIALS, "AWS_ENDPOINT_URL": endpoint(port), "AWS_ENDPOINT_URL_DYNAMODB": endpoint(port)}
        boto3.client("dynamodb").create_table(**tables.create_table("places", TABLE))
        _opens()().load(place_rows(places))
        sizes = [item_bytes(encode(row)) for row in place_rows(places)]
        yield Backend(_opens(), sum(sizes) / max(len(sizes), 1), 0)


def _opens() -> Callable[[], DynamoPlaceStore]:
    """One connection for all, as a container keeps it."""
    kept = FlatDynamo()
    return lambda: DynamoPlaceStore(TABLE, lambda: aws.client("dynamodb"), kept)


def _dynalite(folder: Path, port: int) -> Process:
    node = shutil.which("node")
    if not node or not DYNALITE.exists():
        raise SystemExit("dynalite is not installed: run ./dev test contract once, which installs it (and needs node)")
    argv = [node, str(DYNALITE), "--host", HOST, "--port", str(port), "--createTableMs", "0"]
    return Process("dynalite", argv, {"PATH": os.environ.get("PATH", os.defpath)}, folder / "dynalite.log")
