"""Amazon SNS as real clients see it."""

import pytest
from botocore.exceptions import ClientError

from local.carrier.outlets import Kind

PHONE = "+31612345678"


def publish(sns, phone=PHONE, text="Kijk uit naar een rode fiets", **attributes):
    return sns.publish(
        PhoneNumber=phone,
        Message=text,
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
    )


def refusal(sns, **arguments) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        publish(sns, **arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_text_lies_on_the_phone(carrier, sns):
    text = "Vermist: jongen, 8 jaar, blauwe jas & gele laarzen < 1,30 m. 100% €"
    answer = publish(sns, text=text, alert="7k2m000000")
    [message] = carrier.messages()
    assert message.pop("seq") > 0
    assert message == {
        "id": answer["MessageId"],
        "channel": "sms",
        "to": PHONE,
        "at": "2026-11-23T20:15:00.000Z",
        "status": "accepted",
        "alert": "7k2m000000",
        "sender": "NOTICE",
        "tags": {"alert": "7k2m000000"},
        "text": text,
        "parts": 1,
        "encoding": "GSM-7",
        "sms_type": "Promotional",
    }


def test_sender_id_and_type_are_snss_own_attributes(carrier, sns):
    publish(sns, **{"AWS.SNS.SMS.SenderID": "Burgernet", "AWS.SNS.SMS.SMSType": "Transactional"})
    [message] = carrier.messages()
    assert (message["sender"], message["sms_type"], message["tags"]) == ("Burgernet", "Transactional", {})


def test_every_message_has_its_own_id(sns):
    assert publish(sns)["MessageId"] != publish(sns)["MessageId"]


@pytest.mark.parametrize("phone", ["abc", "0612345678", "31612345678", "+0612345678", "+31 6 12345678", "+" + "1" * 16])
def test_what_is_no_e164_number_is_refused(sns, carrier, phone):
    assert refusal(sns, phone=phone) == ("InvalidParameter", 400)
    assert carrier.messages() == []


@pytest.mark.parametrize("text", ["", "x" * 1601])
def test_an_empty_or_endless_text_is_refused(sns, text):
    assert refusal(sns, text=text) == ("InvalidParameter", 400)


def test_a_sender_id_of_twelve_characters_is_refused(sns):
    assert refusal(sns, **{"AWS.SNS.SMS.SenderID": "BurgernetNL1"}) == ("InvalidParameter", 400)


def test_a_topic_is_refused(sns):
    with pytest.raises(sns.exceptions.InvalidParameterException):
        sns.publish(TopicArn="arn:aws:sns:eu-west-1:000000000000:x", Message="x")


def test_another_action_is_refused(sns):
    with pytest.raises(ClientError, match="InvalidAction"):
        sns.list_topics()


def test_a_body_that_is_no_form_is_refused_as_aws_does(carrier):
    answer = carrier.http.post("/", content=b"\xff\xfe")
    assert answer.status_code == 400
    assert "<Code>MalformedQueryString</Code>" in answer.text


def test_throttled_is_snss_own_error(carrier, sns):
    carrier.faults({"channel": "sms", "fault": "throttled", "times": 1})
    assert refusal(sns) == ("Throttling", 400)
    publish(sns)
    assert carrier.http.get("/counts").json() == {"sms": {"accepted": 1, "throttled": 1}}


def test_rejected_is_snss_own_error(carrier, sns):
    carrier.faults({"channel": "sms", "to": PHONE, "fault": "rejected"})
    assert refusal(sns) == ("InvalidParameter", 400)
    assert carrier.messages() == []


def test_slow_is_taken_before_it_is_answered(carrier, sns):
    carrier.faults({"fault": "slow", "delay_ms": 150})
    publish(sns)
    assert [message["to"] for message in carrier.messages()] == [PHONE]


def test_the_delivery_log_has_snss_shape(carrier, sns):
    answer = publish(sns, text="x" * 161, **{"AWS.SNS.SMS.SMSType": "Transactional"})
    carrier.pass_time(1.5)
    assert carrier.outlets[Kind.SMS_DELIVERED].taken == [
        {
            "notification": {"messageId": answer["MessageId"], "timestamp": "2026-11-23 20:15:00.000"},
            "delivery": {
                "phoneCarrier": "Local carrier",
                "mcc": 204,
                "mnc": 99,
                "numberOfMessageParts": 2,
                "destination": PHONE,
                "priceInUSD": 0.16,
                "smsType": "Transactional",
                "providerResponse": "Message has been accepted by phone",
                "dwellTimeMs": 1500,
                "dwellTimeMsUntilDeviceAck": 1500,
            },
            "status": "SUCCESS",
        }
    ]
    assert carrier.messages()[0]["status"] == "delivered"


@pytest.mark.parametrize(
    ("fault", "response"),
    [
        ("bounced", "Invalid phone number"),
        ("undelivered", "Phone is currently unreachable/unavailable"),
        ("opted_out", "Phone number is opted out"),
    ],
)
def test_a_failure_goes_to_the_log_of_failures(carrier, sns, fault, response):
    carrier.faults({"fault": fault})
    publish(sns)
    carrier.pass_time()
    [entry] = carrier.outlets[Kind.SMS_FAILED].taken
    assert (entry["status"], entry["delivery"]["providerResponse"]) == ("FAILURE", response)
    assert "phoneCarrier" not in entry["delivery"]
    assert carrier.outlets[Kind.SMS_DELIVERED].taken == []
    assert carrier.messages()[0]["status"] == fault
