"""Who signs up too often is held back, and nobody else; a launch with five hundred at once goes well."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.participants.guard import Limit, Limits
from chalicelib.participants.model import ChannelChoice
from chalicelib.platform.errors import InvalidInput, TooManyRequests
from chalicelib.platform.queues import QueueName

SMS, MAIL = (ChannelChoice.SMS,), (ChannelChoice.EMAIL,)
FEW = Limit(3, 600)


def by_phone(house, number, address="192.0.2.7"):
    request = house.request(phone=f"+316{number:08d}", email=None, channels=SMS)
    return house.sign_up_service.sign_up(request, address)


def by_mail(house, name, address="192.0.2.7"):
    request = house.request(phone=None, email=f"{name}@burgernet.example", channels=MAIL)
    return house.sign_up_service.sign_up(request, address)


def refused(act):
    with pytest.raises(TooManyRequests) as caught:
        act()
    return caught.value.code, caught.value.message


def test_one_contact_gets_so_many_codes_and_then_none(house):
    house.limits = Limits(contact=FEW)
    for _ in range(3):
        by_mail(house, "jan")
    refused(lambda: by_mail(house, "jan"))
    refused(lambda: by_mail(house, "JAN"))  # the same mailbox
    by_mail(house, "piet")
    house.clock.advance(minutes=10)
    by_mail(house, "jan")


def test_a_network_is_held_back_and_its_neighbour_is_not(house):
    house.limits = Limits(network=FEW)
    for number in range(3):
        by_mail(house, f"a{number}", f"203.0.113.{number}")
    refused(lambda: by_mail(house, "a4", "203.0.113.200"))
    by_mail(house, "a5", "203.0.114.1")
    for number in range(3):
        by_mail(house, f"b{number}", f"2001:db8:1:{number}::1")
    refused(lambda: by_mail(house, "b4", "2001:db8:1:ffff::2"))
    by_mail(house, "b5", "2001:db8:2::1")


def test_numbers_in_a_row_are_nobodys_neighbours(house):
    for number in range(5):
        by_phone(house, 12345600 + 7 * number)
    refused(lambda: by_phone(house, 12345699))
    by_phone(house, 12345700)  # the next hundred
    house.clock.advance(minutes=10)
    by_phone(house, 12345698)


def test_who_spreads_them_over_a_thousand_is_found_too(house):
    for number in range(20):
        by_phone(house, 12345000 + 47 * number)
    refused(lambda: by_phone(house, 12345999))
    by_phone(house, 12346000)


def test_all_together_there_is_an_end_to_it(house):
    house.limits = Limits(everybody=FEW)
    for number in range(3):
        by_mail(house, f"a{number}", f"198.51.{number}.1")
    refused(lambda: by_mail(house, "a4", "198.51.99.1"))
    house.clock.advance(minutes=10)
    by_mail(house, "a5", "198.51.98.1")


def test_the_answer_tells_neither_the_limit_nor_whether_somebody_is_known(house):
    house.joined(phone=None, email="known@burgernet.example", channels=MAIL)
    house.limits = Limits(contact=Limit(1, 3_600))
    answers = set()
    for name in ("known", "unknown"):
        by_mail(house, name) if name == "unknown" else None
        answers.add(refused(lambda name=name: by_mail(house, name)))
    house.limits = Limits(hundred=Limit(0, 600))
    answers.add(refused(lambda: by_phone(house, 12345678)))
    house.limits = Limits(network=Limit(0, 600))
    answers.add(refused(lambda: by_mail(house, "anybody", "203.0.113.1")))
    assert len(answers) == 1


def test_who_is_refused_costs_nothing(house):
    house.limits = Limits(network=Limit(0, 600))
    refused(lambda: by_phone(house, 12345678))
    assert house.sign_ups.rows == {}
    assert house.queues.sent == []


def test_nothing_that_is_counted_can_be_read(house):
    by_phone(house, 12345678, "203.0.113.9")
    counted = repr(house.counters.counted)
    assert not any(secret in counted for secret in ("345678", "203.0", "12345"))


@pytest.mark.parametrize(
    "phone",
    [
        "+31900123456",  # pays who is called
        "+3197012345678",  # machines
        "+447911123456",  # abroad
        "+12425551234",
        "+882161234567",  # satellites
        "+31201234567",  # takes no text
    ],
)
def test_a_text_goes_to_mobile_numbers_of_three_countries_only(house, phone):
    with pytest.raises(InvalidInput):
        house.sign_up_service.sign_up(house.request(phone=phone, email=None, channels=SMS), "192.0.2.7")
    assert house.queues.sent == []


def test_five_hundred_at_once_are_all_served(house):
    def one(number):
        return by_phone(house, 10_000_000 + 79_999 * number, f"10.{number % 250}.{number % 7}.1").id

    with ThreadPoolExecutor(100) as pool:
        signed_up = list(pool.map(one, range(500)))
    assert set(house.sign_ups.rows) == set(signed_up)
    notices = house.queues.take(QueueName.NOTICES)
    assert {body["sign_up"] for body in notices} == set(signed_up)
    assert (len(notices), len(signed_up)) == (500, 500)
