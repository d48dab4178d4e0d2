"""Tokens that nobody may get in with: made up, bent, forged, borrowed. None is admitted, none breaks the verifier.

Every kind of token is made as often as every other, by dice that fall the same way for the same seed. A good token is
tried beside each, so a verifier that admits nobody does not pass for a safe one.
"""

import base64
import hashlib
import hmac
import json
import random
import string
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from jwt.api_jws import PyJWS

from bench.figures import Outcome
from chalicelib.platform.clock import ManualClock
from chalicelib.platform.errors import Unauthenticated
from chalicelib.staff.tokens import TokenVerifier

NOW = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_burgernet"
AUDIENCE, KEY_ID = "console", "pool-1"
ALPHABET = string.ascii_letters + string.digits + "-_"
LIMITS = {"admitted": 0, "broke_the_verifier": 0, "good_refused": 0}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--tokens", type=int, default=10_000, help="how many to try (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=20261124)


def run(tokens: int, seed: int) -> Outcome:
    attempt = Attempt(random.Random(seed))
    before = time.process_time()
    results = tally(attempt, tokens)
    taken = time.process_time() - before
    figures = {
        "tokens": tokens,
        "kinds": len(KINDS),
        **results,
        "cpu_ms_per_token": 1_000 * taken / tokens,
    }
    return Outcome("tokens", figures, LIMITS)


def tally(attempt: "Attempt", tokens: int) -> dict[str, int]:
    """How many of so many got in, and how many ended in anything but a refusal."""
    verifier, good = attempt.verifier(), attempt.signed(attempt.claims())
    admitted = broke = good_refused = 0
    for _, token in zip(range(tokens), attempt.tokens(), strict=False):
        answer = outcome(verifier, token)
        admitted += answer is True
        broke += answer is None
        good_refused += outcome(verifier, good) is not True
    return {"admitted": admitted, "broke_the_verifier": broke, "good_refused": good_refused}


def outcome(verifier: TokenVerifier, token: str) -> bool | None:
    """Whether it is admitted; None: the verifier failed."""
    try:
        verifier.verify(token)
    except Unauthenticated:
        return False
    except Exception:
        return None
    return True


def _text(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Attempt:
    """``key`` is the pool's, whose public half everybody has; ``other`` is somebody else's."""

    dice: random.Random
    key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048), repr=False)
    other: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048), repr=False)

    def verifier(self) -> TokenVerifier:
        published = {"keys": [self.public(self.key)]}
        return TokenVerifier("https://pool.example/jwks.json", ISSUER, AUDIENCE, lambda _: published, ManualClock(NOW))

    def public(self, key: RSAPrivateKey) -> dict[str, Any]:
        public: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {"kty": "RSA", "n": public["n"], "e": public["e"], "kid": KEY_ID, "alg": "RS256", "use": "sig"}

    def claims(self, **changes: Any) -> dict[str, Any]:
        at = int(NOW.timestamp())
        return {
            "sub": "5d1f0e9a-0000-4000-8000-000000000001",
            "iss": ISSUER,
            "aud": AUDIENCE,
            "token_use": "id",
            "iat": at,
            "exp": at + 1_800,
            "cognito:username": "d.jansen",
            "cognito:groups": ["dispatcher"],
            "custom:tenant": "control-room",
        } | changes

    def signed(self, claims: Mapping[str, Any], key: RSAPrivateKey | None = None, **head: Any) -> str:
        payload = json.dumps(claims).encode()
        return PyJWS().encode(payload, key or self.key, "RS256", headers={"kid": KEY_ID, **head})

    def good(self) -> str:
        """One that gets in, to be bent."""
        return self.signed(self.claims(jti=self.dice.randrange(1 << 30)))

    def tokens(self) -> Iterator[str]:
        """Without end, each kind in turn."""
        while True:
            for make in KINDS.values():
                yield make(self)

    def somewhere(self, token: str) -> int:
        return self.dice.randrange(len(token))


def bit_flipped(attempt: Attempt) -> str:
    token = attempt.good()
    head, payload, signature = token.split(".")
    parts = [head, payload, signature]
    which = attempt.dice.randrange(3)
    raw = bytearray(base64.urlsafe_b64decode(parts[which] + "=" * (-len(parts[which]) % 4)))
    raw[attempt.dice.randrange(len(raw))] ^= 1 << attempt.dice.randrange(8)
    parts[which] = _text(bytes(raw))
    return ".".join(parts)


def character_replaced(attempt: Attempt) -> str:
    token = attempt.good()
    at = attempt.somewhere(token)
    others = [character for character in ALPHABET + ".= \n\x00é" if character != token[at]]
    return token[:at] + attempt.dice.choice(others) + token[at + 1 :]


def cut(attempt: Attempt) -> str:
    token = attempt.good()
    return token[: attempt.somewhere(token)]


def lengthened(attempt: Attempt) -> str:
    return attempt.good() + attempt.dice.choice(ALPHABET + ".= \n") * attempt.dice.randrange(1, 5)


def parts_swapped(attempt: Attempt) -> str:
    parts = attempt.good().split(".")
    order = attempt.dice.choice([(0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
    return ".".join(parts[place] for place in order)


def parts_of_two(attempt: Attempt) -> str:
    """The claims of one, the signature of another."""
    first, second = attempt.good().split("."), attempt.signed(attempt.claims(jti=-1)).split(".")
    return ".".join([first[0], first[1], second[2]])


def claims_exchanged(attempt: Attempt) -> str:
    head, _, signature = attempt.good().split(".")
    better = attempt.claims(**{"cognito:groups": [attempt.dice.choice(["admin", "auditor", "approver"])]})
    return ".".join([head, _text(better), signature])


def unsigned(attempt: Attempt) -> str:
    algorithm = attempt.dice.choice(["none", "None", "NONE", "nOnE", "", None])
    signature = attempt.dice.choice(["", _text(b"x"), attempt.good().split(".")[2]])
    return f"{_text({'alg': algorithm, 'kid': KEY_ID})}.{_text(attempt.claims())}.{signature}"


def public_key_as_secret(attempt: Attempt) -> str:
    """HMAC with what everybody knows: the public key, in each of its spellings."""
    public, spki = attempt.key.public_key(), serialization.PublicFormat.SubjectPublicKeyInfo
    secret = attempt.dice.choice(
        [
            public.public_bytes(serialization.Encoding.PEM, spki),
            public.public_bytes(serialization.Encoding.PEM, spki).strip(),
            public.public_bytes(serialization.Encoding.DER, spki),
            json.dumps(attempt.public(attempt.key)).encode(),
            attempt.public(attempt.key)["n"].encode(),
            b"",
        ]
    )
    algorithm, digest = attempt.dice.choice(
        [("HS256", hashlib.sha256), ("HS512", hashlib.sha512), ("RS256", hashlib.sha256)]
    )
    text = f"{_text({'alg': algorithm, 'kid': KEY_ID, 'typ': 'JWT'})}.{_text(attempt.claims())}"
    return f"{text}.{_text(hmac.digest(secret, text.encode(), digest))}"


def other_key(attempt: Attempt) -> str:
    return attempt.signed(attempt.claims(), attempt.other, kid=attempt.dice.choice([KEY_ID, "pool-2", "../pool-1", ""]))


def own_key_in_head(attempt: Attempt) -> str:
    own = attempt.public(attempt.other)
    name, value = attempt.dice.choice(
        [("jwk", own), ("jku", "https://evil.example/jwks.json"), ("x5u", "https://evil.example")]
    )
    return attempt.signed(attempt.claims(), attempt.other, **{name: value})


def other_pool(attempt: Attempt) -> str:
    wrong = [
        ISSUER + "2",
        ISSUER[:-1],
        ISSUER.upper(),
        f"{ISSUER}/",
        ISSUER.replace("https", "http"),
        "",
        None,
        [ISSUER],
    ]
    return attempt.signed(attempt.claims(iss=attempt.dice.choice(wrong)))


def other_audience(attempt: Attempt) -> str:
    wrong = ["another", "", None, [AUDIENCE, "another"], [AUDIENCE], {"console": 1}, f"{AUDIENCE} "]
    return attempt.signed(attempt.claims(aud=attempt.dice.choice(wrong)))


def expired(attempt: Attempt) -> str:
    wrong = [int(NOW.timestamp()) - attempt.dice.randrange(31, 10**9), 0, -1, "never", None, [], True, float("nan")]
    return attempt.signed(attempt.claims(exp=attempt.dice.choice(wrong)))


def not_yet(attempt: Attempt) -> str:
    return attempt.signed(attempt.claims(nbf=int(NOW.timestamp()) + attempt.dice.randrange(31, 10**9)))


def other_use(attempt: Attempt) -> str:
    """An access or refresh token of the same pool."""
    return attempt.signed(attempt.claims(token_use=attempt.dice.choice(["access", "refresh", "", "ID", None, ["id"]])))


def no_such_role(attempt: Attempt) -> str:
    wrong = [
        [],
        ["root"],
        ["Dispatcher"],
        "dispatcher",
        None,
        ["admin", "dispatcher"],
        ["auditor", "approver"],
        [["admin"]],
    ]
    return attempt.signed(attempt.claims(**{"cognito:groups": attempt.dice.choice(wrong)}))


def nobody(attempt: Attempt) -> str:
    name = attempt.dice.choice(["cognito:username", "custom:tenant"])
    return attempt.signed(
        attempt.claims(**{name: attempt.dice.choice(["", None, 7, "a\nb", "\x00", "x" * 200, ["a"]])})
    )


def doubled_keys(attempt: Attempt) -> str:
    """A head or claims that say a thing twice, under the signature of what says it once."""
    head, payload, signature = attempt.good().split(".")
    twice = '{"alg":"RS256","kid":"%s","alg":"%s"}' % (KEY_ID, attempt.dice.choice(["none", "HS256", "RS256"]))  # noqa: UP031
    if attempt.dice.random() < 0.5:
        return ".".join([_text(twice.encode()), payload, signature])
    claims = json.dumps(attempt.claims())[:-1] + ',"cognito:groups":["admin"]}'
    return ".".join([head, _text(claims.encode()), signature])


def huge(attempt: Attempt) -> str:
    size = attempt.dice.choice([8_193, 20_000, 200_000])
    return attempt.dice.choice(
        [
            "A" * size,
            "A." * (size // 2),
            f"{_text(b'[' * size)}.AAAA.AAAA",
            f"{_text(b'9' * 5_000)}.AAAA.AAAA",
            attempt.signed(attempt.claims(padding="x" * size)),
        ]
    )


def unicode(attempt: Attempt) -> str:
    head, payload, signature = attempt.good().split(".")
    odd = attempt.dice.choice(["é", "\ud800", "．", "\u200b", "\U0001f511", "ａ", "\x00", "\r\n"])
    return attempt.dice.choice(
        [f"{head}{odd}.{payload}.{signature}", f"{head}.{odd}.{signature}", f"{head}．{payload}．{signature}", odd * 50]
    )


def noise(attempt: Attempt) -> str:
    parts = ["".join(attempt.dice.choices(ALPHABET, k=attempt.dice.randrange(1, 300))) for _ in range(3)]
    return ".".join(parts)


def noise_in_json(attempt: Attempt) -> str:
    values: list[Any] = ["RS256", KEY_ID, None, 1, 1e308, [], {}, True, "x" * 300, attempt.claims()]
    head = {
        attempt.dice.choice(["alg", "kid", "typ", "crit", "b64", "zip", "cty"]): attempt.dice.choice(values)
        for _ in range(4)
    }
    return f"{_text(head)}.{_text(attempt.dice.choice(values))}.{_text(attempt.dice.randbytes(256))}"


KINDS: Mapping[str, Callable[[Attempt], str]] = {
    make.__name__: make
    for make in (
        bit_flipped,
        character_replaced,
        cut,
        lengthened,
        parts_swapped,
        parts_of_two,
        claims_exchanged,
        unsigned,
        public_key_as_secret,
        other_key,
        own_key_in_head,
        other_pool,
        other_audience,
        expired,
        not_yet,
        other_use,
        no_such_role,
        nobody,
        doubled_keys,
        huge,
        unicode,
        noise,
        noise_in_json,
    )
}
