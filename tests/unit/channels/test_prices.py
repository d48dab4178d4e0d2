"""What a message costs on a day, to a number of a country."""

from datetime import date

import pytest

from chalicelib.channels.model import Channel
from chalicelib.channels.prices import ANYWHERE, NoPrice, Per, Price, country_of, price

DAY = date(2026, 11, 23)


def of(country, micros, since=date(2026, 1, 1)):
    return Price("sms", country, micros, Per.PART, since, "test")


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_a_price_everywhere(channel):
    for country in (ANYWHERE, "NL", "BE", "DE", "FR"):
        assert price(channel, country, DAY).micros > 0 or channel is Channel.PUSH


def test_a_country_with_a_price_of_its_own_pays_that_and_others_what_holds_anywhere():
    prices = [of(ANYWHERE, 9, date(2026, 6, 1)), of("NL", 5)]
    assert price(Channel.SMS, "NL", DAY, prices).micros == 5
    assert price(Channel.SMS, "BE", DAY, prices).micros == 9


def test_a_price_holds_from_its_first_day_until_the_next_one_does():
    prices = [of("NL", 7, date(2026, 11, 24)), of("NL", 5), of("NL", 6, date(2026, 11, 23))]
    assert [price(Channel.SMS, "NL", date(2026, 11, day), prices).micros for day in (22, 23, 24)] == [5, 6, 7]


def test_without_a_price_nothing_is_made_up():
    with pytest.raises(NoPrice):
        price(Channel.SMS, "NL", date(2025, 12, 31))
    with pytest.raises(NoPrice):
        price(Channel.EMAIL, "NL", DAY, [of("NL", 5)])


@pytest.mark.parametrize(
    ("contact", "country"),
    [("+31612345678", "NL"), ("+32470123456", "BE"), ("+4915112345678", "DE"), ("+33612345678", ""), ("a@b.nl", "")],
)
def test_a_number_says_its_country(contact, country):
    assert country_of(contact) == country
