import pytest

from chalicelib.participants.phones import is_mobile, parse_phone
from chalicelib.platform.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("06 12345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("(06) 12345678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("+31 6 12345678", "+31612345678"),
        ("+31 (0)6 12345678", "+31612345678"),
        (" 0612345678 ", "+31612345678"),
        ("+32 470 12 34 56", "+32470123456"),
        ("+49 151 23456789", "+4915123456789"),
    ],
)
def test_mobile_numbers_are_read_as_people_write_them(written, e164):
    assert parse_phone(written).text == e164


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0900-8844", "phone_premium_rate"),
        ("097012345678", "phone_machine"),
        ("+31 970 12345678", "phone_machine"),
        ("030-2861234", "phone_not_mobile"),
        ("085-1234567", "phone_not_mobile"),
        ("0800-1234", "phone_not_mobile"),
        ("+33 6 12345678", "phone_country_not_allowed"),
        ("+1 202 555 0123", "phone_country_not_allowed"),
        ("06-1234567", "phone_invalid"),
        ("112", "phone_invalid"),
        ("+31", "phone_invalid"),
        ("06 12345678 ext. 5", "phone_invalid"),
        ("0612FLOWER", "phone_invalid"),
        ("06\x0012345678", "phone_invalid"),
        ("٠٦١٢٣٤٥٦٧٨", "phone_invalid"),
        ("+" + "9" * 31, "phone_invalid"),
        ("0612345678\nBcc: x@example.org", "phone_invalid"),
        ("", "phone_invalid"),
    ],
)
def test_other_numbers_are_refused_each_with_its_reason(written, code):
    with pytest.raises(InvalidInput) as refused:
        parse_phone(written)
    assert refused.value.code == code
    assert refused.value.fields[0].field == "phone"


def test_the_countries_are_a_choice():
    assert parse_phone("+33 6 12345678", countries={"FR"}).text == "+33612345678"
    with pytest.raises(InvalidInput, match="phone_country_not_allowed"):
        parse_phone("0612345678", countries={"FR"})


@pytest.mark.parametrize("written", ["030-2861234", "085-1234567", "06 12345678", "+32 2 555 12 12"])
def test_a_call_may_go_to_a_landline_too(written):
    number = parse_phone(written, mobile=False).text
    assert is_mobile(number) == written.startswith("06")


@pytest.mark.parametrize(
    ("written", "code"),
    [("0800-1234", "phone_not_personal"), ("0900-8844", "phone_premium_rate"), ("097012345678", "phone_machine")],
)
def test_nobody_is_called_where_no_person_answers(written, code):
    with pytest.raises(InvalidInput) as refused:
        parse_phone(written, mobile=False)
    assert refused.value.code == code
