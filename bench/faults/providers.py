"""What providers say afterwards, in their own shapes, as it comes to the product's own doors."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.channels.model import Accepted

News = tuple[float, str, Any]  # after so many seconds; the queue "receipts", or who reads a log; body or line


class Handover(NamedTuple):
    """A message that a provider took. ``step``: when, counted in calls of the whole run. ``by``: the invocation."""

    channel: str
    contact: str
    message: str
    words: str
    step: int
    by: int


def contacts(arguments: Sequence[Any]) -> list[str]:
    """To whom: a sender's first argument, or each recipient of many."""
    many = next((argument for argument in arguments if isinstance(argument, list)), None)
    return [arguments[0]] if many is None else [recipient.address for recipient in many]


def words(arguments: Sequence[Any]) -> str:
    """What it says: all of it, in whatever form the sender gets it."""
    return " ".join(str(argument) for argument in arguments if not isinstance(argument, list))


def _sns(arguments: Sequence[Any], taken: Accepted, number: int, delivered: bool) -> Iterator[News]:
    entry = {
        "notification": {"messageId": taken.provider_id, "timestamp": "2026-11-23 20:15:34.558"},
        "delivery": {"destination": "+31600000000", "providerResponse": "accepted" if delivered else "unreachable"},
        "status": "SUCCESS" if delivered else "FAILURE",
    }
    yield 0.4, "sms_log", {"message": json.dumps(entry)}


def _ses(arguments: Sequence[Any], taken: Accepted, number: int, delivered: bool) -> Iterator[News]:
    tags = {name: [value] for name, value in arguments[1][number].tags.items()}
    for seconds, event in ((0.3, "Send"), (1.5, "Delivery" if delivered else "Bounce")):
        yield seconds, "receipts", {"eventType": event, "mail": {"messageId": taken.provider_id, "tags": tags}}


NEWS: Mapping[str, Callable[[Sequence[Any], Accepted, int, bool], Iterator[News]]] = {"sms": _sns, "email": _ses}
