"""The authorizer function's decision."""

from collections.abc import Callable

from chalicelib.platform.errors import Unauthenticated
from chalicelib.platform.observe import count, logger
from chalicelib.staff.access import to_context
from chalicelib.staff.tokens import TokenVerifier


def decide(
    verifier: TokenVerifier, authorization: str | None, on_refusal: Callable[[str], None] = lambda why: None
) -> dict[str, str] | None:
    """The context to pass on to the route, or None: let nobody in.

    ``authorization``: the header's value, ``Bearer <token>``. Why somebody was refused is logged, and told to
    ``on_refusal``; the token is not.

    Raises:
        Unavailable: tokens cannot be checked now. Not a refusal, which API Gateway would remember.
    """
    scheme, _, token = (authorization or "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise Unauthenticated("scheme_refused", "Send Authorization: Bearer ...")
        member = verifier.verify(token.strip())
    except Unauthenticated as refusal:
        logger.info("staff.refused", why=refusal.code)
        count("StaffRefused")
        on_refusal(refusal.code)
        return None
    return to_context(member)
