"""Slips and bad luck at an alert that is out: what is being typed stays, and nobody hears what they must not."""

import pytest

from local.demo.client import until
from local.scenarios import BURGLARY
from tests.e2e.sending import let_out

TEXT = "De man is gezien bij de molen."
EXERCISE = {**BURGLARY.alert, "status": "Exercise", "channels": ["email"]}


@pytest.fixture
def alert(api):
    """An exercise that is out; its id."""
    out = let_out(api("dispatcher", "noor"), api("approver", "kim"), EXERCISE)
    until(lambda: api("dispatcher", "noor").get(f"/alerts/{out}").get("activated_at"), "it runs")
    return out


@pytest.fixture
def noor(open_console, addresses, alert):
    page = open_console("noor")
    page.goto(f"{addresses.web}/console#/alerts/{alert}")
    page.get_by_role("heading", name="Wat nu?").wait_for()
    return page


def begin_update(page, text=TEXT):
    page.get_by_text("Update of correctie").click()
    page.get_by_label("Tekst in het Nederlands").fill(text)


def send(page):
    page.get_by_role("button", name="Verstuur", exact=True).click()


def updates(api, alert):
    return [it["text"]["nl"] for it in api("dispatcher", "noor").get(f"/alerts/{alert}")["updates"]]


def has_focus(field):
    return field.evaluate("it => it === document.activeElement")


def test_what_is_being_typed_stays_where_a_colleague_was_first(noor, api, alert, accessible):
    begin_update(noor)
    noor.get_by_text("Correctie", exact=True).click()
    field = noor.get_by_label("Tekst in het Nederlands")
    field.press("Home")
    api("dispatcher", "sam").post(f"/alerts/{alert}/updates", {"type": "update", "text": {"nl": "Sam was eerst."}})
    noor.get_by_role("status").get_by_text("intussen veranderd").wait_for()
    assert has_focus(field)
    noor.keyboard.type("Let op: ")  # somebody goes on typing
    assert field.input_value() == f"Let op: {TEXT}"
    accessible(noor)
    send(noor)
    noor.get_by_text(f"Let op: {TEXT}").first.wait_for()
    last = api("dispatcher", "noor").get(f"/alerts/{alert}")["updates"][-1]
    assert (last["type"], last["text"]["nl"]) == ("correction", f"Let op: {TEXT}")
    assert field.input_value() == ""  # it was sent
    assert noor.get_by_text("intussen veranderd").count() == 0


@pytest.mark.parametrize("status", [0, 504], ids=["connection-lost", "gateway-timed-out"])
def test_an_update_whose_answer_is_lost_is_seen_to_have_gone_out_and_goes_out_once(noor, api, alert, status):
    def lost(route):
        route.fetch()
        if status:
            route.fulfill(status=status, json={"message": "Endpoint request timed out"})
        else:
            route.abort()

    begin_update(noor)
    noor.route("**/updates", lost)
    send(noor)
    noor.locator(".notice", has_text=TEXT).wait_for()
    noor.locator("#decide-update:not(:visible)").wait_for(state="attached")
    assert noor.get_by_role("alert").count() == 0
    assert noor.locator("#update-text").input_value() == ""
    assert updates(api, alert) == [TEXT]


def test_an_update_that_did_not_go_out_is_said_and_still_there(noor, api, alert):
    begin_update(noor)
    noor.route("**/updates", lambda route: route.fulfill(status=503, json={"message": "Service Unavailable"}))
    send(noor)
    noor.get_by_role("alert").get_by_text("Het lukt nu niet").wait_for()
    assert noor.locator("#update-text").input_value() == TEXT
    assert updates(api, alert) == []
    noor.unroute("**/updates")
    send(noor)
    noor.locator(".notice", has_text=TEXT).wait_for()
    assert updates(api, alert) == [TEXT]


def test_an_update_whose_answer_is_lost_with_the_connection_goes_out_once(noor, api, alert):
    def away(route):
        if route.request.method == "POST":
            route.fetch()
        route.abort()

    begin_update(noor)
    noor.route("**/api/**", away)
    send(noor)
    noor.get_by_role("alert").get_by_text("verbinding").wait_for()
    api("dispatcher", "sam").post(f"/alerts/{alert}/updates", {"type": "update", "text": {"nl": "Sam erna."}})
    with noor.expect_request("**/updates"):
        send(noor)  # once more, still without a connection
    noor.get_by_role("alert").get_by_text("verbinding").wait_for()
    noor.unroute("**/api/**")
    noor.locator(".notice", has_text=TEXT).wait_for()
    noor.locator("#decide-update:not(:visible)").wait_for(state="attached")
    assert noor.locator("#update-text").input_value() == ""
    assert noor.get_by_role("alert").count() == 0
    assert updates(api, alert) == [TEXT, "Sam erna."]


@pytest.mark.parametrize("act", ["stop", "updates"])
def test_what_did_not_happen_is_said_also_where_a_colleague_changed_something(noor, api, alert, act):
    held = []
    with noor.expect_request("**/events*"):
        noor.route("**/events*", lambda route: held.append(route))  # noor has not heard of it
    noor.route(f"**/{act}", lambda route: route.fulfill(status=503, json={"message": "Service Unavailable"}))
    if act == "stop":
        noor.get_by_text("Stop met versturen").click()
    else:
        begin_update(noor)
    api("dispatcher", "sam").post(f"/alerts/{alert}/updates", {"type": "update", "text": {"nl": "Sam was eerst."}})
    if act == "stop":
        noor.get_by_role("button", name="Stop nu").click()
    else:
        send(noor)
    noor.locator(".notice", has_text="Sam was eerst.").wait_for()
    assert noor.get_by_role("alert").get_by_text("Het lukt nu niet").is_visible()
    assert has_focus(noor.get_by_role("alert"))
    noor.unroute(f"**/{act}")
    if act == "stop":  # it is still unfolded
        noor.get_by_role("button", name="Stop nu").click()
        noor.get_by_text("Gestopt om").wait_for()
    else:
        send(noor)
        noor.locator(".notice", has_text=TEXT).wait_for()
    assert noor.get_by_role("alert").count() == 0


def test_what_is_typed_while_an_update_is_on_its_way_stays(noor, api, alert):
    held = []
    begin_update(noor)
    with noor.expect_request("**/updates"):
        noor.route("**/updates", lambda route: held.append(route))
        send(noor)
    field = noor.get_by_label("Tekst in het Nederlands")
    field.fill("Alvast de volgende.")
    held[0].continue_()
    noor.locator(".notice", has_text=TEXT).wait_for()
    noor.locator("#update-send:not([aria-disabled])").wait_for()
    assert has_focus(field)
    assert field.input_value() == "Alvast de volgende."
    assert updates(api, alert) == [TEXT]


def test_a_text_that_is_too_long_in_english_is_said_beside_it(noor):
    begin_update(noor)
    noor.get_by_label("Tekst in het Engels").fill("x" * 3000)
    send(noor)
    noor.get_by_role("alert").wait_for()
    wrong = noor.locator("[aria-invalid]").evaluate_all("them => them.map(it => it.id)")
    assert wrong == ["update-text-en"]


def test_how_it_ended_stays_in_sight_and_the_focus_where_it_was(noor, api, alert):
    noor.get_by_text("Afsluiten met afloop").click()
    noor.get_by_label("Hoe is het afgelopen?").select_option(label="Zonder resultaat")
    noor.reload()
    result = noor.get_by_label("Hoe is het afgelopen?")
    result.wait_for()
    assert result.locator("option:checked").inner_text() == "Zonder resultaat"
    noor.get_by_text("Update of correctie").click()
    kinds = [noor.get_by_label("Correctie", exact=True), noor.get_by_role("button", name="Verstuur", exact=True)]
    for number, part in enumerate(kinds):
        part.focus()
        text = f"Update {number} van Sam."
        api("dispatcher", "sam").post(f"/alerts/{alert}/updates", {"type": "update", "text": {"nl": text}})
        noor.locator(".notice", has_text=text).wait_for()
        noor.get_by_role("status").get_by_text("intussen veranderd").wait_for()
        assert has_focus(part)


def test_a_refresh_loses_nothing_of_an_update_and_another_person_does_not_see_it(noor, alert):
    begin_update(noor)
    noor.reload()
    field = noor.get_by_label("Tekst in het Nederlands").first
    field.wait_for()
    assert field.input_value() == TEXT
    noor.get_by_role("button", name="Afmelden").click()
    noor.get_by_role("button", name="sam").click()
    noor.get_by_text("Update of correctie").click()
    assert field.input_value() == ""


def test_nobody_hears_an_outcome_that_nobody_chose(noor, api, alert):
    noor.get_by_text("Afsluiten met afloop").click()
    close = noor.get_by_role("button", name="Sluit af en vertel de afloop")
    close.click()
    noor.get_by_role("alert").get_by_text("Kies hoe het is afgelopen.").wait_for()
    noor.get_by_label("Hoe is het afgelopen?").select_option(label="Zonder resultaat")
    close.click()
    noor.get_by_role("alert").get_by_text("Kies hoe dat kwam.").wait_for()
    assert api("dispatcher", "noor").get(f"/alerts/{alert}")["state"] == "active"
    noor.get_by_label("Hoe kwam dat?").select_option(label="zonder hulp van deelnemers")
    close.click()
    noor.locator(".badge.state-closed").wait_for()
