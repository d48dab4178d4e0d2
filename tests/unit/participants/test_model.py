from dataclasses import replace

import pytest

from chalicelib.participants.emails import parse_email
from chalicelib.participants.model import ChannelChoice, Contact, ContactKind, Participant, SignUpRef
from chalicelib.participants.phones import parse_phone
from chalicelib.participants.place_finder import PlaceRequest

PHONE, EMAIL = parse_phone("0612345678"), parse_email("jan@example.org")


@pytest.fixture
def jan(house):
    return Participant.new("0123456789ab", house.signed_up(), PHONE, house.clock.now())


@pytest.mark.parametrize("show", [str, repr, "{}".format])
def test_contacts_are_safe_to_print(house, jan, show):
    jan = jan.with_contact(EMAIL)
    shown = " ".join(
        map(show, [PHONE, EMAIL, jan, house.signed_up(), house.places, house.sign_ups, house.participants])
    )
    for secret in ["612345678", "jan@", "example.org", "5.05"]:
        assert secret not in shown


def test_requests_are_safe_to_print():
    assert "Dorpsstraat" not in repr(PlaceRequest("home", address="Dorpsstraat 1"))


def test_a_channel_works_once_its_contact_is_verified(jan):
    assert jan.chosen == {ChannelChoice.SMS, ChannelChoice.EMAIL}
    assert jan.channels == (ChannelChoice.SMS,)
    assert jan.with_contact(EMAIL).channels == (ChannelChoice.SMS, ChannelChoice.EMAIL)


def test_who_has_no_channel_or_pauses_is_not_active(jan):
    assert jan.active
    assert not replace(jan, paused=True).active
    assert not replace(jan, chosen=frozenset({ChannelChoice.EMAIL})).active


def test_one_contact_of_a_kind(jan):
    other = Contact(ContactKind.PHONE, "+31687654321")
    assert jan.with_contact(other).contacts == (other,)


def test_a_contact_is_lost_in_whatever_case_it_is_written(jan):
    held = jan.with_contact(Contact(ContactKind.EMAIL, "JAN@example.org"))
    assert held.without_contact(EMAIL).contacts == (PHONE,)


def test_signing_up_again_says_everything_anew(house, jan):
    paused = replace(jan.with_contact(EMAIL), paused=True)
    again = paused.renewed(house.signed_up(email=None, channels=(ChannelChoice.SMS,)), PHONE)
    assert again.contacts == (PHONE,)
    assert not again.paused
    assert again.id == jan.id
    assert again.link_version == 1


def test_a_contact_that_signing_up_again_names_stays_verified(house, jan):
    again = jan.with_contact(EMAIL).renewed(house.signed_up(email="JAN@example.org"), PHONE)
    assert again.contacts == (EMAIL, PHONE)


def test_link_versions_start_over(house, jan):
    last = replace(jan, link_version=31)
    assert last.reference == "0123456789abz"
    assert last.renewed(house.signed_up(), PHONE).reference == "0123456789ab0"


def test_a_sign_up_is_remembered_once(jan):
    twice = jan.with_sign_up(SignUpRef("a", 1)).with_sign_up(SignUpRef("b", 2)).with_sign_up(SignUpRef("a", 1))
    assert [ref.id for ref in twice.sign_ups] == ["b", "a"]
