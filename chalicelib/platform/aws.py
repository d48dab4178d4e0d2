"""One boto3 client per service and container, made on first use: a cold start pays only for what it calls."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# Short enough that a hanging neighbour does not eat the function's time; retries as AWS advises.
CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "max_attempts": 3})


@cache
def client(service: str) -> Any:
    """The client of ``service`` in the function's own region; addresses come from ``AWS_ENDPOINT_URL*`` where set."""
    return boto3.client(service, config=CONFIG)  # type: ignore[call-overload]
