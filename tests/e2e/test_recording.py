"""A dispatcher's own voice, in a real browser: spoken in or chosen, kept with the draft, listened to and approved."""

import io
import math
import wave

import pytest

from local.demo.client import Api
from tests.e2e.console import save, write

HEADING = "Uw eigen stem"


def sound(seconds, rate=44_100, channels=2):
    """A file as a phone's recorder makes it: not what a telephone plays."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        tone = (int(9_000 * math.sin(at / 20)).to_bytes(2, "little", signed=True) for at in range(int(seconds * rate)))
        file.writeframes(b"".join(level * channels for level in tone))
    return {"name": "stem.wav", "mimeType": "audio/wav", "buffer": buffer.getvalue()}


@pytest.fixture
def page(open_console):
    """A draft that noor wrote."""
    opened = open_console("noor", permissions=["microphone"])
    write(opened, real=False, headline="Met eigen stem")
    save(opened)
    opened.get_by_text("Er is geen opname").wait_for()
    return opened


def listens(page):
    """Seconds of what can be listened to, from where it is kept."""
    return page.locator("audio").evaluate(
        """it => new Promise((known, failed) => {
          it.addEventListener("loadedmetadata", () => known(it.duration));
          it.addEventListener("error", () => failed(it.error));
          it.load();
        })"""
    )


def test_a_file_is_made_fit_for_a_telephone_kept_and_listened_to_by_whoever_approves(
    page, open_console, addresses, http, token, accessible
):
    page.get_by_label("Of kies een geluidsbestand").set_input_files(sound(2))
    page.get_by_text("Er is een opname van 2 seconden").wait_for()
    assert page.locator("h2:focus").inner_text() == HEADING
    assert listens(page) == 2
    accessible(page)
    alert = page.url.rpartition("/")[2]
    kept = Api(http, addresses.api, token("dispatcher", user="noor")).get(f"/alerts/{alert}")["recording"]
    assert kept["seconds"] == 2
    page.get_by_role("button", name="Leg voor aan een collega").click()
    page.get_by_text("Een collega moet akkoord geven").wait_for()
    assert page.get_by_role("button", name="Neem op").is_hidden()
    sam = open_console("sam")
    sam.goto(page.url)
    sam.get_by_text("Er is een opname van 2 seconden").wait_for()
    assert listens(sam) == 2


def plays(page):
    """To its end."""
    page.locator("audio").evaluate(
        """it => new Promise((ended, failed) => {
          it.addEventListener("ended", ended, { once: true });
          it.addEventListener("error", () => failed(it.error), { once: true });
          it.play().catch(() => {}); // another address comes between
        })"""
    )


def test_on_a_page_that_has_been_open_for_long_it_can_still_be_listened_to(page):
    page.get_by_label("Of kies een geluidsbestand").set_input_files(sound(2))
    page.get_by_text("Er is een opname van 2 seconden").wait_for()
    assert listens(page) == 2
    asked = []
    page.on("request", lambda request: asked.append(request.method) if request.url.endswith("/recording") else None)
    plays(page)
    assert asked == []
    page.clock.install()
    page.clock.fast_forward("05:00")
    plays(page)
    assert asked == ["GET"]


def test_it_is_spoken_in_and_taken_away_by_keyboard(page, accessible):
    page.get_by_role("button", name="Neem op").press("Enter")
    page.get_by_text("Opname loopt: 2 s").wait_for()
    accessible(page)
    page.get_by_role("button", name="Stop de opname").press("Enter")
    page.get_by_text("Er is een opname van").wait_for()
    assert 1.5 < listens(page) < 30
    page.get_by_role("button", name="Haal de opname weg").press("Enter")
    page.get_by_text("Er is geen opname").wait_for()


def test_what_a_call_cannot_play_is_said(page, accessible):
    page.get_by_label("Of kies een geluidsbestand").set_input_files(sound(31, rate=8_000, channels=1))
    page.get_by_role("alert").get_by_text("Een opname duurt 1 tot 30 seconden.").wait_for()
    accessible(page)
    letter = {"name": "stem.mp3", "mimeType": "audio/mpeg", "buffer": b"eggs, milk"}
    page.get_by_label("Of kies een geluidsbestand").set_input_files(letter)
    page.get_by_role("alert").get_by_text("geen geluid dat wij kunnen lezen").wait_for()
    page.get_by_text("Er is geen opname").wait_for()


def test_who_goes_away_while_recording_is_not_recorded_any_more(page, accessible):
    address = page.url
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url.rpartition("/")[2])))
    page.get_by_role("button", name="Neem op").press("Enter")
    page.get_by_text("Opname loopt: 1 s").wait_for()
    page.get_by_role("link", name="Oproepen").first.click()
    page.get_by_role("heading", level=1, name="Oproepen").wait_for()
    page.goto(address)
    page.get_by_text("Er is geen opname").wait_for()
    assert ("PUT", "recording") not in asked
