"""A user pool in the test process: a key pair, its key set, and tokens as Cognito writes them."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from chalicelib.platform.clock import ManualClock
from chalicelib.staff.keys import FetchFailed
from chalicelib.staff.tokens import TokenVerifier

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_town"
AUDIENCE = "console"
NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
KEYS = [generate_private_key(65537, 2048) for _ in range(2)]


def published(kid: str, key: RSAPrivateKey) -> dict[str, Any]:
    """The key's entry in a key set, with the fields that Cognito gives."""
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {"kty": "RSA", "n": public["n"], "e": public["e"], "kid": kid, "alg": "RS256", "use": "sig"}


@dataclass
class Pool:
    """``document``: what a fetch answers; None fails. ``fetched``: when it was asked."""

    clock: ManualClock
    document: Any = None
    fetched: list[datetime] = field(default_factory=list)

    def fetch(self, url: str) -> Any:
        self.fetched.append(self.clock.now())
        if self.document is None:
            raise FetchFailed("status 503")
        return json.loads(json.dumps(self.document))

    def publish(self, **keys: RSAPrivateKey) -> None:
        self.document = {"keys": [published(kid, key) for kid, key in keys.items()]}


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def pool(clock):
    pool = Pool(clock)
    pool.publish(first=KEYS[0])
    return pool


@pytest.fixture
def verifier(pool, clock):
    return TokenVerifier("https://pool.example/jwks.json", ISSUER, AUDIENCE, pool.fetch, clock)


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a good token; ``None`` takes one away. Dashes and colons are written as keywords cannot be: by dict."""
    good = {
        "sub": "5d1f0e9a-0000-4000-8000-000000000001",
        "iss": ISSUER,
        "aud": AUDIENCE,
        "token_use": "id",
        "iat": NOW.timestamp(),
        "exp": int(NOW.timestamp()) + 900,
        "cognito:username": "d.jansen",
        "cognito:groups": ["dispatcher"],
        "custom:tenant": "control-room-1",
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(*, key: Any = KEYS[0], kid: str | None = "first", algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm, headers={"kid": kid} if kid else None)


def segment(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
