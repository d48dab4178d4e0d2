"""What a participant reads by e-mail."""

from html.parser import HTMLParser

import pytest

from chalicelib.alerts import wording
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.model import MessageKind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.model import Channel

NL, EN = Language.NL, Language.EN
REPLY, MANAGE = "https://burgernet.example/t/abc", "https://burgernet.example/mijn/xyz"

AREA = f"{REPLY}#gebied"


@pytest.fixture
def mail(draft):
    def mail(language=NL, message=MessageKind.CALL, **changes):
        return wording.email(draft(**changes), message, language, REPLY, MANAGE)

    return mail


class Page(HTMLParser):
    """Reads a page as a browser does: what is open must be closed, in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.links, self.texts = [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_an_alert_in_plain_text(mail):
    written = mail()
    assert written.subject == "BURGERNET: Beroving Kerkstraat Sluisveen"
    assert written.text == (
        "Beroving Kerkstraat Sluisveen\n\n"
        "Een man is beroofd van zijn tas.\n\n"
        "Wanneer: 23-11-2026 om 21:05 uur\n\n"
        "Signalement\n\n"
        "- man, 20-25 jaar, 180 cm, slank, zwarte jas\n"
        "- scooter, Vespa Primavera, rood, kenteken D-123-BC, richting de A27\n\n"
        "Ziet u hem? Bel 112.\n\n"
        "Hebt u iets gezien? Laat het weten. U hoeft niet in te loggen.\n\n"
        "Ik heb iets gezien:\nhttps://burgernet.example/t/abc\n\n"
        "Bekijk het gebied:\nhttps://burgernet.example/t/abc#gebied\n\n"
        "Spoed? Bel 112. Geen spoed, maar wel informatie? Bel 0800-0011.\n\n"
        "U krijgt deze e-mail omdat u deelneemt aan Burgernet met een adres in of bij dit gebied.\n\n"
        "Gegevens wijzigen of stoppen:\nhttps://burgernet.example/mijn/xyz\n"
    )


@pytest.mark.parametrize("language", Language)
def test_the_page_is_whole_and_says_its_language(mail, language):
    written = mail(language)
    page = Page(written.html)
    assert ("html", {"lang": language.value}) in page.tags
    assert [tag for tag, _ in page.tags if tag in ("h1", "main", "title")] == ["title", "main", "h1"]
    assert page.links == [REPLY, AREA, MANAGE]
    assert written.subject in page.texts


def test_every_word_of_the_plain_text_is_in_the_page(mail):
    written = mail()
    shown = " ".join(" ".join(Page(written.html).texts).split())
    lines = [line.removeprefix("- ").removesuffix(":") for line in written.text.splitlines() if line]
    assert [line for line in lines if line not in shown and line not in (REPLY, AREA, MANAGE)] == []


def test_dutch_words_in_an_english_mail_are_marked(mail):
    written = mail(EN, headline=Text("Beroving"), description=Text("Een man."), instruction=Text("Bel 112."))
    tags = Page(written.html).tags
    assert ("html", {"lang": "en"}) in tags
    assert ("h1", {"lang": "nl"}) in tags
    assert "There is no English version of this message." in written.text
    assert "I have seen something" in written.text


def test_an_english_mail_has_no_dutch_mark(mail):
    assert 'lang="nl"' not in mail(EN).html


def test_what_people_write_cannot_become_markup_or_a_placeholder(mail):
    written = mail(
        headline=Text("<script>alert(1)</script> {{reply}}", "x"),
        description=Text('"><img src=x> {{{manage}}}', "x"),
    )
    assert "<script" not in written.html
    assert "<img" not in written.html
    assert "{{" not in written.subject + written.text + written.html
    assert written.subject == "BURGERNET: <script>alert(1)</script> { {reply}}"


def test_line_breaks_of_a_description_are_kept(mail):
    written = mail(description=Text("Eerste regel.\nTweede regel.", "x"))
    assert "Eerste regel.<br>Tweede regel." in written.html
    assert "Eerste regel.\nTweede regel." in written.text


@pytest.mark.parametrize(
    ("status", "language", "words"),
    [
        (Status.EXERCISE, NL, "OEFENING BURGERNET: Dit is een oefening. U hoeft niets te doen."),
        (Status.EXERCISE, EN, "EXERCISE BURGERNET: This is an exercise. You do not have to do anything."),
        (Status.TEST, NL, "TEST BURGERNET: Dit is een test. U hoeft niets te doen."),
    ],
)
def test_an_exercise_says_so_first(mail, status, language, words):
    written = mail(language, status=status)
    assert written.subject.startswith(words.split(":")[0])
    assert written.text.startswith(words)
    assert written.html.index(words) < written.html.index("<h1")


def test_an_inquiry_asks_for_what_was_seen_or_filmed(mail):
    written = mail(kind=Kind.INQUIRY, category=Category.RESIDENTIAL_BURGLARY, channels=(Channel.EMAIL,))
    assert written.subject == "BURGERNET: buurtonderzoek: Beroving Kerkstraat Sluisveen"
    assert "staat er iets op uw camera?" in written.text


def test_prevention_informs(mail):
    written = mail(
        kind=Kind.PREVENTION,
        category=Category.FRAUD,
        channels=(Channel.EMAIL,),
        incident_at=None,
        persons=(),
        vehicles=(),
    )
    assert "Wanneer" not in written.text
    assert "Signalement" not in written.text
    assert "Reageren:\nhttps" in written.text


def test_the_outcome_by_mail(active):
    alert = active(category=Category.MISSING_PERSON)
    closed = alert.close(
        result=Result.MISSING_PERSON_FOUND,
        contribution=Contribution.INDIRECT,
        text=Text("Zij maakt het goed."),
        by="anna",
        at=alert.activated_at,
    )
    written = wording.email(closed, MessageKind.OUTCOME, NL, REPLY, MANAGE)
    assert written.subject == "BURGERNET: Afloop: Beroving Kerkstraat Sluisveen"
    assert "De vermiste is gevonden. Tips van deelnemers hielpen daarbij.\n\nZij maakt het goed." in written.text
    assert "zwarte jas" not in written.text + written.html
    assert Page(written.html).links == [REPLY, MANAGE]
