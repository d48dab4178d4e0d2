"""A user pool in the test process: key pairs, their key set, and tokens as Cognito writes them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm
from jwt.api_jws import PyJWS

from chalicelib.platform.clock import ManualClock
from chalicelib.staff.keys import FetchFailed
from chalicelib.staff.tokens import TokenVerifier

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
PRIVATE_KEYS = {kid: generate_private_key(65537, 2048) for kid in ("first", "second")}


@dataclass
class Pool:
    """``document``: what a fetch answers; None makes it fail. ``fetches``: how often it was asked."""

    document: object = None
    fetches: int = 0
    issuer: str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_town"
    audience: str = "console"
    now: float = field(default_factory=NOW.timestamp)

    def fetch(self, url):
        self.fetches += 1
        if self.document is None:
            raise FetchFailed("status 503")
        return json.loads(json.dumps(self.document))

    def publish(self, *kids):
        self.document = {"keys": [self.entry(kid) for kid in kids]}

    def entry(self, kid):
        public = RSAAlgorithm.to_jwk(PRIVATE_KEYS[kid].public_key(), as_dict=True)
        return {"kty": "RSA", "n": public["n"], "e": public["e"], "kid": kid, "alg": "RS256", "use": "sig"}

    def claims(self, changes=()):
        """The claims of a good token; a change to None takes one away."""
        good = {
            "sub": "5d1f0e9a-0000-4000-8000-000000000001",
            "iss": self.issuer,
            "aud": self.audience,
            "token_use": "id",
            "iat": int(self.now),
            "exp": int(self.now) + 900,
            "cognito:username": "d.jansen",
            "cognito:groups": ["dispatcher"],
            "custom:tenant": "control-room-1",
        }
        return {name: value for name, value in {**good, **dict(changes)}.items() if value is not None}

    def token(self, changes=(), *, kid="first", signed_by=None):
        """Signed as bytes, so that a test may put anything into a claim."""
        payload = json.dumps(self.claims(changes)).encode()
        return PyJWS().encode(payload, PRIVATE_KEYS[signed_by or kid], "RS256", headers={"kid": kid} if kid else None)


@pytest.fixture
def clock():
    return ManualClock(NOW)


@pytest.fixture
def pool():
    pool = Pool()
    pool.publish("first")
    return pool


@pytest.fixture
def verifier(pool, clock):
    return TokenVerifier("https://pool.example/jwks.json", pool.issuer, pool.audience, pool.fetch, clock)
