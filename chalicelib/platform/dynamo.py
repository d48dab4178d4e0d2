"""What stores share: PynamoDB models bound to a table when a store is made, and conditions that did not hold."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

import botocore.session
from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.models import Model

# Each model is a session of its own to botocore, which would read DynamoDB's description again: 50 ms of a cold start.
botocore.session.create_loader = cache(botocore.session.create_loader)

M = TypeVar("M", bound=Model)


def bind(model: type[M], table: str) -> type[M]:
    """A subclass of ``model`` that reads and writes ``table`` in the function's region."""
    meta = type(
        "Meta",
        (),
        {
            "table_name": table,
            "region": os.environ.get("AWS_REGION", "eu-west-1"),
            "host": os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL"),
            "connect_timeout_seconds": 2,
            "read_timeout_seconds": 10,
        },
    )
    return type(model.__name__, (model,), {"Meta": meta})


def only_condition_failed(error: ClientError) -> None:
    """For the bare client: passes where a condition did not hold; any other error is raised again."""
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error


@contextmanager
def condition_failed(error: Exception) -> Iterator[None]:
    """A condition that did not hold, alone or in a transaction, raises ``error``; all else passes through."""
    try:
        yield
    except (PutError, UpdateError) as failure:
        if failure.cause_response_code == "ConditionalCheckFailedException":
            raise error from failure
        raise
    except TransactWriteError as failure:
        reasons = {reason.code for reason in failure.cancellation_reasons if reason}
        if "ConditionalCheckFailed" in reasons:
            raise error from failure
        raise
