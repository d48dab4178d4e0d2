"""What only a deployment shows: the gateway's own answers, the queues' dead letters, functions called by hand."""

import json
import time

import httpx
import pytest

from chalicelib.staff.model import Role
from local import tokens
from local.demo.client import Api, Carrier, until
from local.scenarios import BURGLARY
from local.staff_accounts import contacts_of

ERROR = {"code", "message", "fields", "request_id"}


@pytest.fixture(scope="module")
def http(addresses):
    with httpx.Client(base_url=addresses.api, timeout=30) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nowhere", {}, {404}),
        ("DELETE", "/sign-ups", {}, {404, 405}),
        ("GET", "/alerts", {}, {401}),
        ("GET", "/alerts", {"Authorization": "Bearer nobody"}, {401, 403}),
        ("GET", "/me", {}, {401}),
        ("GET", "/tips/0000000000", {}, {404}),
        ("POST", "/sign-ups", {"Content-Type": "text/plain"}, {415}),
        ("POST", "/sign-ups", {"Content-Type": "application/json"}, {422}),
    ],
)
def test_every_refusal_has_the_one_error_shape(http, method, path, headers, status):
    answer = http.request(method, path, headers=headers)
    assert answer.status_code in status
    assert set(answer.json()["error"]) == ERROR


def test_a_body_that_is_too_large_is_refused(http):
    answer = http.post("/sign-ups", json={"phone": "0" * 300_000})
    assert answer.status_code == 413
    assert set(answer.json()["error"]) == ERROR


def test_the_published_document_is_the_committed_one(http):
    document = http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/sign-ups/{id}/verification" in document["paths"]


def test_health_answers(http):
    assert http.get("/health").json() == {"status": "ok"}


def test_an_address_is_found_by_the_deployed_geocoder(http, stack):
    street = json.loads((stack.folder / "town" / "addresses.json").read_text())[0]
    found = http.get("/addresses", params={"q": street["weergavenaam"]}).json()["addresses"]
    assert street["weergavenaam"] in [address["label"] for address in found]


def by_hand(stack, function, event):
    client = stack.emulator.client("lambda")
    answer = client.invoke(FunctionName=f"burgernet-local-{function}", Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer
    return json.loads(answer["Payload"].read())


def test_a_message_that_nobody_understands_ends_in_the_dead_letter_queue_and_can_be_put_back(stack):
    sqs = stack.emulator.client("sqs")
    queue = sqs.get_queue_url(QueueName="burgernet-local-plan")["QueueUrl"]
    dead = sqs.get_queue_url(QueueName="burgernet-local-plan-dead-letters")["QueueUrl"]
    # The template's own redrive takes minutes of visibility; the rule is the same with a second.
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})
    sqs.send_message(QueueUrl=queue, MessageBody='{"phone": "+31612345678"}')

    def arrived():
        messages = sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1, VisibilityTimeout=0).get("Messages", [])
        return messages[0] if messages else None

    assert until(arrived, "the dead letter")["Body"] == '{"phone": "+31612345678"}'
    assert by_hand(stack, "redrive", {})["waiting"]["plan"] == 1
    assert by_hand(stack, "redrive", {"queue": "plan"})["moved"] == 1
    assert until(arrived, "the same letter again")["Body"] == '{"phone": "+31612345678"}'


def test_the_summaries_can_be_sent_by_hand(stack, addresses):
    period = time.strftime("%G-W%V")
    assert by_hand(stack, "summarise", {"period": period, "again": True}) == {"sent": 2, "failed": 0}
    with httpx.Client() as client:
        inbox = client.get(f"{addresses.carrier}/messages", params={"to": "gm9001@burgernet.example"}).json()
    assert "Burgernet in Fabelstad" in inbox[-1]["subject"]


def test_a_test_arrives_at_every_canary(http, stack):
    admin = {"Authorization": f"Bearer {tokens.issue(Role.ADMIN, user='piet')}"}
    assert by_hand(stack, "canary", {"send": True})["sent"] == 2

    def arrived():
        run = http.get("/canary", headers=admin).json()["runs"][0]
        return run if len(run["arrived"]) == run["expected"] else None

    run = until(arrived, "both canaries")
    assert [it["area"] for it in run["arrived"]] == ["GM9001", "GM9002"]
    assert all(it["seconds"] > 0 for it in run["arrived"])


def test_a_proof_of_an_alert_comes_to_who_asks_for_it_and_to_nobody_else(http, addresses):
    noor = Api(http, addresses.api, tokens.issue(Role.DISPATCHER, user="noor"))
    alert = noor.post("/alerts", BURGLARY.alert)["id"]
    with httpx.Client(timeout=30) as client:
        carrier = Carrier(client, addresses.carrier)
        before = carrier.last()
        assert noor.post(f"/alerts/{alert}/proof", {"language": "en"}) == {"channels": ["sms", "voice", "email"]}

        def arrived():
            found = [
                it for it in carrier.messages(after=str(before)) if "PROOF" in it["text"] or "a proof" in it["text"]
            ]
            return found if len(found) == 3 else None

        own = contacts_of("noor", 1)
        assert sorted(it["to"] for it in until(arrived, "the proofs")) == sorted([own.phone, own.phone, own.email])
    assert noor.get(f"/alerts/{alert}")["state"] == "draft"


def test_a_staff_token_opens_what_its_role_may(http):
    for role in Role:
        answer = http.get("/areas", headers={"Authorization": f"Bearer {tokens.issue(role, user=str(role))}"})
        assert answer.status_code == (403 if role is Role.AUDITOR else 200)
    analyst = {"Authorization": f"Bearer {tokens.issue(Role.ANALYST, user='carla')}"}
    assert http.post("/alerts", json={}, headers=analyst).status_code == 403
