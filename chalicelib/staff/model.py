"""Who works here: a staff member, the roles that let them act, the organisation they act for."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A group of the user pool, by the same name."""

    DISPATCHER = "dispatcher"
    APPROVER = "approver"
    ANALYST = "analyst"
    ADMIN = "admin"


@dataclass(frozen=True)
class StaffMember:
    """``user``: the name in the user pool, never reused. ``tenant``: control room or municipality.

    ``roles`` is never empty.
    """

    user: str
    roles: frozenset[Role]
    tenant: str
