"""A test to the canaries goes the way of every alert, and reaches nobody else; no alert reaches a canary."""

import pytest

from chalicelib.areas.model import Point
from local import town
from local.in_process import sqs_event
from local.scenarios import BURGLARY

MAILBOX = "canary@burgernet.example"
CANARIES = [f"canary+{code.lower()}@burgernet.example" for code in sorted(town.JOINED)]


def ok(response):
    assert response.status_code < 300, response.json_body
    return response.json_body


@pytest.fixture
def product(make_product):
    with make_product(canary_email=MAILBOX) as product:
        yield product


@pytest.fixture
def neighbour(product):
    """Somebody who takes part in tests, and lives where a canary is."""
    place = next(area.label for area in product.system.areas.municipalities(joined_only=True))
    body = {
        "places": [{"kind": "home", "point": {"lon": place.lon, "lat": place.lat}}],
        "channels": ["email"],
        "email": "buur@burgernet.example",
        "language": "nl",
        "birth_year": 1980,
        "consent": {"version": "1"},
        "source": "web",
        "exercises": True,
    }
    accepted = ok(product.request("POST", "/sign-ups", body))
    product.settle()
    sign_up = product.system.parts.sign_ups.get(accepted["id"])
    code = product.system._codes.code(sign_up, sign_up.contacts[0].kind)
    ok(product.request("POST", f"/sign-ups/{accepted['id']}/verification", {"contact": "email", "code": code}))
    product.settle()
    product.email.sent.clear()
    return Point(*place)


def addresses(product):
    """Whoever got a mail: from the real sender, or from that of exercises."""
    return sorted(recipient.address for recipient, _ in (*product.email.sent, *product.exercise_email.sent))


def runs(product, token):
    return ok(product.request("GET", "/canary", token=token("admin")))["runs"]


def deliver(product):
    """SES says of every mail that it was delivered."""
    events = [
        {
            "eventType": "Delivery",
            "mail": {"messageId": "m", "tags": {name: [value] for name, value in recipient.tags.items()}},
        }
        for recipient, _ in product.email.sent
    ]
    product.invoke("receipts", sqs_event(events, product.clock.now()))
    product.settle()


def test_canaries_and_nobody_else_get_the_test_and_its_time_is_told(product, neighbour, token):
    assert product.invoke("canary", {"send": True}) == {"sent": len(CANARIES), "missing": 0}
    product.settle()
    assert addresses(product) == CANARIES
    assert product.exercise_email.sent == []  # it is the real sender that must be seen to work
    assert all("test" in mail.subject.lower() for _, mail in product.email.sent)
    assert runs(product, token)[0]["arrived"] == []
    product.clock.advance(seconds=3)
    deliver(product)
    (run,) = runs(product, token)
    assert [(it["area"], it["channel"]) for it in run["arrived"]] == [(code, "email") for code in sorted(town.JOINED)]
    assert all(3 <= it["seconds"] < 30 for it in run["arrived"])
    product.clock.advance(minutes=10)
    product.email.sent.clear()
    assert product.invoke("canary", {}) == {"sent": 0, "missing": 0}
    product.settle()
    assert addresses(product) == []  # the outcome of a test is told to nobody
    assert runs(product, token)[0]["judged_at"]


def test_a_canary_that_does_not_arrive_is_missing(product, neighbour, token):
    product.invoke("canary", {"send": True})
    product.settle()
    product.clock.advance(minutes=10)
    assert product.invoke("canary", {}) == {"sent": 0, "missing": len(CANARIES)}
    assert [it["area"] for it in runs(product, token)[0]["missing"]] == sorted(town.JOINED)


@pytest.mark.parametrize("status", ["Actual", "Exercise", "Test"])
def test_an_alert_over_a_canary_asks_and_counts_people_only(product, neighbour, token, status):
    product.invoke("canary", {"send": True})
    product.settle()
    product.email.sent.clear()
    area = {"circle": {"center": [neighbour.lon, neighbour.lat], "radius_m": 300}}
    content = {**BURGLARY.alert, "status": status, "area": area}
    content.pop("incident_point", None)
    author, approver = token("dispatcher", "anna"), token("approver", "bram")
    alert = ok(product.request("POST", "/alerts", content, token=author))
    ok(product.request("POST", f"/alerts/{alert['id']}/submit", {}, token=author))
    preview = ok(product.request("POST", f"/alerts/{alert['id']}/preview", token=approver))
    assert preview["fewer_than"] == 5
    body = {"version": alert["version"] + 1, "reach": preview["band"]["label"]["nl"]}
    ok(product.request("POST", f"/alerts/{alert['id']}/approve", body, token=approver))
    product.settle()
    assert addresses(product) == ["buur@burgernet.example"]
    told = ok(product.request("GET", f"/alerts/{alert['id']}", token=author))["progress"]["call"]
    assert (told["people"], told["asked"]) == (1, 1)
    listed = ok(product.request("GET", "/alerts", token=author))["alerts"]
    assert [it["id"] for it in listed] == [alert["id"]]


def test_canaries_stand_in_no_report(product, neighbour, token):
    product.invoke("canary", {"send": True})
    product.settle()
    deliver(product)
    product.invoke("recount", {"within": "u17u"})
    reports = [
        ok(product.request("GET", f"/reports/areas/{code}", token=token("analyst", tenant=code)))
        for code in sorted(town.JOINED)
    ]
    assert sum(report["participants"]["participants"] for report in reports) == 1
    assert [report["alerts"]["total"] for report in reports] == [0] * len(reports)


def test_only_an_administrator_reads_it(product, token):
    for role in ("dispatcher", "approver", "analyst"):
        assert product.request("GET", "/canary", token=token(role)).status_code == 403
