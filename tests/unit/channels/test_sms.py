from urllib.parse import parse_qsl

import pytest

from chalicelib.channels.model import Accepted, Refusal, Refused
from chalicelib.channels.sms import MemorySmsSender, SnsSmsSender
from chalicelib.platform.outgoing import NoAnswer, NoConnection

PHONE = "+31612345678"
TEXT = "Vermist: Noor & Jan, 7 jaar (één fiets) https://b.example/t/1?a=1%"
PUBLISH = {
    "PhoneNumber": PHONE,
    "Message": TEXT,
    "MessageAttributes": {
        "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
        "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": "Burgernet"},
        "alert": {"DataType": "String", "StringValue": "0000000abc"},
    },
}
XMLNS = "http://sns.amazonaws.com/doc/2010-03-31/"
TAKEN = (
    200,
    {},
    f"""<PublishResponse xmlns="{XMLNS}"><PublishResult><MessageId>m1</MessageId></PublishResult>
    <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>""".encode(),
)


def refusal(code, status=400):
    xml = f"""<ErrorResponse xmlns="{XMLNS}"><Error><Type>Sender</Type><Code>{code}</Code>
    <Message>Invalid parameter: {PHONE}</Message></Error><RequestId>r</RequestId></ErrorResponse>"""
    return status, {}, xml.encode()


@pytest.fixture
def publish(operation):
    return operation("sns", "Publish")


@pytest.fixture
def sender(provider):
    return SnsSmsSender("Burgernet", provider)


def test_a_text_is_published_to_one_number_as_transactional_under_our_name(sender, provider, publish):
    provider.answers = [TAKEN]
    assert sender.send(PHONE, TEXT, tags={"alert": "0000000abc", "index": "7"}) == Accepted("m1")
    ((path, body, headers),) = provider.asked
    theirs = publish.request(PUBLISH)
    assert (path, dict(parse_qsl(body.decode(), strict_parsing=True))) == (theirs["url_path"], theirs["body"])
    assert headers["Content-Type"] == theirs["headers"]["Content-Type"]
    assert publish.parsed(*TAKEN)["MessageId"] == "m1"


def test_a_code_belongs_to_no_alert(sender, provider, publish):
    own = {name: value for name, value in PUBLISH["MessageAttributes"].items() if name != "alert"}
    provider.answers = [TAKEN]
    assert sender.send(PHONE, TEXT) == Accepted("m1")
    theirs = publish.request({**PUBLISH, "MessageAttributes": own})
    assert dict(parse_qsl(provider.asked[0][1].decode())) == theirs["body"]


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
def test_what_sns_refuses_is_told_in_our_words(sender, provider, publish, code, reason):
    provider.answers = [refusal(code)]
    answer = sender.send(PHONE, "Vermist: Noor")
    assert answer == Refused(reason, code)
    assert publish.parsed(*refusal(code))["Error"]["Code"] == code
    assert PHONE not in repr(answer)
    assert len(provider.asked) == 1


def test_what_stands_before_sns_is_told_by_its_status(sender, provider):
    provider.answers = [(503, {}, b"<html>busy</html>")]
    assert sender.send(PHONE, "Vermist: Noor") == Refused(Refusal.TEMPORARY, "503")


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (NoConnection("ConnectTimeoutError"), Refusal.TEMPORARY),
        (NoAnswer("ReadTimeoutError"), Refusal.UNKNOWN),
    ],
)
def test_only_where_no_connection_came_about_is_it_certain_that_nothing_was_taken(sender, provider, failure, reason):
    provider.answers = [failure]
    assert sender.send(PHONE, "Vermist: Noor") == Refused(reason, str(failure))
    assert len(provider.asked) == 1


def test_the_twin_gives_the_answers_it_was_told_to_and_then_takes_the_text():
    twin = MemorySmsSender(refusals={PHONE: [Refused(Refusal.THROTTLED, "Throttling")]})
    assert twin.send(PHONE, "een") == Refused(Refusal.THROTTLED, "Throttling")
    assert twin.send(PHONE, "twee") == Accepted("sms-1")
    assert twin.sent == [(PHONE, "twee")]
