"""A staff member on the way from the authorizer function to a route: API Gateway passes on flat text only."""

from collections.abc import Mapping

from chalicelib.platform.errors import Unauthenticated
from chalicelib.staff.model import Role, StaffMember


def to_context(member: StaffMember) -> dict[str, str]:
    """``user``, ``roles`` (comma separated, sorted), ``tenant``: what ``platform.http`` and ``staff_of`` read."""
    return {"user": member.user, "roles": ",".join(sorted(member.roles)), "tenant": member.tenant}


def staff_of(context: Mapping[str, str]) -> StaffMember:
    """The member that ``to_context`` wrote; ``context`` is ``call.staff``.

    Raises:
        Unauthenticated: no member in it.
    """
    known = {role.value for role in Role}
    roles = frozenset(Role(name) for name in context.get("roles", "").split(",") if name in known)
    user, tenant = context.get("user", ""), context.get("tenant", "")
    if not (user and roles and tenant):
        raise Unauthenticated("no_staff_member", "This needs a staff token.")
    return StaffMember(user, roles, tenant, context.get("address", ""))
