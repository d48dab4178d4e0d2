"""Who gets in, and all the ways in which nobody does."""

import base64
import hashlib
import hmac
import json

import pytest

from chalicelib.platform.errors import Unauthenticated
from chalicelib.staff.model import Role, StaffMember


def encoded(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def refusal(verifier, token):
    with pytest.raises(Unauthenticated) as caught:
        verifier.verify(token)
    return caught.value.code


def test_a_good_token_names_its_member(verifier, pool):
    token = pool.token({"cognito:groups": ["approver", "dispatcher"]})
    assert verifier.verify(token) == StaffMember(
        "d.jansen", frozenset({Role.DISPATCHER, Role.APPROVER}), "control-room-1"
    )


def test_unknown_groups_are_ignored(verifier, pool):
    token = pool.token({"cognito:groups": ["eu-west-1_SomeIdp", "analyst", "root"]})
    assert verifier.verify(token).roles == {Role.ANALYST}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": None}, "token_invalid"),
        ({"iss": None}, "token_invalid"),
        ({"aud": None}, "token_invalid"),
        ({"token_use": None}, "token_invalid"),
        ({"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"}, "token_invalid"),
        ({"aud": "another-client"}, "token_invalid"),
        ({"aud": ["console", "another-client"]}, "token_invalid"),
        ({"token_use": "access"}, "token_use_refused"),
        ({"exp": "tomorrow"}, "token_expired"),
        ({"exp": True}, "token_expired"),
        ({"exp": float("nan")}, "token_expired"),
        ({"nbf": float("nan")}, "token_not_yet_valid"),
        ({"nbf": "yesterday"}, "token_not_yet_valid"),
        ({"cognito:username": None}, "no_user"),
        ({"cognito:username": ""}, "no_user"),
        ({"cognito:username": "a\nb"}, "no_user"),
        ({"cognito:username": 7}, "no_user"),
        ({"cognito:username": "x" * 129}, "no_user"),
        ({"custom:tenant": None}, "no_tenant"),
        ({"custom:tenant": ["a"]}, "no_tenant"),
        ({"cognito:groups": None}, "no_role"),
        ({"cognito:groups": []}, "no_role"),
        ({"cognito:groups": ["root", "Admin", "admin "]}, "no_role"),
        ({"cognito:groups": "admin"}, "no_role"),
        ({"cognito:groups": ["admin", "dispatcher"]}, "roles_conflict"),
        ({"cognito:groups": ["approver", "auditor"]}, "roles_conflict"),
        ({"cognito:groups": ["admin", "auditor"]}, "roles_conflict"),
        ({"cognito:groups": [["admin"], {"a": 1}, 3]}, "no_role"),
    ],
)
def test_a_wrong_claim_is_refused(verifier, pool, changes, code):
    assert refusal(verifier, pool.token(changes)) == code


def test_a_token_lasts_until_its_end_and_a_leeway(verifier, pool, clock):
    token = pool.token({"exp": int(pool.now) + 60})
    clock.advance(seconds=89)
    assert verifier.verify(token)
    clock.advance(seconds=1)
    assert refusal(verifier, token) == "token_expired"


def test_a_token_of_the_near_future_is_let_in(verifier, pool):
    assert verifier.verify(pool.token({"nbf": int(pool.now) + 30}))
    assert refusal(verifier, pool.token({"nbf": int(pool.now) + 31})) == "token_not_yet_valid"


def test_huge_times_are_numbers_like_any_other(verifier, pool):
    assert verifier.verify(pool.token({"exp": 10**300}))
    assert refusal(verifier, pool.token({"nbf": 10**300})) == "token_not_yet_valid"


def test_no_algorithm_but_rs256(verifier, pool):
    claims = encoded(pool.claims())
    for algorithm in ("none", "None", "NONE", "HS256", "RS384", "PS256", "ES256", "", None, ["RS256"], {"RS256": 1}):
        token = f"{encoded({'alg': algorithm, 'kid': 'first'})}.{claims}.{encoded(b'signature')}"
        assert refusal(verifier, token) == "algorithm_refused"


def test_an_unsigned_token_is_no_token(verifier, pool):
    head = encoded({"alg": "none", "kid": "first"})
    assert refusal(verifier, f"{head}.{encoded(pool.claims())}.") == "token_malformed"


def test_the_public_key_does_not_serve_as_a_shared_secret(verifier, pool):
    for secret in (pool.entry("first")["n"].encode(), json.dumps(pool.entry("first")).encode()):
        for algorithm in ("HS256", "RS256"):
            signed = f"{encoded({'alg': algorithm, 'kid': 'first'})}.{encoded(pool.claims())}"
            mac = hmac.digest(secret, signed.encode(), hashlib.sha256)
            assert refusal(verifier, f"{signed}.{encoded(mac)}") in {"algorithm_refused", "token_invalid"}


def test_another_key_of_the_same_name_is_refused(verifier, pool):
    assert refusal(verifier, pool.token(kid="first", signed_by="second")) == "token_invalid"


def test_a_token_without_a_key_id_is_refused(verifier, pool):
    assert refusal(verifier, pool.token(kid=None, signed_by="first")) == "key_unknown"


def test_a_token_that_brings_its_own_key_is_refused(verifier, pool):
    own = pool.entry("second")
    head = {"alg": "RS256", "kid": "second", "jwk": own, "jku": "https://evil.example/jwks.json"}
    body = pool.token(signed_by="second").split(".")[1]
    assert refusal(verifier, f"{encoded(head)}.{body}.{encoded(b'x' * 256)}") == "key_unknown"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        "\ud800.\ud800.\ud800",
        "a.b.c\x00",
        "a.b.c\n",
        " a.b.c",
        "A" * 8193,
        "A." * 4000 + "A",
        f"{encoded(b'[' * 6000)}.AAAA.AAAA",
        f"{encoded(b'9' * 5000)}.AAAA.AAAA",
        f"{encoded(b'null')}.AAAA.AAAA",
        f"{encoded({'alg': 'RS256', 'kid': 'first', 'crit': ['b64'], 'b64': False})}..AAAA",
        f"{encoded({'alg': 'RS256', 'kid': 'first', 'crit': 5})}.AAAA.AAAA",
        f"{encoded({'alg': 'RS256', 'kid': ['first']})}.AAAA.AAAA",
    ],
)
def test_what_is_no_token_is_refused(verifier, token):
    assert refusal(verifier, token) in {"token_malformed", "token_invalid", "key_unknown"}


def test_a_token_that_is_too_long_is_refused_unread(verifier, pool):
    token = pool.token({"padding": "x" * 8192})
    assert refusal(verifier, token) == "token_malformed"
    assert pool.fetches == 0
