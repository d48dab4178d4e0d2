"""How long what is kept, why, and what sees to it: one table, from the very constants that the code goes by.

``docs/privacy.md`` and the numbers of the page for participants are written from it:
``python -m chalicelib.privacy.retention``; a test says where they differ.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from chalicelib.alerts.withdrawal import ABANDONED, KEPT
from chalicelib.audit.service import KEPT as AUDIT
from chalicelib.delivery import dispatch, store
from chalicelib.participants import place_rows, service
from chalicelib.participants.codes import VALID
from chalicelib.participants.model import UNANSWERED, YEAR
from chalicelib.platform import idempotency

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "privacy.md"
NUMBERS = ROOT / "web" / "js" / "retention.js"
BEGIN, END = "<!-- the table of chalicelib/privacy/retention.py begins -->", "<!-- it ends -->"

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACKUPS = 35 * DAY  # DynamoDB: point-in-time recovery, where the template says nothing else
QUEUES, DEAD_LETTERS = 4 * DAY, 14 * DAY  # as infra/template.py has them
RECORDINGS = 35 * DAY  # as infra/messages.yaml has it
CANARIES = 30 * DAY  # as the canaries, on the same floor, have it
COUNTED = 14 * DAY  # as the census, on the same floor, has it
MAILED = 731 * DAY  # as reports, on the same floor, have it


class By(StrEnum):
    """What sees to it that something goes."""

    TTL = "`ttl`; readers count an ended row as gone"
    SWEEP = "function `sweep`, every hour"
    LEAVING = "the transaction of leaving"
    USE = "the write that ends its use"
    SETTING = "the template"
    ADMIN = "an administrator: `docs/runbooks/staff-accounts.md`"
    NOBODY = "nothing: it says nothing of a person"


@dataclass(frozen=True)
class Rule:
    """``where``: a table of ``settings.TABLES``, or what else holds it. ``kept``: None is without end."""

    what: str
    where: str
    kept: timedelta | str | None
    why: str
    by: By


_longest = max(kept.description for kept in KEPT.values())
_by_category = "; ".join(
    f"{category.value.replace('_', ' ')} {kept.description.days} / {kept.tips.days} days"
    for category, kept in sorted(KEPT.items())
)

RULES: tuple[Rule, ...] = (
    Rule("a sign-up that waits for its codes", "sign_ups", service.SIGN_UP_KEPT, "to come back to it today", By.TTL),
    Rule("a verification code", "sign_ups", VALID, "derived, never stored; works so long", By.TTL),
    Rule(
        "profile, contacts, addresses, wishes, consents",
        "participants",
        "until they leave",
        "to ask them; what they agreed to must be shown",
        By.LEAVING,
    ),
    Rule(
        "the same, of who does not answer the yearly question",
        "participants",
        f"{UNANSWERED + 1} years paused and not, then 1 more",
        "an address that nobody confirms may be another's by now",
        By.SWEEP,
    ),
    Rule("keyed hash of a contact", "contacts", "until they leave", "one participant for each contact", By.LEAVING),
    Rule(
        "the key that a contact is sealed with",
        "contact_keys",
        "until they leave, or have another contact",
        "without it the contact can be read in no table and no backup",
        By.LEAVING,
    ),
    Rule("devices that take push messages", "subscriptions", "until taken off", "to reach them", By.LEAVING),
    Rule("a place, with the contacts", "places", "until changed or leaving", "to find whom to ask", By.LEAVING),
    Rule(
        "a place that was changed",
        "places",
        timedelta(seconds=place_rows.ENDED_ROWS_KEPT_S),
        "alerts that began before the change",
        By.TTL,
    ),
    Rule("people per geohash cell", "cells", None, "to preview an alert", By.NOBODY),
    Rule(
        "what an alert says of people: description, headline, updates, outcome text, place of the incident; "
        "from which networks staff asked for it",
        "alerts",
        f"after it is over, by category (text / tips): {_by_category}",
        "complaints and questions; then its hash proves what was said. The public sees none of it from closing on",
        By.SWEEP,
    ),
    Rule("a draft that was not sent", "alerts", ABANDONED, "to go on with it", By.SWEEP),
    Rule("an alert without that: when, where, result", "alerts", None, "reports", By.NOBODY),
    Rule("text, place and link of a tip, the note on it", "tips", "see alerts", "the investigation", By.SWEEP),
    Rule("a photo with a tip: its pixels", "bucket photos", "see alerts", "the investigation", By.SWEEP),
    Rule(
        "the photo of who or what is looked for: its pixels",
        "bucket photos",
        "see alerts: with the text",
        "as for the text. Who was asked sees none of it from closing on",
        By.SWEEP,
    ),
    Rule(
        "the same, as it was sent: a phone writes into it where it was taken",
        "bucket photos",
        "until it was looked at, seconds; what nobody asked for, a day",
        "to look at it",
        By.USE,
    ),
    Rule("contacts for a message", "deliveries", "until it was sent", "to send it", By.USE),
    Rule("who was asked, by id, and how that went", "deliveries", store.KEPT, "complaints, the outcome", By.TTL),
    Rule("figures of an alert", "deliveries", None, "reports", By.NOBODY),
    Rule("a provider's message id", "message_ids", dispatch.IDS_KEPT, "receipts come late", By.TTL),
    Rule("until when no sending time is promised", "pace", None, "pace", By.NOBODY),
    Rule("when the messages of each canary arrived", "canaries", CANARIES, "how fast messages come", By.TTL),
    Rule("a dispatcher's recording", "bucket recordings", RECORDINGS, "calls play it; complaints", By.SETTING),
    Rule(
        "a browser that listens to areas, without an account",
        "topics",
        "until it is turned off, or ends",
        "to tell it",
        By.USE,
    ),
    Rule("which of those got which message", "topics", store.KEPT, "never twice, and how it ended", By.TTL),
    Rule("where an alert was posted for everybody, without its words", "posts", None, "to take it away", By.NOBODY),
    Rule("municipalities and neighbourhoods", "areas", None, "the map; addresses of municipal staff", By.NOBODY),
    Rule(
        "control rooms, municipalities, police teams",
        "organisations",
        None,
        "who may do what where; addresses of supervisors, mailboxes",
        By.NOBODY,
    ),
    Rule("which summary went to which address, by its hash", "reports", MAILED, "each is sent once", By.TTL),
    Rule("counts per area", "reports", None, "what it yields", By.NOBODY),
    Rule("what alerts cost each municipality, and its budget", "reports", None, "who pays", By.NOBODY),
    Rule(
        "answers to a repeated request, sealed with a key that only its sender has",
        "idempotency",
        timedelta(seconds=idempotency.KEEP_S),
        "a request that is sent twice is done once",
        By.TTL,
    ),
    Rule("which change of a participant was counted, by id", "idempotency", COUNTED, "each is counted once", By.TTL),
    Rule("where a member of staff is reached at work", "user pool", "until an administrator", "proofs", By.ADMIN),
    Rule("what staff did, and from which network", "audit", AUDIT, "accountability for police powers", By.TTL),
    Rule("where the audit trail ended each day", "audit_heads", None, "to see that it is whole", By.NOBODY),
    Rule(
        "how often somebody signed up, gave a tip or a photo, or turned on notifications, by keyed hash; "
        "or, of staff, was refused or asked for a proof",
        "counters",
        2 * HOUR,
        "abuse",
        By.TTL,
    ),
    Rule("messages between functions: ids only", "queues", QUEUES, "to be handled", By.SETTING),
    Rule("the same, where that failed", "dead letters", DEAD_LETTERS, "to be put back", By.SETTING),
    Rule(
        "a provider's own event, with whom it was for, until it is read; what fails is put back without",
        "queue receipts",
        "seconds",
        "receipts",
        By.USE,
    ),
    Rule("ids and figures", "logs of functions", "`LogDays`: 30 days", "to find faults", By.SETTING),
    Rule("SNS's own log of SMS, with numbers", "log groups `sns/...`", DAY, "receipts; AWS allows no less", By.SETTING),
    Rule("keys of contacts and sign-ups as they were", "backups", DAY, "to recover from a mistake", By.SETTING),
    Rule("all other tables as they were", "backups", BACKUPS, "to recover from a mistake", By.SETTING),
)

# What the page for participants says, in days.
TOLD: Mapping[str, int] = {
    "sign_up_hours": service.SIGN_UP_KEPT // HOUR,
    "messages_days": store.KEPT // DAY,
    "descriptions_days": _longest // DAY,
    "tips_days": max(kept.tips for kept in KEPT.values()) // DAY,
    "backups_days": BACKUPS // DAY,
    "unanswered": UNANSWERED,
}


def shown(kept: timedelta | str | None) -> str:
    if kept is None:
        return "always"
    if isinstance(kept, str):
        return kept
    if kept < HOUR:
        return f"{kept // timedelta(minutes=1)} minutes"
    if kept >= 2 * YEAR:
        return f"{kept // YEAR} years"
    return f"{kept // HOUR} hours" if kept <= DAY else f"{kept // DAY} days"


def table() -> str:
    rows = [f"| {rule.what} | {rule.where} | {shown(rule.kept)} | {rule.why} | {rule.by.value} |" for rule in RULES]
    return "\n".join(["| what | where | how long | why | by |", "|---|---|---|---|---|", *rows])


def document(text: str) -> str:
    """``text`` with the table in its place."""
    return re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table()}\n{END}", text, flags=re.DOTALL)


def numbers() -> str:
    return (
        "// Written by chalicelib/privacy/retention.py: what the privacy page says of time.\n\n"
        f"export default {json.dumps(TOLD, indent=2)};\n"
    )


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    NUMBERS.write_text(numbers(), encoding="utf-8")
