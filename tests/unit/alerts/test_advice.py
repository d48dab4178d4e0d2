"""What a colleague would say of the wording."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.advice import CAPITALS, Concern, advise
from chalicelib.alerts.advice_words import KNOWN_CAPITALS
from chalicelib.alerts.content import Category, Kind
from chalicelib.alerts.descriptions import Person, Sex
from chalicelib.alerts.text import Text
from chalicelib.channels.model import Channel

GOOD = {
    "headline": Text("Beroving Kerkstraat Sluisveen", "Robbery Kerkstraat Sluisveen"),
    "description": Text("Een man is om 20.05 uur beroofd van zijn tas.", "A man was robbed of his bag at 20:05."),
    "instruction": Text("Gezien? Bel 112. Ga er niet zelf op af.", "Seen him? Call 112. Keep your distance."),
    "incident_at": None,
}


@pytest.fixture(scope="module")
def good(content):
    return content(**GOOD)


@pytest.fixture
def concerns(good):
    def found(**changes):
        return {(it.concern, it.field, it.found) for it in advise(replace(good, **changes))}

    return found


def described(text):
    return {"description": Text(text)}


def test_a_good_text_needs_no_advice(good):
    assert advise(good) == ()


@pytest.mark.parametrize(
    ("text", "concern", "found"),
    [
        ("Om 20.05 uur in Sluisveen, XXX is weg.", Concern.PLACEHOLDER, "XXX"),
        ("Om 20.05 uur in Sluisveen bij [straat].", Concern.PLACEHOLDER, "[straat]"),
        ("Om 20.05 uur in Sluisveen, mnl met tas.", Concern.ABBREVIATION, "mnl"),
        ("Om 20.05 uur in Sluisveen, man t.n.v. Jansen.", Concern.ABBREVIATION, "t.n.v."),
        ("Om 20.05 uur in Sluisveen, man in een VTG.", Concern.ABBREVIATION, "VTG"),
        ("Om 20.05 uur in Sluisveen is een tas ontvreemd.", Concern.JARGON, "ontvreemd"),
        ("Om 20.05 uur in Sluisveen is een tas weg ✔", Concern.NOT_GSM, "✔"),
    ],
)
def test_a_word_that_is_not_understood_is_named(text, concern, found, concerns):
    assert (concern, "description.nl", found) in concerns(**described(text))


def test_for_jargon_a_plain_word_is_given(good):
    advice = advise(replace(good, **described("Om 20.05 uur in Sluisveen is een tas ontvreemd.")))
    assert [(it.found, it.instead) for it in advice] == [("ontvreemd", "gestolen")]


def test_names_that_are_written_in_capitals_are_no_abbreviations(concerns):
    assert concerns(**described("Om 20.05 uur in Sluisveen, een BMW bij de HEMA.")) == set()


def test_every_name_that_is_known_is_one_that_would_be_asked_about():
    assert {word for word in KNOWN_CAPITALS if not CAPITALS.fullmatch(word)} == set()


def test_a_long_sentence_is_named(concerns):
    text = "Om 20.05 uur in Sluisveen " + "liep een man " * 8
    assert Concern.LONG_SENTENCE in {concern for concern, _, _ in concerns(**described(text))}


def test_a_character_outside_gsm_matters_only_to_an_sms(concerns):
    text = described("Om 20.05 uur in Sluisveen is een tas weg ✔")
    assert concerns(**text, kind=Kind.INQUIRY, category=Category.THEFT, channels=(Channel.EMAIL,)) == set()


def test_origin_alone_describes_nobody(concerns):
    person = Person(sex=Sex.MALE, age_from=20, age_to=25, appearance=Text("licht getinte huid"))
    assert (Concern.ORIGIN_ONLY, "persons.0.appearance", "licht getinte huid") in concerns(persons=(person,))
    dressed = replace(person, clothing=Text("rode jas"))
    assert Concern.ORIGIN_ONLY not in {concern for concern, _, _ in concerns(persons=(dressed,))}


@pytest.mark.parametrize(
    ("changes", "concern"),
    [
        ({"headline": Text("Tas gestolen"), **described("Om 20.05 uur is een man beroofd.")}, Concern.NO_PLACE),
        (described("Een man is in Sluisveen beroofd."), Concern.NO_TIME),
        ({"instruction": Text("Kijk uit. Ga er niet zelf op af.")}, Concern.NO_NUMBER),
        ({"instruction": Text("Gezien? Bel 112.")}, Concern.NO_CAUTION),
    ],
)
def test_what_is_missing_is_said(changes, concern, concerns):
    assert {it[0] for it in concerns(**changes)} == {concern}


def test_who_looks_for_a_child_need_not_keep_away(concerns):
    assert concerns(category=Category.MISSING_CHILD, instruction=Text("Gezien? Blijf bij haar en bel 112.")) == set()


@given(text=st.text(max_size=200))
def test_any_text_can_be_advised_on_and_nothing_is_said_twice(good, text):
    advice = advise(replace(good, description=Text(text), instruction=Text(text)))
    assert len(advice) == len(set(advice))
    assert all(it.found is None or it.found in text for it in advice)
