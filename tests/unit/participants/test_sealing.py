"""A contact is sealed with a key of its own, for one person; what was sealed otherwise cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.participants.model import ContactKind
from chalicelib.participants.sealing import Unreadable, is_sealed, new_key, seal, unseal

JAN, PIET = "0123456789ab", "1123456789ab"
NUMBERS = st.integers(10**7, 10**15 - 1).map(lambda number: f"+{number}")
ADDRESSES = st.emails()


@given(NUMBERS)
def test_a_number_is_read_back(number):
    key = new_key()
    sealed = seal(key, JAN, ContactKind.PHONE, number)
    assert unseal(key, JAN, ContactKind.PHONE, sealed) == number
    assert len(sealed) == 21
    assert is_sealed(sealed)
    assert not set(sealed) & set(" #+@")


@given(ADDRESSES)
def test_an_address_is_read_back(address):
    key = new_key()
    sealed = seal(key, JAN, ContactKind.EMAIL, address)
    assert unseal(key, JAN, ContactKind.EMAIL, sealed) == address
    assert not set(sealed) & set(" #@")


def test_nothing_else_opens_it():
    key = new_key()
    sealed = seal(key, JAN, ContactKind.PHONE, "+31612345678")
    changed = sealed[:5] + ("A" if sealed[5] != "A" else "B") + sealed[6:]
    for other in (
        (new_key(), JAN, ContactKind.PHONE, sealed),
        (None, JAN, ContactKind.PHONE, sealed),
        (key, PIET, ContactKind.PHONE, sealed),
        (key, JAN, ContactKind.EMAIL, sealed),
        (key, JAN, ContactKind.PHONE, changed),
    ):
        with pytest.raises(Unreadable):
            unseal(*other)


def test_what_is_not_sealed_is_left_as_it_is():
    assert unseal(None, JAN, ContactKind.PHONE, "+31612345678") == "+31612345678"
    assert unseal(None, JAN, ContactKind.EMAIL, "jan@burgernet.example") == "jan@burgernet.example"
