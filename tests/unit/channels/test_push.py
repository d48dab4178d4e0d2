"""Web Push: encrypted as the standard's own example is, signed so that a push service believes it, and its answers."""

import base64
import socket
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.channels.model import Accepted, Device, Refusal, Refused
from chalicelib.channels.push import MemoryPushSender, WebPushSender
from chalicelib.channels.push_encryption import RECORD, decoded, encrypt, public_key
from chalicelib.channels.vapid import RENEWED_S, VALID_S, Vapid
from chalicelib.platform.clock import ManualClock, epoch
from chalicelib.platform.outgoing import Answer, NoAnswer, NoConnection

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/abc"
# RFC 8291, section 5 and appendix A.
EXAMPLE = Device(
    "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95"
    "bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


class Service:
    """A push service that gives one answer, and keeps what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def post(self, url, body, headers):
        self.asked.append((url, body, headers))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def clock():
    return ManualClock(START)


@pytest.fixture
def vapid(clock):
    return Vapid("s" * 64, "https://burgernet.example", clock)


def test_the_example_of_the_standard_comes_out_to_the_letter():
    key = ec.derive_private_key(int.from_bytes(decoded(SENDER)), ec.SECP256R1())
    body = encrypt(b"When I grow up, I want to be a watermelon", EXAMPLE, key, decoded(SALT))
    assert base64.urlsafe_b64encode(body).rstrip(b"=").decode() == BODY


def test_no_two_bodies_are_alike_and_the_largest_fits_in_a_record():
    one, other = encrypt(b"a" * 3993, EXAMPLE), encrypt(b"a" * 3993, EXAMPLE)
    assert one[:16] != other[:16]
    assert one[21:86] != other[21:86]
    assert len(one) == RECORD


@pytest.mark.parametrize("text", ["", "BA", EXAMPLE.p256dh[:-2] + "AA", EXAMPLE.auth, "A" * 87])
def test_what_is_no_point_of_the_curve_is_no_key(text):
    with pytest.raises(ValueError, match=r"."):
        public_key(text)


def test_the_same_secret_gives_the_same_key_and_another_another(clock, vapid):
    assert vapid.public_key == Vapid("s" * 64, "https://other.example", clock).public_key
    assert vapid.public_key != Vapid("t" * 64, "https://burgernet.example", clock).public_key
    assert len(decoded(vapid.public_key)) == 65
    assert "s" * 64 not in repr(vapid)


def test_who_sends_says_so_in_a_token_for_one_push_service(vapid):
    scheme, token, key = vapid.authorization(ENDPOINT).replace(",", "").split(" ")
    assert (scheme, key) == ("vapid", f"k={vapid.public_key}")
    claims = jwt.decode(
        token.removeprefix("t="),
        public_key(vapid.public_key),
        ["ES256"],
        audience="https://updates.push.services.mozilla.com",
        options={"verify_exp": False},
    )
    assert claims["sub"] == "https://burgernet.example"
    assert claims["exp"] == epoch(START) + VALID_S


def test_a_token_serves_for_some_hours_and_is_then_made_anew(clock, vapid):
    first = vapid.authorization(ENDPOINT)
    clock.advance(seconds=RENEWED_S - 1)
    assert vapid.authorization(ENDPOINT + "/other") == first
    assert vapid.authorization("https://web.push.apple.com/a") != first
    clock.advance(seconds=1)
    assert vapid.authorization(ENDPOINT) != first


def test_a_message_says_until_when_it_is_of_use_how_urgent_it_is_and_what_it_replaces(vapid):
    service = Service(Answer(201, {"location": "https://push.example/m/1"}, b""))
    answer = WebPushSender(vapid, service).push(EXAMPLE, b"{}", life_s=600, topic="7k2m000000")
    assert answer == Accepted("https://push.example/m/1")
    ((url, body, headers),) = service.asked
    assert (url, body[16:20]) == (EXAMPLE.endpoint, RECORD.to_bytes(4))
    assert {name: headers[name] for name in ("TTL", "Urgency", "Topic", "Content-Encoding")} == {
        "TTL": "600",
        "Urgency": "high",
        "Topic": "7k2m000000",
        "Content-Encoding": "aes128gcm",
    }


def test_what_is_late_is_never_of_use_for_less_than_nothing(vapid):
    service = Service(Answer(201, {}, b""))
    WebPushSender(vapid, service).push(EXAMPLE, b"{}", life_s=-3)
    assert service.asked[0][2]["TTL"] == "0"
    assert "Topic" not in service.asked[0][2]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Refusal.PERMANENT),
        (401, Refusal.TEMPORARY),
        (403, Refusal.PERMANENT),
        (404, Refusal.PERMANENT),
        (410, Refusal.PERMANENT),
        (413, Refusal.PERMANENT),
        (429, Refusal.THROTTLED),
        (302, Refusal.TEMPORARY),
        (500, Refusal.TEMPORARY),
        (503, Refusal.TEMPORARY),
    ],
)
def test_each_answer_is_one_of_the_kinds_of_refusal(vapid, status, reason):
    sender = WebPushSender(vapid, Service(Answer(status, {}, b"")))
    assert sender.push(EXAMPLE, b"{}", life_s=60) == Refused(reason, str(status))


@pytest.mark.parametrize(
    ("error", "reason"), [(NoConnection("refused"), Refusal.TEMPORARY), (NoAnswer("late"), Refusal.UNKNOWN)]
)
def test_no_connection_took_nothing_and_no_answer_may_have(vapid, error, reason):
    assert WebPushSender(vapid, Service(error)).push(EXAMPLE, b"{}", life_s=60) == Refused(reason, str(error))


@pytest.mark.parametrize(
    ("said", "after_s"),
    [
        ({}, 0),
        ({"retry-after": "17"}, 17),
        ({"retry-after": "Mon, 23 Nov 2026 20:15:30 GMT"}, 30),
        ({"retry-after": "Mon, 23 Nov 2026 20:14:00 GMT"}, 0),
        ({"retry-after": "99999999999"}, 999_999),
        *(({"retry-after": nonsense}, 0) for nonsense in ("", "soon", "-5", "1.5", "²")),
    ],
)
def test_a_push_service_says_how_long_it_wants_to_be_left_alone(vapid, said, after_s):
    service = Service(Answer(429, said, b""))
    answer = WebPushSender(vapid, service).push(EXAMPLE, b"{}", life_s=60)
    assert answer == Refused(Refusal.THROTTLED, "429", after_s)


def test_where_nobody_listens_nothing_was_taken(vapid):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Device(f"http://127.0.0.1:{taken.getsockname()[1]}/push/a", EXAMPLE.p256dh, EXAMPLE.auth)
        assert WebPushSender(vapid).push(nobody, b"{}", life_s=60).reason is Refusal.TEMPORARY


def test_nothing_of_a_device_is_printed():
    assert repr(EXAMPLE) == "Device()"


def test_the_twin_keeps_what_was_sent_and_refuses_as_told():
    gone = Refused(Refusal.PERMANENT, "410")
    twin = MemoryPushSender(refusals={EXAMPLE.endpoint: [gone]})
    answers = [twin.push(EXAMPLE, b"{}", life_s=60, topic="a") for _ in range(2)]
    assert answers == [gone, Accepted("push-1")]
    assert [(sent.device, sent.payload, sent.life_s, sent.topic) for sent in twin.sent] == [(EXAMPLE, b"{}", 60, "a")]
