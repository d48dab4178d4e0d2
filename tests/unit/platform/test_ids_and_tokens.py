import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import KeyedHash, LinkSigner

SIGNER = LinkSigner(b"k" * 32)


@given(st.integers(0, 2**50 - 1))
def test_an_encoded_number_is_read_back(value):
    assert ids.decode(ids.encode(value, 10)) == value


@pytest.mark.parametrize("value", [-1, 32])
def test_a_number_that_does_not_fit_is_refused(value):
    with pytest.raises(ValueError, match="does not fit"):
        ids.encode(value, 1)


def test_the_same_parts_give_the_same_id_and_their_borders_count():
    assert ids.derived_id("ab", "c") == ids.derived_id("ab", "c")
    assert ids.derived_id("ab", "c") != ids.derived_id("a", "bc")


def test_a_signed_reference_is_read_back():
    assert SIGNER.read("tip", SIGNER.sign("tip", "abc123")) == "abc123"


def test_a_token_of_one_purpose_is_worthless_for_another():
    with pytest.raises(NotFound):
        SIGNER.read("manage", SIGNER.sign("tip", "abc123"))


def test_a_token_of_another_key_is_refused():
    with pytest.raises(NotFound):
        LinkSigner(b"x" * 32).read("tip", SIGNER.sign("tip", "abc123"))


@given(st.integers(0, 17), st.sampled_from(ids.ALPHABET))
def test_a_token_with_one_character_changed_is_refused(position, character):
    token = SIGNER.sign("tip", "abc123")
    mutated = token[:position] + character + token[position + 1 :]
    if mutated != token:
        with pytest.raises(NotFound):
            SIGNER.read("tip", mutated)


@given(st.text(max_size=40))
def test_any_text_is_refused_as_a_token_with_a_clear_error(text):
    with pytest.raises(NotFound):
        SIGNER.read("tip", text)


def test_a_reference_outside_the_alphabet_is_not_signed():
    with pytest.raises(ValueError, match="id characters"):
        SIGNER.sign("tip", "ABC")


def test_a_key_is_never_printed():
    assert "k" * 8 not in repr(SIGNER)
    assert "k" * 8 not in repr(KeyedHash(b"k" * 32))


def test_a_keyed_hash_depends_on_kind_and_key():
    digest = KeyedHash(b"k" * 32)("phone", "+31612345678")
    assert digest == KeyedHash(b"k" * 32)("phone", "+31612345678")
    assert digest not in {KeyedHash(b"k" * 32)("email", "+31612345678"), KeyedHash(b"j" * 32)("phone", "+31612345678")}
