"""What a preview says is what then happens, over real tables and streams."""

import json
from dataclasses import replace

import jsonschema
import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Kind, Occasion
from chalicelib.areas.model import shape_from_json
from chalicelib.channels.model import Channel
from chalicelib.delivery.reach import Reacher
from chalicelib.delivery.week import Week
from chalicelib.participants.changes import changing
from chalicelib.platform import openapi
from local import demo_data, town
from local.scenarios import BURGLARY

PEOPLE = 250


def ok(response):
    assert response.status_code < 300, response.json_body
    return response.json_body


@pytest.fixture
def neighbours(product):
    """Some of the invented country, those of the burglary's surroundings among them; one of them pauses."""
    now, store = product.clock.now(), product.system.parts.participants
    some = town.build().participants[:PEOPLE]
    steps = [demo_data.step(invented, now, "https://web.push.apple.com") for invented in some]
    for start in range(0, PEOPLE, demo_data.TOGETHER):
        store.commit(steps[start : start + demo_data.TOGETHER])
    product.clock.advance(seconds=1)
    paused = store.get(steps[0].after.id)
    store.commit([changing(paused, replace(paused, paused=True), product.clock.now())])
    product.settle()


def preview(product, token, alert_id):
    return ok(product.request("POST", f"/alerts/{alert_id}/preview", token=token("approver", "bram")))


def test_those_of_the_preview_are_those_who_are_asked(product, neighbours, token):
    wide = {"circle": {"center": [5.42, 52.775], "radius_m": 2_500}}
    alert = ok(product.request("POST", "/alerts", {**BURGLARY.alert, "area": wide}, token=token("dispatcher", "anna")))
    told = preview(product, token, alert["id"])

    ok(product.request("POST", f"/alerts/{alert['id']}/submit", {}, token=token("dispatcher", "anna")))
    body = {"version": 2, "reach": told["band"]["label"]["en"]}
    ok(product.request("POST", f"/alerts/{alert['id']}/approve", body, token=token("approver", "bram")))
    product.settle()

    phones, mails = product.sms.sent, product.email.sent
    assert told["exact"]
    assert told["people"] >= 20
    assert [(it["channel"], it["people"]) for it in told["channels"]] == [
        ("sms", len(phones)),
        ("voice", len(product.voice.calls)),
        ("email", len(mails)),
        ("push", len(product.push.sent)),
    ]
    live = ok(product.request("GET", f"/alerts/{alert['id']}", token=token("dispatcher", "anna")))
    assert live["progress"]["call"]["people"] == told["people"]
    assert sum(it["people"] for it in told["municipalities"]) <= told["people"]
    assert all(it["name"] != it["code"] for it in [*told["districts"], *told["neighbourhoods"]])


def test_the_counts_that_the_stream_kept_are_those_of_a_recount_and_give_a_fair_estimate(product, neighbours, token):
    assert product.invoke("recount", {"within": "u17u"})["corrected"] == 0
    parts, about = product.system.parts, Occasion(Kind.ALERT, None, Status.ACTUAL)
    shape = shape_from_json({"type": "Circle", "center": [5.42, 52.775], "radius_m": 2_500})
    true, estimate = (
        Reacher(parts.places, parts.cells, parts.clock, Week(parts.alerts, 0), limit).reach(
            shape, tuple(Channel), about
        )
        for limit in (50_000, 0)
    )
    assert (true.exact, estimate.exact) == (True, False)
    assert abs(estimate.people - true.people) <= max(0.1 * true.people, 3)


def test_a_preview_is_what_the_published_document_says(product, neighbours, token):
    document = json.loads(openapi.COMMITTED.read_text())
    alert = ok(product.request("POST", "/alerts", BURGLARY.alert, token=token("dispatcher", "anna")))
    nowhere = {"area": {"circle": {"center": [5.42, 52.775], "radius_m": 10}}}
    answers = [
        ("/alerts/{alert}/preview", product.request("POST", f"/alerts/{alert['id']}/preview", token=token("approver"))),
        ("/alerts/preview", product.request("POST", "/alerts/preview", BURGLARY.alert, token=token("dispatcher"))),
        ("/alerts/preview", product.request("POST", "/alerts/preview", nowhere, token=token("dispatcher"))),
    ]
    for path, answer in answers:
        schema = document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(ok(answer), {**schema, "components": document["components"]})
    assert answers[-1][1].json_body.keys() == {
        "fewer_than",
        "exact",
        "band",
        "channels",
        "sms_parts",
        "sms_parts_assumed",
    }
