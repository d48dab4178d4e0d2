"""What a participant reads by SMS."""

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import wording
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.descriptions import Colour, Person, Sex, Vehicle, VehicleKind
from chalicelib.alerts.messages import MessageKind, Update, UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.phrases import PHRASES
from chalicelib.alerts.rendering import person, vehicle
from chalicelib.alerts.sms_parts import Encoding, count
from chalicelib.alerts.text import Language, Text
from chalicelib.channels.model import Channel

NL, EN = Language.NL, Language.EN
CALL, OUTCOME = MessageKind.CALL, MessageKind.OUTCOME
LINK = "https://burgernet.example/t/abc"
SAID, HELPED = set(Result) - {Result.UNKNOWN}, set(Contribution) - {Contribution.UNKNOWN}


@pytest.fixture
def closed(active):
    def closed(result=Result.SUSPECT_ARRESTED, contribution=Contribution.DIRECT, text=None, **changes):
        alert = active(**changes)
        return alert.close(result=result, contribution=contribution, text=text, by="anna", at=alert.activated_at)

    return closed


def test_a_call_in_dutch(draft):
    assert wording.sms(draft(), CALL, NL, LINK) == (
        "BURGERNET: Beroving Kerkstraat Sluisveen. Signalement: man, 20-25 jaar, 180 cm, slank, zwarte jas; "
        "scooter, Vespa Primavera, rood, kenteken D-123-BC, richting de A27. Ziet u hem? Bel 112. "
        "Iets gezien? https://burgernet.example/t/abc"
    )


def test_a_call_in_english(draft):
    assert wording.sms(draft(), CALL, EN, LINK) == (
        "BURGERNET: Robbery Kerkstraat Sluisveen. Description: man, aged 20-25, 180 cm, slim, black coat; "
        "scooter, Vespa Primavera, red, number plate D-123-BC, heading for the A27. Have you seen him? Call 112. "
        "Seen something? https://burgernet.example/t/abc"
    )


def test_without_english_a_reader_is_told_that_it_is_dutch(draft):
    alert = draft(headline=Text("Beroving"), description=Text("Een man."), instruction=Text("Bel 112."))
    assert wording.sms(alert, CALL, EN, LINK).startswith("BURGERNET (text in Dutch): Beroving. ")
    assert "Dutch" not in wording.sms(alert, CALL, NL, LINK)


def test_without_a_structured_description_the_free_one_is_sent(draft):
    text = wording.sms(draft(persons=(), vehicles=()), CALL, NL, LINK)
    assert "Een man is beroofd van zijn tas." in text
    assert "Signalement" not in text


def test_an_instruction_without_a_number_gets_one(draft):
    alert = draft(instruction=Text("Ziet u hem? Blijf op afstand", "Seen him? Keep away"), call_number="0900-8844")
    assert "Ziet u hem? Blijf op afstand. Bel 0900-8844. Iets" in wording.sms(alert, CALL, NL, LINK)


def test_typographic_signs_do_not_make_it_dearer(draft):
    alert = draft(headline=Text("Beroving\u00a0‘De Linde’ – “nu” …", "Robbery"))
    text = wording.sms(alert, CALL, NL, LINK)
    assert "Beroving 'De Linde' - \"nu\" ..." in text
    assert count(text).encoding is Encoding.GSM_7


def test_letters_keep_their_marks_even_where_that_is_dearer(draft):
    alert = draft(headline=Text("Vermist: Zoe\u0308", "Missing: Zoë"))
    text = wording.sms(alert, CALL, NL, LINK)
    assert "Zoë" in text
    assert count(text).encoding is Encoding.UCS_2


@pytest.mark.parametrize(
    ("described", "nl", "en"),
    [
        (Person(sex=Sex.FEMALE), "vrouw", "woman"),
        (Person(sex=Sex.MALE, age_to=9), "jongen, tot en met 9 jaar", "boy, aged 9 or younger"),
        (Person(sex=Sex.FEMALE, age_from=7, age_to=7), "meisje, 7 jaar", "girl, aged 7"),
        (Person(age_from=60), "persoon, 60 jaar of ouder", "person, aged 60 or older"),
        (Person(age_from=0, age_to=0), "kind, 0 jaar", "child, aged 0"),
        (
            Person(appearance=Text("getint", "tanned"), hair=Text("kort zwart haar", "short black hair")),
            "persoon, getint, kort zwart haar",
            "person, tanned, short black hair",
        ),
        (Person(distinguishing=Text("loopt mank")), "persoon, loopt mank", "person, loopt mank"),
    ],
)
def test_persons_in_words(described, nl, en):
    assert (person(described, NL), person(described, EN)) == (nl, en)


@pytest.mark.parametrize(
    ("described", "nl", "en"),
    [
        (Vehicle(kind=VehicleKind.VAN, colour=Colour.WHITE), "bestelbus, wit", "van, white"),
        (Vehicle(plate="12-ABC-3"), "voertuig, kenteken 12-ABC-3", "vehicle, number plate 12-ABC-3"),
        (Vehicle(kind=VehicleKind.CAR, model="Golf"), "auto, Golf", "car, Golf"),
    ],
)
def test_vehicles_in_words(described, nl, en):
    assert (vehicle(described, NL), vehicle(described, EN)) == (nl, en)


def test_the_outcome_says_how_it_ended_and_thanks(closed):
    alert = closed(text=Text("De tas is terug", "The bag is back"))
    assert wording.sms(alert, OUTCOME, NL, LINK) == (
        "BURGERNET: Afloop Beroving Kerkstraat Sluisveen. De verdachte is aangehouden. Een tip van een deelnemer gaf "
        "de doorslag. De tas is terug. Bedankt voor uw hulp. Meer: https://burgernet.example/t/abc"
    )
    assert wording.sms(alert, OUTCOME, EN, LINK) == (
        "BURGERNET: Outcome Robbery Kerkstraat Sluisveen. The suspect has been arrested. A tip from a participant was "
        "decisive. The bag is back. Thank you for your help. More: https://burgernet.example/t/abc"
    )


def test_an_outcome_with_only_dutch_added_says_so(closed):
    assert wording.sms(closed(text=Text("De tas is terug")), OUTCOME, EN, LINK).startswith("BURGERNET (text in Dutch):")
    assert wording.sms(closed(), OUTCOME, EN, LINK).startswith("BURGERNET: Outcome")


def test_tips_are_not_called_decisive_where_there_is_no_result(closed):
    text = wording.sms(closed(Result.NONE, Contribution.DIRECT), OUTCOME, NL, LINK)
    assert "helaas zonder resultaat. Deelnemers gaven wel tips. Bedankt" in text


def test_every_outcome_reads_differently(closed):
    texts = {
        wording.sms(closed(result, contribution, category=Category.OTHER_URGENT), OUTCOME, language, LINK)
        for result, contribution, language in product(SAID, HELPED, Language)
    }
    # Without a result, direct and indirect tips get the same words.
    assert len(texts) == (len(SAID) * len(HELPED) - 1) * len(Language)


def test_what_closed_by_itself_only_says_that_it_is_over(active):
    alert = active(status=Status.EXERCISE).close_unanswered(at=active().expires)
    assert wording.sms(alert, OUTCOME, NL, LINK) == (
        "OEFENING BURGERNET: Afloop Beroving Kerkstraat Sluisveen. Deze oproep is afgerond. "
        f"Hoe het is afgelopen, weten wij niet. Bedankt voor uw hulp. Meer: {LINK}"
    )
    assert "This alert has ended. We do not know how it turned out. Thank you" in wording.sms(alert, OUTCOME, EN, LINK)
    for language in Language:
        mail = wording.email(alert, OUTCOME, language, LINK, LINK)
        said = " ".join(wording.outcome(alert, language))
        assert said in mail.text
        assert said in mail.html
        assert said in wording.push(alert, OUTCOME, language)[1:][0]


def test_information_that_ends_has_failed_nobody(closed):
    mail = {"kind": Kind.PREVENTION, "channels": (Channel.EMAIL,)}
    text = wording.email(closed(Result.NONE, Contribution.DIRECT, **mail), OUTCOME, NL, LINK, LINK).text
    assert "Deze actie is afgerond.\n" in text
    assert "helaas" not in text


@pytest.mark.parametrize("language", Language)
def test_our_own_words_never_make_an_sms_dearer(language):
    phrases = PHRASES[language]
    values = [getattr(phrases, field.name) for field in fields(phrases)]
    words = [word for value in values for word in ([value] if isinstance(value, str) else value.values())]
    assert len(words) > 60
    assert [word for word in words if count(word).encoding is not Encoding.GSM_7] == []


@pytest.mark.parametrize("language", Language)
def test_every_word_is_known_in_every_language(language):
    phrases = PHRASES[language]
    assert set(phrases.prefix) == set(Status)
    assert set(phrases.not_meant) == set(Status) - {Status.ACTUAL}
    assert set(phrases.colour) == set(Colour)
    assert set(phrases.vehicle) == {*VehicleKind, None}
    assert set(phrases.result) == set(Result)
    assert set(phrases.contribution) == set(Contribution)


ANY = st.text(min_size=1, max_size=80)
TEXTS = st.builds(Text, ANY, ANY)
PREFIX = {
    (Status.ACTUAL, NL): "BURGERNET",
    (Status.ACTUAL, EN): "BURGERNET",
    (Status.EXERCISE, NL): "OEFENING BURGERNET",
    (Status.EXERCISE, EN): "EXERCISE BURGERNET",
    (Status.TEST, NL): "TEST BURGERNET",
    (Status.TEST, EN): "TEST BURGERNET",
}


@given(
    headline=TEXTS,
    description=TEXTS,
    instruction=TEXTS,
    added=TEXTS,
    status=st.sampled_from(Status),
    language=st.sampled_from(Language),
    message=st.sampled_from(["call", "update-1", "outcome"]),
    link=st.sampled_from([LINK, "{{reply}}", "https://b.example/t/0?a=1&b=2"]),
)
def test_prefix_and_link_are_never_lost(
    draft, headline, description, instruction, added, status, language, message, link
):
    content = replace(
        draft().content, headline=headline, description=description, instruction=instruction, status=status
    )
    update = Update(UpdateType.UPDATE, added, draft().created_at, "anna")
    alert = replace(draft(), content=content, outcome_text=added, result=Result.OTHER, updates=(update,))
    prefix = PREFIX[status, language]

    text = wording.sms(alert, message, language, link)
    assert text.startswith(f"{prefix}: ")
    assert text.endswith(f" {link}")

    mail = wording.email(alert, message, language, link, "{{manage}}")
    escaped = link.replace("&", "&amp;")
    assert mail.subject.startswith(f"{prefix}: ")
    assert f"\n{link}\n" in mail.text
    assert f'href="{escaped}"' in mail.html
    assert "{{manage}}" in mail.text
    assert 'href="{{manage}}"' in mail.html
    if status is not Status.ACTUAL:
        assert mail.text.startswith(f"{prefix}: ")
        assert f"<strong>{prefix}: " in mail.html
    placeholders = mail.subject.count("{{"), mail.text.count("{{"), mail.html.count("{{")
    to_reply = 2 if message == CALL else 1  # the area is drawn on the reply page
    ours = 1 + to_reply * (link == "{{reply}}")
    assert placeholders == (0, ours, ours)


@pytest.fixture
def updated(active):
    def updated(type_=UpdateType.CORRECTION, text=None):
        text = text or Text("Zijn jas is groen.", "His coat is green.")
        return active().update(type=type_, text=text, by="anna", at=active().activated_at)

    return updated


def test_an_update_says_what_it_is_and_what_it_is_about(updated):
    assert wording.sms(updated(), "update-1", NL, LINK) == (
        "BURGERNET: Correctie Beroving Kerkstraat Sluisveen. Zijn jas is groen. "
        "Iets gezien? https://burgernet.example/t/abc"
    )
    text = wording.sms(updated(UpdateType.UPDATE), "update-1", EN, LINK)
    assert text.startswith("BURGERNET: Update Robbery Kerkstraat Sluisveen. His coat is green. Seen")
    assert wording.email(updated(), "update-1", NL, LINK, LINK).subject == (
        "BURGERNET: Correctie: Beroving Kerkstraat Sluisveen"
    )


def test_each_update_is_a_message_of_its_own_and_the_call_holds_the_newest(updated):
    alert = updated().update(type=UpdateType.UPDATE, text=Text("Hij is te voet."), by="anna", at=updated().activated_at)
    first, second = (wording.sms(alert, f"update-{number}", NL, LINK) for number in (1, 2))
    assert "Zijn jas is groen." in first
    assert "Hij is te voet." in second
    call = wording.sms(alert, CALL, NL, LINK)
    assert "Beroving Kerkstraat Sluisveen. Update: Hij is te voet. Signalement: man" in call
    assert "groen" not in call


def test_a_call_by_mail_shows_the_correction_before_what_it_corrects(updated):
    mail = wording.email(updated(), CALL, NL, LINK, LINK)
    assert mail.text.index("Zijn jas is groen.") < mail.text.index("Een man is beroofd")
    assert "<h2>Correctie</h2>" in mail.html


def test_an_update_without_english_says_that_it_is_dutch(updated):
    alert = updated(text=Text("Zijn jas is groen."))
    assert wording.sms(alert, "update-1", EN, LINK).startswith("BURGERNET (text in Dutch): Correction")
