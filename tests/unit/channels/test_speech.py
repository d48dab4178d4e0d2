"""What a computer says: numbers and plates so that they are understood, and nothing that its provider refuses."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.channels import speech

PHONE = '<say-as interpret-as="digits">{}</say-as>'


@pytest.mark.parametrize(
    ("written", "language", "heard"),
    [
        ("Bel 112.", "nl", f"Bel {PHONE.format(112)}."),
        ("Bel 0800-0011!", "nl", f"Bel {PHONE.format('0800')}{speech.PAUSE}{PHONE.format('0011')}!"),
        ("of +31 6 12345678", "nl", f"of {speech.PAUSE.join(map(PHONE.format, ('31', '6', '12345678')))}"),
        ("man, 20-25 jaar", "nl", "man, 20 tot 25 jaar"),
        ("aged 20-25", "en", "aged 20 to 25"),
        ("180 cm", "nl", "180 centimeter"),
        ("180 cm", "en", "180 centimetres"),
        ("kenteken D-12-B", "nl", f"kenteken D van Dirk{speech.PAUSE}1, 2{speech.PAUSE}B van Bernard"),
        ("plate D-12-B", "en", f"plate D for Delta{speech.PAUSE}1, 2{speech.PAUSE}B for Bravo"),
        ("150 mensen op 01-02-2026 om 09:30", "nl", "150 mensen op 01-02-2026 om 09:30"),
        ("de A27 en de N-weg", "nl", "de A27 en de N-weg"),
        ("Jan & Co <3", "nl", "Jan &amp; Co &lt;3"),
        ("  twee\n regels ", "nl", "twee regels"),
    ],
)
def test_what_is_hard_to_hear_is_said_slowly_and_the_rest_as_it_is(written, language, heard):
    assert speech.said(written, language) == heard


def test_every_letter_has_a_name_that_begins_with_it_in_both_languages():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for language, joint in (("nl", " van "), ("en", " for ")):
        pairs = [pair.split(joint) for pair in speech.plate(letters, language).split(", ")]
        assert [letter for letter, _ in pairs] == list(letters)
        assert all(name.startswith(letter) for letter, name in pairs)


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])), st.sampled_from(["nl", "en"])
)
def test_whatever_somebody_writes_is_well_formed(written, language):
    spoken = speech.document(speech.said(written, language), speech.foreign(speech.said(written, "nl"), "nl"))
    assert ElementTree.fromstring(spoken).tag == "speak"  # noqa: S314


def test_as_text_it_reads_as_it_is_heard():
    spoken = speech.document(speech.said("Bel 0800-0011 & snel.", "nl"), "Nog een keer.")
    assert speech.as_text(spoken) == "Bel 0800 0011 & snel. Nog een keer."


def test_too_long_counts_elements_and_words_as_the_provider_does():
    assert not speech.too_long("<speak>" + "x" * 3_000 + "</speak>")
    assert speech.too_long("<speak>" + "x" * 3_001 + "</speak>")
    assert speech.too_long("<speak>" + "<p>x</p>" * 750 + "</speak>")
