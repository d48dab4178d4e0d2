"""Amazon SES v2 as real clients see it."""

import json
import re
from email.message import EmailMessage

import pytest
from botocore.exceptions import ClientError

from local.carrier.outlets import Kind

SENDER = "Burgernet <noreply@burgernet.example>"
TEMPLATE = {"Subject": "Gezocht in {{place}}", "Text": "Ga naar {{url}}", "Html": "<p>Ga naar {{url}}</p>"}


def entry(address, tags=None, headers=None, **values):
    made = {
        "Destination": {"ToAddresses": [address]},
        "ReplacementTags": [{"Name": name, "Value": value} for name, value in (tags or {}).items()],
        "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": json.dumps(values)}},
    }
    if headers:
        made["ReplacementHeaders"] = [{"Name": name, "Value": value} for name, value in headers.items()]
    return made


def send_bulk(ses, entries, defaults=None, **more):
    template = {"TemplateContent": TEMPLATE, "TemplateData": json.dumps(defaults or {"place": "Utrecht", "url": ""})}
    return ses.send_bulk_email(
        FromEmailAddress=SENDER,
        ConfigurationSetName="burgernet",
        DefaultContent={"Template": template},
        BulkEmailEntries=entries,
        **more,
    )["BulkEmailEntryResults"]


def send(ses, content, to=("a@example.org",), **more):
    return ses.send_email(FromEmailAddress=SENDER, Destination={"ToAddresses": list(to)}, Content=content, **more)


def simple(text="Tekst"):
    return {"Simple": {"Subject": {"Data": "Onderwerp"}, "Body": {"Text": {"Data": text}}}}


def events(carrier, seconds=10):
    carrier.pass_time(seconds)
    return carrier.outlets[Kind.EMAIL_EVENT].taken


def test_fifty_people_get_their_own_mail_in_one_call(carrier, ses):
    results = send_bulk(ses, [entry(f"p{n}@example.org", url=f"https://x/t/{n}") for n in range(50)])
    assert {result["Status"] for result in results} == {"SUCCESS"}
    messages = carrier.messages(channel="email")
    assert [message["id"] for message in messages] == [result["MessageId"] for result in results]
    assert len({message["id"] for message in messages}) == 50
    assert messages[7]["text"] == "Ga naar https://x/t/7"
    assert messages[7]["subject"] == "Gezocht in Utrecht"


def test_fifty_one_are_too_many(carrier, ses):
    with pytest.raises(ses.exceptions.BadRequestException, match="Recipient count exceeds 50"):
        send_bulk(ses, [entry(f"p{n}@example.org") for n in range(51)])
    assert carrier.messages() == []


def test_message_ids_look_like_those_of_ses(ses):
    [result] = send_bulk(ses, [entry("a@example.org")])
    assert re.fullmatch(r"0102[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000", result["MessageId"])


def test_values_are_not_escaped_as_ses_does_not(carrier, ses):
    send_bulk(ses, [entry("a@example.org", url='<b>"&"</b>')])
    assert carrier.messages()[0]["html"] == '<p>Ga naar <b>"&"</b></p>'


def test_an_entry_replaces_tags_and_headers_of_the_same_name(carrier, ses):
    send_bulk(
        ses,
        [entry("a@example.org", {"index": "7", "alert": "b"}, {"List-Unsubscribe": "<https://x/u>"})],
        DefaultEmailTags=[{"Name": "alert", "Value": "a"}, {"Name": "message", "Value": "call"}],
        ReplyToAddresses=["meldkamer@example.org"],
    )
    [message] = carrier.messages()
    assert message["tags"] == {"alert": "b", "message": "call", "index": "7"}
    assert message["headers"] == {"List-Unsubscribe": "<https://x/u>"}
    assert message["reply_to"] == ["meldkamer@example.org"]
    assert message["sender"] == SENDER


def test_a_missing_value_is_found_out_after_it_was_taken(carrier, ses):
    [result] = send_bulk(ses, [entry("a@example.org")], defaults={"place": "Utrecht"})
    assert result["Status"] == "SUCCESS"
    [event] = events(carrier)
    assert event["eventType"] == "Rendering Failure"
    assert event["failure"]["errorMessage"] == "Attribute 'url' is not present in the rendering data."
    assert event["mail"]["messageId"] == result["MessageId"]
    assert carrier.messages()[0]["status"] == "rendering_failed"


@pytest.mark.parametrize("data", ["{nope", "", "[]", '{"url": NaN}', '{"url": "\\ud800"}', "[" * 10_000])
def test_values_that_are_no_json_object_fail_their_entry_alone(ses, data):
    bad = entry("b@example.org")
    bad["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"] = data
    statuses = [result["Status"] for result in send_bulk(ses, [entry("a@example.org"), bad])]
    assert statuses == ["SUCCESS", "INVALID_PARAMETER"]


@pytest.mark.parametrize("address", ["not an address", "a@", "@example.org", "a b@example.org"])
def test_a_wrong_address_fails_its_entry_alone(carrier, ses, address):
    results = send_bulk(ses, [entry(address), entry("a@example.org")])
    assert [result["Status"] for result in results] == ["INVALID_PARAMETER", "SUCCESS"]
    assert [message["to"] for message in carrier.messages()] == ["a@example.org"]


def test_a_tag_with_a_colon_is_refused(ses):
    with pytest.raises(ses.exceptions.BadRequestException):
        send_bulk(ses, [entry("a@example.org", {"alert": "a:b"})])


def test_a_stored_template_does_not_exist_here(ses):
    with pytest.raises(ses.exceptions.NotFoundException):
        send(ses, {"Template": {"TemplateName": "oproep", "TemplateData": "{}"}})


def test_block_helpers_are_refused_rather_than_left_in_the_text(ses):
    content = {"Subject": "x", "Text": "{{#if a}}b{{/if}}"}
    with pytest.raises(ses.exceptions.BadRequestException, match="#if a"):
        send(ses, {"Template": {"TemplateContent": content, "TemplateData": "{}"}})


def test_a_simple_mail(carrier, ses):
    answer = send(
        ses,
        {"Simple": {**simple()["Simple"], "Headers": [{"Name": "X-Kind", "Value": "code"}]}},
        EmailTags=[{"Name": "alert", "Value": "a1"}],
    )
    [message] = carrier.messages(to="A@example.org")
    assert (message["id"], message["subject"], message["text"]) == (answer["MessageId"], "Onderwerp", "Tekst")
    assert (message["html"], message["headers"], message["alert"]) == ("", {"X-Kind": "code"}, "a1")


def test_a_template_mail(carrier, ses):
    send(ses, {"Template": {"TemplateContent": TEMPLATE, "TemplateData": '{"place": "Ede", "url": "u"}'}})
    assert carrier.messages()[0]["subject"] == "Gezocht in Ede"


def test_a_raw_mail(carrier, ses):
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"] = SENDER, "Jan <jan@example.org>", "Zoekactie één"
    raw["List-Unsubscribe"] = "<https://x/u>"
    raw["X-SES-MESSAGE-TAGS"] = "alert=a1, index=3"
    raw.set_content("Tekst")
    raw.add_alternative("<p>Tekst</p>", subtype="html")
    ses.send_email(Content={"Raw": {"Data": raw.as_bytes()}})
    [message] = carrier.messages()
    assert (message["to"], message["sender"]) == ("jan@example.org", SENDER)
    assert (message["subject"], message["text"].strip()) == ("Zoekactie één", "Tekst")
    assert message["html"].strip() == "<p>Tekst</p>"
    assert message["headers"] == {"List-Unsubscribe": "<https://x/u>"}
    assert message["tags"] == {"alert": "a1", "index": "3"}


@pytest.mark.parametrize("data", [b"", b'From: "', b"\xff\x00", b"no headers at all"])
def test_a_raw_mail_that_is_none_is_refused(ses, data):
    with pytest.raises(ses.exceptions.BadRequestException):
        ses.send_email(Content={"Raw": {"Data": data}})


def test_each_recipient_of_one_mail_finds_it(carrier, ses):
    answer = send(ses, simple(), to=["a@example.org", "b@example.org"])
    assert [(m["to"], m["id"]) for m in carrier.messages()] == [
        ("a@example.org", answer["MessageId"]),
        ("b@example.org", answer["MessageId"]),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"BulkEmailEntries": 1}', b'{"Content": {}}', b"[" * 100_000, b"\xff"]
)
@pytest.mark.parametrize("path", ["outbound-emails", "outbound-bulk-emails"])
def test_nonsense_is_a_bad_request(carrier, path, body):
    answer = carrier.http.post(f"/v2/email/{path}", content=body)
    assert (answer.status_code, answer.headers["x-amzn-errortype"]) == (400, "BadRequestException")


def test_throttled_people_are_told_apart_in_a_bulk(carrier, ses):
    carrier.faults({"to": "b@example.org", "fault": "throttled"}, {"to": "c@.*", "fault": "rejected"})
    results = send_bulk(ses, [entry(f"{name}@example.org") for name in "abc"])
    assert [result["Status"] for result in results] == ["SUCCESS", "ACCOUNT_THROTTLED", "MESSAGE_REJECTED"]
    assert "MessageId" not in results[1]
    assert [message["to"] for message in carrier.messages()] == ["a@example.org"]
    assert carrier.http.get("/counts").json() == {"email": {"accepted": 1, "rejected": 1, "throttled": 1}}


def test_a_call_that_is_throttled_as_a_whole(carrier, ses):
    carrier.faults({"fault": "throttled"})
    with pytest.raises(ses.exceptions.TooManyRequestsException) as caught:
        send_bulk(ses, [entry("a@example.org"), entry("b@example.org")])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    with pytest.raises(ses.exceptions.TooManyRequestsException):
        send(ses, simple())


def test_a_single_mail_that_is_rejected(carrier, ses):
    carrier.faults({"fault": "rejected"})
    with pytest.raises(ses.exceptions.MessageRejected):
        send(ses, simple())


def test_events_have_the_shape_of_event_publishing(carrier, ses):
    [result] = send_bulk(ses, [entry("a@example.org", {"alert": "a1"}, {"List-Unsubscribe": "<https://x/u>"})])
    sent, delivered = events(carrier, 2)
    assert (sent["eventType"], sent["send"]) == ("Send", {})
    assert delivered["eventType"] == "Delivery"
    assert delivered["delivery"] == {
        "timestamp": "2026-11-23T20:15:02.000Z",
        "processingTimeMillis": 2000,
        "recipients": ["a@example.org"],
        "smtpResponse": "250 2.0.0 OK",
        "remoteMtaIp": "192.0.2.25",
        "reportingMTA": "a1-2.smtp-out.local-carrier.example",
    }
    mail = delivered["mail"]
    assert mail["timestamp"] == "2026-11-23T20:15:00.000Z"
    assert (mail["source"], mail["messageId"]) == (SENDER, result["MessageId"])
    assert (mail["destination"], mail["headersTruncated"]) == (["a@example.org"], False)
    assert {"name": "List-Unsubscribe", "value": "<https://x/u>"} in mail["headers"]
    assert mail["commonHeaders"] == {
        "from": [SENDER],
        "to": ["a@example.org"],
        "messageId": result["MessageId"],
        "subject": "Gezocht in Utrecht",
    }
    assert mail["tags"]["alert"] == ["a1"]
    assert mail["tags"]["ses:configuration-set"] == ["burgernet"]
    assert mail["tags"]["ses:from-domain"] == ["burgernet.example"]


@pytest.mark.parametrize(
    ("fault", "kind", "subtype", "status"),
    [
        ("bounced", "Permanent", "General", "bounced"),
        ("undelivered", "Transient", "MailboxFull", "undelivered"),
        ("opted_out", "Permanent", "OnAccountSuppressionList", "opted_out"),
    ],
)
def test_bounces(carrier, ses, fault, kind, subtype, status):
    carrier.faults({"fault": fault})
    send_bulk(ses, [entry("a@example.org")])
    sent, bounced = events(carrier)
    assert (sent["eventType"], bounced["eventType"]) == ("Send", "Bounce")
    assert (bounced["bounce"]["bounceType"], bounced["bounce"]["bounceSubType"]) == (kind, subtype)
    [recipient] = bounced["bounce"]["bouncedRecipients"]
    assert (recipient["emailAddress"], recipient["action"]) == ("a@example.org", "failed")
    assert carrier.messages()[0]["status"] == status


@pytest.mark.parametrize(
    ("fault", "expected", "status"),
    [
        ("complained", ["Send", "Delivery", "Complaint"], "delivered"),
        ("virus", ["Send", "Reject"], "rejected"),
        ("silent", [], "delivered"),
        ("late_receipt", ["Send", "DeliveryDelay", "Delivery"], "delivered"),
        ("duplicate_receipt", ["Delivery", "Delivery", "Send", "Send"], "delivered"),
    ],
)
def test_other_fates(carrier, ses, fault, expected, status):
    carrier.faults({"fault": fault})
    send_bulk(ses, [entry("a@example.org")])
    kinds = [event["eventType"] for event in events(carrier)]
    assert (sorted(kinds) if fault == "duplicate_receipt" else kinds) == expected
    assert carrier.messages()[0]["status"] == status


def test_without_a_configuration_set_ses_says_nothing(carrier, ses):
    send(ses, simple())
    assert events(carrier) == []
    assert carrier.messages()[0]["status"] == "delivered"


def test_a_call_that_is_no_sending_is_not_known(ses):
    with pytest.raises(ClientError) as caught:
        ses.list_suppressed_destinations()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
