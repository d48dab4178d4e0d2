"""Phone numbers, as people write them, to E.164; only those that a text message or a call may go to."""

import re
from collections.abc import Set

from chalicelib.participants.model import Contact, ContactKind
from chalicelib.platform.errors import InvalidInput

HOME_REGION = "NL"
COUNTRIES = frozenset({"NL", "BE", "DE"})
MACHINES = "+3197"  # numbers for machines; the library calls them mobile
_WRITTEN = re.compile(r"\+?[0-9 ().\-/]{4,32}")


def parse_phone(text: str, countries: Set[str] = COUNTRIES, field: str = "phone", *, mobile: bool = True) -> Contact:
    """Read a number of one of ``countries`` (ISO 3166 alpha-2), Dutch where it has no country code.

    ``mobile``: only one that takes text messages; else one of a person's home will do.

    Raises:
        InvalidInput: ``phone_invalid``, ``phone_country_not_allowed``, ``phone_premium_rate``, ``phone_machine``,
            ``phone_not_mobile`` or ``phone_not_personal``.
    """
    import phonenumbers  # 0.1 s and the metadata of all countries: only for who signs up

    def refused(code: str, message: str) -> InvalidInput:
        return InvalidInput.of(field, code, message)

    invalid = refused("phone_invalid", "This is not a phone number that exists.")
    if not _WRITTEN.fullmatch(text.strip()):
        raise invalid
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise invalid from None
    if not phonenumbers.is_valid_number(number):
        raise invalid
    if phonenumbers.region_code_for_number(number) not in countries:
        raise refused("phone_country_not_allowed", f"Only numbers of {', '.join(sorted(countries))} can take part.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise refused("phone_premium_rate", "A premium rate number cannot take part.")
    if e164.startswith(MACHINES):
        raise refused("phone_machine", "A number for machines (097) cannot take part.")
    if kind == phonenumbers.PhoneNumberType.MOBILE:
        return Contact(ContactKind.PHONE, e164)
    if mobile:
        raise refused("phone_not_mobile", "A text message needs a mobile number.")
    at_home = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.VOIP}
    if kind not in at_home:
        raise refused("phone_not_personal", "Only a number on which a person answers can take part.")
    return Contact(ContactKind.PHONE, e164)


def is_mobile(e164: str) -> bool:
    """Whether a number that was read before takes text messages."""
    try:
        parse_phone(e164)
    except InvalidInput:
        return False
    return True
