"""Signing up in a real browser: one question a page, on a small phone, in two languages."""

import re
from functools import cache

import pytest
import zxingcpp
from PIL import Image

from local import town
from local.demo.client import Api, Carrier, code_in, until

PHONE = {"viewport": {"width": 320, "height": 640}}
NOT_JOINED = "Luchtkasteel"
JOINED = "Fabelstad"


@pytest.fixture(scope="module")
def carrier(http, addresses):
    return Carrier(http, addresses.carrier)


@pytest.fixture
def sign_up(new_page, addresses):
    """``sign_up("?via=letter")``: the first question, on a small phone."""

    def opened(query="", **options):
        page = new_page(**PHONE, **options)
        page.goto(f"{addresses.web}/aanmelden{query}")
        page.get_by_role("heading", level=1).wait_for()
        return page

    return opened


@cache
def addresses_in(municipality):
    """Of the invented address book: ``local.town.addresses.Address``."""
    return [address for address in town.build().addresses if address.neighbourhood.municipality.name == municipality]


def search(page, municipality=JOINED, number=0):
    """Types an address of that municipality; gives it as the register writes it."""
    address = addresses_in(municipality)[number]
    page.get_by_role("searchbox").fill(f"{address.postcode} {address.number}")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("button", name=address.label, exact=True).click()
    return address.label


def go_on(page, heading):
    page.get_by_role("button", name="Verder").click()
    at(page, heading)


def at(page, heading):
    page.get_by_role("heading", level=1, name=heading).wait_for()


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def wrong(page, *texts):
    """Each is said in the summary, which has the focus, and again beside its field."""
    summary = page.get_by_role("alert")
    summary.wait_for()
    assert summary.evaluate("it => it === document.activeElement")
    assert [summary.get_by_role("link", name=text, exact=True).count() for text in texts] == [1] * len(texts)
    assert page.locator(".error").all_inner_texts() == list(texts)


def test_a_neighbour_signs_up_on_a_phone_with_every_slip_on_the_way(sign_up, carrier, http, addresses, accessible):
    before = carrier.last()
    page = sign_up("?via=letter")

    def next_question(heading, *errors):
        fits(page)
        accessible(page)
        if errors:
            page.get_by_role("button", name="Verder").click()
            wrong(page, *errors)
            assert page.title().startswith("Fout: ")
            fits(page)
            accessible(page)
        return heading

    at(page, next_question("Waar woont u?", "Zoek uw thuisadres en kies het uit de lijst."))
    page.get_by_role("alert").get_by_role("link").click()
    assert page.get_by_role("searchbox").evaluate("it => it === document.activeElement")
    home = search(page)
    go_on(page, "Wilt u ook berichten over een andere plek")

    next_question("", "Kies ja of nee.")
    page.get_by_label("Ja, voor nog een adres").check()
    page.get_by_role("button", name="Verder").click()
    wrong(page, "Zoek het adres en kies het uit de lijst.")
    work = search(page, "Nergenshuizen")
    go_on(page, "Hoe wilt u berichten krijgen?")

    next_question("", "Kies sms, telefoontje of e-mail. Meer mag ook.")
    page.get_by_label("Sms").check()
    page.get_by_role("checkbox", name="E-mail").check()
    go_on(page, "Waar kunnen wij u bereiken?")

    next_question("", "Vul uw telefoonnummer in.", "Vul uw e-mailadres in.")
    page.get_by_label("Telefoonnummer", exact=True).fill("06 1")
    page.get_by_label("E-mailadres", exact=True).fill("neel@burgernet.example")
    page.reload()  # what was typed is still there
    at(page, "Waar kunnen wij u bereiken?")
    assert page.get_by_label("Telefoonnummer", exact=True).input_value() == "06 1"
    page.get_by_label("E-mailadres", exact=True).fill("neel")
    page.get_by_role("button", name="Verder").click()  # what can be seen of them is said at once
    wrong(
        page,
        "Dit nummer bestaat niet. Vul een telefoonnummer in, bijvoorbeeld 06 12345678.",
        "Dit e-mailadres klopt niet. Een voorbeeld is naam@voorbeeld.nl.",
    )
    page.get_by_label("Telefoonnummer", exact=True).fill("06 00000000")
    page.get_by_label("E-mailadres", exact=True).fill("neel@burgernet.example")
    go_on(page, "Wanneer mogen wij u storen?")

    page.get_by_label("Alleen op deze tijden").first.check()
    page.get_by_label("Van", exact=True).first.fill("22:10")
    next_question("", "Kies minstens een dag, en een begin en einde op een heel kwartier, bijvoorbeeld 22:15.")
    page.get_by_label("Van", exact=True).first.fill("07:30")
    go_on(page, "Waarover mogen wij u een bericht sturen?")
    page.get_by_label("Waarschuwingen en tips tegen misdaad").uncheck()
    next_question("")
    go_on(page, "In welke taal")
    next_question("")
    go_on(page, "In welk jaar bent u geboren?")
    next_question("", "Vul een jaar van vier cijfers in, bijvoorbeeld 1980.")
    page.get_by_label("In welk jaar bent u geboren?").fill("1980")
    go_on(page, "Wat wij met uw gegevens doen")
    next_question("", "Ga akkoord als u wilt meedoen.")
    page.get_by_label("Ik ga hiermee akkoord").check()
    go_on(page, "Kloppen uw antwoorden?")

    next_question("")
    shown = page.locator("#summary").inner_text()
    assert all(text in shown for text in (home, work, "06 00000000", "neel@burgernet.example", "07:30 tot 22:00"))
    assert not re.search(r"06|neel|@|\d{4}[A-Z]{2}", page.url)
    page.get_by_role("button", name="Aanmelden").click()
    at(page, "Waar kunnen wij u bereiken?")  # the API refuses the number: back to its question
    wrong(page, "Dit nummer bestaat niet. Vul een telefoonnummer in, bijvoorbeeld 06 12345678.")
    accessible(page)
    page.get_by_label("Telefoonnummer", exact=True).fill("06 51515151")
    go_on(page, "Kloppen uw antwoorden?")
    page.get_by_role("button", name="Aanmelden").dblclick()

    at(page, "Vul uw code in")
    fits(page)
    accessible(page)
    contacts = {"e-mail": "neel@burgernet.example", "telefoon": "+31651515151"}
    for to in contacts.values():  # of two codes the newer one counts, and a queue may exchange them
        until(lambda to=to: carrier.messages(to=to, after=str(before)) or None, f"the first code for {to}")
    page.reload()
    page.get_by_role("button", name="Terug naar uw antwoorden").click()  # nothing needs to be typed again
    at(page, "Kloppen uw antwoorden?")
    page.get_by_role("button", name="Aanmelden").click()
    at(page, "Vul uw code in")
    field = page.get_by_label("Code uit de e-mail")
    assert field.get_attribute("autocomplete") == "one-time-code"
    field.fill("12")
    field.press("Enter")
    wrong(page, "Vul de 6 cijfers van de code in.")

    codes = {}
    for contact, to in contacts.items():
        until(lambda to=to: carrier.messages(to=to, after=str(before))[1:] or None, f"the second code for {to}")
        codes[contact] = code_in(carrier.messages(to=to, after=str(before))[-1])
    paste(field, f" {codes['e-mail'][:3]} {codes['e-mail'][3:]} ")
    field.press("Enter")
    page.get_by_text("U doet mee!").wait_for()
    accessible(page)
    paste(page.get_by_label("Code die u op uw telefoon kreeg"), codes["telefoon"])
    page.get_by_role("button", name="Controleer de code").click()
    page.get_by_role("heading", name="Wat gebeurt er nu?").wait_for()
    fits(page)
    accessible(page)
    assert page.evaluate("JSON.stringify(sessionStorage)") == "{}"

    token = page.locator("#manage-link").get_attribute("href").partition("#")[2]
    me = Api(http, addresses.api, token).get("/me")
    assert (me["source"], me["channels"], me["declined"]) == ("letter", ["sms", "email"], ["prevention"])
    assert [place["address"] for place in me["places"]] == [home, work]
    assert me["places"][0]["hours"][0]["start"] == "07:30"


def paste(field, text):
    """As a person does, by the clipboard of a page that has the right to it."""
    field.evaluate(
        """(it, text) => {
          it.focus();
          it.select();
          document.execCommand("insertText", false, text);
        }""",
        text,
    )


def test_who_lives_where_burgernet_is_not_yet_hears_so_at_once(sign_up, accessible):
    page = sign_up()
    refused = search(page, NOT_JOINED)
    notice = page.get_by_role("alert")
    notice.get_by_text("Deze gemeente doet nog niet mee").wait_for()
    notice.get_by_text(refused).wait_for()
    notice.get_by_text("Gemeenten die wel meedoen").click()
    notice.get_by_text("Fabelstad").wait_for()
    accessible(page)
    page.get_by_role("button", name="Verder").click()
    notice.get_by_text("Deze gemeente doet nog niet mee").wait_for()
    at(page, "Waar woont u?")
    page.get_by_role("button", name="Ander adres").click()
    search(page)
    go_on(page, "Wilt u ook berichten over een andere plek")
    page.get_by_label("Ja, voor nog een adres").check()
    search(page, NOT_JOINED)
    notice.get_by_text("U kunt wel meedoen met uw thuisadres.").wait_for()
    page.get_by_label("Nee, alleen voor mijn thuisadres").check()
    go_on(page, "Hoe wilt u berichten krijgen?")


def test_back_forward_and_an_address_further_on_lose_nothing(sign_up, addresses):
    page = sign_up("?via=facebook")
    home = search(page)
    go_on(page, "Wilt u ook berichten over een andere plek")
    page.get_by_label("Nee, alleen voor mijn thuisadres").check()
    go_on(page, "Hoe wilt u berichten krijgen?")
    page.get_by_label("Sms").check()
    page.go_back()
    at(page, "Wilt u ook berichten over een andere plek")
    assert page.get_by_label("Nee, alleen voor mijn thuisadres").is_checked()
    page.get_by_role("link", name="Terug").click()
    at(page, "Waar woont u?")
    page.get_by_text(f"Gekozen: {home}").wait_for()
    page.go_forward()
    page.goto(f"{addresses.web}/aanmelden#check")  # further than the answers go
    at(page, "Hoe wilt u berichten krijgen?")
    assert page.get_by_label("Sms").is_checked()
    page.get_by_role("button", name="English").click()
    at(page, "How do you want to get messages?")
    assert page.get_by_label("Text message").is_checked()


def test_a_letter_leads_to_signing_up_by_a_link_or_a_code_that_a_phone_reads(new_page, addresses, accessible, tmp_path):
    page = new_page(**PHONE)
    page.goto(f"{addresses.web}/delen")
    page.get_by_role("img", name="QR-code die leidt naar").wait_for()
    accessible(page)
    fits(page)
    page.get_by_label("Waar komt de link te staan?").select_option(label="Facebook of een andere groep")
    expected = f"{addresses.web}/aanmelden?via=facebook"
    picture = page.get_by_role("img", name=expected)
    picture.screenshot(path=tmp_path / "code.png")
    assert [it.text for it in zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))] == [expected]
    assert page.get_by_label("Link om te delen").input_value() == expected
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download de QR-code").click()
    assert saved.value.suggested_filename == "burgernet-facebook.svg"
    page.get_by_role("button", name="Kopieer de link").click()
    page.get_by_role("status").filter(has_text="gekopieerd").or_(page.get_by_text("kopieer hem zelf")).wait_for()


def test_where_too_many_ask_at_once_a_page_comes_again_by_itself_unless_that_could_do_harm(new_page, addresses):
    page = new_page()
    page.goto(addresses.web)
    asked, free_at = [], {"value": 0}

    def answer(route):
        asked.append((route.request.method, route.request.headers.get("idempotency-key")))
        if len(asked) >= free_at["value"]:
            return route.fulfill(json={"id": "taken"})
        error = {"code": "unavailable", "message": "", "fields": [], "request_id": ""}
        return route.fulfill(status=503, headers={"Retry-After": "0.01"}, json={"error": error})

    page.route("**/api/tried", answer)

    def sends(call, free):
        asked.clear()
        free_at["value"] = free
        told = "(answer) => answer.id, (refused) => refused.code"
        return page.evaluate(f"import('/js/api.js').then((api) => {call}).then({told})")

    assert sends("new api.Once().post('/tried', {})", 3) == "taken"
    assert len(asked) == 3
    assert len(set(asked)) == 1
    assert asked[0][1]
    assert sends("api.call('GET', '/tried')", 2) == "taken"
    assert sends("new api.Once().post('/tried', {})", 4) == "unavailable"
    assert len(asked) == 3
    assert sends("api.call('PATCH', '/tried', { body: {} })", 2) == "unavailable"
    assert len(asked) == 1
