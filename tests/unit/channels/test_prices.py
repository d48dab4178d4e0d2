"""What messages cost on a day, to numbers of a country, by a table that an operator writes."""

from datetime import date

import pytest

from chalicelib.channels.model import Channel
from chalicelib.channels.prices import (
    ANYWHERE,
    CALL_MINUTES,
    FILE,
    Per,
    Price,
    PricesError,
    PriceTable,
    Sent,
    cents,
    country_of,
    shipped,
)

DAY = date(2026, 11, 23)
EVERYWHERE = tuple(Price(channel, ANYWHERE, 1, Per.MESSAGE, date(2020, 1, 1)) for channel in Channel)
HEADER, *ROWS = FILE.read_text().splitlines()


def table(*prices):
    return PriceTable((*EVERYWHERE, *prices))


def of(country, micros, since=date(2026, 1, 1)):
    return Price(Channel.SMS, country, micros, Per.PART, since)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_a_price_everywhere_and_on_every_day(channel):
    for country in (ANYWHERE, "NL", "BE", "DE", "FR"):
        for day in (DAY, date(2000, 1, 1)):
            assert shipped().price(channel, country, day).micros > 0 or channel is Channel.PUSH


def test_a_country_with_a_price_of_its_own_pays_that_and_others_what_holds_anywhere():
    prices = table(of(ANYWHERE, 9, date(2026, 6, 1)), of("NL", 5))
    assert prices.price(Channel.SMS, "NL", DAY).micros == 5
    assert prices.price(Channel.SMS, "BE", DAY).micros == 9


def test_a_price_holds_from_its_first_day_until_the_next_one_does():
    prices = table(of("NL", 7, date(2026, 11, 24)), of("NL", 5), of("NL", 6, date(2026, 11, 23)))
    assert [prices.price(Channel.SMS, "NL", date(2026, 11, day)).micros for day in (22, 23, 24)] == [5, 6, 7]


def test_a_day_before_all_prices_has_the_oldest_of_anywhere():
    prices = table(of(ANYWHERE, 9), of("NL", 5))
    assert prices.price(Channel.SMS, "NL", date(2019, 12, 31)).micros == 1


def test_sms_cost_by_the_part_calls_by_the_minute_and_the_rest_by_the_message():
    minute = Price(Channel.VOICE, ANYWHERE, 60_000, Per.MINUTE, date(2026, 1, 1))
    sent = [Sent(Channel.SMS, "NL", 10, 25), Sent(Channel.VOICE, "NL", 10, 10), Sent(Channel.EMAIL, ANYWHERE, 10, 999)]
    assert table(of("NL", 7), minute).micros(sent, DAY) == 25 * 7 + 10 * CALL_MINUTES * 60_000 + 10


@pytest.mark.parametrize(("micros", "whole"), [(0, 0), (1, 1), (10_000, 1), (10_001, 2)])
def test_cents_are_rounded_up(micros, whole):
    assert cents(micros) == whole


def test_a_table_is_read_as_spreadsheets_write_it():
    rows = "".join(f"{channel},,message,12,2026-01-01,\r\n" for channel in Channel)
    read = PriceTable.read(f'\ufeff{HEADER}\r\n{rows}sms,NL,part,75000,2026-07-01,"contract, page 3"\r\n')
    assert read.price(Channel.SMS, "NL", DAY) == Price(
        Channel.SMS, "NL", 75_000, Per.PART, date(2026, 7, 1), "contract, page 3"
    )


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("fax,,message,1,2026-01-01,", "'fax' is not a valid Channel"),
        ("sms,,minute,1,2026-01-01,", "sms is not counted per minute"),
        ("email,,part,1,2026-01-01,", "email is not counted per part"),
        ("sms,FR,part,1,2026-01-01,", "'FR' is not told apart"),
        ("sms,NL,part,-1,2027-01-01,", "from 0 to"),
        ("sms,NL,part,10000001,2027-01-01,", "from 0 to"),
        ("sms,NL,part,0.09,2027-01-01,", "invalid literal"),
        ("sms,NL,part,1,01-01-2027,", "isoformat"),
        ("sms,NL,part,1", "there are 6 columns"),
        ("sms,NL,part,1,2027-01-01,,", "there are 6 columns"),
        ("sms,NL,part,1,2026-01-01,", "a second price from that day on"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line(row, what):
    with pytest.raises(PricesError, match=what) as refused:
        PriceTable.read("\n".join([HEADER, *ROWS, row]))
    assert str(refused.value).startswith(f"line {len(ROWS) + 2}: ")


def test_other_columns_are_refused():
    with pytest.raises(PricesError, match="line 1: the columns are"):
        PriceTable.read("\n".join([HEADER.replace("micro_euros", "price"), *ROWS]))


@pytest.mark.parametrize("channel", Channel)
def test_a_table_in_which_some_message_would_have_no_price_is_refused(channel):
    with pytest.raises(PricesError, match=f"{channel}: a price without a country is missing"):
        PriceTable.read("\n".join([HEADER, *(row for row in ROWS if not row.startswith(f"{channel},,"))]))


@pytest.mark.parametrize(
    ("contact", "country"),
    [("+31612345678", "NL"), ("+32470123456", "BE"), ("+4915112345678", "DE"), ("+33612345678", ""), ("a@b.nl", "")],
)
def test_a_number_says_its_country(contact, country):
    assert country_of(contact) == country
