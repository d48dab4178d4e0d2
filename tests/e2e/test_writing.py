"""What a dispatcher writes that will not do is said where it stands, and nothing of it is cut off or left out."""

from tests.e2e.console import save, write

SAVE = "Bewaar als concept"
LONG = "De man rende weg over de dijk. " * 70  # more than a description may have


def described(api, page):
    alert = page.url.rpartition("/")[2]
    return api("dispatcher", "noor").get(f"/alerts/{alert}")


def test_a_text_that_is_too_long_is_not_cut_off_but_said(open_console, api, accessible):
    noor = open_console("noor", viewport={"width": 320, "height": 640})
    write(noor, real=False, headline="Te lang geplakt")
    text = noor.get_by_label("Wat is er gebeurd")
    text.fill("")
    text.focus()
    noor.keyboard.insert_text(LONG)  # as pasted, which a field with a limit cuts off
    assert text.input_value() == LONG
    noor.get_by_role("button", name=SAVE).click()
    noor.get_by_role("alert").get_by_text("Deze tekst is te lang").click()
    assert text.evaluate("it => it === document.activeElement")
    accessible(noor)
    text.fill("De man rende weg over de dijk.")
    save(noor)
    assert described(api, noor)["description"]["nl"] == "De man rende weg over de dijk."


def test_what_is_no_number_is_said_beside_its_field_and_not_left_out(open_console, api, accessible):
    noor = open_console("noor")
    write(noor, real=False, headline="Geen getal")
    height, age = noor.get_by_label("Lengte in centimeters"), noor.get_by_label("Leeftijd van")
    height.fill("1,85 m")
    age.fill("300")
    noor.get_by_role("button", name=SAVE).click()
    noor.get_by_role("alert").get_by_text("Een leeftijd is een getal").wait_for()
    accessible(noor)
    noor.get_by_role("alert").get_by_text("Een lengte is een getal").click()
    assert height.evaluate("it => it === document.activeElement")
    height.fill("185")
    age.fill("30")
    noor.get_by_label("Leeftijd tot en met").fill("20")
    noor.get_by_role("button", name=SAVE).click()
    noor.get_by_role("alert").get_by_text("De tweede leeftijd is lager").wait_for()
    noor.get_by_label("Leeftijd tot en met").fill("40")
    save(noor)
    person = described(api, noor)["persons"][0]
    assert (person["height_cm"], person["age_from"], person["age_to"]) == (185, 30, 40)


def test_a_trait_in_english_alone_and_an_age_without_end_are_said_and_not_left_out(open_console, api):
    noor = open_console("noor")
    write(noor, real=False, headline="Alleen Engels")
    noor.get_by_label("Haar").fill("")
    english = noor.locator('[id$="-hair-en"]')
    english.fill("short and dark")
    noor.get_by_label("Leeftijd van").fill("Infinity")
    noor.get_by_role("button", name=SAVE).click()
    problem = noor.get_by_role("alert")
    problem.get_by_text("Een leeftijd is een getal").wait_for()
    problem.get_by_text("Schrijf dit ook in het Nederlands").click()
    dutch = noor.get_by_label("Haar")
    assert dutch.evaluate("it => it === document.activeElement")
    noor.reload()
    assert english.input_value() == "short and dark"
    dutch.fill("kort en donker")
    noor.get_by_label("Leeftijd van").fill("30")
    save(noor)
    person = described(api, noor)["persons"][0]
    assert (person["hair"], person["age_from"]) == ({"nl": "kort en donker", "en": "short and dark"}, 30)
