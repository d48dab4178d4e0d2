import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.reply import PURPOSE, ReplyRef, read_reference, reply_reference, reply_url, sample_url
from chalicelib.platform import ids
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import LinkSigner

ALERTS = st.text(alphabet=ids.ALPHABET, min_size=10, max_size=10)
NUMBERS = st.integers(0, 32_767)


@given(st.builds(ReplyRef, ALERTS, NUMBERS, NUMBERS, st.integers(0, 1_023)))
def test_a_reference_is_read_back(ref):
    text = reply_reference(ref)
    assert len(text) == 18
    assert read_reference(text) == ref


@pytest.mark.parametrize("text", ["", "0" * 17, "0" * 19, "0" * 17 + "U", "0" * 17 + "é"])
def test_anything_else_is_no_reference(text):
    with pytest.raises(NotFound):
        read_reference(text)


@pytest.mark.parametrize(
    "ref",
    [
        ReplyRef("short", 0, 0, 0),
        ReplyRef("0000000abc", 32_768, 0, 0),
        ReplyRef("0000000abc", 0, 32_768, 0),
        ReplyRef("0000000abc", 0, 0, 1_024),
        ReplyRef("0000000abc", -1, 0, 0),
    ],
)
def test_what_does_not_fit_is_refused(ref):
    with pytest.raises(ValueError, match="characters"):
        reply_reference(ref)


def test_a_sample_is_as_long_as_a_real_link():
    token = LinkSigner(b"k" * 32).sign(PURPOSE, reply_reference(ReplyRef("0000000abc", 1, 2, 3)))
    assert len(sample_url("https://b.example")) == len(reply_url("https://b.example", token))
