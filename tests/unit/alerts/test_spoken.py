"""What a participant hears when called."""

from dataclasses import replace

import pytest

from chalicelib.alerts import spoken
from chalicelib.alerts.cap import Status
from chalicelib.alerts.messages import MessageKind, Update, UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.preview import check_length, preview
from chalicelib.alerts.text import Language, Text
from chalicelib.channels import speech
from chalicelib.channels.model import Channel
from chalicelib.platform.errors import InvalidInput

NL, EN = Language.NL, Language.EN
CALL, OUTCOME = MessageKind.CALL, MessageKind.OUTCOME
LINK = "https://burgernet.example/t/abc"
CALLED = {"channels": (Channel.VOICE,)}


def heard(alert, message=CALL, language=NL):
    return speech.as_text(spoken.voice(alert, message, language))


def test_a_call_in_dutch_is_said_twice_and_ends_with_the_number(draft):
    said = (
        "Beroving Kerkstraat Sluisveen. Signalement: man, 20 tot 25 jaar, 180 centimeter, slank, zwarte jas. "
        "scooter, Vespa Primavera, rood, kenteken D van Dirk 1, 2, 3 B van Bernard, C van Cornelis, richting de A27. "
        "Ziet u hem? Bel 112."
    )
    assert heard(draft()) == (
        f"Dit is een bericht van Burgernet. {said} Ik herhaal het bericht. {said} "
        "Hebt u iets gezien? Bel 0800 0011. Nog een keer: 0800 0011."
    )


def test_a_call_in_english(draft):
    said = heard(draft(), language=EN)
    assert said.startswith(
        "This is a message from Burgernet. Robbery Kerkstraat Sluisveen. Description: man, aged 20 to 25"
    )
    assert said.count("D for Delta 1, 2, 3 B for Bravo, C for Charlie") == 2
    assert said.endswith("Have you seen something? Call 0800 0011. Once more: 0800 0011.")


@pytest.mark.parametrize(
    ("status", "language", "first"),
    [
        (Status.EXERCISE, NL, "Dit is een oefening van Burgernet. U hoeft niets te doen."),
        (Status.TEST, NL, "Dit is een test van Burgernet. U hoeft niets te doen."),
        (Status.EXERCISE, EN, "This is an exercise of Burgernet. You do not have to do anything."),
        (Status.TEST, EN, "This is a test of Burgernet. You do not have to do anything."),
    ],
)
@pytest.mark.parametrize("message", [CALL, OUTCOME])
def test_what_is_not_meant_says_so_before_anything_else(active, status, language, first, message):
    alert = active(status=status)
    closed = alert.close(
        result=Result.NONE, contribution=Contribution.NONE, text=None, by="anna", at=alert.activated_at
    )
    assert heard(closed, message, language).startswith(first)


def test_dutch_text_is_dutch_in_an_english_call_too(draft):
    alert = draft(headline=Text("Beroving"), description=Text("Een man."), instruction=Text("Kijk uit."), persons=())
    ssml = spoken.voice(alert, CALL, EN)
    assert ssml.count('<lang xml:lang="nl-NL">Beroving.</lang>') == 2
    assert "<lang" not in spoken.voice(alert, CALL, NL)


def test_without_a_description_of_somebody_the_text_is_said(draft):
    assert heard(draft(persons=(), vehicles=())).count("Een man is beroofd van zijn tas.") == 2


def test_an_outcome_is_said_with_what_was_added_to_it(active):
    alert = active()
    closed = alert.close(
        result=Result.SUSPECT_ARRESTED,
        contribution=Contribution.DIRECT,
        text=Text("Hij had de tas nog."),
        by="anna",
        at=alert.activated_at,
    )
    said = heard(closed, OUTCOME)
    assert said.count("Afloop: Beroving Kerkstraat Sluisveen. De verdachte is aangehouden.") == 2
    assert said.count("Hij had de tas nog.") == 2
    assert said.endswith("Wilt u meer weten? Bel 0800 0011. Nog een keer: 0800 0011.")


def test_an_update_is_said_by_itself_and_within_a_call_that_goes_out_later(active):
    alert = active()
    update = Update(
        UpdateType.CORRECTION, Text("De scooter is blauw.", "The scooter is blue."), alert.created_at, "anna"
    )
    corrected = replace(alert, updates=(update,))
    said = heard(corrected, "update-1")
    assert said.count("Beroving Kerkstraat Sluisveen. Correctie: De scooter is blauw.") == 2
    assert "Signalement" not in said
    assert said.endswith("Hebt u iets gezien? Bel 0800 0011. Nog een keer: 0800 0011.")
    assert heard(corrected).count("Correctie: De scooter is blauw. Signalement: man") == 2


def test_the_preview_holds_what_is_said_where_people_are_called(draft):
    assert preview(draft(**CALLED), LINK)[NL].voice == heard(draft())
    assert preview(draft(), LINK)[NL].voice is None


def test_what_is_too_long_to_say_is_refused_and_only_where_people_are_called(draft):
    long = {"persons": (), "vehicles": (), "description": Text("x" * 2_000, "x" * 2_000)}
    with pytest.raises(InvalidInput) as refused:
        check_length(draft(**CALLED, **long), CALL, LINK)
    assert (refused.value.code, refused.value.fields[0].field) == ("voice_too_long", "description")
    check_length(draft(channels=(Channel.EMAIL,), **long), CALL, LINK)
    check_length(draft(**CALLED), CALL, LINK)
