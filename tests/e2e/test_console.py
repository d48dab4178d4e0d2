"""The console in a real browser: one alert from the first word to the outcome, by two people, and slips of theirs."""

import re
from datetime import datetime

import httpx
import pytest

from chalicelib.platform.clock import AMSTERDAM
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY
from local.staff_accounts import contacts_of
from tests.e2e.console import HEADLINE, band_of, save, write

SEEN = {"kind": "seen", "text": "Hij rende langs de molen.", "place": {"lon": 5.4316, "lat": 52.7791}}


def dutch_year():
    return datetime.now(AMSTERDAM).year


def has_value(field, text):
    """Once it has; else the wait ends in a failure."""
    from playwright.sync_api import expect  # only where there is a browser

    expect(field).to_have_value(text)


def test_an_alert_from_the_first_word_to_the_outcome_by_two_people(open_console, addresses, accessible):
    noor, sam = open_console("noor"), open_console("sam")
    accessible(noor)
    write(noor, real=True)
    accessible(noor)
    band = band_of(noor)
    alert = save(noor)
    assert "zwarte jas" in noor.locator(".preview.sms .bubble").first.inner_text()
    noor.get_by_role("button", name="Stuur mij een proef").click()
    noor.get_by_text("Onderweg naar u: Sms, Telefoontje, E-mail").wait_for()
    accessible(noor)
    noor.get_by_role("button", name="Leg voor aan een collega").click()
    noor.get_by_text("Een collega moet akkoord geven").wait_for()

    sam.get_by_role("link", name=HEADLINE).first.click()
    sam.get_by_label("Hoeveel mensen").fill("miljoenen" if band != "miljoenen" else "tientallen")
    sam.get_by_role("button", name="Akkoord, verstuur").click()
    sam.get_by_role("alert").get_by_text("niet het woord").wait_for()  # a slip that goes nowhere
    accessible(sam)
    sam.get_by_label("Hoeveel mensen").fill(band)
    sam.get_by_role("button", name="Akkoord, verstuur").dblclick()
    sam.get_by_role("button", name="houd tegen").click()  # the countdown is undone
    noor.get_by_text("Teruggegeven, want").wait_for()
    noor.get_by_role("button", name="Leg voor aan een collega").click()
    sam.get_by_label("Hoeveel mensen").fill(band)
    sam.get_by_role("button", name="Akkoord, verstuur").click()
    noor.locator(".badge.state-active").wait_for()
    accessible(noor)

    with httpx.Client(timeout=30) as http:
        carrier = Carrier(http, addresses.carrier)
        own = contacts_of("noor", 1)  # the first who may be chosen

        def proofs():
            found = [*carrier.messages(to=own.phone), *carrier.messages(to=own.email)]
            return found if {it["channel"] for it in found} == {"sms", "voice", "email"} else None

        assert all("proef" in it["text"].lower() for it in until(proofs, "the proofs"))
        message = until(lambda: next(iter(carrier.messages(channel="email", alert=alert)), None), "the first mail")
        assert carrier.reply(message, SEEN) == 201
        noor.get_by_text("Hij rende langs de molen.").wait_for()
        noor.get_by_role("button", name="Bruikbaar", exact=True).click()
        noor.locator('.tip [aria-pressed="true"]', has_text="Bruikbaar").wait_for()
        accessible(noor)

        noor.get_by_text("Afsluiten met afloop").click()
        noor.get_by_label("Hoe is het afgelopen?").select_option(label="Verdachte aangehouden")
        noor.get_by_label("Hoe kwam dat?").select_option(label="door een deelnemer")
        noor.get_by_role("button", name="Sluit af en vertel de afloop").click()
        noor.locator(".badge.state-closed").wait_for()
        accessible(noor)
        until(lambda: _outcome(carrier, message), "the outcome")


def test_a_budget_that_an_alert_goes_over_is_said_and_hinders_nothing(open_console, addresses, token, accessible):
    with httpx.Client(timeout=30) as http:
        admin = Api(http, addresses.api, token("admin", user="ada"))

        def budget(cents):
            admin.call("PUT", "/municipalities/GM9001/budget", {"year": dutch_year(), "cents": cents})

        budget(1)
        noor = open_console("noor")
        write(noor, real=True, headline="Over het budget")
        save(noor)
        warning = noor.locator(".budget")
        warning.get_by_text("Fabelstad: dit gaat over het budget").wait_for()
        assert "van € 0,01 dit jaar" in warning.inner_text().replace("\u00a0", " ")
        accessible(noor)
        noor.get_by_role("button", name="English").click()
        warning.get_by_text("Fabelstad: this goes over the budget").wait_for()
        noor.get_by_role("button", name="Nederlands").click()
        noor.get_by_role("button", name="Leg voor aan een collega").click()
        noor.get_by_text("Een collega moet akkoord geven").wait_for()

        budget(None)
        noor.reload()
        noor.get_by_text("precies geteld").wait_for()
        assert warning.count() == 0


def _outcome(carrier, call):
    """What who got this call was told next, once it is told."""
    later = carrier.messages(channel="email", to=call["to"], after=str(call["seq"]))
    return next((it for it in later if "aangehouden" in it["text"] or "arrested" in it["text"]), None)


def test_nobody_approves_an_alert_of_their_own(open_console):
    sam = open_console("sam")
    write(sam, real=True, headline="Eigen oproep")
    save(sam)
    sam.get_by_role("button", name="Leg voor aan een collega").click()
    sam.get_by_text("Een collega moet akkoord geven").wait_for()
    assert sam.get_by_role("button", name="Akkoord, verstuur").count() == 0


def test_what_was_typed_survives_a_refresh_and_the_end_of_a_session(open_console):
    noor = open_console("noor")
    write(noor, real=False)
    noor.get_by_label("Parelbuurt").check()  # the last that was done before the refresh
    noor.reload()
    assert noor.get_by_label("Kop").input_value() == HEADLINE
    assert noor.locator(".chips").inner_text().count("Haal weg") == 2
    assert noor.get_by_label("oefening").is_checked()
    noor.evaluate("sessionStorage.removeItem('burgernet.staff')")
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("button", name="noor").click()
    assert noor.get_by_label("Kop").input_value() == HEADLINE
    save(noor)
    noor.get_by_text("Dit is een oefening").first.wait_for()
    assert "OEFENING" in noor.locator(".preview.sms .bubble").first.inner_text()


def test_two_dispatchers_on_one_draft_lose_nothing(open_console, accessible):
    noor, sam = open_console("noor"), open_console("sam")
    write(noor, real=False, headline="Samen schrijven")
    save(noor)
    noor.get_by_role("link", name="Verander").click()
    sam.get_by_role("link", name="Samen schrijven").first.click()
    sam.get_by_role("link", name="Verander").click()
    has_value(noor.get_by_label("Kop"), "Samen schrijven")
    has_value(sam.get_by_label("Kop"), "Samen schrijven")
    sam.get_by_label("Kop").fill("Sam was eerst")
    save(sam)
    noor.get_by_label("Kop").fill("Noor was later")
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("alert").get_by_text("intussen veranderd").wait_for()
    accessible(noor)
    assert noor.get_by_label("Kop").input_value() == "Noor was later"
    noor.reload()  # what was typed is still there, and still cannot replace what it was not begun from
    noor.get_by_role("alert").get_by_text("intussen veranderd").wait_for()
    has_value(noor.get_by_label("Kop"), "Noor was later")
    noor.get_by_role("button", name="Bewaar als concept").click()
    noor.get_by_role("button", name="neem de nieuwste").click()
    has_value(noor.get_by_label("Kop"), "Sam was eerst")
    noor.get_by_label("Kop").fill("Samen klaar")
    save(noor)


def test_without_a_connection_the_page_says_how_old_it_is(open_console, accessible):
    noor = open_console("noor")
    noor.context.set_offline(True)
    noor.get_by_text("Geen verbinding").wait_for()
    accessible(noor)
    noor.context.set_offline(False)
    noor.get_by_text("Geen verbinding").wait_for(state="detached")


def test_on_a_small_screen_nothing_scrolls_sideways(open_console, accessible):
    noor = open_console("noor", viewport={"width": 320, "height": 640})
    write(noor, real=False, headline="Klein scherm")
    width = "document.documentElement.scrollWidth"
    assert noor.evaluate(width) <= 320
    save(noor)
    assert noor.evaluate(width) <= 320
    accessible(noor)


def test_an_area_is_drawn_by_clicks_on_a_map(open_console, accessible):
    noor = open_console("noor")
    write(noor, real=False, headline="Getekend gebied")
    noor.get_by_label("Tekenen op de kaart").check()
    noor.locator(".leaflet-container path").first.wait_for()  # the outline of a municipality
    box = noor.locator(".map").bounding_box()
    noor.locator(".map").scroll_into_view_if_needed()
    for x, y in ((-40, -30), (40, -30), (40, 30), (0, 50), (-40, 30)):
        noor.locator(".map").click(position={"x": box["width"] / 2 + x, "y": box["height"] / 2 + y})
    noor.get_by_text("5 hoeken.").wait_for()
    noor.get_by_role("button", name="Laatste hoek weg").click()
    noor.get_by_text("4 hoeken.").wait_for()
    noor.locator(".band").wait_for()
    accessible(noor)
    alert = save(noor)
    noor.goto(re.sub(r"#.*", f"#/alerts/{alert}/edit", noor.url))
    noor.get_by_text("4 hoeken.").wait_for()
    assert noor.get_by_label("Tekenen op de kaart").is_checked()


def test_an_abbreviation_is_named_while_it_is_written(open_console):
    noor = open_console("noor")
    write(noor, real=False)
    noor.get_by_label("Wat is er gebeurd").fill("Mnl is na een inbraak in Wierwijk weggerend.")
    noor.get_by_label("Kop").click()
    noor.get_by_text("Schrijf dit voluit: Mnl").wait_for()


def test_another_person_in_the_same_tab_gets_a_view_and_drafts_of_their_own(open_console):
    noor = open_console("noor")
    write(noor, real=True, headline="Wie zit hier")
    save(noor)
    noor.get_by_role("button", name="Leg voor aan een collega").click()
    noor.get_by_text("Een collega moet akkoord geven").wait_for()
    noor.get_by_role("button", name="Afmelden").click()
    noor.get_by_role("button", name="sam").click()
    noor.get_by_role("button", name="Akkoord, verstuur").wait_for()
    noor.get_by_role("link", name="Nieuwe oproep").first.click()
    assert noor.get_by_label("Kop").input_value() == ""


def test_a_reason_to_wake_people_can_be_taken_away_again(open_console):
    noor = open_console("noor")
    write(noor, real=True, headline="Kind zoek")
    noor.get_by_label("Soort").first.select_option(label="vermist kind")
    noor.get_by_label("niet gestoord wil worden").fill("Iedere minuut telt.")
    save(noor)
    noor.get_by_text("Iedere minuut telt.").wait_for()
    noor.get_by_role("link", name="Verander").click()
    has_value(noor.get_by_label("niet gestoord wil worden"), "Iedere minuut telt.")
    noor.get_by_label("niet gestoord wil worden").fill("")
    save(noor)
    assert noor.get_by_text("Iedere minuut telt.").count() == 0


def test_the_colour_of_an_exercise_stays_with_the_exercise(open_console):
    noor = open_console("noor")
    write(noor, real=False, headline="Alleen oefenen")
    save(noor)
    meant = "document.body.dataset.meant"
    assert noor.evaluate(meant) == "Exercise"
    noor.get_by_role("link", name="Oproepen").click()
    noor.get_by_role("heading", name="Oproepen").wait_for()
    noor.get_by_role("button", name="English").click()  # views that were left do not speak up again
    assert noor.evaluate(meant) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("De man is aangehouden. " * 20, "Deze tekst is te lang. Maak de tekst korter."),
        ("\N{HEAVY CHECK MARK}" * 300, "Zo wordt de sms te lang. Maak de tekst korter."),  # 67 of them make a part
    ],
    ids=["for-all", "for-sms"],
)
def test_an_outcome_that_is_too_long_is_said_beside_its_text_and_nothing_is_closed(
    open_console, addresses, token, accessible, text, said
):
    with httpx.Client(timeout=30) as http:
        api = Api(http, addresses.api)
        noor, sam = api.as_(token("dispatcher", user="noor")), api.as_(token("approver", user="sam"))
        alert = noor.post("/alerts", {**BURGLARY.alert, "status": "Exercise", "channels": ["sms"]})["id"]
        version = noor.post(f"/alerts/{alert}/submit", {})["version"]
        sam.post(f"/alerts/{alert}/approve", {"version": version})
        until(lambda: noor.get(f"/alerts/{alert}").get("activated_at"), "it runs")
        page = open_console("noor", viewport={"width": 320, "height": 640})
        page.goto(f"{addresses.web}/console#/alerts/{alert}")
        page.get_by_text("Afsluiten met afloop").click()
        page.get_by_label("Hoe is het afgelopen?").select_option(label="Verdachte aangehouden")
        page.get_by_label("Hoe kwam dat?").select_option(label="door een deelnemer")
        page.locator("#close-text").fill(text)
        page.get_by_role("button", name="Sluit af en vertel de afloop").click()
        page.get_by_role("alert").get_by_text(said).click()
        assert page.evaluate("document.activeElement.id") == "close-text"
        assert page.locator("#close-text").input_value() == text
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert noor.get(f"/alerts/{alert}")["state"] == "active"
        page.locator("#close-text").fill("Aangehouden, dank u wel.")
        page.get_by_role("button", name="Sluit af en vertel de afloop").click()
        page.locator(".badge.state-closed").wait_for()
