"""The product's own senders, over the network, to the carrier that is contracted with boto3's clients."""

import pytest

from chalicelib.channels.email import SesEmailSender
from chalicelib.channels.model import Accepted, Mail, MailRecipient, Refusal, Refused
from chalicelib.channels.sms import SnsSmsSender

PHONE, TEXT = "+31612345678", "Vermist: jongen, één jas & gele laarzen < 1,30 m. 100% +€"
MAIL = Mail("Vermist: {{name}}", "Zag u haar? {{reply}}", '<a href="{{reply}}">Ja</a>')


@pytest.fixture(autouse=True)
def address(carrier, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", carrier.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", carrier.url)


def to(number):
    return MailRecipient(
        f"p{number}@burgernet.example",
        {"name": 'Noor "N" & co', "reply": f"https://b.example/t/{number}"},
        {"alert": "7k2m000000", "index": str(number)},
        f"https://b.example/u/{number}",
    )


def test_a_text_lies_on_the_phone_as_it_was_written(carrier):
    answer = SnsSmsSender("Burgernet").send(PHONE, TEXT, tags={"alert": "7k2m000000"})
    (message,) = carrier.messages()
    assert answer == Accepted(message["id"])
    told = {name: message[name] for name in ("to", "text", "alert", "sender", "sms_type")}
    assert told == {
        "to": PHONE,
        "text": TEXT,
        "alert": "7k2m000000",
        "sender": "Burgernet",
        "sms_type": "Transactional",
    }


def test_a_number_that_is_none_is_refused_for_good(carrier):
    assert SnsSmsSender("Burgernet").send("+31", TEXT) == Refused(Refusal.PERMANENT, "InvalidParameter")


def test_everybody_gets_the_mail_with_what_is_theirs(carrier):
    answers = SesEmailSender("Burgernet <noreply@burgernet.example>", "burgernet").send(MAIL, [to(1), to(2)])
    messages = carrier.messages(channel="email")
    assert answers == [Accepted(message["id"]) for message in messages]
    assert [message["text"] for message in messages] == [f"Zag u haar? https://b.example/t/{n}" for n in (1, 2)]
    assert messages[0]["subject"] == 'Vermist: Noor "N" & co'
    assert messages[1]["tags"].items() >= {"alert": "7k2m000000", "index": "2"}.items()


def test_a_sender_that_ses_does_not_know_is_refused_for_good(carrier):
    (answer,) = SesEmailSender("no address", "burgernet").send(MAIL, [to(1)])
    assert answer.reason is Refusal.PERMANENT
