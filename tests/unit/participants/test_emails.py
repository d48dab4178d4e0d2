import pytest

from chalicelib.participants.emails import parse_email
from chalicelib.platform.errors import InvalidInput


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("jan@example.org", "jan@example.org"),
        (" Jan.de+Vries@Example.ORG ", "Jan.de+Vries@example.org"),
        ("o'neill@sub-domain.example.museum", "o'neill@sub-domain.example.museum"),
        ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        (f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.nl", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.nl"),
    ],
)
def test_an_address_keeps_its_name_and_gets_a_domain_in_lower_case(written, address):
    assert parse_email(written).text == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "jan",
        "jan@",
        "@example.org",
        "jan@localhost",
        "jan@example..org",
        "jan..de@example.org",
        ".jan@example.org",
        "jan.@example.org",
        "jan@-example.org",
        "jan@example-.org",
        "jan@example.org.",
        "jan@127.0.0.1",
        "jan@[127.0.0.1]",
        "jan piet@example.org",
        '"jan"@example.org',
        "jan@example.org, piet@example.org",
        "Jan <jan@example.org>",
        "jan@example.org\r\nBcc: piet@example.org",
        "jan@example.org\n",
        "jan\x00@example.org",
        "jän@example.org",
        "jan@exämple.org",
        "a" * 65 + "@example.org",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 59}.nl",
    ],
)
def test_what_is_no_plain_address_is_refused(written):
    with pytest.raises(InvalidInput, match="email_invalid") as refused:
        parse_email(written)
    assert "@" not in str(refused.value)


def test_a_long_wrong_address_takes_no_time():
    with pytest.raises(InvalidInput):
        parse_email("a." * 50_000 + "@")
