"""The photo of who is looked for, in real browsers: from the control room to a neighbour, and gone when it is over."""

import io
import re

import pytest
from PIL import Image

from local.demo.client import Api, Carrier, until
from tests.e2e.console import save, write

PLACE = b"52.7783 N 5.4336 E"
ALT = "Noor, 8 jaar, met een rode jas"
HEADLINE = "Oefening met wie wij zoeken"


def taken():
    """As a camera makes it: too large to go as it is, and it says where."""
    told = Image.Exif()
    told.get_ifd(0x8825).update({29: PLACE.decode()})
    buffer = io.BytesIO()
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(buffer, "JPEG", exif=told, quality=95)
    assert PLACE in buffer.getvalue()
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


@pytest.fixture
def page(open_console):
    """A draft that noor wrote."""
    opened = open_console("noor")
    write(opened, real=False, headline=HEADLINE)
    save(opened)
    opened.get_by_role("heading", name="Foto", exact=True).wait_for()
    return opened


def seen(page):
    """The photo as it has come: its address, and how many pixels it has."""
    image = page.get_by_role("img", name=ALT)
    image.wait_for()
    return image.evaluate(
        """it => new Promise((come, failed) => {
          const tell = () => come({ url: it.currentSrc, width: it.naturalWidth, height: it.naturalHeight });
          if (it.naturalWidth) return tell();
          it.addEventListener("load", tell);
          it.addEventListener("error", () => failed(new Error(it.src)));
        })"""
    )


def test_who_is_looked_for_is_shown_to_who_is_asked_until_it_is_over(
    page, open_console, new_page, addresses, http, token, accessible
):
    page.get_by_label("Kies een foto").set_input_files(
        {"name": "lijst.jpg", "mimeType": "image/jpeg", "buffer": b"eggs, milk"}
    )
    page.get_by_text("kunnen wij niet als foto lezen").first.wait_for()
    page.get_by_label("Kies een foto").set_input_files(taken())
    page.get_by_role("img", name="De foto die u koos").wait_for()
    page.get_by_role("button", name="Bewaar de foto").click()
    page.get_by_role("link", name="Vul in wat er op de foto staat.").wait_for()
    page.get_by_label("Wat staat erop?").fill(ALT)
    accessible(page)
    page.get_by_role("button", name="Bewaar de foto").click()
    shown = seen(page)
    assert page.locator("h2:focus").inner_text() == "Foto"
    assert max(shown["width"], shown["height"]) <= 1600
    kept = http.get(shown["url"])
    assert (kept.headers["Content-Type"], PLACE in kept.content) == ("image/jpeg", False)
    assert len(kept.content) <= 512 * 1024
    accessible(page)

    page.get_by_role("button", name="Leg voor aan een collega").click()
    page.get_by_text("Een collega moet akkoord geven").wait_for()
    assert page.get_by_label("Kies een foto").is_hidden()
    sam = open_console("sam")
    sam.goto(page.url)
    assert seen(sam)["width"] == shown["width"]
    alert = page.url.rpartition("/")[2]
    approver = Api(http, addresses.api, token("approver", user="sam"))
    approver.post(f"/alerts/{alert}/approve", {"version": approver.get(f"/alerts/{alert}")["version"]})

    carrier = Carrier(http, addresses.carrier)
    mail = until(lambda: next(iter(carrier.messages(channel="email", alert=alert)), None), "the first mail")
    assert ALT in mail["text"]
    link = re.search(r"https?://\S+/t/\w+#foto", mail["text"])[0]
    neighbour = new_page(viewport={"width": 320, "height": 700})
    neighbour.goto(link)
    assert seen(neighbour)["width"] == shown["width"]
    assert neighbour.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(neighbour)

    dispatcher = Api(http, addresses.api, token("dispatcher", user="noor"))
    dispatcher.post(f"/alerts/{alert}/close", {"result": "none", "contribution": "none"})
    neighbour.reload()
    neighbour.get_by_role("heading", name="Zo is het afgelopen").wait_for()
    assert neighbour.get_by_role("img", name=ALT).count() == 0


def test_a_photo_that_was_not_kept_is_said_not_to_go_along(page):
    page.get_by_label("Kies een foto").set_input_files(taken())
    page.get_by_role("img", name="De foto die u koos").wait_for()
    page.get_by_role("button", name="Leg voor aan een collega").click()
    page.get_by_text("De oproep gaat zonder die foto uit.").wait_for()
    assert page.get_by_label("Wat staat erop?").is_hidden()


def test_a_photo_is_taken_away_by_keyboard(page):
    page.get_by_label("Kies een foto").set_input_files(taken())
    page.get_by_label("Wat staat erop?").fill(ALT)
    page.keyboard.press("Enter")
    seen(page)
    page.get_by_role("button", name="Haal de foto weg").press("Enter")
    page.get_by_role("img", name=ALT).wait_for(state="hidden")
    page.get_by_label("Kies een foto").set_input_files(taken())
    page.get_by_role("button", name="Toch niet").press("Enter")
    assert page.get_by_label("Wat staat erop?").is_hidden()
