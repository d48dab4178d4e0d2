"""What everybody reads on a social network."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.cap import Scope, Status
from chalicelib.alerts.content import Category
from chalicelib.alerts.descriptions import Person, Sex, Vehicle
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.public_post import post
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.whereabouts import whereabouts
from chalicelib.areas.model import Location, Point
from chalicelib.channels.social import ROOM, Network

START = datetime(2026, 11, 23, 20, 16, tzinfo=UTC)
WHERE = "Wierwijk, Sluisveen"
X, MASTODON = ROOM[Network.X], ROOM[Network.MASTODON]


def updated(alert, kind, text):
    return alert.update(type=kind, text=Text(text), by="anna", at=START)


def closed(alert):
    result, contribution = Result.SUSPECT_ARRESTED, Contribution.DIRECT
    return alert.close(result=result, contribution=contribution, text=Text("Piet is gepakt."), by="anna", at=START)


def test_a_call_says_where_who_what_to_do_and_the_same_in_english(active):
    assert post(active(), "call", WHERE, MASTODON) == (
        "BURGERNET 23-11 21:15 Wierwijk, Sluisveen (0abc): Beroving Kerkstraat Sluisveen. "
        "Signalement: man, 20-25 jaar, 180 cm, slank, zwarte jas; scooter, Vespa Primavera, rood, kenteken D-123-BC, "
        "richting de A27. Ziet u hem? Bel 112."
        "\n\nEN: Robbery Kerkstraat Sluisveen. Call 0800-0011."
    )


def test_where_there_is_little_room_the_description_is_cut_at_a_word(active):
    persons = (
        Person(sex=Sex.MALE, age_from=20),
        Person(sex=Sex.FEMALE, clothing=Text("een lange groene jas met een capuchon")),
    )
    text = post(active(persons=persons), "call", WHERE, X)
    assert 260 < X.length(text) <= 280
    assert "rood, kenteken … Ziet u hem? Bel 112.\n\nEN: Robbery" in text


def test_without_traits_the_story_is_told_and_without_a_number_the_alerts_own_is_added(active):
    alert = active(persons=(), vehicles=(), instruction=Text("Ziet u hem?", "Seen him?"))
    assert "Een man is beroofd van zijn tas. Ziet u hem? Bel 0800-0011." in post(alert, "call", WHERE, X)


def test_an_instruction_that_is_too_long_gives_way_to_the_number(active):
    alert = active(instruction=Text("Ga " * 100, "Go."))
    assert post(alert, "call", WHERE, X).endswith(
        " Bel 0800-0011.\n\nEN: Robbery Kerkstraat Sluisveen. Call 0800-0011."
    )


def test_a_corrected_call_says_what_is_new_before_the_rest(active):
    alert = updated(active(), UpdateType.CORRECTION, "De jas is blauw")
    assert ": Beroving Kerkstraat Sluisveen. Correctie: De jas is blauw. Signalement: man" in post(
        alert, "call-1", WHERE, MASTODON
    )
    assert "blauw" not in post(alert, "call", WHERE, MASTODON)


def test_an_update_by_itself_says_what_it_is_about(active):
    alert = updated(active(), UpdateType.UPDATE, "Hij liep naar het station")
    assert post(alert, "update-1", WHERE, X) == (
        "BURGERNET 23-11 21:15 Wierwijk, Sluisveen (0abc): Beroving Kerkstraat Sluisveen. "
        "Update: Hij liep naar het station. Bel 0800-0011."
    )


def test_an_outcome_says_nothing_of_whom_it_was_about(active):
    assert post(closed(active()), "outcome", WHERE, X) == (
        "BURGERNET 23-11 21:15 Wierwijk, Sluisveen (0abc): De verdachte is aangehouden. "
        "Een tip van een deelnemer gaf de doorslag. Bedankt voor uw hulp."
        "\n\nEN: The suspect has been arrested. A tip from a participant was decisive."
    )


def test_an_outcome_of_what_described_nobody_says_what_it_was_about(active):
    alert = closed(active(persons=(), vehicles=()))
    text = post(alert, "outcome", WHERE, X)
    assert text.startswith(
        "BURGERNET 23-11 21:15 Wierwijk, Sluisveen (0abc): Beroving Kerkstraat Sluisveen. De verdachte is aangehouden."
    )
    assert "Piet" not in text


words = st.text(alphabet="abcdé €日👀.\n", min_size=1, max_size=300).filter(str.strip)


@given(headline=words.map(lambda text: text[:120]).filter(str.strip), story=words, instruction=words, news=words)
def test_whatever_was_written_a_post_fits(active, headline, story, instruction, news):
    alert = active(
        headline=Text(headline, headline),
        description=Text(story, story),
        instruction=Text(instruction, instruction),
        persons=(),
        vehicles=(),
    )
    alert = updated(alert, UpdateType.CORRECTION, news)
    for says in ("call", "call-1", "update-1"):
        for room in (X, MASTODON):
            text = post(alert, says, "Een Lange Buurtnaam, Nog Een, En Nog Een e.o., Sluisveen", room)
            assert room.holds(text)
            assert "0800-0011" in text
    assert all(room.holds(post(closed(alert), "outcome", WHERE, room)) for room in (X, MASTODON))


@pytest.mark.parametrize(
    ("scope", "status", "public"),
    [
        (Scope.PUBLIC, Status.ACTUAL, True),
        (Scope.PUBLIC, Status.EXERCISE, False),
        (Scope.PUBLIC, Status.TEST, False),
        (Scope.RESTRICTED, Status.ACTUAL, False),
    ],
)
def test_only_what_is_meant_and_said_to_be_public_is(content, scope, status, public):
    assert content(scope=scope, status=status).is_public is public


def test_nothing_is_public_that_nobody_called_so(content):
    assert content().is_public is False


@pytest.mark.parametrize(
    ("changes", "somebody"),
    [
        ({}, False),
        ({"persons": (Person(sex=Sex.MALE),)}, True),
        ({"vehicles": (Vehicle(make="Vespa"),)}, False),
        ({"vehicles": (Vehicle(plate="D-123-BC"),)}, True),
        ({"category": Category.MISSING_CHILD}, True),
        ({"category": Category.MISSING_PERSON}, True),
    ],
)
def test_somebody_is_described_by_traits_by_a_plate_or_by_being_missing(content, changes, somebody):
    assert content(**{"persons": (), "vehicles": (), **changes}).describes_somebody is somebody


NAMES = {"GM9001": "Sluisveen", "BU90010101": "Wierwijk", "BU90010102": "Kade", "WK900102": "Zuid", "BU4": "Duin"}


class Named:
    """Areas of Sluisveen by code; a point is in Wierwijk or nowhere."""

    def __init__(self, here="BU90010101"):
        self.here = here

    def names(self, codes):
        return {code: NAMES[code] for code in codes if code in NAMES}

    def locate(self, point):
        return Location(self.here, None, "GM9001", "Sluisveen", joined=True) if self.here else None


def target(*codes):
    return Target.of({"codes": list(codes)} if codes else {"circle": {}}, {}, ("GM9001",))


@pytest.mark.parametrize(
    ("codes", "here", "words"),
    [
        ((), "BU90010101", "Wierwijk, Sluisveen"),
        ((), None, "Sluisveen"),
        (("GM9001",), None, "Sluisveen"),
        (("BU90010102", "WK900102"), "BU90010101", "Kade, Zuid, Sluisveen"),
        (("BU90010101", "BU90010102", "WK900102", "BU4"), None, "Wierwijk, Kade, Zuid e.o., Sluisveen"),
        (("BU99",), None, "Sluisveen"),
    ],
)
def test_a_place_is_named_by_its_areas_or_by_that_of_the_incident(content, codes, here, words):
    assert whereabouts(content(target=target(*codes)), Named(here)) == words


def test_without_a_place_of_the_incident_the_municipalities_are_named(content):
    alert = content(target=target(), incident_point=None)
    assert whereabouts(alert, Named()) == "Sluisveen"


def test_an_unknown_point_is_no_place(content):
    assert whereabouts(content(target=target(), incident_point=Point(5, 52)), Named(None)) == "Sluisveen"
