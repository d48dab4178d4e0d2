"""Tokens made up, bent, forged and borrowed: none of them gets in, none of them breaks the verifier."""

import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import tokens
from chalicelib.platform.errors import Unauthenticated

ALPHABET = string.ascii_letters + string.digits + "-_"
function_fixtures = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.fixture(scope="module")
def attempt():
    return tokens.Attempt(random.Random(20261123))


def admitted(verifier, token):
    try:
        verifier.verify(token)
    except Unauthenticated:
        return False
    return True


@pytest.mark.parametrize("kind", tokens.KINDS)
def test_no_token_of_any_kind_is_admitted(attempt, kind):
    verifier = attempt.verifier()
    for _ in range(20):
        token = tokens.KINDS[kind](attempt)
        assert tokens.outcome(verifier, token) is False, token


def test_hundreds_of_tokens_are_admitted_never_and_a_good_one_always(attempt):
    """./dev bench tokens tries ten thousand."""
    assert tokens.tally(attempt, 300) == {"admitted": 0, "broke_the_verifier": 0, "good_refused": 0}


def test_every_other_last_character_is_refused(verifier, pool):
    """Base64 leaves bits of the last character unused; other spellings of the same signature are other tokens."""
    token = pool.token()
    others = [token[:-1] + character for character in ALPHABET if character != token[-1]]
    assert not any(admitted(verifier, other) for other in others)


@function_fixtures
@given(st.text(max_size=300))
def test_any_text_is_refused_quietly(verifier, text):
    assert not admitted(verifier, text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(["iss", "aud", "exp", "nbf", "iat", "token_use", "cognito:username", "cognito:groups", "jti"])


@function_fixtures
@given(st.dictionaries(NAMES, JSON, min_size=1, max_size=4))
def test_any_claims_in_a_signed_token_are_answered_or_refused(verifier, pool, changes):
    """Only what does not decide may differ: issue time, token id, a valid time, another user."""
    if admitted(verifier, pool.token(changes)):
        assert not {"iss", "aud", "token_use", "cognito:groups"} & {
            name for name in changes if changes[name] != pool.claims().get(name)
        }
