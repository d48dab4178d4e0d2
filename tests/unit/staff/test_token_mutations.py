"""A good token, changed in thousands of ways: none of them gets in, none of them breaks the verifier."""

import random
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.platform.errors import Unauthenticated

ALPHABET = string.ascii_letters + string.digits + "-_"
function_fixtures = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def admitted(verifier, token):
    try:
        verifier.verify(token)
    except Unauthenticated:
        return False
    return True


def mutations(token, rng):
    """One change at a time: a character replaced, dropped, doubled or swapped; a segment moved, cut or exchanged."""
    at = rng.randrange(len(token))
    yield token[:at] + rng.choice(ALPHABET + ".= \n\x00é") + token[at + 1 :]
    yield token[:at] + token[at + 1 :]
    yield token[:at] + token[at] + token[at:]
    other = rng.randrange(len(token))
    first, last = sorted((at, other))
    yield token[:first] + token[last:]
    yield token[:first] + token[first : last + 1][::-1] + token[last + 1 :]
    segments = token.split(".")
    rng.shuffle(segments)
    yield ".".join(segments)
    yield token + rng.choice(ALPHABET + ".= \n")


def test_ten_thousand_mutated_tokens_are_admitted_never(verifier, pool):
    token, rng = pool.token(), random.Random(20261123)
    assert admitted(verifier, token)
    tried = 0
    while tried < 10_000:
        for mutated in mutations(token, rng):
            if mutated != token:
                tried += 1
                assert not admitted(verifier, mutated), mutated


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
