"""The installed app in a real browser: what the worker shows, what is left without a connection, what stays here."""

import json
import re

import pytest

from local.demo.client import until

WIERWIJK = {"latitude": 52.7783, "longitude": 5.4336}
HERE, FAR = [5.4336, 52.7783, 500], [5.1, 52.5, 500]  # lon, lat and metres around an alert
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, silent, tag }) => ({ title, body, silent, tag }));
}"""


@pytest.fixture
def page(new_page, addresses):
    opened = new_page(
        viewport={"width": 320, "height": 640},
        geolocation=WIERWIJK,
        permissions=["notifications", "geolocation"],
    )
    opened.goto(f"{addresses.web}/meldingen")
    opened.get_by_label("Gemeente", exact=True).wait_for()
    opened.evaluate("() => navigator.serviceWorker.ready")
    return opened


@pytest.fixture
def push(page, addresses):
    """``push("Vermist", around=[...])``: a message arrives at the worker, as from the push service of the browser."""

    def deliver(title, alert, around=None):
        devtools = page.context.new_cdp_session(page)
        made = []
        devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: made.extend(event["registrations"]))
        devtools.send("ServiceWorker.enable")
        until(lambda: page.title() and (made or None), "the worker")  # asking the page lets the event come in
        told = {"title": title, "body": "Gezien? Bel 112.", "lang": "nl", "alert": alert, "url": f"{addresses.web}/"}
        told |= {"around": around} if around else {}
        message = {"origin": addresses.web, "registrationId": made[-1]["registrationId"], "data": json.dumps(told)}
        devtools.send("ServiceWorker.deliverPushMessage", message)
        devtools.detach()

    return deliver


def shown(page, tag):
    """The notification of that alert, once it is there."""
    return until(lambda: next((it for it in page.evaluate(SHOWN) if it["tag"] == tag), None), f"notification {tag}")


def test_it_can_be_installed_as_an_app(page, addresses):
    manifest = page.request.get(f"{addresses.web}/manifest.webmanifest").json()
    assert (manifest["display"], manifest["scope"], manifest["start_url"]) == ("standalone", "/", "/meldingen")
    assert page.request.get(addresses.web + manifest["icons"][0]["src"]).ok
    assert page.locator("link[rel=manifest]").get_attribute("href") == "/manifest.webmanifest"


def test_the_last_alerts_are_there_without_a_connection(page, push, accessible):
    push("BURGERNET: Vermist kind", "a1")
    push("BURGERNET: Inbraak", "b2")
    assert shown(page, "a1")["body"] == "Gezien? Bel 112."
    shown(page, "b2")
    push("BURGERNET: Afloop: kind gevonden", "a1")  # takes the place of the call
    page.reload()
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("heading", name="Laatste meldingen op dit toestel").wait_for()
    titles = page.locator(".heard h3").all_inner_texts()
    assert titles == ["BURGERNET: Afloop: kind gevonden", "BURGERNET: Inbraak"]
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Wis deze meldingen").click()
    page.get_by_role("heading", name="Laatste meldingen op dit toestel").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "listen-heading"
    page.context.set_offline(False)


def test_pages_with_a_token_are_never_kept(page, addresses):
    page.goto(f"{addresses.web}/t/0000000000")
    page.goto(f"{addresses.web}/manage#0000000000")
    page.goto(f"{addresses.web}/console")
    page.get_by_role("button", name="noor").click()
    page.get_by_role("heading", name="Oproepen").wait_for()
    page.goto(f"{addresses.web}/dashboard")
    page.goto(f"{addresses.web}/meldingen")
    page.get_by_label("Gemeente", exact=True).wait_for()
    kept = page.evaluate("async () => (await (await caches.open('burgernet-pages')).keys()).map(({ url }) => url)")
    assert f"{addresses.web}/meldingen" in kept
    own = re.compile(rf"{re.escape(addresses.web)}/(t|manage|api|console|dashboard)([/#?]|$)")  # not scripts of theirs
    assert [url for url in kept if own.match(url)] == []


def test_where_somebody_is_is_compared_on_the_device_and_never_leaves_it(page, push, accessible):
    asked = []
    page.context.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    page.get_by_role("button", name="Gebruik de plek waar ik nu ben").click()
    page.get_by_text("Dit toestel weet uw plek").wait_for()
    accessible(page)
    push("BURGERNET: Dichtbij", "near", HERE)
    push("BURGERNET: Ver weg", "far", FAR)
    near, far = shown(page, "near"), shown(page, "far")
    assert (near["body"].split("\n")[0], near["silent"]) == ("Uw plek ligt in of bij dit gebied.", False)
    assert re.fullmatch(r"Ongeveer \d\d kilometer van uw plek\.", far["body"].split("\n")[0])
    assert far["silent"] is True
    page.reload()
    page.locator(".heard").nth(1).wait_for()
    page.get_by_role("button", name="Wis mijn plek").click()
    page.get_by_text("Dit toestel weet uw plek niet.").wait_for()
    push("BURGERNET: Zonder plek", "after", HERE)
    assert shown(page, "after")["body"] == "Gezien? Bel 112."
    assert asked
    assert [it for it in asked if re.search(r"52[.,]77|5[.,]433", it)] == []
