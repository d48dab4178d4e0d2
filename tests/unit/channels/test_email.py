import json

import pytest

from chalicelib.channels.email import BULK, MemoryEmailSender, SesEmailSender
from chalicelib.channels.model import Accepted, Mail, MailRecipient, Refusal, Refused
from chalicelib.platform.outgoing import NoAnswer, NoConnection

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
def bulk(operation):
    return operation("sesv2", "SendBulkEmail")


@pytest.fixture
def sender(provider):
    return SesEmailSender("Burgernet <noreply@burgernet.example>", "burgernet", provider)


def taken(*results):
    return 200, {"Content-Type": "application/json"}, json.dumps({"BulkEmailEntryResults": results}).encode()


def refusal(code, status=400):
    headers = {"x-amzn-errortype": f"{code}:http://internal.amazon.com/"}
    return status, headers, b'{"message":"about p1@burgernet.example"}'


def entry(number):
    return {
        "Destination": {"ToAddresses": [f"p{number}@burgernet.example"]},
        "ReplacementTags": [{"Name": "alert", "Value": "0000000abc"}, {"Name": "index", "Value": str(number)}],
        "ReplacementEmailContent": {
            "ReplacementTemplate": {
                "ReplacementTemplateData": json.dumps(dict(recipient(number).values), separators=(",", ":"))
            }
        },
        "ReplacementHeaders": [
            {"Name": "List-Unsubscribe", "Value": f"<https://b.example/u/{number}>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        ],
    }


def test_one_call_takes_a_mail_to_many_with_what_is_theirs(sender, provider, bulk):
    expected = {
        "FromEmailAddress": "Burgernet <noreply@burgernet.example>",
        "ConfigurationSetName": "burgernet",
        "DefaultContent": {
            "Template": {
                "TemplateContent": {"Subject": MAIL.subject, "Text": MAIL.text, "Html": MAIL.html},
                "TemplateData": '{"manage":"","reply":""}',
            }
        },
        "BulkEmailEntries": [entry(1), entry(2)],
    }
    results = [{"Status": "SUCCESS", "MessageId": "m1"}, {"Status": "TRANSIENT_FAILURE", "Error": "later"}]
    provider.answers = [taken(*results)]
    answers = sender.send(MAIL, [recipient(1), recipient(2)])
    ((path, body, headers),) = provider.asked
    theirs = bulk.request(expected)
    assert (path, json.loads(body)) == (theirs["url_path"], json.loads(theirs["body"]))
    assert headers["Content-Type"] == theirs["headers"]["Content-Type"]
    assert bulk.parsed(*taken(*results))["BulkEmailEntryResults"] == results
    assert answers == [Accepted("m1"), Refused(Refusal.TEMPORARY, "TRANSIENT_FAILURE")]


def test_an_answer_may_leave_out_or_leave_empty_what_does_not_apply(sender, provider):
    results = [{"Status": "SUCCESS", "Error": None, "MessageId": "m1"}, {"Status": "FAILED", "MessageId": None}, {}]
    provider.answers = [taken(*results)]
    failed = Refused(Refusal.TEMPORARY, "FAILED")
    assert sender.send(MAIL, [recipient(1), recipient(2), recipient(3)]) == [Accepted("m1"), failed, failed]


def test_a_second_call_of_the_same_mail_says_the_same_to_others(sender, provider):
    provider.answers = [taken({"Status": "SUCCESS", "MessageId": "m"})] * 3
    for mail in (MAIL, MAIL, Mail("Gevonden", MAIL.text, MAIL.html)):
        sender.send(mail, [recipient(1)])
    first, second, third = (json.loads(body) for _, body, _ in provider.asked)
    assert first == second
    assert third["DefaultContent"]["Template"]["TemplateContent"]["Subject"] == "Gevonden"


def test_a_recipient_is_safe_to_print():
    assert repr(recipient(1)) == "MailRecipient(tags={'alert': '0000000abc', 'index': '1'})"


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
def test_a_status_is_told_in_our_words(sender, provider, status, reason):
    provider.answers = [taken({"Status": status, "Error": "about p1@burgernet.example"})]
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
def test_a_call_that_is_refused_is_refused_for_everybody_in_it(sender, provider, bulk, code, reason):
    provider.answers = [refusal(code)]
    answers = sender.send(MAIL, [recipient(1), recipient(2)])
    assert bulk.parsed(*refusal(code))["Error"]["Code"] == code
    assert answers == [Refused(reason, code)] * 2


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (NoConnection("ConnectTimeoutError"), Refusal.TEMPORARY),
        (NoAnswer("ReadTimeoutError"), Refusal.UNKNOWN),
    ],
)
def test_only_where_no_connection_came_about_is_it_certain_that_nothing_was_taken(sender, provider, failure, reason):
    provider.answers = [failure]
    assert sender.send(MAIL, [recipient(1)]) == [Refused(reason, str(failure))]
    assert len(provider.asked) == 1


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
