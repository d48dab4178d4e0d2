import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import KeyedHash, LinkSigner
from infra.link_keys import rotated

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


def test_a_link_that_was_sent_long_ago_still_works():
    assert SIGNER.sign("manage", "0000000000000abc") == "0000000000000abc03v43bjkr5yxx"
    assert SIGNER.read("manage", "0000000000000abc03v43bjkr5yxx") == "0000000000000abc"


def test_what_signs_is_five_bits_each_of_the_first_twelve_bytes_of_an_hmac():
    mac = hmac.digest(b"k" * 32, b"manage\x1f0\x1fabc123", "sha256")
    assert SIGNER.sign("manage", "abc123") == "abc1230" + "".join(ids.ALPHABET[byte % 32] for byte in mac[:12])


@pytest.mark.parametrize("reference", ["", "ABC", "abc-123", "abc\n", "é", "\ud800"])
def test_a_reference_of_other_characters_is_not_signed(reference):
    with pytest.raises(ValueError, match="id characters"):
        SIGNER.sign("tip", reference)


def test_a_token_of_one_purpose_is_worthless_for_another():
    with pytest.raises(NotFound):
        SIGNER.read("manage", SIGNER.sign("tip", "abc123"))


def test_a_token_of_another_key_is_refused():
    with pytest.raises(NotFound):
        LinkSigner(b"x" * 32).read("tip", SIGNER.sign("tip", "abc123"))


@given(st.integers(0, 18), st.sampled_from(ids.ALPHABET))
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


def test_the_newest_key_signs_and_the_one_before_it_is_believed():
    old, new = "o" * 40, "n" * 40
    before, after = LinkSigner.of(old), LinkSigner.of(f"1:{new} 0:{old}")
    token = before.sign("tip", "abc123")
    assert after.read("tip", token) == "abc123"
    fresh = after.sign("tip", "abc123")
    assert (fresh[6], token[6]) == ("1", "0")
    assert LinkSigner.of(f"1:{new}").read("tip", fresh) == "abc123"
    for gone in (before, LinkSigner.of(f"2:{'m' * 40} 1:{new}")):
        with pytest.raises(NotFound):
            gone.read("tip", fresh if gone is before else token)


def test_a_key_alone_may_be_any_text_such_as_an_emulator_gives():
    text = "{{resolve:secretsmanager:arn:aws:secretsmanager:eu-west-1:000000000000:secret:burgernet-link}}"
    assert LinkSigner.of(text).id == "0"


def test_a_key_id_cannot_be_exchanged():
    signer = LinkSigner.of(f"1:{'n' * 40} 0:{'o' * 40}")
    token = signer.sign("tip", "abc123")
    with pytest.raises(NotFound):
        signer.read("tip", f"{token[:6]}0{token[7:]}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        f"1:{'n' * 40} 1:{'o' * 40}",
        f"I:{'n' * 40} 0:{'o' * 40}",
        " ".join(f"{n}:{'n' * 40}" for n in "012"),
        "ü" * 40,
    ],
)
def test_what_is_no_key_is_refused_and_not_told(text):
    with pytest.raises(ValueError, match="of 32 characters or more") as refused:
        LinkSigner.of(text)
    assert not text or text[:5] not in str(refused.value)


def test_keys_are_turned_without_a_link_that_breaks_and_turned_once_more_they_are_gone():
    value = "x" * 64
    signers = [LinkSigner.of(value)]
    for _ in range(40):  # more often than there are ids
        value = rotated(value)
        signers.append(LinkSigner.of(value))
    tokens = [signer.sign("manage", "abc123") for signer in signers]
    for token, following, later in zip(tokens, signers[1:], signers[2:], strict=False):
        assert following.read("manage", token) == "abc123"
        with pytest.raises(NotFound):
            later.read("manage", token)


def test_after_a_theft_no_key_stays():
    stolen = LinkSigner.of("x" * 64)
    with pytest.raises(NotFound):
        LinkSigner.of(rotated("x" * 64, only=True)).read("tip", stolen.sign("tip", "abc123"))


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
