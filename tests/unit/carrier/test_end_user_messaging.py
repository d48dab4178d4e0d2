"""AWS End User Messaging as real clients see it."""

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.carrier.outlets import Kind

PHONE = "+31201234567"
UNCHECKED = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
SSML = '<speak><break time="1s"/><p>Bel <say-as interpret-as="digits">112</say-as>.</p><p>Nu &amp; meteen.</p></speak>'
CONTEXT = {"alert": "7k2m000000", "message": "call", "batch": "00000-00001", "index": "7"}


@pytest.fixture(scope="module")
def phones(started, session):
    client = session.client("pinpoint-sms-voice-v2", endpoint_url=started.url, config=UNCHECKED)
    yield client
    client.close()


def call(phones, phone=PHONE, **changes):
    given = {
        "DestinationPhoneNumber": phone,
        "OriginationIdentity": "burgernet",
        "MessageBody": SSML,
        "MessageBodyTextType": "SSML",
        "VoiceId": "LOTTE",
        "ConfigurationSetName": "burgernet",
        "TimeToLive": 600,
        "Context": CONTEXT,
    }
    return phones.send_voice_message(**(given | changes))["MessageId"]


def text(phones, phone="+31612345678", **changes):
    given = {
        "DestinationPhoneNumber": phone,
        "OriginationIdentity": "Burgernet",
        "MessageBody": "Vermist: Noor €",
        "MessageType": "TRANSACTIONAL",
        "ConfigurationSetName": "burgernet",
        "Context": CONTEXT,
    }
    return phones.send_text_message(**(given | changes))["MessageId"]


def refusal(send, *arguments, **changes):
    with pytest.raises(ClientError) as caught:
        send(*arguments, **changes)
    answer = caught.value.response
    return answer["Error"]["Code"], answer.get("Reason")


def said(carrier):
    return [event["eventType"] for event in carrier.outlets[Kind.PHONE_EVENT].taken]


def test_a_call_shows_what_was_said_and_how(carrier, phones):
    message_id = call(phones)
    [message] = carrier.messages(channel="voice", alert="7k2m000000")
    assert message.pop("seq") > 0
    assert message == {
        "id": message_id,
        "channel": "voice",
        "to": PHONE,
        "at": "2026-11-23T20:15:00.000Z",
        "status": "accepted",
        "alert": "7k2m000000",
        "sender": "burgernet",
        "tags": CONTEXT,
        "text": "Bel 112. Nu & meteen.",
        "ssml": SSML,
        "voice": "LOTTE",
        "life_s": 600,
    }
    assert "Bel 112. Nu &amp; meteen." in carrier.http.get("/").text


def test_a_text_lies_on_the_phone(carrier, phones):
    text(phones)
    [message] = carrier.messages(channel="sms")
    assert (message["text"], message["sender"], message["sms_type"]) == (
        "Vermist: Noor €",
        "Burgernet",
        "Transactional",
    )
    assert (message["parts"], message["encoding"], message["alert"]) == (1, "GSM-7", "7k2m000000")


def test_of_a_call_that_is_answered_everything_is_told_in_turn(carrier, phones):
    message_id = call(phones)
    carrier.pass_time()
    assert said(carrier) == ["VOICE_INITIATED", "VOICE_RINGING", "VOICE_ANSWERED", "VOICE_COMPLETED"]
    last = carrier.outlets[Kind.PHONE_EVENT].taken[-1]
    assert (last["messageId"], last["context"], last["isFinal"]) == (message_id, CONTEXT, True)
    assert [event["isFinal"] for event in carrier.outlets[Kind.PHONE_EVENT].taken[:-1]] == [False] * 3
    assert carrier.messages()[0]["status"] == "delivered"


def test_an_event_of_a_text_tells_its_parts_and_price(carrier, phones):
    text(phones, MessageBody="x" * 200)
    carrier.pass_time()
    assert said(carrier) == ["TEXT_QUEUED", "TEXT_DELIVERED"]
    last = carrier.outlets[Kind.PHONE_EVENT].taken[-1]
    assert (last["totalMessageParts"], last["totalMessagePrice"], last["messageStatus"]) == (2, 0.16, "DELIVERED")
    assert carrier.outlets[Kind.SMS_DELIVERED].taken == []


def test_without_a_configuration_set_nothing_is_told(carrier, phones):
    call(phones, ConfigurationSetName="")
    carrier.pass_time()
    assert said(carrier) == []
    assert carrier.messages()[0]["status"] == "delivered"


@pytest.mark.parametrize(
    ("fault", "call_ends", "text_ends", "status"),
    [
        ("bounced", "VOICE_FAILED", "TEXT_INVALID", "bounced"),
        ("undelivered", "VOICE_NO_ANSWER", "TEXT_UNREACHABLE", "undelivered"),
        ("busy", "VOICE_BUSY", "TEXT_DELIVERED", "undelivered"),
    ],
)
def test_a_fault_ends_in_awss_own_word(carrier, phones, fault, call_ends, text_ends, status):
    carrier.faults({"fault": fault})
    call(phones)
    text(phones)
    carrier.pass_time()
    assert {call_ends, text_ends} <= set(said(carrier))
    assert carrier.messages(channel="voice")[0]["status"] == status


def test_silent_and_doubled_receipts_are_for_calls_too(carrier, phones):
    carrier.faults({"fault": "silent", "times": 1}, {"fault": "duplicate_receipt"})
    call(phones)
    carrier.pass_time()
    assert said(carrier) == []
    call(phones)
    carrier.pass_time()
    assert said(carrier).count("VOICE_COMPLETED") == 2


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ("throttled", ("ThrottlingException", None)),
        ("rejected", ("ValidationException", "INVALID_PARAMETER")),
        ("opted_out", ("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT")),
    ],
)
@pytest.mark.parametrize("send", [call, text])
def test_what_is_not_taken_is_awss_own_error_and_counted(carrier, phones, send, fault, answer):
    carrier.faults({"fault": fault, "times": 1})
    assert refusal(send, phones) == answer
    assert carrier.messages() == []
    channel = "voice" if send is call else "sms"
    assert carrier.http.get("/counts").json() == {channel: {fault: 1}}
    send(phones)
    assert len(carrier.messages()) == 1


@pytest.mark.parametrize("phone", ["abc", "0201234567", "+0201234567"])
def test_what_is_no_e164_number_is_refused(carrier, phones, phone):
    assert refusal(call, phones, phone=phone)[0] == "ValidationException"
    assert carrier.messages() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"MessageBody": "<speak>x"},
        {"MessageBody": "<p>x</p>"},
        {"MessageBody": '<speak><audio src="s3://burgernet/noor.wav"/></speak>'},
        {"MessageBody": '<!DOCTYPE s [<!ENTITY a "x">]><speak>&a;</speak>'},
        {"MessageBody": f"<speak>{'x' * 3_001}</speak>"},
        {"MessageBody": "x" * 6_001},
        {"VoiceId": "NOBODY"},
        {"TimeToLive": 4},
        {"OriginationIdentity": "a b"},
        {"Context": {str(n): "x" for n in range(6)}},
    ],
)
def test_what_aws_would_not_say_is_refused(carrier, phones, changes):
    assert refusal(call, phones, **changes)[0] == "ValidationException"
    assert carrier.messages() == []


def test_another_operation_and_a_body_that_is_none_are_refused_as_aws_does(carrier, phones):
    with pytest.raises(ClientError, match="UnknownOperationException"):
        phones.describe_pools()
    headers = {"X-Amz-Target": "PinpointSMSVoiceV2.SendVoiceMessage"}
    answer = carrier.http.post("/", content=b"[", headers=headers)
    assert (answer.status_code, answer.json()["__type"]) == (400, "ValidationException")
