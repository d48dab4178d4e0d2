"""The organisations of the invented country: one control room for the island, its municipalities, a police team."""

from chalicelib.staff.model import Kind, Organisation, Role
from local.town.names import FABELSTAD, MUNICIPALITIES

CONTROL_ROOM = Organisation(
    "control-room",
    Kind.CONTROL_ROOM,
    "Meldkamer Verzonnen Eiland",
    areas=tuple(it.code for it in MUNICIPALITIES),
    mailboxes=("meldkamer@burgernet.example",),
)
TEAM = Organisation(
    "team-draaksdijk",
    Kind.POLICE_TEAM,
    "Basisteam Draaksdijk",
    ("WK900102", "WK900103"),
    mailboxes=("draaksdijk@burgernet.example",),
)
ORGANISATIONS = (
    CONTROL_ROOM,
    *(Organisation(it.code, Kind.MUNICIPALITY, f"Gemeente {it.name}", (it.code,)) for it in MUNICIPALITIES),
    TEAM,
)
NETWORK = "burgernet"  # whoever works for all of it, and has no area


def tenant_of(role: Role) -> str:
    """For whom somebody in a role works here, unless it is said."""
    tenants = {Role.ANALYST: FABELSTAD.code, Role.POLICE_TEAM: TEAM.id, Role.ADMIN: NETWORK, Role.AUDITOR: NETWORK}
    return tenants.get(role, CONTROL_ROOM.id)
