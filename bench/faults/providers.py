"""What providers say afterwards, in their own shapes, as it comes to the product's own doors."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from bench.faults.points import Asked
from chalicelib.channels.model import Accepted, Device, Recording

News = tuple[float, str, Any]  # after so many seconds; the queue "receipts", or who reads a log; body or line


class Handover(NamedTuple):
    """A message that a provider took. ``step``: when, counted in calls of the whole run. ``by``: the invocation."""

    channel: str
    contact: str
    message: str
    words: str
    step: int
    by: int


def contacts(asked: Asked) -> list[str]:
    """To whom: a sender's first argument, or each recipient of many. Of a device, what its endpoint ends in."""
    if asked.many is not None:
        return [recipient.address for recipient in asked.many]
    to = asked.arguments[0]
    return [to.endpoint.rpartition("/")[2] if isinstance(to, Device) else to]


def words(asked: Asked) -> str:
    """What it says: all of it, in whatever form the sender gets it."""
    return " ".join(str(argument) for argument in asked.arguments if argument is not asked.many)


def _sns(asked: Asked, taken: Accepted, number: int, delivered: bool) -> Iterator[News]:
    entry = {
        "notification": {"messageId": taken.provider_id, "timestamp": "2026-11-23 20:15:34.558"},
        "delivery": {"destination": "+31600000000", "providerResponse": "accepted" if delivered else "unreachable"},
        "status": "SUCCESS" if delivered else "FAILURE",
    }
    yield 0.4, "sms_log", {"message": json.dumps(entry)}


def _ses(asked: Asked, taken: Accepted, number: int, delivered: bool) -> Iterator[News]:
    tags = {name: [value] for name, value in (asked.many or [])[number].tags.items()}
    for seconds, event in ((0.3, "Send"), (1.5, "Delivery" if delivered else "Bounce")):
        yield seconds, "receipts", {"eventType": event, "mail": {"messageId": taken.provider_id, "tags": tags}}


def _calls(asked: Asked, taken: Accepted, number: int, delivered: bool) -> Iterator[News]:
    """Of a recording Connect says nothing afterwards."""
    if isinstance(asked.arguments[1], Recording):
        return
    for seconds, event in ((0.3, "VOICE_INITIATED"), (9.0, "VOICE_COMPLETED" if delivered else "VOICE_NO_ANSWER")):
        body = {"eventType": event, "messageId": taken.provider_id, "context": dict(asked.named["tags"])}
        yield seconds, "receipts", body


def _texts(asked: Asked, taken: Accepted, number: int, delivered: bool) -> Iterator[News]:
    """End User Messaging, which takes our tags along."""
    for seconds, event in ((0.2, "TEXT_SENT"), (0.9, "TEXT_DELIVERED" if delivered else "TEXT_UNREACHABLE")):
        yield seconds, "receipts", {"eventType": event, "messageId": taken.provider_id, "context": asked.named["tags"]}


NEWS: Mapping[str, Callable[[Asked, Accepted, int, bool], Iterator[News]]] = {
    "sms": _sns,
    "exercise_sms": _sns,
    "email": _ses,
    "exercise_email": _ses,
    "voice": _calls,
}
# Where texts go by End User Messaging, and recordings are played by Connect.
OTHER_NEWS = {**NEWS, "sms": _texts, "exercise_sms": _texts}
