"""From a price and a budget to a warning, and from a sent alert to the cents that each municipality bears."""

import json

import jsonschema
import pytest

from chalicelib.platform import openapi
from local import demo_data, town
from local.scenarios import BURGLARY

PEOPLE = 250
FABELSTAD = "GM9001"
WIDE = {"circle": {"center": [5.42, 52.775], "radius_m": 2_500}}


def ok(response):
    assert response.status_code < 300, response.json_body
    return response.json_body


@pytest.fixture
def neighbours(product):
    now, store = product.clock.now(), product.system.parts.participants
    steps = [
        demo_data.step(invented, now, "https://web.push.apple.com") for invented in town.build().participants[:PEOPLE]
    ]
    for start in range(0, PEOPLE, demo_data.TOGETHER):
        store.commit(steps[start : start + demo_data.TOGETHER])
    product.settle()


def as_published(path, method, body):
    document = json.loads(openapi.COMMITTED.read_text())
    answer = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(body, {**answer, "components": document["components"]})
    return body


def test_a_budget_warns_before_an_alert_and_the_alert_is_then_on_it(product, neighbours, token):
    anna, bram, admin = token("dispatcher", "anna"), token("approver", "bram"), token("admin", "ada", "network")

    def budget(cents):
        path = "/municipalities/{code}/budget"
        body = {"year": 2026, "cents": cents}
        answer = product.request("PUT", path.replace("{code}", FABELSTAD), body, token=admin)
        return as_published(path, "put", ok(answer))

    alert = ok(product.request("POST", "/alerts", {**BURGLARY.alert, "area": WIDE}, token=anna))
    path = f"/alerts/{alert['id']}"
    told = ok(product.request("POST", f"{path}/preview", token=anna))
    assert told["budget"] == []
    share = next(it["people"] for it in told["municipalities"] if it["code"] == FABELSTAD) / told["people"]

    assert budget(told["cost"]["cents"] // 2) == {
        "code": FABELSTAD,
        "name": "Fabelstad",
        "year": 2026,
        "cents": told["cost"]["cents"] // 2,
        "spent_cents": 0,
        "currency": "EUR",
    }
    (warning,) = ok(product.request("POST", f"{path}/preview", token=anna))["budget"]
    assert (warning["code"], warning["strain"], warning["spent_cents"]) == (FABELSTAD, "over", 0)
    assert abs(warning["alert_cents"] - share * told["cost"]["cents"]) < 1

    assert ok(product.request("POST", f"{path}/submit", {}, token=anna))["budget"] == [warning]
    body = {"version": 2, "reach": told["band"]["label"]["en"]}
    assert ok(product.request("POST", f"{path}/approve", body, token=bram))["budget"] == [warning]
    product.settle()

    cost = as_published("/alerts/{alert}/cost", "get", ok(product.request("GET", f"{path}/cost", token=anna)))
    messages = {it["channel"]: it["messages"] for it in cost["channels"]}
    assert messages == {it["channel"]: it["people"] for it in told["channels"]}
    assert cost["cents"] == sum(it["cents"] for it in cost["channels"]) > 0
    assert cost["cents"] == sum(it["cents"] for it in cost["municipalities"])
    mine = next(it for it in cost["municipalities"] if it["code"] == FABELSTAD)
    assert mine["name"] == "Fabelstad"

    (listed,) = as_published("/budgets", "get", ok(product.request("GET", "/budgets?year=2026", token=admin)))[
        "budgets"
    ]
    assert (listed["code"], listed["spent_cents"]) == (FABELSTAD, mine["cents"])
    report = product.request("GET", f"/reports/areas/{FABELSTAD}", token=token("analyst"))
    shown = as_published("/reports/areas/{code}", "get", ok(report))["cost"]
    assert shown == {
        "cents": mine["cents"],
        "exercises_cents": 0,
        "currency": "EUR",
        "budget": {"year": 2026, "cents": told["cost"]["cents"] // 2, "spent_cents": mine["cents"]},
    }
    assert budget(None)["spent_cents"] == mine["cents"]
    assert ok(product.request("GET", "/budgets", token=admin))["budgets"] == []


def test_only_a_municipality_has_a_budget(product, token):
    admin = token("admin", "ada", "network")
    for code in ("WK900100", "GM0001", "NL"):
        answer = product.request("PUT", f"/municipalities/{code}/budget", {"year": 2026, "cents": 1}, token=admin)
        assert (answer.status_code, answer.json_body["error"]["code"]) == (404, "area_not_found")
    wrong = product.request("PUT", f"/municipalities/{FABELSTAD}/budget", {"year": 26, "cents": -1}, token=admin)
    assert {it["field"] for it in wrong.json_body["error"]["fields"]} == {"year", "cents"}
