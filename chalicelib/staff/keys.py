"""The public keys of the user pool: fetched over HTTP, kept, and fetched again when the pool rotates them.

Source: RFC 7517; Amazon Cognito Developer Guide, "Verifying JSON web tokens".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.observe import logger

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

RETRY = timedelta(seconds=30)  # an unknown key id may be a rotation, or somebody making us fetch
FRESH = timedelta(hours=1)  # how long a key that the pool withdrew may still count here
FETCH_TIMEOUT_S = 3


class FetchFailed(Exception):
    """The key set could not be had: no answer, not a 200, or not a key set."""


Fetch = Callable[[str], Any]


def fetch_over_http(url: str) -> Any:
    """The JSON at ``url``.

    Raises:
        FetchFailed: no answer within 3 s, a status other than 200, or no JSON.
    """
    import urllib3

    try:
        answer = urllib3.request("GET", url, timeout=FETCH_TIMEOUT_S, retries=1, redirect=False)
        if answer.status != 200:
            raise FetchFailed(f"status {answer.status}")
        return answer.json()
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise FetchFailed(type(error).__name__) from error


@dataclass
class KeySet:
    """``fetch``: URL -> parsed JSON Web Key Set, or raises ``FetchFailed``."""

    url: str
    fetch: Fetch
    clock: Clock
    _keys: "Mapping[str, RSAPublicKey]" = field(default_factory=dict)
    _tried: datetime | None = None
    _fetched: datetime | None = None

    def find(self, kid: str) -> "RSAPublicKey | None":
        """The key of that id, or None.

        Raises:
            Unavailable: no key set was ever had.
        """
        if self._is_due(kid):
            self._refresh()
        if self._fetched is None:
            raise Unavailable("keys_unavailable", "Tokens cannot be checked at the moment.")
        return self._keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        now = self.clock.now()
        if self._fetched is None or self._tried is None:
            return True
        return now - self._tried >= RETRY and (kid not in self._keys or now - self._fetched >= FRESH)

    def _refresh(self) -> None:
        self._tried = self.clock.now()
        try:
            self._keys = read_keys(self.fetch(self.url))
        except FetchFailed as failure:
            logger.warning("staff.keys_not_fetched", why=str(failure), kept=len(self._keys))
            return
        self._fetched = self._tried


def read_keys(document: Any) -> "Mapping[str, RSAPublicKey]":
    """Key id -> RSA public key; keys of other kinds and uses are passed over.

    Raises:
        FetchFailed: not a key set, or none in it that can sign a token of ours.
    """
    from jwt.algorithms import RSAAlgorithm
    from jwt.exceptions import InvalidKeyError

    listed = document.get("keys") if isinstance(document, dict) else None
    keys = {}
    for key in listed if isinstance(listed, list) else []:
        if not _may_sign(key):
            continue
        try:
            keys[key["kid"]] = RSAAlgorithm.from_jwk({name: key[name] for name in ("kty", "n", "e")})
        except (InvalidKeyError, KeyError, ValueError):
            logger.warning("staff.key_not_readable")
    if not keys:
        raise FetchFailed("no usable key")
    return keys  # type: ignore[return-value]  # without "d" it is a public key


def _may_sign(key: Any) -> bool:
    return (
        isinstance(key, dict)
        and isinstance(key.get("kid"), str)
        and all(isinstance(key.get(name), str) for name in ("n", "e"))
        and key.get("kty") == "RSA"
        and key.get("use", "sig") == "sig"
        and key.get("alg", "RS256") == "RS256"
    )
