"""Calls a function of the running system by hand, as an operator would in the cloud."""

import json
from collections.abc import Mapping
from typing import Any

from local.addresses import running
from local.deploy import STACK, Emulator


class FunctionFailed(Exception):
    """The function raised; the message is its own."""


def invoke(name: str, event: Mapping[str, Any]) -> Any:
    """What the function returns. Raises ``NoStack`` where nothing runs, and ``FunctionFailed``."""
    client = Emulator(running().aws).client("lambda")
    answer = client.invoke(FunctionName=f"{STACK}-{name}", Payload=json.dumps(event).encode())
    told = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise FunctionFailed(str(told.get("errorMessage", told)))
    return told
