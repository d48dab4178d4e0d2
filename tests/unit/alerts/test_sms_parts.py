"""How many SMS a text takes, against the limits of the standard and an implementation that shares nothing with ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.sms_parts import Encoding, Parts, count

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2

# 3GPP TS 23.038, section 6.2.1: the default alphabet in the order of its codes, without the escape (0x1B).
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Parts(GSM, 0, 1)),
        ("a" * 160, Parts(GSM, 160, 1)),
        ("a" * 161, Parts(GSM, 161, 2)),
        ("a" * 306, Parts(GSM, 306, 2)),
        ("a" * 307, Parts(GSM, 307, 3)),
        ("€" * 80, Parts(GSM, 160, 1)),
        ("€" * 80 + "a", Parts(GSM, 161, 2)),
        # The 153rd septet cannot hold half a euro sign: 152 + 153 fit in two parts, one more does not.
        ("a" * 152 + "€" + "a" * 151, Parts(GSM, 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Parts(GSM, 306, 3)),
        ("€" * 152, Parts(GSM, 304, 2)),
        ("€" * 153, Parts(GSM, 306, 3)),
        ("ë", Parts(UCS, 1, 1)),
        ("ë" * 70, Parts(UCS, 70, 1)),
        ("ë" * 71, Parts(UCS, 71, 2)),
        ("ë" * 134, Parts(UCS, 134, 2)),
        ("ë" * 135, Parts(UCS, 135, 3)),
        ("😀" * 35, Parts(UCS, 70, 1)),
        ("😀" * 36, Parts(UCS, 72, 2)),
        # 67 is odd: each part holds 33 pairs and one unit stays empty.
        ("😀" * 66, Parts(UCS, 132, 2)),
        ("😀" * 67, Parts(UCS, 134, 3)),
        ("a" * 66 + "😀" + "a" * 66, Parts(UCS, 134, 3)),
        ("é ü Ö ñ à", Parts(GSM, 9, 1)),
        ("ç", Parts(UCS, 1, 1)),
        ("`", Parts(UCS, 1, 1)),
        ("\x1b", Parts(UCS, 1, 1)),
    ],
)
def test_known_texts(text, expected):
    assert count(text) == expected


def test_the_whole_alphabet_is_known():
    assert len(ALPHABET) == 127
    assert count(ALPHABET) == Parts(GSM, 127, 1)
    assert count(EXTENSION) == Parts(GSM, 20, 1)


def independent(text):
    """Cuts the text itself, from the front, into the longest pieces that fit."""
    if all(character in ALPHABET + EXTENSION for character in text):
        alone, room = 160, 153
        escaped = "".join("\x1b" + character if character in EXTENSION else character for character in text)
        units, splits_pair = list(escaped), lambda units, at: units[at - 1] == "\x1b"
    else:
        alone, room = 70, 67
        raw = text.encode("utf-16-be")
        units = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
        splits_pair = lambda units, at: 0xD800 <= units[at - 1] < 0xDC00  # noqa: E731
    total, pieces = len(units), 0
    if total <= alone:
        return total, 1
    while units:
        cut = min(room, len(units))
        cut -= cut < len(units) and splits_pair(units, cut)
        units, pieces = units[cut:], pieces + 1
    return total, pieces


@given(
    st.text(alphabet=st.sampled_from("aA1 é€[~"), max_size=700)
    | st.text(alphabet=st.sampled_from("aé€ë😀ツ"), max_size=300)
    | st.text(max_size=200)
)
def test_any_text_is_counted_as_by_an_independent_implementation(text):
    counted = count(text)
    assert (counted.units, counted.parts) == independent(text)
