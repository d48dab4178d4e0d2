"""Answering in a real browser: where it was goes along if somebody wants that, and a refresh loses no answer."""

import re

import pytest

from chalicelib.staff.model import Role
from local import tokens, town
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY
from tests.e2e.sending import let_out

PHONE = {"width": 320, "height": 640}
WIERWIJK = {"latitude": 52.7783, "longitude": 5.4336}
SPAIN = {"latitude": 40.4, "longitude": -3.7}
HERE = "Gebruik de plek waar ik nu ben"


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
