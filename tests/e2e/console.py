"""How a dispatcher writes an alert, for the tests that need one."""

import re

HEADLINE = "Inbraak Wierwijk: man te voet op de vlucht"


def write(page, *, real, headline=HEADLINE):
    """A draft for one neighbourhood, by the form."""
    page.get_by_role("link", name="Nieuwe oproep").first.click()
    page.get_by_label("echte deelnemers" if real else "oefening").check()
    page.get_by_label("Soort").select_option(label="woninginbraak")
    page.get_by_label("Wijken van Fabelstad").click()
    page.get_by_label("Buurten van Zeemeerminhaven").click()
    page.get_by_label("Wierwijk").check()
    page.get_by_label("Kop").fill(headline)
    page.get_by_label("Wat is er gebeurd").fill("Een man is na een inbraak in Wierwijk weggerend over de dijk.")
    page.get_by_label("Wat vragen wij").fill("Kijk uit. Gezien? Bel 112. Ga er niet zelf op af.")
    page.get_by_role("button", name="Persoon toevoegen").click()
    page.get_by_label("Geslacht").select_option(label="man")
    page.get_by_label("Kleding").fill("zwarte jas")


def save(page):
    page.get_by_role("button", name="Bewaar als concept").click()
    page.get_by_role("button", name="Leg voor aan een collega").wait_for()
    return re.search(r"#/alerts/([0-9a-z]+)$", page.url)[1]


def band_of(page):
    return page.locator(".band").inner_text()
