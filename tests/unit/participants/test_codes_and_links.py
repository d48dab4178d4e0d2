from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.participants.codes import Codes
from chalicelib.participants.links import (
    MANAGE,
    UNSUBSCRIBE,
    mail_tokens,
    manage_token,
    manage_url,
    read_token,
    unsubscribe_url,
)
from chalicelib.participants.model import ContactKind
from chalicelib.platform.errors import NotFound
from chalicelib.platform.tokens import LinkSigner

SIGNER = LinkSigner(b"s" * 32)
NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


def test_a_code_is_six_digits_and_the_same_each_time(house):
    sign_up = house.signed_up()
    code = house.codes.code(sign_up, ContactKind.PHONE)
    assert len(code) == 6
    assert code.isdecimal()
    assert code == house.codes.code(sign_up, ContactKind.PHONE)


def test_codes_differ_by_contact_sign_up_number_and_key(house):
    sign_up = house.signed_up()
    others = [
        house.codes.code(sign_up, ContactKind.EMAIL),
        house.codes.code(replace(sign_up, id="0" * 16), ContactKind.PHONE),
        house.codes.code(replace(sign_up, codes_sent=2), ContactKind.PHONE),
        Codes(b"d" * 32).code(sign_up, ContactKind.PHONE),
    ]
    assert len({house.codes.code(sign_up, ContactKind.PHONE), *others}) == 5


def test_codes_are_spread_evenly(house):
    sign_up = house.signed_up()
    first = [house.codes.code(replace(sign_up, id=str(number)), ContactKind.PHONE)[0] for number in range(2_000)]
    assert all(150 < first.count(digit) < 250 for digit in "0123456789")


@pytest.mark.parametrize("given", ["", "12345", "０１２３４５", "1234567"])
def test_what_is_no_code_does_not_match(house, given):
    assert not house.codes.matches(house.signed_up(), ContactKind.PHONE, given)


def test_a_code_key_is_not_printed():
    assert "ccc" not in repr(Codes(b"c" * 32))


def test_a_manage_token_gives_back_id_and_version():
    token = manage_token(SIGNER, "0123456789abz", NOW)
    assert read_token(SIGNER, MANAGE, token, NOW) == ("0123456789ab", 31)
    assert manage_url("https://burgernet.example", token) == f"https://burgernet.example/manage#{token}"


def test_a_link_of_one_purpose_is_worthless_for_the_other():
    ((_, token),) = mail_tokens(SIGNER, ["0123456789abz"], NOW)
    assert read_token(SIGNER, UNSUBSCRIBE, token, NOW) == ("0123456789ab", 31)
    assert unsubscribe_url("https://burgernet.example", token).endswith(f"/api/unsubscribe/{token}")
    for purpose, other in ((MANAGE, token), (UNSUBSCRIBE, manage_token(SIGNER, "0123456789abz", NOW))):
        with pytest.raises(NotFound):
            read_token(SIGNER, purpose, other, NOW)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "0" * 25,
        "é" * 25,
        SIGNER.sign("tip", "0123456789abz"),
        SIGNER.sign("manage", "0123456789ab"),
        SIGNER.sign("manage", "0123456789abz"),  # without its last day
        SIGNER.sign("manage", "0123456789ab00zzz"),
        LinkSigner(b"t" * 32).sign("manage", "0123456789abz"),
    ],
)
def test_other_tokens_lead_nowhere(token):
    with pytest.raises(NotFound, match="link_not_valid"):
        read_token(SIGNER, MANAGE, token, NOW)


def test_a_link_ends_after_four_hundred_days(house):
    token = manage_token(SIGNER, "0123456789abz", NOW)
    assert read_token(SIGNER, MANAGE, token, NOW + timedelta(days=400)) == ("0123456789ab", 31)
    with pytest.raises(NotFound, match="link_expired"):
        read_token(SIGNER, MANAGE, token, NOW + timedelta(days=401))


@pytest.mark.parametrize("midnight", [datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC)])
def test_the_last_day_of_a_link_begins_at_midnight_in_amsterdam(midnight):
    before, after = (manage_token(SIGNER, "0123456789abz", midnight + timedelta(seconds=s)) for s in (-1, 0))
    ended = datetime.combine((midnight + timedelta(days=1)).date(), datetime.min.time(), UTC) + timedelta(days=400)
    assert read_token(SIGNER, MANAGE, after, ended) == ("0123456789ab", 31)
    with pytest.raises(NotFound, match="link_expired"):
        read_token(SIGNER, MANAGE, before, ended)


def test_nobody_can_make_a_link_live_longer():
    token = manage_token(SIGNER, "0123456789abz", NOW)
    for position in range(13, 16):
        with pytest.raises(NotFound, match="link_not_valid"):
            read_token(SIGNER, MANAGE, token[:position] + "z" + token[position + 1 :], NOW)
