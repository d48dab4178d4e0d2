"""The whole story by keyboard alone: a neighbour signs up, is asked and answers; a control room does the rest."""

import json
import re
from dataclasses import dataclass

import httpx
import pytest

from local import town
from local.demo.client import Api, Carrier, code_in, until

HEADLINE = "Inbraak Wierwijk: man met sporttas"
NEIGHBOUR = "keys@burgernet.example"
FARTHEST = 150  # presses of Tab to anything on a page
# What somebody at a keyboard has to know of where they are: its name, and that they can see where that is.
FOCUSED = """() => {
  const it = document.activeElement;
  const { top, bottom } = it.getBoundingClientRect();
  const name = it.getAttribute("aria-label") ?? it.labels?.[0]?.innerText ?? it.innerText;
  return {
    name: it === document.body ? "" : name.trim(),
    seen: bottom > 0 && top < innerHeight,
  };
}"""


@dataclass(frozen=True)
class Keyboard:
    """A person without a mouse at a page."""

    page: object

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.insert_text(text)

    def to(self, name, back=False):
        """By Tab, through whatever lies between."""
        passed = {}
        for _ in range(FARTHEST):
            self.press("Shift+Tab" if back else "Tab")
            focused = self.page.evaluate(FOCUSED)
            assert focused["seen"], f"{focused['name']!r} has the focus, and is out of sight"
            if focused["name"].startswith(name):
                return
            passed[focused["name"]] = True
        raise AssertionError(f"no way to {name!r} by Tab, but to {[*passed]}")

    def go(self, name, key="Enter", back=False):
        self.to(name, back)
        self.press(key)

    def fill(self, name, text, back=False):
        self.to(name, back)
        self.write(text)

    def choose(self, name, option):
        """In a list that drops down, by the first letters."""
        self.to(name)
        self.page.keyboard.type(option)

    def at(self, heading):
        """The heading of what came next has the focus, so that it is read out."""
        self.page.locator("h1:focus, h2:focus", has_text=heading).wait_for()


@pytest.fixture
def keyboard(new_page, addresses):
    """``keyboard("/aanmelden")``: somebody at that page, which has been read to its first heading."""

    def opened(path):
        page = new_page(viewport={"width": 1280, "height": 720})
        page.goto(addresses.web + path)
        page.get_by_role("heading", level=1).first.wait_for()
        return Keyboard(page)

    return opened


def sign_up(neighbour, carrier, accessible, address):
    """Returns what their personal link ends in."""
    before = carrier.last()
    page = neighbour.page
    neighbour.go("English")
    page.get_by_role("heading", name="Where do you live?").wait_for()
    neighbour.fill("Address", f"{address.postcode} {address.number}")
    neighbour.press("Enter")
    page.get_by_role("button", name=address.label, exact=True).wait_for()
    neighbour.go(address.label)
    neighbour.go("Continue")
    neighbour.at("Do you also want messages")
    neighbour.press("Tab", "ArrowDown", "Enter")
    neighbour.at("How do you want to get messages?")
    neighbour.go("E-mail", "Space")
    neighbour.press("Enter")
    neighbour.at("Where can we reach you?")
    neighbour.fill("E-mail address", NEIGHBOUR)
    neighbour.press("Enter")
    for heading in ("When may we disturb you?", "What may we send", "In which language"):
        neighbour.at(heading)
        neighbour.go("Continue")
    accessible(page)
    neighbour.at("In which year")
    neighbour.fill("In which year", "1990")
    neighbour.press("Enter")
    neighbour.at("What we do with your data")
    neighbour.go("I agree", "Space")
    neighbour.press("Enter")
    neighbour.at("Are your answers right?")
    accessible(page)
    neighbour.go("Sign up")
    neighbour.at("Enter your code")
    message = until(lambda: next(iter(carrier.messages(to=NEIGHBOUR, after=str(before))), None), "the code")
    neighbour.fill("Code from the e-mail", code_in(message))
    neighbour.press("Enter")
    page.get_by_role("heading", name="You take part!").wait_for()
    accessible(page)
    return page.locator("#manage-link").get_attribute("href").partition("#")[2]


def where(noor, address):
    """Each way to say where that needs no mouse, and that it counts people; the last of them is kept."""
    page = noor.page
    lon, lat = address.point

    def nowhere():
        page.get_by_text("Kies een gebied").wait_for()

    def somewhere():
        page.locator(".band").wait_for()

    nowhere()
    noor.to("Wijken en buurten")
    noor.press("ArrowDown")
    noor.fill("Adres in het midden", f"{address.postcode} {address.number}")
    noor.press("Enter")
    page.get_by_role("button", name=address.label, exact=True).wait_for()
    noor.go(address.label)
    noor.choose("Tot hoe ver?", "500")
    somewhere()

    noor.to("Rond een adres", back=True)
    noor.press("ArrowDown", "ArrowDown")
    nowhere()
    square = [[lon + x, lat + y] for x, y in ((0, 0), (0.004, 0), (0.004, 0.004), (0, 0.004), (0, 0))]
    noor.fill("GeoJSON", json.dumps({"type": "Polygon", "coordinates": [square]}))
    noor.press("Tab")
    somewhere()

    noor.to("GeoJSON plakken", back=True)
    noor.press("ArrowDown")
    nowhere()
    noor.go("Wijken van Fabelstad")
    page.get_by_text("Buurten", exact=True).first.wait_for()
    noor.go("Buurten van Zeemeerminhaven")
    page.get_by_label("Wierwijk").wait_for()
    noor.go("Wierwijk", "Space")
    somewhere()


def test_the_whole_story_needs_no_mouse(keyboard, addresses, accessible):
    address = next(it for it in town.build().addresses if it.neighbourhood.name == "Wierwijk")
    with httpx.Client(timeout=30) as http:
        carrier = Carrier(http, addresses.carrier)
        link = sign_up(keyboard("/aanmelden"), carrier, accessible, address)

        noor, sam = keyboard("/console"), keyboard("/console")
        noor.go("noor")
        sam.go("sam")
        noor.at("Oproepen")
        noor.go("Nieuwe oproep")
        noor.at("Nieuwe oproep")
        noor.go("Ja, dit gaat naar echte deelnemers", "Space")
        noor.choose("Soort", "woning")
        where(noor, address)
        noor.fill("Kop", HEADLINE)
        noor.fill("Wat is er gebeurd", "Een man is na een inbraak in Wierwijk weggerend over de dijk.")
        noor.fill("Wat vragen wij", "Kijk uit. Gezien? Bel 112. Ga er niet zelf op af.")
        noor.go("Persoon toevoegen")
        noor.fill("Kleding", "zwarte jas")
        noor.go("Bewaar als concept")
        noor.at(HEADLINE)
        noor.go("Leg voor aan een collega")
        noor.at("Wat nu?")

        sam.page.get_by_role("link", name=HEADLINE).wait_for()
        sam.go(HEADLINE)
        sam.at(HEADLINE)
        sam.page.locator(".band").wait_for()
        sam.fill("Hoeveel mensen", sam.page.locator(".band").inner_text())
        sam.press("Enter")
        sam.at("Wat nu?")
        noor.page.locator(".badge.state-active").wait_for()

        message = until(lambda: next(iter(carrier.messages(to=NEIGHBOUR, **_about(noor))), None), "the call")
        neighbour = keyboard(re.search(r"/t/\w+", message["text"])[0])
        neighbour.page.get_by_role("button", name="English").wait_for()
        neighbour.to("English")
        neighbour.press("Enter")
        neighbour.go("Yes", "Space")
        neighbour.fill("What did you see, where and when?", "He went past the mill.")
        neighbour.go("Send")
        neighbour.at("Thank you")
        accessible(neighbour.page)

        noor.page.get_by_text("He went past the mill.").wait_for()
        noor.go("Bruikbaar")
        noor.page.locator('.tip [aria-pressed="true"]:focus', has_text="Bruikbaar").wait_for()
        noor.go("Afsluiten met afloop")
        noor.choose("Hoe is het afgelopen?", "verdachte")
        noor.choose("Hoe kwam dat?", "door")
        noor.go("Sluit af en vertel de afloop")
        noor.page.locator(".badge.state-closed").wait_for()
        noor.at("Wat nu?")
        neighbour.page.reload()
        neighbour.page.get_by_text("The suspect has been arrested").wait_for()
        accessible(neighbour.page)
        Api(http, addresses.api, link).call("DELETE", "/me")  # other tests know whom they ask in Wierwijk


def _about(noor):
    return {"alert": re.search(r"#/alerts/([0-9a-z]+)$", noor.page.url)[1]}
