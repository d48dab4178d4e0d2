import re
from html.parser import HTMLParser

import pytest

from chalicelib.participants.model import Language
from chalicelib.participants.texts import verification, welcome

# 3GPP TS 23.038, the characters of one unit that these texts may use.
GSM_7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà") | set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
LINK = "https://burgernet.gemeente-voorbeeld.example/manage#" + "0" * 25


TEXTS = [
    *((language, verification(language, "012345"), "012345") for language in Language),
    *((language, welcome(language, LINK), LINK) for language in Language),
]


@pytest.mark.parametrize(("language", "notice", "value"), TEXTS)
def test_a_text_message_fits_in_one_part(language, notice, value):
    assert value in notice.sms
    assert set(notice.sms) <= GSM_7
    assert len(notice.sms) <= 160


@pytest.mark.parametrize(("language", "notice", "value"), TEXTS)
def test_a_mail_says_the_same_as_text_and_as_page(language, notice, value):
    class Words(HTMLParser):
        said = ""
        tags: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag, attributes):
            self.tags = [*self.tags, tag]

        def handle_data(self, data):
            self.said += data + " "

    page = Words()
    page.feed(notice.html)
    assert value in notice.text
    assert re.sub(r"\s+", " ", notice.text).strip() in re.sub(r"\s+", " ", page.said)
    assert f'<html lang="{language}">' in notice.html
    assert "title" in page.tags
    assert "\n" not in notice.subject


@pytest.mark.parametrize(("language", "notice", "value"), TEXTS)
def test_sentences_are_short(language, notice, value):
    sentences = re.split(r"[.?!:]\s", notice.text.replace(value, ""))
    assert max(len(sentence.split()) for sentence in sentences) <= 15


def test_languages_differ():
    assert verification(Language.NL, "012345").sms != verification(Language.EN, "012345").sms
    assert "Welkom" in welcome(Language.NL, LINK).subject
    assert "Welcome" in welcome(Language.EN, LINK).subject


def test_what_is_filled_in_is_escaped():
    page = welcome(Language.EN, 'https://x/?a=1&b="><script>').html
    assert "<script>" not in page
    assert "&amp;b=&quot;&gt;&lt;script&gt;" in page
