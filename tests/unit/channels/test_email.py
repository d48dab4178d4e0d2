import json

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError, SSLError
from botocore.stub import Stubber

from chalicelib.channels.email import BULK, MemoryEmailSender, SesEmailSender
from chalicelib.channels.model import Accepted, Mail, MailRecipient, Refusal, Refused

MAIL = Mail("Vermist", "Zag u haar? {{reply}}", '<a href="{{reply}}">Ja</a> <a href="{{manage}}">Stoppen</a>')


def recipient(number, **changes):
    given = {
        "address": f"p{number}@burgernet.example",
        "values": {"reply": f"https://b.example/t/{number}", "manage": f"https://b.example/manage#{number}"},
        "tags": {"alert": "0000000abc", "index": str(number)},
        "unsubscribe_url": f"https://b.example/u/{number}",
    }
    return MailRecipient(**{**given, **changes})


@pytest.fixture
def ses():
    return boto3.client("sesv2", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture
def sender(ses):
    return SesEmailSender(lambda: ses, "Burgernet <noreply@burgernet.example>", "burgernet")


def entry(number):
    return {
        "Destination": {"ToAddresses": [f"p{number}@burgernet.example"]},
        "ReplacementTags": [{"Name": "alert", "Value": "0000000abc"}, {"Name": "index", "Value": str(number)}],
        "ReplacementEmailContent": {
            "ReplacementTemplate": {"ReplacementTemplateData": json.dumps(dict(recipient(number).values))}
        },
        "ReplacementHeaders": [
            {"Name": "List-Unsubscribe", "Value": f"<https://b.example/u/{number}>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        ],
    }


def test_one_call_takes_a_mail_to_many_with_what_is_theirs(ses, sender):
    expected = {
        "FromEmailAddress": "Burgernet <noreply@burgernet.example>",
        "ConfigurationSetName": "burgernet",
        "DefaultContent": {
            "Template": {
                "TemplateContent": {"Subject": MAIL.subject, "Text": MAIL.text, "Html": MAIL.html},
                "TemplateData": '{"manage": "", "reply": ""}',
            }
        },
        "BulkEmailEntries": [entry(1), entry(2)],
    }
    results = [{"Status": "SUCCESS", "MessageId": "m1"}, {"Status": "TRANSIENT_FAILURE", "Error": "later"}]
    with Stubber(ses) as stub:
        stub.add_response("send_bulk_email", {"BulkEmailEntryResults": results}, expected)
        answers = sender.send(MAIL, [recipient(1), recipient(2)])
    assert answers == [Accepted("m1"), Refused(Refusal.TEMPORARY, "TRANSIENT_FAILURE")]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("MESSAGE_REJECTED", Refusal.PERMANENT),
        ("INVALID_PARAMETER", Refusal.PERMANENT),
        ("ACCOUNT_THROTTLED", Refusal.THROTTLED),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", Refusal.THROTTLED),
        ("ACCOUNT_SENDING_PAUSED", Refusal.TEMPORARY),
        ("FAILED", Refusal.TEMPORARY),
    ],
)
def test_a_status_is_told_in_our_words(ses, sender, status, reason):
    with Stubber(ses) as stub:
        results = [{"Status": status, "Error": "about p1@burgernet.example"}]
        stub.add_response("send_bulk_email", {"BulkEmailEntryResults": results})
        (answer,) = sender.send(MAIL, [recipient(1)])
    assert answer == Refused(reason, status)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("TooManyRequestsException", Refusal.THROTTLED),
        ("LimitExceededException", Refusal.THROTTLED),
        ("MessageRejected", Refusal.PERMANENT),
        ("BadRequestException", Refusal.PERMANENT),
        ("SendingPausedException", Refusal.TEMPORARY),
        ("InternalServerError", Refusal.TEMPORARY),
    ],
)
def test_a_call_that_is_refused_is_refused_for_everybody_in_it(ses, sender, code, reason):
    with Stubber(ses) as stub:
        stub.add_client_error("send_bulk_email", code, "about p1@burgernet.example")
        answers = sender.send(MAIL, [recipient(1), recipient(2)])
    assert answers == [Refused(reason, code)] * 2


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (ConnectTimeoutError(endpoint_url="https://ses.example"), Refusal.TEMPORARY),
        (SSLError(endpoint_url="https://ses.example", error="expired"), Refusal.TEMPORARY),
        (ReadTimeoutError(endpoint_url="https://ses.example"), Refusal.UNKNOWN),
    ],
)
def test_only_where_no_connection_came_about_is_it_certain_that_nothing_was_taken(ses, sender, failure, reason):
    def fail(**_):
        raise failure

    ses.meta.events.register("before-send.sesv2.SendBulkEmail", fail)
    assert sender.send(MAIL, [recipient(1)]) == [Refused(reason, type(failure).__name__)]


def test_a_recipient_shows_no_address():
    assert "burgernet.example" not in repr(recipient(1))
    assert "b.example" not in repr(recipient(1))


def test_nobody_takes_more_than_fifty_at_once(sender):
    for either in (sender, MemoryEmailSender()):
        with pytest.raises(ValueError, match="50"):
            either.send(MAIL, [recipient(n) for n in range(BULK + 1)])


def test_the_twin_fills_in_what_is_theirs():
    twin = MemoryEmailSender()
    assert twin.send(MAIL, [recipient(1)]) == [Accepted("email-1")]
    assert twin.sent[0][1].text == "Zag u haar? https://b.example/t/1"
