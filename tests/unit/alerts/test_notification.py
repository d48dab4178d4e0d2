"""What a device shows, and that it always fits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.cap import Status
from chalicelib.alerts.messages import MessageKind, UpdateType
from chalicelib.alerts.notification import MOST_BYTES, Notification, notification, payload
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Language, Text
from chalicelib.areas.model import CircleShape, Point, PolygonShape

NL, EN = Language.NL, Language.EN
CALL, OUTCOME = MessageKind.CALL, MessageKind.OUTCOME
URL = "https://burgernet.example/t/abc"


def test_a_call_says_what_the_text_message_says(draft):
    said = notification(draft(), CALL, NL)
    assert said.title == "BURGERNET: Beroving Kerkstraat Sluisveen"
    assert said.body == (
        "Signalement: man, 20-25 jaar, 180 cm, slank, zwarte jas; "
        "scooter, Vespa Primavera, rood, kenteken D-123-BC, richting de A27.\nZiet u hem? Bel 112."
    )


def test_an_update_says_its_news_and_all_that_the_call_said_because_it_takes_its_place(active):
    before = active()
    text = Text("De jas is blauw.")
    alert = before.update(type=UpdateType.CORRECTION, text=text, by="anna", at=before.activated_at)
    said = notification(alert, "update-1", NL)
    assert said.title == "BURGERNET: Correctie: Beroving Kerkstraat Sluisveen"
    assert said.body.startswith("De jas is blauw.\nSignalement: man")
    assert said.body.endswith("Bel 112.")
    later = notification(alert, CALL, NL)
    assert later.body.startswith("Correctie: De jas is blauw.\nSignalement: man")


def test_an_outcome_says_how_it_ended(active):
    alert = active()
    closed = alert.close(
        result=Result.SUSPECT_ARRESTED, contribution=Contribution.DIRECT, text=None, by="anna", at=alert.activated_at
    )
    said = notification(closed, OUTCOME, EN)
    assert said.title == "BURGERNET: Outcome: Robbery Kerkstraat Sluisveen"
    assert said.body.endswith("Thank you for your help.")
    assert "112" not in said.body


def test_an_exercise_says_first_that_nothing_has_to_be_done(draft):
    said = notification(draft(status=Status.EXERCISE), CALL, NL)
    assert said.title.startswith("OEFENING BURGERNET: ")
    assert said.body.startswith("Dit is een oefening. U hoeft niets te doen.\n")


def test_without_english_a_reader_is_told_that_it_is_dutch(draft):
    alert = draft(headline=Text("Beroving"), description=Text("Een man."), instruction=Text("Bel 112."))
    assert "Dutch" in notification(alert, CALL, EN).body.split("\n")[0]
    assert "Dutch" not in notification(alert, CALL, NL).body


def test_a_payload_is_what_the_page_reads():
    said = Notification("Vermist: Noor", "Rode jas.\nBel 112.", NL)
    assert json.loads(payload(said, "7k2m000000", URL)) == {
        "title": "Vermist: Noor",
        "body": "Rode jas.\nBel 112.",
        "lang": "nl",
        "alert": "7k2m000000",
        "url": URL,
    }


@pytest.mark.parametrize(
    ("shape", "around"),
    [
        (CircleShape(Point(5.2, 52.5), 432), [5.2, 52.5, 440]),
        (
            PolygonShape((((Point(5.19, 52.49), Point(5.21, 52.49), Point(5.21, 52.51), Point(5.19, 52.49)),),)),
            [5.2, 52.5, 1310],
        ),
    ],
)
def test_a_device_is_told_a_circle_around_the_alert(draft, shape, around):
    said = notification(draft(target=Target.of({}, shape.to_json(), ())), CALL, NL)
    assert json.loads(payload(said, "7k2m000000", URL))["around"] == around


@given(st.text(max_size=300), st.text(max_size=6_000))
def test_whatever_is_said_it_fits_and_what_is_shown_is_its_beginning(title, body):
    said = Notification(title, body, NL)
    packed = payload(said, "7k2m000000", URL)
    shown = json.loads(packed)
    assert len(packed) <= MOST_BYTES
    assert shown["url"] == URL
    assert body.startswith(shown["body"].removesuffix(" …")) or not shown["body"]


@pytest.mark.parametrize("word", ["lang ", "één ", "👀 "])
def test_a_text_that_is_too_long_is_cut_at_a_word_and_nearly_fills_what_there_is(word):
    packed = payload(Notification("Vermist", word * 2_000, NL), "7k2m000000", URL)
    body = json.loads(packed)["body"]
    assert body.endswith(f"{word.strip()} …")
    assert len(packed) > MOST_BYTES - 400
