"""How a call will read, before anybody gets it."""

import pytest

from chalicelib.alerts import wording
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.preview import MAX_SMS_PARTS, check_length, preview
from chalicelib.alerts.sms_parts import Encoding, Parts, count
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import InvalidInput

LINK = "https://burgernet.example/t/abc"


def test_each_language_shows_its_sms_and_what_it_takes(draft):
    shown = preview(draft(), LINK)
    dutch = shown[Language.NL]
    assert set(shown) == set(Language)
    assert dutch.sms.startswith("BURGERNET: Beroving")
    assert dutch.parts == Parts(Encoding.GSM_7, len(dutch.sms), 2)
    assert dutch.email_subject == "BURGERNET: Beroving Kerkstraat Sluisveen"
    assert wording.email(draft(), MessageKind.CALL, Language.NL, LINK, LINK).text == dutch.email_text
    assert shown[Language.EN].email_subject == "BURGERNET: Robbery Kerkstraat Sluisveen"


def test_without_sms_there_is_none_to_show(draft):
    shown = preview(draft(channels=(Channel.EMAIL,)), LINK)[Language.NL]
    assert (shown.sms, shown.parts) == (None, None)


def long_description(draft, extra):
    """An alert whose Dutch SMS fills ``MAX_SMS_PARTS`` exactly, and ``extra`` characters."""
    bare = draft(persons=(), vehicles=(), description=Text("x.", "x."))
    room = MAX_SMS_PARTS * 153 - count(preview(bare, LINK)[Language.NL].sms).units
    return draft(persons=(), vehicles=(), description=Text("x" * (room + extra + 1) + ".", "x."))


def test_an_sms_may_fill_the_last_part(draft):
    check_length(long_description(draft, 0), MessageKind.CALL, LINK)


def test_an_sms_may_not_be_longer(draft):
    with pytest.raises(InvalidInput) as refused:
        check_length(long_description(draft, 1), MessageKind.CALL, LINK)
    assert refused.value.code == "sms_too_long"


def test_an_email_may_be_as_long_as_it_likes(draft):
    alert = draft(channels=(Channel.EMAIL,), persons=(), vehicles=(), description=Text("x" * 2_000, "x" * 2_000))
    check_length(alert, MessageKind.CALL, LINK)
