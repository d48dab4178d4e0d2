"""Signing up for places that are pointed at on a map: by clicks on a phone, by keyboard, and when there is no map."""

import httpx
import pytest

from local import town
from local.demo.client import Api, Carrier, code_in, until

PHONE = {"viewport": {"width": 320, "height": 640}}
EMAIL = "kaart@burgernet.example"


@pytest.fixture
def sign_up(new_page, addresses):
    """The first question, on a small phone; what the page asked of other hosts fails."""
    others = []

    def opened():
        page = new_page(**PHONE)
        page.on("request", lambda request: others.append(request.url))
        page.goto(f"{addresses.web}/aanmelden")
        at(page, "Waar woont u?")
        return page

    yield opened
    assert {url for url in others if not url.startswith((addresses.web, "data:"))} == set()


def at(page, heading):
    page.get_by_role("heading", level=1, name=heading).wait_for()


def go_on(page, heading, button="Verder"):
    page.get_by_role("button", name=button).click()
    at(page, heading)


def open_map(page, field, accessible=None):
    """Its map, once it can be used."""
    part = page.locator(f"#{field} .by-map")
    part.locator("summary").press("Enter")
    part.locator(".search-status", has_text="gemeente").wait_for()
    if accessible:
        accessible(page)
    return part


def said(part, text):
    part.get_by_role("status").filter(has_text=text).wait_for()


def test_a_place_is_pointed_at_by_clicks_and_another_by_keyboard(sign_up, addresses, accessible):
    page = sign_up()
    part = open_map(page, "home", accessible)
    map_ = part.locator(".map")
    map_.click(position={"x": 3, "y": 150})
    said(part, "Hier doet Burgernet nog niet mee")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    part.get_by_label("Gemeente").select_option(label="Fabelstad")
    said(part, "Klik op de plek")
    map_.click()
    said(part, "Gekozen: een plek in")
    accessible(page)
    page.reload()  # what was pointed at is still there
    said(part, "Gekozen: een plek in")
    part.locator(".pointed").wait_for()
    home = part.get_by_role("status").inner_text().removeprefix("Gekozen: een plek in ").removesuffix(".")
    map_.click(position={"x": 3, "y": 150})
    said(part, "buiten de gemeente")

    go_on(page, "Wilt u ook berichten over een andere plek")
    page.get_by_label("Ja, voor nog een adres").check()
    part = open_map(page, "work")
    part.get_by_label("Gemeente").select_option(label="Nergenshuizen")
    said(part, "kies een buurt")
    part.get_by_label("Buurt").select_option(index=1)
    said(part, "Gekozen: een plek in")
    marker = part.locator(".pointed")
    before = kept(page, "work")
    marker.press("ArrowUp")
    part.get_by_role("button", name="Naar het oosten").press("Enter")
    lon, lat = kept(page, "work")
    assert 0.0003 < lon - before[0] < 0.0005  # 25 m each
    assert 0.0002 < lat - before[1] < 0.00025
    accessible(page)

    go_on(page, "Hoe wilt u berichten krijgen?")
    page.get_by_role("checkbox", name="E-mail").check()
    go_on(page, "Waar kunnen wij u bereiken?")
    page.get_by_label("E-mailadres", exact=True).fill(EMAIL)
    for heading in ("Wanneer mogen wij u storen?", "Waarover mogen wij u", "In welke taal", "In welk jaar"):
        go_on(page, heading)
    page.get_by_label("In welk jaar bent u geboren?").fill("1980")
    go_on(page, "Wat wij met uw gegevens doen")
    page.get_by_label("Ik ga hiermee akkoord").check()
    go_on(page, "Kloppen uw antwoorden?")
    assert f"Plek op de kaart, in {home}" in page.locator("#summary").inner_text()
    accessible(page)

    with httpx.Client(timeout=30) as http:
        carrier = Carrier(http, addresses.carrier)
        before = str(carrier.last())
        go_on(page, "Vul uw code in", "Aanmelden")
        message = until(lambda: next(iter(carrier.messages(to=EMAIL, after=before)), None), "the code")
        page.get_by_label("Code uit de e-mail").fill(code_in(message))
        page.get_by_role("button", name="Controleer de code").click()
        at(page, "U doet mee!")
        token = page.locator("#manage-link").get_attribute("href").partition("#")[2]
        them = Api(http, addresses.api, token)
        places = them.get("/me")["places"]
        them.call("DELETE", "/me")  # other tests know whom they ask there
    assert [(it["kind"], it["municipality"]) for it in places] == [("home", "GM9001"), ("work", "GM9002")]
    assert "address" not in places[0]
    assert abs(places[1]["point"]["lon"] - lon) < 1e-4


def kept(page, name):
    """The place that the page remembers: longitude, latitude."""
    point = page.evaluate("name => JSON.parse(sessionStorage['burgernet.answers'])[name].point", name)
    return point["lon"], point["lat"]


def test_the_place_that_was_chosen_last_counts(sign_up):
    page = sign_up()
    part = open_map(page, "home")
    part.get_by_label("Gemeente").select_option(label="Fabelstad")
    part.locator(".map").click()
    said(part, "Gekozen: een plek in")
    address = town.build().addresses[0]
    page.get_by_role("searchbox").fill(f"{address.postcode} {address.number}")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name=address.label, exact=True).click()
    assert not part.evaluate("it => it.open")
    part.locator("summary").click()
    said(part, "Klik op de plek")  # in the municipality of before
    part.get_by_label("Gemeente").select_option(label="Nergenshuizen")
    part.get_by_label("Buurt").select_option(index=1)
    said(part, "Gekozen: een plek in")
    assert page.get_by_role("searchbox").is_visible()
    go_on(page, "Wilt u ook berichten over een andere plek")
    assert kept(page, "home")


def test_without_a_map_there_is_still_the_address(sign_up, accessible):
    page = sign_up()
    page.route("**/api/outlines/**", lambda route: route.abort())
    part = page.locator("#home .by-map")
    part.locator("summary").click()
    said(part, "De kaart werkt nu niet")
    accessible(page)
    page.unroute("**/api/outlines/**")
    part.locator("summary").click()
    open_map(page, "home")  # another try works
    page.get_by_role("button", name="English").click()
    page.get_by_text("Choose a municipality in the list or on the map.").wait_for()
    assert part.get_by_role("button", name="Zoom in").is_visible()
    accessible(page)
