"""Is this bearer token ours, and whose is it? ID tokens of the user pool, RS256 and nothing else.

Source: RFC 7519, RFC 8725 (algorithm pinned, audience and type checked); Amazon Cognito Developer Guide,
"Understanding the identity (ID) token".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Unauthenticated
from chalicelib.staff.keys import Fetch, KeySet
from chalicelib.staff.model import ALONE, Role, StaffMember

ALGORITHM = "RS256"
USE = "id"
LEEWAY_S = 30
MAX_TOKEN_CHARACTERS = 8 * 1024  # API Gateway takes 10 KB of headers
MAX_NAME_CHARACTERS = 128  # Cognito's limit of a username

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@dataclass
class TokenVerifier:
    """``fetch``: URL -> parsed key set (``keys.fetch_over_http``). The key set is kept between calls."""

    jwks_url: str
    issuer: str
    audience: str
    fetch: Fetch
    clock: Clock
    _keys: KeySet = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._keys = KeySet(self.jwks_url, self.fetch, self.clock)

    def verify(self, token: str) -> StaffMember:
        """The member that the token speaks for.

        Raises:
            Unauthenticated: whatever is wrong with the token; ``code`` says what, for the log.
            Unavailable: the keys could not be fetched even once.
        """
        import jwt

        if len(token) > MAX_TOKEN_CHARACTERS or not _COMPACT.fullmatch(token):
            raise _refused("token_malformed")
        try:
            kid = _kid(jwt.get_unverified_header(token))
            key = self._keys.find(kid)
            if key is None:
                raise _refused("key_unknown")
            # Times are checked below, against our own clock.
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                issuer=self.issuer,
                audience=self.audience,
                options={
                    "require": ["exp", "iss", "aud", "token_use"],
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, RecursionError, ValueError) as error:
            raise _refused("token_invalid") from error
        self._check_times(claims)
        return _member(claims)

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self.clock.now().timestamp()
        # Written so that NaN is refused.
        if not (_is_number(claims["exp"]) and now < claims["exp"] + LEEWAY_S):
            raise _refused("token_expired")
        if "nbf" in claims and not (_is_number(claims["nbf"]) and now >= claims["nbf"] - LEEWAY_S):
            raise _refused("token_not_yet_valid")


def _kid(header: Mapping[str, Any]) -> str:
    if header.get("alg") != ALGORITHM:
        raise _refused("algorithm_refused")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise _refused("key_unknown")
    return kid


def _member(claims: Mapping[str, Any]) -> StaffMember:
    if claims.get("token_use") != USE:
        raise _refused("token_use_refused")
    user = _name(claims.get("cognito:username"), "no_user")
    tenant = _name(claims.get("custom:tenant"), "no_tenant")
    roles = _roles(claims.get("cognito:groups"))
    if not roles:
        raise _refused("no_role")
    if len(roles) > 1 and roles & ALONE:
        raise _refused("roles_conflict")
    return StaffMember(user, roles, tenant)


def _roles(groups: Any) -> frozenset[Role]:
    names = {group for group in groups if isinstance(group, str)} if isinstance(groups, list) else set()
    return frozenset(role for role in Role if role.value in names)


def _name(value: Any, missing: str) -> str:
    if isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARACTERS and value.isprintable():
        return value
    raise _refused(missing)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refused(code: str) -> Unauthenticated:
    return Unauthenticated(code, "This token is not valid here.")
