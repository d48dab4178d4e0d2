"""Who may call what, as data: the roles of a route, and how far they reach on it.

A route names its roles and its scope (``platform.http.Endpoint``); docs/roles.md is written from all of them. The roles
are checked in ``platform.http``, the scope in the service behind the route, against the organisation of the caller.
"""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.staff.model import Role

DISPATCHERS = frozenset({Role.DISPATCHER})
CONTROL_ROOM = frozenset({Role.DISPATCHER, Role.APPROVER})
FIGURES = frozenset({Role.DISPATCHER, Role.APPROVER, Role.ANALYST, Role.POLICE_TEAM})
MAP = FIGURES | {Role.ADMIN}
ADMINS = frozenset({Role.ADMIN})
AUDITORS = frozenset({Role.AUDITOR})


class Scope(StrEnum):
    """How far a route reaches. What lies outside is refused as the text says."""

    NETWORK = "network"
    OWN_ALERTS = "own alerts"
    SEEN_ALERTS = "seen alerts"
    OWN_AREAS = "own areas"


MEANING: Mapping[Scope, str] = {
    Scope.NETWORK: "no bounds: nothing that the route shows or changes belongs to one organisation",
    Scope.OWN_ALERTS: "alerts of the own control room, in its own region (and over its border, as decision 23 says); "
    "an area outside is refused with 422, another room's alert with 404, or with 403 where it can be seen",
    Scope.SEEN_ALERTS: "the same, and to read: alerts of other rooms that touch the own region, once approved; "
    "any other alert is not found",
    Scope.OWN_AREAS: "the areas of the own organisation and those inside them; any other code is refused with 403, "
    "whether there is such an area or not",
}

# Without a token, or by the token in a personal link: every route that names no role stands here.
PUBLIC = frozenset(
    {
        "GET /health",
        "GET /openapi.json",
        "GET /sign-in",
        "GET /municipalities",
        "GET /addresses",
        "POST /sign-ups",
        "POST /sign-ups/{id}/verification",
        "GET /outlines/{code}/{level}",
        "GET /map",
        "GET /push/key",
        "GET /push/areas/{code}",
        "POST /push/topics",
        "DELETE /push/topics/{listener}",
        "GET /alerts/public",
        "GET /alerts/public.atom",
        "GET /alerts/public/{alert}",
        "GET /open-data/{year}/alerts.json",
        "GET /open-data/{year}/alerts.csv",
        "GET /tips/{token}",
        "POST /tips/{token}",
        "POST /tips/{token}/{tip}/photos/{number}",
        "PUT /tips/{token}/{tip}/photos/{number}",
        "GET /unsubscribe/{token}",
        "POST /unsubscribe/{token}",
    }
)
