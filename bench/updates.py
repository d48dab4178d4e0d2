"""How fast an update gets ahead: the deployed template on a local stack, while a larger call is on its way.

The call goes to everybody in the invented burglary's area at 20 SMS and 14 mails a second, half a minute's work. Once
it runs an update is posted; what is measured is the time from then until the carrier took its first message, and its
last. Every function shares this machine's cores: on a busy one the figure is the machine's.
"""

from datetime import datetime
from typing import Any

import httpx

from bench.figures import Outcome
from chalicelib.platform.clock import SystemClock
from chalicelib.staff.model import Role
from local import tokens
from local.addresses import FOLDER
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY
from local.stack import Stack

UNDER_WAY = 100  # messages of the call that are out when the update is posted
NEWS = {"type": "correction", "text": {"nl": "Zij dragen groene jassen.", "en": "They wear green jackets."}}
RATES = {"SmsRate": "20", "EmailRate": "14", "CountdownSeconds": "0"}
LIMITS = {"first_hand_over_s": 5.0}


def run() -> Outcome:
    with Stack(FOLDER / "bench", parameters=RATES) as stack, httpx.Client(timeout=30) as http:
        api, carrier = Api(http, stack.addresses.api), Carrier(http, stack.addresses.carrier)
        dispatcher = api.as_(tokens.issue(Role.DISPATCHER, user="anna"))
        alert = dispatcher.post("/alerts", BURGLARY.alert)
        submitted = dispatcher.post(f"/alerts/{alert['id']}/submit", {})
        approver = api.as_(tokens.issue(Role.APPROVER, user="bram"))
        band = approver.post(f"/alerts/{alert['id']}/preview", {})["band"]["label"]["nl"]
        approver.post(f"/alerts/{alert['id']}/approve", {"version": submitted["version"], "reach": band})
        until(lambda: len(_messages(carrier)) >= UNDER_WAY or None, "the call is on its way")
        posted, before = SystemClock().now(), len(_messages(carrier))
        dispatcher.post(f"/alerts/{alert['id']}/updates", NEWS)
        until(lambda: _all_heard(_messages(carrier)), "everybody has the correction", seconds=300)
        messages = _messages(carrier)
        updates = [_at(message) for message in messages if _is_update(message)]
        return Outcome(
            "updates",
            {
                "call_messages_out_when_posted": before,
                "call_messages": len(messages) - len(updates),
                "update_messages": len(updates),
                "first_hand_over_s": (min(updates) - posted).total_seconds(),
                "last_hand_over_s": (max(updates) - posted).total_seconds(),
            },
            LIMITS,
        )


def _messages(carrier: Carrier) -> list[dict[str, Any]]:
    """Of the alert; without push, of which an update says again all that the call said."""
    return [message for message in carrier.messages() if message["alert"] and message["channel"] != "push"]


def _all_heard(messages: list[dict[str, Any]]) -> bool | None:
    """Everybody who got the call without the correction got it apart, or None."""
    told = {message["to"] for message in messages if _is_update(message)}
    old = {message["to"] for message in messages if not _holds_news(message)}
    return True if old and old <= told else None


def _is_update(message: dict[str, Any]) -> bool:
    """Alone, not within a call, which says "Correctie:"."""
    title = message.get("subject") or message["text"]
    return _holds_news(message) and ("Correctie" in title or "Correction" in title) and not _is_call(message)


def _is_call(message: dict[str, Any]) -> bool:
    return "Signalement" in message["text"] or "Description" in message["text"]


def _holds_news(message: dict[str, Any]) -> bool:
    return any(text in message["text"] for text in (NEWS["text"]["nl"], NEWS["text"]["en"]))  # type: ignore[index]


def _at(message: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(message["at"])
