"""Mail programs, scanners and browsers open every link they see: whatever is fetched, nothing may change by it."""

import re

import pytest

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.queues import QueueName
from chalicelib.staff.model import Role
from local.scenarios import BURGLARY
from tests.integration.test_story import INSIDE, ok, send, sign_up

WRITTEN_DOWN = {"audit", "audit_heads"}  # who looked at what: that is what it is for


@pytest.fixture
def known(product, token):
    """What stands in the paths: somebody who signed up, an alert to them, and what they saw. And their manage link."""
    manage = sign_up(product, INSIDE[:1], phone="+31623456781", email="both@burgernet.example")
    product.sms.sent.clear()
    alert = send(product, token)
    product.settle()
    reply = re.search(r"/t/(\w+)", product.sms.sent[0][1])[1]
    tip = ok(product.request("POST", f"/tips/{reply}", BURGLARY.tips[0]))["id"]
    product.settle()
    unsubscribe = product.email.sent[-1][0].unsubscribe_url.rsplit("/", 1)[1]
    tokens = {"/tips/{token}": reply, "/unsubscribe/{token}": unsubscribe}
    return {
        "alert": alert["id"],
        "code": alert["municipalities"][0],
        "tip": tip,
        "year": "2026",
        "level": "district",
        "manage": manage,
        "tokens": tokens,
    }


def everything(product):
    """Every row of every table but those that write down who looks, and all that went out."""
    client = aws.client("dynamodb")
    rows = {
        table: sorted(map(repr, client.scan(TableName=name)["Items"]))
        for table, name in product.settings.tables.items()
        if table not in WRITTEN_DOWN
    }
    sent = [entry for entry in product.queues.sent if entry[0] is not QueueName.AUDIT]
    return rows, sent, list(product.sms.sent), list(product.email.sent)


def test_whatever_is_fetched_nothing_changes(product, known, token):
    before, answered = everything(product), {}
    for endpoint in wiring.endpoints():
        if endpoint.method != "GET":
            continue
        path = endpoint.path.replace("{token}", known["tokens"].get(endpoint.path, ""))
        for name in ("alert", "code", "level", "tip", "year"):
            path = path.replace(f"{{{name}}}", known[name])
        role = next((role for role in Role if role in endpoint.roles), None)
        bearer = known["manage"] if endpoint.link else token(role, "eva") if role else ""
        query = "?q=Dijkstraat" if endpoint.path == "/addresses" else ""
        for _ in range(2):
            answered[endpoint.path] = product.request("GET", path + query, token=bearer).status_code
    assert {path: status for path, status in answered.items() if status not in (200, 303)} == {}
    assert len(answered) >= 15
    assert everything(product) == before
