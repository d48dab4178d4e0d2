"""What the answers of both networks mean: they keep to HTTP's own words."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.channels.model import Refusal
from chalicelib.channels.social import Declined
from chalicelib.platform.clock import epoch, parse_rfc3339
from chalicelib.platform.outgoing import Answer, Connections, NoAnswer, NoConnection

# What is not here, and no success, is treated as temporary: better late than never.
REFUSALS: Mapping[int, Refusal] = {
    **dict.fromkeys((400, 401, 403, 404, 405, 410, 413, 422), Refusal.PERMANENT),
    429: Refusal.THROTTLED,
}
CLOCKS_DIFFER = timedelta(seconds=10)  # a network's from ours
WORDS = 100  # of the network's own that are kept


def ask(connections: Connections, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer | Declined:
    """The answer, whatever it is, or why there is none."""
    try:
        return connections.ask(method, url, body, headers)
    except NoConnection as error:
        return Declined(Refusal.TEMPORARY, str(error))
    except NoAnswer as error:
        return Declined(Refusal.UNKNOWN, str(error))


def read(answer: Answer) -> Any:
    """Its JSON; nothing where it holds none."""
    try:
        return json.loads(answer.content)
    except ValueError:
        return {}


def declined(answer: Answer, now: datetime) -> Declined:
    told = read(answer)
    words = str(told.get("detail") or told.get("error") or "") if isinstance(told, dict) else ""
    reason = REFUSALS.get(answer.status, Refusal.TEMPORARY)
    return Declined(reason, f"{answer.status} {words[:WORDS]}".strip(), _after_s(answer.headers, now))


def _after_s(given: Mapping[str, str], now: datetime) -> int:
    headers = {name.lower(): value for name, value in given.items()}
    if (wait := headers.get("retry-after", "")).isdecimal():
        return int(wait)
    if (reset := headers.get("x-rate-limit-reset", "")).isdecimal():  # X: epoch seconds
        return max(int(reset) - epoch(now), 0)
    try:  # Mastodon
        return max(epoch(parse_rfc3339(headers["x-ratelimit-reset"])) - epoch(now), 0)
    except (KeyError, ValueError):
        return 0
