import hmac

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.platform.keyed_sha256 import BLOCK, KeyedSha256


@given(key=st.binary(max_size=3 * BLOCK), messages=st.lists(st.binary(max_size=200), min_size=1, max_size=3))
@example(key=b"k" * BLOCK, messages=[b""])
@example(key=b"k" * (BLOCK + 1), messages=[b"", b"a"])
def test_it_is_hmac_with_sha256_for_each_of_many_messages(key, messages):
    keyed = KeyedSha256(key)
    assert [keyed.digest(message) for message in messages] == [hmac.digest(key, it, "sha256") for it in messages]


@given(prefix=st.binary(max_size=2 * BLOCK), messages=st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_what_messages_begin_with_can_be_taken_in_beforehand(prefix, messages):
    keyed = KeyedSha256(b"key")
    begun = keyed.begun(prefix)
    assert [begun.digest(message) for message in messages] == [keyed.digest(prefix + message) for message in messages]


def test_it_tells_no_key_when_it_is_printed():
    assert "secret" not in repr(KeyedSha256(b"secret"))
