"""Who works here: a staff member, the roles that let them act, the organisation they act for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.staff.mailing import OF_ALERTS, Mailing


class Role(StrEnum):
    """A group of the user pool, by the same name."""

    DISPATCHER = "dispatcher"
    APPROVER = "approver"
    ANALYST = "analyst"
    POLICE_TEAM = "police_team"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Kind(StrEnum):
    """What an organisation is. Nobody acts in a role that is not for its kind."""

    CONTROL_ROOM = "control_room"
    MUNICIPALITY = "municipality"
    POLICE_TEAM = "police_team"


KIND_OF: Mapping[Role, Kind] = {
    Role.DISPATCHER: Kind.CONTROL_ROOM,
    Role.APPROVER: Kind.CONTROL_ROOM,
    Role.ANALYST: Kind.MUNICIPALITY,
    Role.POLICE_TEAM: Kind.POLICE_TEAM,
}  # who is not in it works for the network as a whole: no area is theirs
ALONE = frozenset({Role.ADMIN, Role.AUDITOR})  # who sets up or looks back does not send: one account, one of these


@dataclass(frozen=True)
class StaffMember:
    """``user``: the name in the user pool, never reused. ``tenant``: id of an organisation.

    ``roles`` is never empty. ``address``: of the network that the request came from; empty where unknown.
    """

    user: str
    roles: frozenset[Role]
    tenant: str
    address: str = ""


@dataclass(frozen=True)
class Organisation:
    """``id``: the ``tenant`` of its members. ``areas``: codes, sorted; of a control room municipalities.

    ``supervisors``: e-mail addresses of who is told what a control room did alone, or left open. ``mailboxes``: its
    own, at which a control room is reminded of what it left open, and it or a police team reads how alerts ended.
    """

    id: str
    kind: Kind
    name: str
    areas: tuple[str, ...]
    supervisors: tuple[str, ...] = field(default=(), repr=False)
    mailboxes: tuple[str, ...] = field(default=(), repr=False)
    mailing: Mailing = OF_ALERTS
