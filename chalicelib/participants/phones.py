"""Phone numbers, as people write them, to E.164; only those that a text message may go to."""

import re
from collections.abc import Set

from chalicelib.participants.model import Contact, ContactKind
from chalicelib.platform.errors import InvalidInput

HOME_REGION = "NL"
COUNTRIES = frozenset({"NL", "BE", "DE"})
MACHINES = "+3197"  # numbers for machines; the library calls them mobile
_WRITTEN = re.compile(r"\+?[0-9 ().\-/]{4,32}")


def parse_phone(text: str, countries: Set[str] = COUNTRIES, field: str = "phone") -> Contact:
    """Read a mobile number of one of ``countries`` (ISO 3166 alpha-2), Dutch where it has no country code.

    Raises:
        InvalidInput: ``phone_invalid``, ``phone_country_not_allowed``, ``phone_premium_rate``, ``phone_machine`` or
            ``phone_not_mobile``.
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
    if kind != phonenumbers.PhoneNumberType.MOBILE:
        raise refused("phone_not_mobile", "A text message needs a mobile number.")
    return Contact(ContactKind.PHONE, e164)
