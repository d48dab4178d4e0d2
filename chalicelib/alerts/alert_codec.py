"""An alert as two compressed values: its body, and its target, which most readers never open."""

import json
import zlib
from datetime import timedelta
from functools import lru_cache
from typing import Any

from chalicelib.alerts.content_codec import optional, plain, read_content, read_text
from chalicelib.alerts.messages import Update, UpdateType
from chalicelib.alerts.model import Alert
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.states import State
from chalicelib.alerts.target import Target
from chalicelib.alerts.waves import Hold, WaveState
from chalicelib.platform.clock import parse_rfc3339


def written(alert: Alert) -> bytes:
    """All but the packed target."""
    body = plain(alert) | {"municipalities": alert.municipalities}
    return zlib.compress(json.dumps(body, separators=(",", ":")).encode())


@lru_cache(maxsize=8)
def read(body: bytes, packed_target: bytes) -> Alert:
    """A sender reads the same alert before each of its batches; it is parsed where it changed."""
    row = json.loads(zlib.decompress(body))
    target = Target(tuple(row["municipalities"]), packed_target)
    return Alert(
        id=row["id"],
        tenant=row["tenant"],
        content=read_content(row["content"], target),
        authors=tuple(row["authors"]),
        created_at=parse_rfc3339(row["created_at"]),
        created_by=row["created_by"],
        changed_at=parse_rfc3339(row["changed_at"]),
        expires=parse_rfc3339(row["expires"]),
        life=timedelta(seconds=row["life"]),
        state=State(row["state"]),
        version=row["version"],
        submitted_digest=row.get("submitted_digest"),
        approval_until=optional(parse_rfc3339, row.get("approval_until")),
        approved_version=row.get("approved_version"),
        approved_digest=row.get("approved_digest"),
        approved_reach=row.get("approved_reach"),
        limits_reason=row.get("limits_reason"),
        break_glass=row.get("break_glass"),
        due=optional(parse_rfc3339, row.get("due")),
        activated_at=optional(parse_rfc3339, row.get("activated_at")),
        returned_reason=row.get("returned_reason"),
        result=optional(Result, row.get("result")),
        contribution=optional(Contribution, row.get("contribution")),
        outcome_text=optional(read_text, row.get("outcome_text")),
        updates=tuple(map(_read_update, row.get("updates", ()))),
        wave_state=optional(_read_wave_state, row.get("wave_state")),
        reminded_at=optional(parse_rfc3339, row.get("reminded_at")),
        escalated_at=optional(parse_rfc3339, row.get("escalated_at")),
        withdrawn_at=optional(parse_rfc3339, row.get("withdrawn_at")),
        tips_withdrawn_at=optional(parse_rfc3339, row.get("tips_withdrawn_at")),
        **_stamps(row),
    )


def _read_update(row: dict[str, Any]) -> Update:
    return Update(UpdateType(row["type"]), read_text(row["text"]), parse_rfc3339(row["at"]), row["by"])


def _read_wave_state(row: dict[str, Any]) -> WaveState:
    return WaveState(
        begun=row["begun"],
        next_at=optional(parse_rfc3339, row.get("next_at")),
        tips_from=parse_rfc3339(row["tips_from"]),
        held=optional(Hold, row.get("held")),
    )


def _stamps(row: dict[str, Any]) -> dict[str, Any]:
    """Who did what, and when."""
    deeds = ("submitted", "approved", "stopped", "closed", "cancelled", "outcome")
    times = {f"{deed}_at": optional(parse_rfc3339, row.get(f"{deed}_at")) for deed in deeds}
    return times | {f"{deed}_by": row.get(f"{deed}_by") for deed in deeds}
