"""Loaded by schemathesis, in its own environment: gives requests tokens and ids that the system knows.

Nothing of the project is imported here. ``FUZZ_WORLD`` is a file that ``bench.fuzz.world`` wrote.
"""

import json
import os
import random
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.parameters import ParameterLocation

WORLD: dict[str, Any] = json.loads(Path(os.environ["FUZZ_WORLD"]).read_text())
KNOWN_IDS = 0.8  # of the requests whose path may be right; the others look for what is not there
_dice = random.Random(int(os.environ.get("FUZZ_SEED", "1")))


@schemathesis.auth(refresh_interval=None, retry_on=[])
class Tokens:
    """Of somebody who may, or of a personal link."""

    def get(self, case: schemathesis.Case, context: Any) -> str | None:
        operation = case.operation.definition.raw
        if "security" not in operation:
            return None
        tokens: list[str] = [it for who in operation.get("x-roles", ["link"]) for it in WORLD["tokens"][who]]
        return _dice.choice(tokens)

    def set(self, case: schemathesis.Case, data: str | None, context: Any) -> None:
        if data:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook  # type: ignore[untyped-decorator]
def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    known = WORLD["ids"].get(case.operation.path)
    negative = case.meta is not None and case.meta.is_negative_at(ParameterLocation.PATH)
    if known and not negative and _dice.random() < KNOWN_IDS:
        case.path_parameters.update(_dice.choice(known))


@schemathesis.hook  # type: ignore[untyped-decorator]
def filter_failure(context: Any, failure: Any, case: schemathesis.Case, response: Any) -> bool:
    """A personal link is an address as much as a key: one that leads nowhere is not found."""
    for_link = {"link": []} in case.operation.definition.raw.get("security", [])
    return not (failure.code == "ST401" and for_link and "got `404 Not Found`" in failure.message)
