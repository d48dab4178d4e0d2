"""Slips and bad luck at the console: each is prevented, undone or said, and none sends an alert that was not meant.

Others stand beside what they are slips of: a wrong word for the reach and a double click in ``test_console``, with a
refresh, two people on one draft and one's own alert.
"""

import re

import pytest

from local.scenarios import BURGLARY
from tests.e2e.console import band_of, save, write

APPROVE = "Akkoord, verstuur"
SUBMIT = "Leg voor aan een collega"


def draft(page, headline, *, real=False):
    write(page, real=real, headline=headline)
    return save(page)


def submit(page):
    page.get_by_role("button", name=SUBMIT).click()
    page.get_by_text("Een collega moet akkoord geven").wait_for()


def opened(page, alert):
    page.goto(re.sub(r"(#.*)?$", f"#/alerts/{alert}", page.url, count=1))
    page.get_by_role("heading", name="Wat nu?").wait_for()


def happened(api, alert):
    return [it["type"] for it in api("dispatcher", "noor").get(f"/alerts/{alert}/events")["events"]]


def is_disabled(field):
    """Once it is; else the wait ends in a failure."""
    from playwright.sync_api import expect  # only where there is a browser

    expect(field).to_be_disabled()


def drafts(api, headline):
    """How many there are of that name."""
    found = api("dispatcher", "noor").get("/alerts", limit="100")["alerts"]
    return [it["headline"] for it in found].count(headline)


def lose_the_answer(page, path):
    """The next request to there arrives; what is answered does not."""

    def lost(route):
        route.fetch()
        route.abort()
        page.unroute(path)

    page.route(path, lost)


def test_back_and_forward_neither_lose_what_is_typed_nor_save_it_twice(open_console, api):
    noor = open_console("noor")
    headline = "Terug en weer vooruit"
    before = drafts(api, headline)
    write(noor, real=False, headline=headline)
    noor.go_back()
    noor.get_by_role("heading", level=1, name="Oproepen").wait_for()
    noor.go_forward()
    noor.get_by_role("heading", level=1, name="Nieuwe oproep").wait_for()
    assert noor.get_by_label("Kop").input_value() == headline
    save(noor)
    noor.go_back()
    noor.get_by_role("heading", level=1, name="Nieuwe oproep").wait_for()
    assert noor.get_by_label("Kop").input_value() == ""
    assert drafts(api, headline) == before + 1


def test_a_double_click_saves_and_submits_once(open_console, api):
    noor = open_console("noor")
    headline = "Twee keer geklikt"
    before = drafts(api, headline)
    write(noor, real=False, headline=headline)
    noor.get_by_role("button", name="Bewaar als concept").dblclick()
    noor.get_by_role("button", name=SUBMIT).dblclick()
    noor.get_by_text("Een collega moet akkoord geven").wait_for()
    alert = re.search(r"#/alerts/([0-9a-z]+)$", noor.url)[1]
    assert drafts(api, headline) == before + 1
    assert happened(api, alert) == ["created", "submitted"]


def test_of_two_tabs_the_second_says_that_it_was_done_already(open_console, api, accessible):
    noor, sam, other = open_console("noor"), open_console("sam"), open_console("sam")
    headline = "Twee tabbladen"
    alert = draft(noor, headline)
    submit(noor)
    for tab in (sam, other):
        opened(tab, alert)
        tab.get_by_role("button", name=APPROVE).wait_for()
    other.route("**/events*", lambda route: route.abort())  # a tab that was left open, and has not heard
    sam.get_by_role("button", name=APPROVE).click()
    sam.locator(".badge.state-active").wait_for()
    other.get_by_role("button", name=APPROVE).click()
    other.get_by_role("alert").get_by_text("de oproep is intussen verder").wait_for()
    accessible(other)
    other.unroute("**/events*")
    other.locator(".badge.state-active").wait_for()
    assert happened(api, alert).count("approved") == 1


def test_what_is_changed_after_it_was_submitted_is_not_approved_with_it(open_console, api):
    noor, sam = open_console("noor"), open_console("sam")
    headline = "Nog snel iets anders"
    alert = draft(noor, headline, real=True)
    submit(noor)
    opened(sam, alert)
    band = band_of(sam)
    sam.get_by_label("Hoeveel mensen").fill(band)
    sam.route("**/events*", lambda route: route.abort())  # sam still sees what was submitted
    noor.goto(re.sub(r"#.*", f"#/alerts/{alert}/edit", noor.url))
    noor.get_by_label("Kop").fill("Nu staat er iets anders")
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("button", name=SUBMIT).wait_for()
    sam.get_by_role("button", name=APPROVE).click()
    sam.get_by_role("alert").wait_for()
    sam.get_by_role("heading", level=1, name="Nu staat er iets anders").wait_for()
    assert sam.get_by_role("button", name=APPROVE).count() == 0
    assert happened(api, alert)[-1] == "edited"


@pytest.mark.parametrize("who", ["sam", "noor"], ids=["approver", "alone"])
def test_who_is_about_to_let_out_what_was_submitted_anew_is_told(open_console, api, who):
    writer = api("dispatcher", "noor")
    alert = writer.post("/alerts", BURGLARY.alert)["id"]
    version = writer.post(f"/alerts/{alert}/submit", {})["version"]
    page, held = open_console(who), []
    opened(page, alert)
    band = band_of(page)
    button = page.get_by_role("button", name=APPROVE if who == "sam" else "Verstuur zonder tweede persoon")
    if who == "noor":
        page.get_by_text("Er is niemand anders").click()
    reach = page.get_by_label("Hoeveel mensen")
    reach.press_sequentially(band[:3])
    button.focus()
    with page.expect_request("**/events*"):
        page.route("**/events*", lambda route: held.append(route))
    anew = {"version": version, "headline": {"nl": "Nu een andere kop", "en": "Now another"}}
    writer.call("PATCH", f"/alerts/{alert}", anew)
    writer.post(f"/alerts/{alert}/submit", {})
    page.unroute("**/events*")
    for route in held:
        route.continue_()
    page.get_by_role("heading", level=1, name="Nu een andere kop").wait_for()
    page.get_by_role("status").get_by_text("intussen veranderd").wait_for()
    assert reach.input_value() == ""
    assert not button.evaluate("it => it === document.activeElement")  # a key lets nothing out unread


def test_nothing_can_be_changed_any_more_once_it_was_approved(open_console, api):
    noor, sam = open_console("noor"), open_console("sam")
    headline = "Te laat veranderd"
    alert = draft(noor, headline)
    noor.goto(re.sub(r"#.*", f"#/alerts/{alert}/edit", noor.url))
    noor.get_by_label("Kop").fill("Dit kan niet meer")
    api("dispatcher", "noor").post(f"/alerts/{alert}/submit", {})
    opened(sam, alert)
    sam.get_by_role("button", name=APPROVE).click()
    sam.locator(".badge.state-active").wait_for()
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("alert").wait_for()
    assert api("dispatcher", "noor").get(f"/alerts/{alert}")["headline"]["nl"] == headline


def test_an_exercise_never_becomes_real(open_console, api):
    noor = open_console("noor")
    alert = draft(noor, "Blijft een oefening")
    noor.get_by_role("link", name="Verander").click()
    real = noor.get_by_label("echte deelnemers")
    is_disabled(real)
    real.evaluate("it => { it.disabled = false; it.click(); }")  # even so
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("button", name=SUBMIT).wait_for()
    noor.get_by_text("Dit is een oefening").first.wait_for()
    assert api("dispatcher", "noor").get(f"/alerts/{alert}")["status"] == "Exercise"


def test_an_answer_that_is_lost_on_the_way_leads_to_what_really_happened(open_console, api):
    noor, sam = open_console("noor"), open_console("sam")
    headline = "Antwoord kwijt"
    before = drafts(api, headline)
    write(noor, real=False, headline=headline)
    lose_the_answer(noor, "**/api/alerts")
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("alert").get_by_text("verbinding").wait_for()
    alert = save(noor)  # pressed once more: the same draft
    assert drafts(api, headline) == before + 1
    submit(noor)
    opened(sam, alert)
    lose_the_answer(sam, "**/approve")
    sam.get_by_role("button", name=APPROVE).click()
    sam.locator(".badge.state-active").wait_for()
    assert happened(api, alert).count("approved") == 1


def test_while_the_api_is_away_nothing_is_lost_and_nothing_goes_out(open_console, api):
    noor, sam = open_console("noor"), open_console("sam")
    headline = "Even geen API"
    alert = draft(noor, headline, real=True)
    submit(noor)
    opened(sam, alert)
    band = band_of(sam)
    sam.get_by_label("Hoeveel mensen").fill(band)
    sam.route("**/api/**", lambda route: route.abort())
    sam.get_by_role("button", name=APPROVE).click()
    sam.get_by_role("alert").get_by_text("verbinding").wait_for()
    assert sam.get_by_label("Hoeveel mensen").input_value() == band
    assert happened(api, alert)[-1] == "submitted"
    sam.unroute("**/api/**")
    sam.get_by_role("button", name=APPROVE).click()
    sam.locator(".badge.state-active").wait_for()
    assert happened(api, alert).count("approved") == 1


def test_who_was_signed_out_while_deciding_signs_in_and_decides(open_console, api, accessible):
    noor, sam = open_console("noor"), open_console("sam")
    headline = "Sessie voorbij"
    alert = draft(noor, headline, real=True)
    submit(noor)
    opened(sam, alert)
    band = band_of(sam)
    sam.get_by_label("Hoeveel mensen").fill(band)
    sam.evaluate("sessionStorage.removeItem('burgernet.staff')")
    sam.get_by_role("button", name=APPROVE).click()
    sam.get_by_role("button", name="sam").wait_for()
    accessible(sam)
    sam.get_by_role("button", name="sam").click()
    assert sam.get_by_label("Hoeveel mensen").input_value() == band
    assert happened(api, alert)[-1] == "submitted"
    sam.get_by_role("button", name=APPROVE).click()
    sam.locator(".badge.state-active").wait_for()
    assert happened(api, alert).count("approved") == 1
