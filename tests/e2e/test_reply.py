"""Answering in a real browser: where it was goes along if somebody wants that, and a refresh loses no answer."""

import io
import re

import pytest
from PIL import Image

from chalicelib.staff.model import Role
from local import tokens, town
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY
from tests.e2e.sending import let_out

PHONE = {"width": 320, "height": 640}
WIERWIJK = {"latitude": 52.7783, "longitude": 5.4336}
SPAIN = {"latitude": 40.4, "longitude": -3.7}
HERE = "Gebruik de plek waar ik nu ben"
# A device that tells where it is when the test says so: told(), refused(3).
SLOW = """
navigator.geolocation.getCurrentPosition = (found, failed) => {
  globalThis.told = () => found({ coords: { latitude: 52.7783, longitude: 5.4336 } });
  globalThis.refused = (code) => failed({ code });
};
null;
"""


@pytest.fixture(scope="module")
def noor(http, addresses):
    return Api(http, addresses.api, tokens.issue(Role.DISPATCHER, user="noor"))


@pytest.fixture(scope="module")
def alert(http, addresses, noor):
    """An exercise that is out; its id."""
    kim = Api(http, addresses.api, tokens.issue(Role.APPROVER, user="kim"))
    return let_out(noor, kim, {**BURGLARY.alert, "status": "Exercise", "channels": ["email"]})


@pytest.fixture(scope="module")
def link(http, addresses, alert):
    """A neighbour's."""
    carrier = Carrier(http, addresses.carrier)
    message = until(lambda: next(iter(carrier.messages(channel="email", alert=alert)), None), "the first mail")
    return re.search(r"https?://\S+/t/\w+", message["text"])[0]


@pytest.fixture
def answering(new_page, link):
    """``answering(SPAIN)``: somebody who saw something, on a phone that is there, or does not tell."""

    def opened(where=None):
        told = {"geolocation": where, "permissions": ["geolocation"]} if where else {}
        page = new_page(viewport=PHONE, **told)
        page.goto(link)
        page.get_by_text("Ja, ik heb iets gezien").click()
        return page

    return opened


def send(page):
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_role("heading", name="Bedankt voor uw antwoord").wait_for()


def newest(noor, alert):
    return noor.get(f"/alerts/{alert}/tips", newest="true")["tips"][-1]


def test_an_answer_is_there_after_a_refresh_until_it_was_sent(answering, noor, alert):
    page = answering(WIERWIJK)
    page.get_by_label("Wat zag u").fill("Hij rende langs de molen.")
    page.get_by_label("mag mij hierover bellen").check()
    page.get_by_role("button", name=HERE).click()
    page.get_by_text("gaat mee met uw antwoord").wait_for()
    page.reload()
    page.get_by_text("gaat mee met uw antwoord").wait_for()
    assert page.get_by_label("Wat zag u").input_value() == "Hij rende langs de molen."
    assert page.get_by_label("mag mij hierover bellen").is_checked()
    send(page)
    told = newest(noor, alert)
    assert (told["kind"], told["text"], told["contact_me"]) == ("seen", "Hij rende langs de molen.", True)
    assert (told["place"]["lat"], told["place"]["lon"]) == (WIERWIJK["latitude"], WIERWIJK["longitude"])
    page.reload()
    page.get_by_text("Ja, ik heb iets gezien").wait_for()
    assert page.locator("#answer input:checked").count() == 0
    page.get_by_text("Ja, ik heb iets gezien").click()
    assert page.get_by_label("Wat zag u").input_value() == ""


def test_an_address_says_where_it_was_and_is_answer_enough(answering, noor, alert, accessible):
    address = next(it for it in town.build().addresses if it.neighbourhood.name == "Wierwijk")
    page = answering()
    page.get_by_label("Waar was het?").fill(f"{address.postcode} {address.number}")
    page.get_by_label("Waar was het?").press("Enter")
    page.get_by_role("button", name=address.label, exact=True).click()
    page.reload()
    page.get_by_text(f"Gekozen: {address.label}").wait_for()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    send(page)
    lon, lat = address.point
    assert newest(noor, alert)["place"] == {"lon": pytest.approx(lon, abs=1e-5), "lat": pytest.approx(lat, abs=1e-5)}


def test_a_place_that_cannot_be_is_said_and_can_be_taken_away(answering, noor, alert, accessible):
    page = answering(SPAIN)
    page.get_by_label("Wat zag u").fill("Op vakantie, maar toch.")
    page.get_by_role("button", name=HERE).click()
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_role("alert").get_by_text("te ver weg").wait_for()
    accessible(page)
    page.get_by_role("button", name="Haal de plek weg").click()
    send(page)
    told = newest(noor, alert)
    assert (told["text"], told.get("place")) == ("Op vakantie, maar toch.", None)


def test_who_does_not_say_where_they_are_answers_all_the_same(answering, noor, alert):
    page = answering()
    page.get_by_label("Wat zag u").fill("Zonder plek.")
    page.get_by_role("button", name=HERE).click()
    page.get_by_text("Uw plek is niet gevonden").wait_for()
    send(page)
    assert newest(noor, alert)["text"] == "Zonder plek."


def test_a_place_stays_behind_where_nothing_was_seen_after_all(answering, noor, alert):
    page = answering(WIERWIJK)
    page.get_by_role("button", name=HERE).click()
    page.get_by_text("gaat mee met uw antwoord").wait_for()
    page.get_by_text("Nee, niets gezien").click()
    send(page)
    told = newest(noor, alert)
    assert (told["kind"], told.get("place")) == ("not_seen", None)


def test_an_answer_that_is_too_long_is_not_cut_off_but_said(answering, noor, alert):
    page = answering()
    text = page.get_by_label("Wat zag u")
    text.focus()
    page.keyboard.insert_text("Hij liep door. " * 140)
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_role("alert").get_by_text("Deze tekst is te lang").wait_for()
    assert text.input_value() == "Hij liep door. " * 140
    text.fill("Hij liep door.")
    send(page)
    assert newest(noor, alert)["text"] == "Hij liep door."


def looking(page):
    """The device has been asked where it is, and does not know yet."""
    page.evaluate(SLOW)
    page.get_by_role("button", name=HERE).click()
    page.get_by_role("status").get_by_text("Wij zoeken uw plek").wait_for()


def tips(noor, alert):
    return noor.get(f"/alerts/{alert}/tips", newest="true")["tips"]


def search(page, address):
    page.get_by_label("Waar was het?").fill(f"{address.postcode} {address.number}")
    page.get_by_label("Waar was het?").press("Enter")
    page.get_by_role("button", name=address.label, exact=True).wait_for()


@pytest.fixture(scope="module")
def somewhere():
    return next(it for it in town.build().addresses if it.neighbourhood.name == "Wierwijk")


def test_a_place_that_is_found_takes_no_words_from_who_is_writing_meanwhile(answering):
    page = answering()
    looking(page)
    page.get_by_label("Wat zag u").focus()
    page.keyboard.type("Hij liep ")
    page.evaluate("told()")
    page.get_by_text("gaat mee met uw antwoord").wait_for()
    page.keyboard.type("langs de molen.")
    assert page.get_by_label("Wat zag u").input_value() == "Hij liep langs de molen."
    assert page.get_by_text("gaat mee met uw antwoord").is_visible()


def test_an_answer_waits_for_the_place_that_was_asked_for(answering, noor, alert):
    page = answering()
    page.get_by_label("Wat zag u").fill("Even wachten.")
    looking(page)
    before = len(tips(noor, alert))
    page.get_by_role("button", name="Verstuur antwoord").click()
    assert len(tips(noor, alert)) == before
    page.evaluate("told()")
    page.get_by_role("heading", name="Bedankt voor uw antwoord").wait_for()
    told = newest(noor, alert)
    assert (told["text"], told["place"]["lat"]) == ("Even wachten.", WIERWIJK["latitude"])
    assert page.evaluate("Object.keys(sessionStorage).filter(it => it.includes('answer'))") == []


def test_who_waits_for_a_place_that_is_not_found_reads_that_and_can_send_without(answering, noor, alert):
    page = answering()
    page.get_by_label("Wat zag u").fill("Dan maar zonder.")
    looking(page)
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.evaluate("refused(3)")
    problem = page.get_by_role("alert")
    problem.get_by_text("Uw plek is niet gevonden. Probeer het nog eens.").wait_for()
    assert problem.get_by_text("browser").count() == 0  # which was not what hindered
    send(page)
    told = newest(noor, alert)
    assert (told["text"], told.get("place")) == ("Dan maar zonder.", None)


def test_an_address_that_is_chosen_counts_above_a_device_that_is_still_looking(answering, noor, alert, somewhere):
    page = answering()
    looking(page)
    search(page, somewhere)
    page.get_by_role("button", name=somewhere.label, exact=True).click()
    page.evaluate("told()")
    send(page)
    assert newest(noor, alert)["place"]["lat"] == pytest.approx(somewhere.point[1], abs=1e-5)


def test_an_address_that_was_not_chosen_is_not_left_out_without_a_word(answering, noor, alert, somewhere, accessible):
    page = answering()
    page.get_by_label("Wat zag u").fill("Bij dat huis.")
    search(page, somewhere)
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_role("alert").get_by_text("Kies een adres uit de lijst").click()
    assert page.get_by_label("Waar was het?").evaluate("it => it === document.activeElement")
    accessible(page)
    page.get_by_label("Waar was het?").fill("")
    send(page)
    told = newest(noor, alert)
    assert (told["text"], told.get("place")) == ("Bij dat huis.", None)
    page.get_by_role("button", name="Nog iets doorgeven").click()
    page.get_by_text("Ja, ik heb iets gezien").click()
    assert page.locator(".hits").is_hidden()  # they were of the answer before


def photo():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(buffer, "PNG")
    return {"name": "IMG_1.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


@pytest.mark.parametrize(("words", "photos"), [("Verloren ontvangst.", 0), ("Ontvangst en foto's verloren.", 2)])
def test_an_answer_whose_receipt_was_lost_is_one_tip_also_after_a_refresh(answering, noor, alert, words, photos):
    page = answering()
    page.get_by_label("Wat zag u").fill(words)
    if photos:  # a tab does not keep them; one of them is chosen again
        page.get_by_label("Voeg een foto toe").set_input_files([photo()] * photos)
        page.get_by_role("button", name=f"Haal foto {photos} weg").wait_for()

    def lost(route):
        route.fetch()
        route.abort()

    page.route("**/api/tips/*", lost)
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_role("alert").get_by_text("verbinding").wait_for()
    page.unroute("**/api/tips/*")
    page.reload()
    page.get_by_label("Wat zag u").wait_for()  # it is there again
    if photos:
        page.get_by_label("Voeg een foto toe").set_input_files(photo())
        page.get_by_role("button", name="Haal foto 1 weg").wait_for()
    send(page)
    (tip,) = [it for it in tips(noor, alert) if it.get("text") == words]
    assert tip["photos"] == photos
    if photos:
        page.get_by_text("Uw foto is ook aangekomen.").wait_for()
        shown = noor.get(f"/alerts/{alert}/tips/{tip['id']}/photos")
        assert [it["number"] for it in shown["photos"]] == [1]


def test_what_is_typed_while_an_answer_is_under_way_is_kept_for_the_next(answering, noor, alert):
    page = answering()
    page.get_by_label("Wat zag u").fill("Hij had een tas.")
    held = []
    page.route("**/api/tips/*", lambda route: held.append(route))
    page.get_by_role("button", name="Verstuur antwoord").click()
    until(lambda: (page.evaluate("true") and held) or None, "the answer on its way")
    page.get_by_label("Wat zag u").fill("Hij had een tas. En een pet.")
    held[0].continue_()
    page.get_by_text("Wat u daarna nog invulde, is niet verstuurd.").wait_for()
    assert newest(noor, alert)["text"] == "Hij had een tas."
    page.unroute("**/api/tips/*")
    page.get_by_role("button", name="Nog iets doorgeven").click()
    assert page.get_by_label("Wat zag u").input_value() == "Hij had een tas. En een pet."
    send(page)
    assert newest(noor, alert)["text"] == "Hij had een tas. En een pet."
    assert page.get_by_text("Wat u daarna nog invulde").is_hidden()


def test_nothing_of_an_answer_is_kept_when_the_alert_is_over(answering, http, addresses, noor):
    kim = Api(http, addresses.api, tokens.issue(Role.APPROVER, user="kim"))
    other = let_out(noor, kim, {**BURGLARY.alert, "status": "Exercise", "channels": ["email"]})
    carrier = Carrier(http, addresses.carrier)
    message = until(lambda: next(iter(carrier.messages(channel="email", alert=other)), None), "its mail")
    link, token = re.search(r"https?://\S+/t/(\w+)", message["text"]).group(0, 1)
    page = answering()
    page.goto(link)
    page.get_by_text("Ja, ik heb iets gezien").click()
    page.get_by_label("Wat zag u").fill("Te laat.")
    noor.post(f"/alerts/{other}/close", {"result": "other", "contribution": "none"})
    page.get_by_role("button", name="Verstuur antwoord").click()
    page.get_by_role("heading", name="Zo is het afgelopen").wait_for()
    assert token not in page.evaluate("JSON.stringify(sessionStorage)")
