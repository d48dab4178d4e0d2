import boto3
import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.stub import Stubber

from chalicelib.channels.model import Accepted, Refusal, Refused
from chalicelib.channels.sms import MemorySmsSender, SnsSmsSender

PHONE = "+31612345678"
PUBLISH = {
    "PhoneNumber": PHONE,
    "Message": "Vermist: Noor",
    "MessageAttributes": {
        "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
        "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": "Burgernet"},
        "alert": {"DataType": "String", "StringValue": "0000000abc"},
    },
}


@pytest.fixture
def sns():
    return boto3.client("sns", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture
def sender(sns):
    return SnsSmsSender(lambda: sns, "Burgernet")


def test_a_text_is_published_to_one_number_as_transactional_under_our_name(sns, sender):
    with Stubber(sns) as stub:
        stub.add_response("publish", {"MessageId": "m1"}, PUBLISH)
        assert sender.send(PHONE, "Vermist: Noor", alert="0000000abc") == Accepted("m1")


def test_a_code_belongs_to_no_alert(sns, sender):
    own = {name: value for name, value in PUBLISH["MessageAttributes"].items() if name != "alert"}
    with Stubber(sns) as stub:
        stub.add_response("publish", {"MessageId": "m1"}, {**PUBLISH, "MessageAttributes": own})
        assert sender.send(PHONE, "Vermist: Noor") == Accepted("m1")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("Throttling", Refusal.THROTTLED),
        ("Throttled", Refusal.THROTTLED),
        ("InvalidParameter", Refusal.PERMANENT),
        ("ParameterValueInvalid", Refusal.PERMANENT),
        ("OptedOut", Refusal.OPTED_OUT),
        ("InternalError", Refusal.TEMPORARY),
        ("AuthorizationError", Refusal.TEMPORARY),
        ("SomethingNew", Refusal.TEMPORARY),
    ],
)
def test_what_sns_refuses_is_told_in_our_words(sns, sender, code, reason):
    with Stubber(sns) as stub:
        stub.add_client_error("publish", code, f"Invalid parameter: {PHONE}")
        answer = sender.send(PHONE, "Vermist: Noor")
    assert answer == Refused(reason, code)
    assert PHONE not in repr(answer)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ConnectTimeoutError(endpoint_url="https://sns.example"), Refusal.TEMPORARY),
        (EndpointConnectionError(endpoint_url="https://sns.example"), Refusal.TEMPORARY),
        (SSLError(endpoint_url="https://sns.example", error="expired"), Refusal.TEMPORARY),
        (ReadTimeoutError(endpoint_url="https://sns.example"), Refusal.UNKNOWN),
        (ConnectionClosedError(endpoint_url="https://sns.example"), Refusal.UNKNOWN),
    ],
)
def test_only_where_no_connection_came_about_is_it_certain_that_nothing_was_taken(sns, sender, failure, reason):
    def fail(**_):
        raise failure

    sns.meta.events.register("before-send.sns.Publish", fail)
    assert sender.send(PHONE, "Vermist: Noor") == Refused(reason, type(failure).__name__)


def test_the_twin_gives_the_answers_it_was_told_to_and_then_takes_the_text():
    twin = MemorySmsSender(refusals={PHONE: [Refused(Refusal.THROTTLED, "Throttling")]})
    assert twin.send(PHONE, "een") == Refused(Refusal.THROTTLED, "Throttling")
    assert twin.send(PHONE, "twee") == Accepted("sms-1")
    assert twin.sent == [(PHONE, "twee")]
