"""An alert that closed by itself, and a dispatcher who learns afterwards how it ended, in a real browser."""

from datetime import UTC, datetime

import httpx
import pytest

from chalicelib.alerts.handover import handed_over
from chalicelib.alerts.model import SYSTEM, EventRecord
from chalicelib.alerts.store import DynamoAlertStore
from chalicelib.platform.ids import random_id
from chalicelib.staff.model import Role
from local import tokens
from local.demo.client import Api, Carrier, until
from local.ministack import CREDENTIALS, REGION
from local.scenarios import BURGLARY

NARROW = {"width": 320, "height": 800}
HEADLINE = {"nl": "Inbraak Wierwijk: niemand sluit dit af", "en": "Burglary Wierwijk: nobody closes this"}


@pytest.fixture
def alerts(stack, monkeypatch):
    """The stack's own alerts, by the product's code: here nobody can wait for a day."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", stack.emulator.endpoint)
    monkeypatch.setenv("AWS_REGION", REGION)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return DynamoAlertStore("burgernet-local-alerts")


def close_by_itself(alerts, alert_id):
    before = alerts.get(alert_id)
    after = before.close_unanswered(at=datetime.now(UTC))
    event = EventRecord(random_id(16), after.changed_at, "closed", SYSTEM, {"result": "unknown"})
    alerts.put(after, before.version, event, handed_over(before, after))


def test_a_dispatcher_adds_the_outcome_and_who_was_asked_hears_it(new_page, addresses, alerts, accessible):
    with httpx.Client(timeout=30) as http:
        dispatcher = Api(http, addresses.api, tokens.issue(Role.DISPATCHER, user="anna"))
        approver = Api(http, addresses.api, tokens.issue(Role.APPROVER, user="bram"))
        carrier = Carrier(http, addresses.carrier)
        alert = dispatcher.post("/alerts", {**BURGLARY.alert, "headline": HEADLINE})["id"]
        submitted = dispatcher.post(f"/alerts/{alert}/submit", {})
        reach = approver.post(f"/alerts/{alert}/preview", {})["band"]["label"]["nl"]
        approver.post(f"/alerts/{alert}/approve", {"version": submitted["version"], "reach": reach})

        def told(number, message):
            figures = (dispatcher.get(f"/alerts/{alert}").get("progress") or {}).get(message, {})
            return figures if figures.get("asked", 0) >= number else None

        asked = until(lambda: told(1, "call"), "the call")["asked"]
        close_by_itself(alerts, alert)
        until(lambda: told(1, "outcome"), "that nobody knows")

        page = new_page(viewport=NARROW)
        page.goto(f"{addresses.web}/console#/alerts/{alert}")
        page.get_by_role("button", name="noor").click()
        page.get_by_text("Vanzelf afgesloten, want niemand deed dat.").wait_for()
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        page.get_by_text("Afloop invullen").click()
        page.get_by_text("Iedereen die de oproep kreeg, hoort dit nog.").wait_for()
        page.get_by_label("Hoe is het afgelopen?").select_option(label="Anders afgerond")
        page.get_by_role("button", name="Vul in en vertel de afloop").click()
        page.get_by_role("alert").get_by_text("Schrijf in een zin hoe het afliep.").wait_for()
        accessible(page)
        page.get_by_label("Hoe is het afgelopen?").select_option(label="Verdachte aangehouden")
        page.get_by_role("button", name="Vul in en vertel de afloop").dblclick()
        page.get_by_text("De afloop is later ingevuld door noor.").wait_for()
        page.get_by_role("heading", name="De afloop, nu die bekend is").wait_for()
        accessible(page)

        until(lambda: told(asked, "outcome-late"), "that it is known now")
        texts = {it["text"] for it in carrier.messages(channel="sms", alert=alert)}
        assert any("Nu weten wij hoe het is afgelopen. De verdachte is aangehouden." in text for text in texts)
