"""Signing in on one's own machine: staff of the invented organisations, and a token for a press on a name.

Only the local origin has these addresses. Elsewhere the user pool asks for a name, a password and a second factor.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chalicelib.staff.model import Role
from local import tokens
from local.origin.problems import problem
from local.town.organisations import tenant_of

PEOPLE: Mapping[str, tuple[Role, ...]] = {
    "noor": (Role.DISPATCHER,),
    "sam": (Role.DISPATCHER, Role.APPROVER),
    "kim": (Role.APPROVER,),
    "ines": (Role.ANALYST,),
    "bas": (Role.POLICE_TEAM,),
}


def routes() -> list[Route]:
    return [Route("/local/people", listed), Route("/local/people/{user}/token", token, methods=["POST"])]


async def listed(request: Request) -> Response:
    people = [{"user": user, "roles": [*roles], "tenant": tenant_of(roles[0])} for user, roles in PEOPLE.items()]
    return JSONResponse({"people": people}, headers={"Cache-Control": "no-store"})


async def token(request: Request) -> Response:
    user = request.path_params["user"]
    if user not in PEOPLE:
        return problem(404, "not_found", "Nobody of that name works here.")
    return JSONResponse({"token": tokens.issue(*PEOPLE[user], user=user)}, headers={"Cache-Control": "no-store"})
