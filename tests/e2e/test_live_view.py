"""The live view of the console: more tips than are in sight, and what is decided while an alert runs."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bench.pages.world import session
from chalicelib.areas.model import Point
from chalicelib.platform.ids import random_id
from chalicelib.staff.model import Role
from chalicelib.tips.model import CHANCE_CHARACTERS, Tip, TipKind, tip_id
from chalicelib.tips.store import DynamoTipStore
from local.demo.client import until
from local.ministack import CREDENTIALS
from local.scenarios import BURGLARY

MANY, FIRST, LISTED = 250, 100, 200
THE_REST = re.compile(r"/tips\?limit=500$")
PLACE = Point(5.44, 52.778)


@pytest.fixture
def store(addresses, monkeypatch):
    for name, value in {**CREDENTIALS, "AWS_ENDPOINT_URL_DYNAMODB": addresses.aws}.items():
        monkeypatch.setenv(name, value)
    return DynamoTipStore("burgernet-local-tips")


@pytest.fixture
def draft(api):
    """The id of a draft of noor's."""
    return api("dispatcher", "noor").post("/alerts", {**BURGLARY.alert, "status": "Exercise"})["id"]


@pytest.fixture
def alert(api, draft):
    """The id of an alert that runs."""
    noor = api("dispatcher", "noor")
    version = noor.post(f"/alerts/{draft}/submit", {})["version"]
    api("approver", "sam").post(f"/alerts/{draft}/approve", {"version": version})
    until(lambda: noor.get(f"/alerts/{draft}").get("activated_at"), "it runs")
    return draft


def add(store, alert, at, text, place=PLACE):
    chance = random_id(CHANCE_CHARACTERS)
    store.add(
        Tip(id=tip_id(at, chance), alert=alert, reply=random_id(20), kind=TipKind.SEEN, at=at, text=text, place=place),
        1,
    )


def test_the_newest_of_many_tips_come_first_and_an_update_leaves_alone_what_is_there(
    new_page, addresses, alert, store, accessible
):
    begin = datetime.now(UTC) - timedelta(minutes=10)
    for number in range(MANY):
        add(store, alert, begin + timedelta(seconds=number), f"Tip {number}")
    page, held = new_page(viewport={"width": 1280, "height": 900}), []
    page.context.add_init_script(f"sessionStorage.setItem('burgernet.staff', {session(Role.DISPATCHER)!r})")
    with page.expect_request(THE_REST):
        page.route(THE_REST, lambda route: held.append(route))
        page.goto(f"{addresses.web}/console#/alerts/{alert}")
    items = page.locator("ul.tips > li")
    assert items.count() == page.locator(".tip-dot").count() == FIRST
    assert items.first.locator(".kept-lines").inner_text() == "Tip 249"
    [route] = held
    answer = route.fetch()  # of before the mark
    items.first.locator("[data-status=read]").click()
    items.first.locator('[data-status=read][aria-pressed="true"]').wait_for()
    route.fulfill(response=answer)
    page.locator(".tip-dot").nth(MANY - 1).wait_for(state="attached")
    assert items.first.locator("[data-status=read]").get_attribute("aria-pressed") == "true"
    assert items.count() == LISTED
    assert [items.nth(n).locator(".kept-lines").inner_text() for n in (0, LISTED - 1)] == ["Tip 249", "Tip 50"]
    accessible(page)

    button = items.nth(100).locator("[data-status=useful]")
    button.focus()
    kept = button.element_handle()
    add(store, alert, datetime.now(UTC), "Bij de molen gezien")
    page.get_by_text("Bij de molen gezien").wait_for()
    assert kept.evaluate("it => it === document.activeElement")
    assert items.count() == LISTED
    assert items.first.locator(".kept-lines").inner_text() == "Bij de molen gezien"
    assert page.locator(".tip-dot").count() == MANY + 1
    newest = page.locator(".tip-dot.newest")
    assert newest.count() == 1
    assert newest.evaluate("it => it === it.parentElement.lastElementChild")
    kept.press("Enter")
    page.locator('.tip [data-status="useful"][aria-pressed="true"]').wait_for()
    assert page.evaluate("document.activeElement.dataset.status") == "useful"
    oldest = min(page.locator(".tip-dot").evaluate_all("dots => dots.map(it => it.dataset.tip)"))  # below those listed
    page.locator(f'.tip-dot[data-tip="{oldest}"]').dispatch_event("click")  # behind others, of the same place
    assert items.count() == LISTED + 1
    assert "Tip 0" in page.evaluate("document.activeElement.innerText").splitlines()
    page.get_by_role("button", name="English").click()
    items.first.get_by_role("button", name="Useful", exact=True).wait_for()


def test_a_dot_says_when_leads_to_its_tip_and_is_in_sight_wherever_it_was(
    open_console, addresses, alert, store, accessible
):
    now = datetime.now(UTC)
    add(store, alert, now - timedelta(seconds=60), "In het gebied")
    noor = open_console("noor")
    noor.goto(f"{addresses.web}/console#/alerts/{alert}")
    dots = noor.locator(".tip-dot")
    dots.first.wait_for()
    assert dots.first.get_attribute("data-outside") is None
    assert not noor.get_by_text("ligt buiten de kaart").is_visible()
    add(store, alert, now - timedelta(seconds=30), "Ver weg", Point(5.9, 53.1))
    noor.get_by_text("ligt buiten de kaart").wait_for()
    far = noor.locator(".tip-dot[data-outside]")
    picture, dot = noor.locator("svg:has(.tip-dot)").bounding_box(), far.bounding_box()
    assert picture["x"] <= dot["x"] <= dot["x"] + dot["width"] <= picture["x"] + picture["width"]
    assert picture["y"] <= dot["y"] <= dot["y"] + dot["height"] <= picture["y"] + picture["height"]
    assert re.fullmatch(r"\d\d:\d\d:\d\d", far.locator("title").text_content())
    dots.first.click()
    assert "In het gebied" in noor.evaluate("document.activeElement.innerText")
    far.click()
    assert "Ver weg" in noor.evaluate("document.activeElement.innerText")
    accessible(noor)


def asking(page):
    """Which tips the page asks for from now on."""
    asked = []
    page.on("request", lambda request: "/tips?" in request.url and asked.append(request.url))
    return asked


def test_nobody_is_said_to_look_at_the_tips_of_a_draft(open_console, addresses, draft):
    noor = open_console("noor")
    asked = asking(noor)
    with noor.expect_response(re.compile(rf"/alerts/{draft}/events\?after=")):  # of the second time that it asks
        noor.goto(f"{addresses.web}/console#/alerts/{draft}")
    assert asked == []


def test_whoever_may_not_see_the_tips_of_an_alert_sees_the_rest_of_it(open_console, addresses, alert):
    noor = open_console("noor")
    asked = asking(noor)
    refusal = {"error": {"code": "other_control_room", "message": "Call them."}}
    noor.route("**/tips?*", lambda route: route.fulfill(status=403, json=refusal))
    with noor.expect_response(re.compile(rf"/alerts/{alert}/events\?after=")):
        noor.goto(f"{addresses.web}/console#/alerts/{alert}")
    noor.get_by_role("rowheader", name="Mislukt").wait_for()
    assert noor.locator(".scrolls").evaluate("it => it.scrollWidth <= it.clientWidth"), "columns are cut off"
    noor.get_by_text("Update of correctie").click()
    assert not noor.get_by_role("heading", name="Tips").is_visible()
    assert noor.locator("body").get_attribute("data-stale") is None
    assert len(asked) == 1


def test_a_running_alert_is_corrected_then_stopped_and_each_takes_two_presses(
    open_console, addresses, alert, api, accessible
):
    noor = open_console("noor")
    noor.goto(f"{addresses.web}/console#/alerts/{alert}")
    noor.get_by_text("Update of correctie").click()
    noor.get_by_label("Correctie", exact=True).check()
    noor.get_by_label("Tekst in het Nederlands").first.fill("Hij draagt een rode jas, geen zwarte.")
    accessible(noor)
    noor.get_by_role("button", name="Verstuur", exact=True).click()
    noor.locator(".notice", has_text="Hij draagt een rode jas").wait_for()
    noor.get_by_text("Stop met versturen").click()
    noor.get_by_role("button", name="Stop nu").dblclick()
    noor.get_by_text("Gestopt om").wait_for()
    assert noor.get_by_text("Stop met versturen").count() == 0
    accessible(noor)
    done = [it["type"] for it in api("dispatcher", "noor").get(f"/alerts/{alert}/events")["events"]]
    assert done[-2:] == ["updated", "stopped"]


def test_a_draft_that_is_withdrawn_never_goes_out(open_console, addresses, draft, api, accessible):
    noor = open_console("noor")
    noor.goto(f"{addresses.web}/console#/alerts/{draft}")
    noor.get_by_text("Intrekken").click()
    noor.get_by_role("button", name="Trek de oproep in").click()
    noor.get_by_text("Er is niets verstuurd.").wait_for()
    accessible(noor)
    assert api("dispatcher", "noor").get(f"/alerts/{draft}")["state"] == "cancelled"
