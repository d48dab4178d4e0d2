"""One boto3 client per service and container, made on first use: a cold start pays only for what it calls."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config


@cache
def client(service: str, *, retries: bool = True, patience_s: int = 10) -> Any:
    """The client of ``service`` in the function's own region; addresses come from ``AWS_ENDPOINT_URL*`` where set.

    ``retries``: False for calls that must not be repeated behind our back, such as sending a message.
    ``patience_s``: how long an answer may take.
    """
    config = Config(
        # Short enough that a hanging neighbour does not eat the function's time.
        connect_timeout=2,
        read_timeout=patience_s,
        # The service checks what it gets; checking it here as well takes a third of a call's CPU.
        parameter_validation=False,
        # Only such a signature opens what is encrypted with our own key.
        signature_version="s3v4" if service == "s3" else None,
        # Addresses for browsers name the bucket's own host, in its region: the pages may ask no other.
        s3={"addressing_style": "virtual"},
        retries={"mode": "standard", "total_max_attempts": 3 if retries else 1},
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]
