"""Notifications without signing up, in a real browser, over the deployed template. Its push service is the carrier."""

import json
import re

import httpx
import pytest

from chalicelib.staff.model import Role
from local import tokens
from local.carrier.devices import Device
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY

DEVICE = "who-listens"
# Offline no browser has a push service: this one answers as the real one would, with a device of the carrier.
SUBSCRIBED = """
const made = { toJSON: () => (%s), unsubscribe: async () => true };
const pushManager = { subscribe: async () => made, getSubscription: async () => made };
const worker = { pushManager };
Object.defineProperty(navigator, "serviceWorker", {
  value: { register: async () => worker, ready: Promise.resolve(worker), getRegistration: async () => worker },
});
Object.defineProperty(Notification, "permission", { get: () => "granted" });
Notification.requestPermission = async () => "granted";
"""


@pytest.fixture
def page(new_page, addresses):
    opened = new_page()
    opened.add_init_script(SUBSCRIBED % json.dumps(Device(DEVICE).subscription(addresses.carrier)))
    opened.goto(f"{addresses.web}/meldingen")
    return opened


def open_feed(http, addresses, alert):
    """What programs read of it, in all three forms: CAP's word for the message, and whether it describes anybody."""
    feed = f"{addresses.web}/api/alerts/public"
    (told,) = [it["properties"] for it in http.get(feed).json()["features"] if it["id"] == alert]
    cap, atom = http.get(f"{feed}/{alert}"), http.get(f"{feed}.atom")
    assert (cap.headers["Content-Type"], atom.headers["Content-Type"]) == (
        "application/cap+xml; charset=utf-8",
        "application/atom+xml; charset=utf-8",
    )
    described = "description" in told
    assert f"<msgType>{told['msg_type']}</msgType>" in cap.text
    assert ("<description>" in cap.text) == described
    assert told["headline"]["nl"] in atom.text
    return told["msg_type"], described


def test_a_visitor_hears_of_a_public_alert_and_how_it_ended_and_then_turns_it_off(page, addresses, accessible):
    page.get_by_label("Gemeente", exact=True).select_option(label="Fabelstad")
    page.get_by_label("Wijk", exact=True).wait_for()
    page.get_by_role("button", name="Voeg toe").click()
    page.get_by_role("button", name="Zet meldingen aan").click()
    page.get_by_text("Meldingen staan aan op dit toestel.").wait_for()
    accessible(page)

    with httpx.Client(timeout=30) as http:
        dispatcher = Api(http, addresses.api, tokens.issue(Role.DISPATCHER, user="anna"))
        approver = Api(http, addresses.api, tokens.issue(Role.APPROVER, user="bram"))
        carrier = Carrier(http, addresses.carrier)

        def told(number):
            found = [it for it in carrier.messages(channel="push") if it["to"] == DEVICE]
            return found if len(found) >= number else None

        # Words of its own: X takes no text twice, and other tests post the same burglary, perhaps within this minute.
        headline = {"nl": "Woninginbraak Wierwijk: wie ziet de man?", "en": "Burglary in Wierwijk: who sees the man?"}
        alert = dispatcher.post("/alerts", {**BURGLARY.alert, "scope": "Public", "headline": headline})["id"]
        submitted = dispatcher.post(f"/alerts/{alert}/submit", {})
        reach = approver.post(f"/alerts/{alert}/preview", {})["band"]["label"]["nl"]
        approver.post(f"/alerts/{alert}/approve", {"version": submitted["version"], "reach": reach})
        until(lambda: told(1), "the call on who listens")
        assert open_feed(http, addresses, alert) == ("Alert", True)
        dispatcher.post(f"/alerts/{alert}/close", {"result": "other", "contribution": "none"})
        call, outcome = until(lambda: told(2), "the outcome on who listens")
        assert "/meldingen" in json.dumps(call)
        until(lambda: open_feed(http, addresses, alert) == ("Cancel", False) or None, "the end in the open feed")
        assert re.search("afgerond", outcome["text"])

        def counted():
            progress = dispatcher.get(f"/alerts/{alert}")["progress"]
            figures = [progress.get(name, {}).get("topics", {}).get("sent") for name in ("call", "outcome")]
            return figures if figures == [1, 1] else None

        until(counted, "the figures of who listens")

    page.reload()
    page.get_by_role("button", name="Zet meldingen uit").click()
    page.get_by_text("Meldingen staan uit op dit toestel.").wait_for()


def test_a_place_to_100_metres_asks_little_of_a_device_and_says_why_it_is_not_found(page):
    page.evaluate("""navigator.geolocation.getCurrentPosition = (found, failed, asked) => {
      globalThis.asked = asked;
      failed({ code: globalThis.code });
    }; null""")
    take = page.get_by_role("button", name="Gebruik de plek waar ik nu ben")
    said = page.locator("#place-state")
    for code, words in ((3, "Probeer het nog eens."), (1, "Sta het toe in uw browser")):
        page.evaluate(f"code = {code}")
        take.click()
        said.get_by_text(words).wait_for()
        assert ("browser" in said.inner_text()) == (code == 1)
    assert page.evaluate("asked.enableHighAccuracy") is False
