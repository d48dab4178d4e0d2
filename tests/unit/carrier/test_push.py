"""The carrier as a push service, written to by the product's own sender; and what its twin promises as well."""

import json

import httpx
import pytest

from chalicelib.channels.model import Accepted, Device, Refusal, Refused
from chalicelib.channels.push import MemoryPushSender, WebPushSender
from chalicelib.channels.push_encryption import encrypt
from chalicelib.channels.vapid import Vapid

SAID = {"title": "BURGERNET: Vermist: Noor", "body": "Rode jas, één laars.", "lang": "nl", "alert": "7k2m000000"}
PAYLOAD = json.dumps({**SAID, "url": "https://burgernet.example/t/abc"}).encode()


@pytest.fixture
def vapid(carrier):
    return Vapid("s" * 64, "https://burgernet.example", carrier.clock)


@pytest.fixture
def device(carrier, request):
    """One of its own for each test: a device remembers who it subscribed to."""
    given = carrier.http.get(f"/push/{request.node.originalname[:60]}").json()
    return Device(given["endpoint"], **given["keys"])


@pytest.fixture(params=["carrier", "twin"])
def sender(request, vapid):
    return WebPushSender(vapid) if request.param == "carrier" else MemoryPushSender()


def test_a_message_is_taken(sender, device):
    answer = sender.push(device, PAYLOAD, life_s=600, topic="7k2m000000")
    assert isinstance(answer, Accepted)
    assert answer.provider_id


def test_a_message_lies_on_the_device_as_it_was_meant(carrier, vapid, device):
    WebPushSender(vapid).push(device, PAYLOAD, life_s=600, topic="7k2m000000")
    (message,) = carrier.messages(channel="push", alert="7k2m000000")
    assert (message["subject"], message["life_s"], message["status"]) == (SAID["title"], 600, "accepted")
    assert message["text"] == f"{SAID['body']}\nhttps://burgernet.example/t/abc"
    assert message["headers"] == {"TTL": "600", "Urgency": "high", "Topic": "7k2m000000"}
    assert device.endpoint.endswith(message["to"])
    assert message["sender"] == "https://burgernet.example"


def test_it_is_delivered_and_nobody_says_so(carrier, vapid, device):
    WebPushSender(vapid).push(device, PAYLOAD, life_s=600)
    carrier.pass_time()
    (message,) = carrier.messages(channel="push")
    assert message["status"] == "delivered"
    assert not any(outlet.taken for outlet in carrier.outlets.values())


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("gone", Refused(Refusal.PERMANENT, "410")),
        ("throttled", Refused(Refusal.THROTTLED, "429", after_s=1)),
        ("rejected", Refused(Refusal.PERMANENT, "400")),
    ],
)
def test_a_fault_is_answered_counted_and_leaves_no_message(carrier, vapid, device, fault, answer):
    carrier.faults({"channel": "push", "fault": fault, "times": 1})
    assert WebPushSender(vapid).push(device, PAYLOAD, life_s=600) == answer
    assert carrier.messages() == []
    assert carrier.http.get("/counts").json() == {"push": {fault: 1}}
    assert isinstance(WebPushSender(vapid).push(device, PAYLOAD, life_s=600), Accepted)


def test_a_throttle_says_when_to_come_back(carrier, vapid, device):
    carrier.faults({"fault": "throttled"})
    answer = post(vapid, device, encrypt(PAYLOAD, device))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


def post(vapid, device, body, **changes):
    headers = {
        "Authorization": vapid.authorization(device.endpoint),
        "Content-Encoding": "aes128gcm",
        "TTL": "60",
        "Urgency": "high",
        "Topic": "a",
    }
    return httpx.post(device.endpoint, content=body, headers={**headers, **changes}, trust_env=False)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 201),
        ({"TTL": ""}, 400),
        ({"TTL": "-1"}, 400),
        ({"Urgency": "now"}, 400),
        ({"Topic": "a" * 33}, 400),
        ({"Topic": "a b"}, 400),
        ({"Content-Encoding": "aesgcm"}, 415),
        ({"Authorization": ""}, 401),
        ({"Authorization": "vapid t=a.b.c, k=BAAA"}, 403),
    ],
)
def test_headers_are_those_of_the_standards(carrier, vapid, device, changes, status):
    assert post(vapid, device, encrypt(PAYLOAD, device), **changes).status_code == status
    assert len(carrier.messages()) == (status == 201)


def test_a_token_for_another_service_or_one_that_has_ended_is_refused(carrier, vapid, device):
    elsewhere = vapid.authorization("https://web.push.apple.com/a")
    assert post(vapid, device, encrypt(PAYLOAD, device), Authorization=elsewhere).status_code == 403
    ended = vapid.authorization(device.endpoint)
    carrier.clock.advance(hours=13)
    assert post(vapid, device, encrypt(PAYLOAD, device), Authorization=ended).status_code == 403


def test_a_device_hears_only_whom_it_subscribed_to(carrier, vapid, device):
    assert post(vapid, device, encrypt(PAYLOAD, device)).status_code == 201
    other = Vapid("t" * 64, "https://burgernet.example", carrier.clock)
    assert WebPushSender(other).push(device, PAYLOAD, life_s=60) == Refused(Refusal.PERMANENT, "403")


def test_what_is_encrypted_for_another_device_cannot_be_read(carrier, vapid, device):
    other = carrier.http.get("/push/another").json()["keys"]
    for body in (encrypt(PAYLOAD, Device(device.endpoint, **other)), b"", b"a" * 200, encrypt(b"no JSON", device)):
        assert post(vapid, device, body).status_code == 400
    assert post(vapid, device, encrypt(PAYLOAD + b" " * 4000, device)).status_code == 413


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_that_no_device_has_is_not_found(carrier, method):
    assert carrier.http.request(method, "/push/a.b").status_code == 404


def test_every_device_has_keys_of_its_own_and_always_the_same(carrier):
    first, again, other = (carrier.http.get(f"/push/{name}").json() for name in ("a", "a", "b"))
    assert first == again
    assert first["keys"]["auth"] != other["keys"]["auth"]
