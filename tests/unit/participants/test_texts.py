import re
from html.parser import HTMLParser

import pytest

from chalicelib.participants.area_year import AreaYear
from chalicelib.participants.model import Language
from chalicelib.participants.texts import verification, welcome, yearly
from chalicelib.participants.year_text import year_text

# 3GPP TS 23.038, the characters of one unit that these texts may use.
GSM_7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà") | set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
LINK = "https://burgernet.gemeente-voorbeeld.example/manage#" + "0" * 25


TEXTS = [
    *((language, verification(language, "012345"), "012345") for language in Language),
    *((language, welcome(language, LINK), LINK) for language in Language),
    *(
        (language, yearly(language, LINK, paused=False, year=AreaYear("Oost", 2025, 12, 3, 2, 1_234)), LINK)
        for language in Language
    ),
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


@pytest.mark.parametrize(
    ("year", "dutch", "english"),
    [
        (AreaYear("Oost", 2025, 0, 0, 0, None), "in Oost niet om hulp.", "did not ask for help in Oost."),
        (
            AreaYear("Oost", 2025, 1, 1, 1, 5),
            "in Oost één keer om hulp. Eén keer liep het goed af",
            "in Oost once. Once it ended well",
        ),
        (
            AreaYear("Oost", 2025, 1_200, 0, 2, None),
            "in Oost 1.200 keer om hulp. 2 keer hielp",
            "1,200 times. 2 times a",
        ),
    ],
)
def test_a_year_is_told_in_whole_sentences_and_without_what_there_was_none_of(year, dutch, english):
    texts = year_text(Language.NL, year), year_text(Language.EN, year)
    assert dutch in texts[0]
    assert english in texts[1]
    for text in texts:
        assert not re.search(r"\b0\b|[{}]", text)
        assert max(len(sentence.split()) for sentence in re.split(r"[.:] ", text)) <= 15
        assert ("Dank u" in text or "Thank you" in text) == (year.participants is not None)


def test_a_name_of_an_area_is_no_markup():
    assert "<b>" not in yearly(Language.NL, LINK, paused=False, year=AreaYear("<b>", 2025, 1, 0, 0, None)).html


def test_languages_differ():
    assert verification(Language.NL, "012345").sms != verification(Language.EN, "012345").sms
    assert "Welkom" in welcome(Language.NL, LINK).subject
    assert "Welcome" in welcome(Language.EN, LINK).subject


def test_what_is_filled_in_is_escaped():
    page = welcome(Language.EN, 'https://x/?a=1&b="><script>').html
    assert "<script>" not in page
    assert "&amp;b=&quot;&gt;&lt;script&gt;" in page
