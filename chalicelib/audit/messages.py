"""What travels on the queue ``audit``: a deed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from chalicelib.audit.model import Deed
from chalicelib.platform.batch import Message


class AuditMessage(Message):
    """As ``model.Deed``."""

    id: str = Field(min_length=1, max_length=128)
    at: str
    action: str = Field(min_length=1, max_length=64)
    actor: str = Field(min_length=1, max_length=128)
    tenant: str = Field(default="", max_length=128)
    subject: str = Field(default="", max_length=128)
    facts: dict[str, str] = Field(default_factory=dict)
    address: str = Field(default="", max_length=64)

    def deed(self) -> Deed:
        return Deed(**self.model_dump())


def of_history(row: Mapping[str, Any]) -> AuditMessage:
    """The deed of an event in an alert's history, as it lies in the table. Raises ``KeyError`` where it is none."""
    import json

    _, at, event_id = row["sk"]["S"].split("#")
    facts: dict[str, str] = json.loads(row["facts"]["S"])
    return AuditMessage(
        id=f"{row['id']['S']}-{event_id}",
        at=at,
        action=f"alert_{row['type']['S']}",
        actor=row["by"]["S"],
        tenant=row.get("tenant", {}).get("S", ""),
        subject=row["id"]["S"],
        facts=facts,
        address=row.get("address", {}).get("S", ""),
    )


def same_id(*words: str) -> str:
    """An id that is the same for the same words."""
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:40]
