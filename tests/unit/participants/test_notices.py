from dataclasses import replace

import pytest

from chalicelib.participants.links import manage_token
from chalicelib.participants.model import ChannelChoice, ContactKind, Language
from chalicelib.participants.notices import Notice, NoticeKind
from chalicelib.platform.batch import each
from chalicelib.platform.queues import QueueName

PHONE, EMAIL = ContactKind.PHONE, ContactKind.EMAIL


def send(house, kind, sign_up, contact):
    house.queues.take(QueueName.NOTICES)
    house.queues.send(QueueName.NOTICES, [Notice(kind=kind, sign_up=sign_up.id, contact=contact).body()])
    house.deliver()


def test_a_doubled_notice_sends_the_same_code(house):
    sign_up = house.signed_up()
    send(house, NoticeKind.VERIFICATION, sign_up, PHONE)
    send(house, NoticeKind.VERIFICATION, sign_up, PHONE)
    first, second = house.post.texts
    assert first == second


def test_a_code_that_is_of_no_use_is_not_sent(house):
    sign_up = house.signed_up()
    house.verified(sign_up, PHONE)
    send(house, NoticeKind.VERIFICATION, sign_up, PHONE)
    house.clock.advance(minutes=10)
    send(house, NoticeKind.VERIFICATION, sign_up, EMAIL)
    assert house.post.texts == house.post.mails == []


def test_the_welcome_carries_the_manage_link_in_the_language_of_the_participant(house):
    house.verified(house.signed_up(email=None, channels=(ChannelChoice.SMS,), language=Language.EN))
    house.queues.sent = house.queues.sent[-1:]
    house.deliver()
    token = manage_token(house.signer, house.only_participant().reference, house.clock.now())
    assert house.post.texts == [
        (
            "+31612345678",
            f"Welcome to Burgernet! To change something or to stop: https://burgernet.example/manage#{token}",
        )
    ]
    assert house.participant_service.get(token) == house.only_participant()


def test_the_welcome_goes_by_mail_to_who_proved_a_mail_address(house):
    sign_up = house.signed_up()
    house.queues.take(QueueName.NOTICES)
    house.verified(sign_up, EMAIL)
    house.deliver()
    ((address, subject, text, page),) = house.post.mails
    assert (address, subject) == ("Jan@example.org", "Welkom bij Burgernet")
    assert "/manage#" in text
    assert "/manage#" in page


def test_a_welcome_is_sent_once(house):
    sign_up = house.signed_up()
    house.verified(sign_up, PHONE)
    send(house, NoticeKind.WELCOME, sign_up, PHONE)
    send(house, NoticeKind.WELCOME, sign_up, PHONE)
    assert len(house.post.texts) == 1


def test_who_left_hears_nothing_more(house):
    sign_up = house.signed_up()
    house.participant_service.leave(house.verified(sign_up))
    house.deliver()
    assert house.post.texts == house.post.mails == []


def test_a_welcome_before_any_code_is_dropped(house):
    send(house, NoticeKind.WELCOME, house.signed_up(), PHONE)
    assert house.post.texts == []


def test_a_contact_that_was_not_given_gets_nothing(house):
    send(house, NoticeKind.VERIFICATION, house.signed_up(email=None, channels=(ChannelChoice.SMS,)), EMAIL)
    assert house.post.mails == []


def test_a_notice_whose_provider_fails_comes_back_and_the_others_do_not(house):
    class Full:
        def send(self, *content):
            raise ConnectionError("the provider does not answer")

    sign_up = house.signed_up()
    handler = replace(house.notices, sms=Full())
    event = {
        "Records": [
            {"messageId": body["contact"], "body": Notice.model_validate(body, strict=False).model_dump_json()}
            for body in house.queues.take(QueueName.NOTICES)
        ]
    }
    answer = each(event, Notice, handler.send)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "phone"}]}
    assert len(house.post.mails) == 1
    assert sign_up.welcomed is False


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        '{"kind":"other","sign_up":"a","contact":"phone"}',
        '{"kind":"welcome","sign_up":"","contact":"phone"}',
    ],
)
def test_a_malformed_notice_comes_back_unsent(house, body):
    event = {"Records": [{"messageId": "m", "body": body}]}
    assert each(event, Notice, house.notices.send) == {"batchItemFailures": [{"itemIdentifier": "m"}]}


def test_a_welcome_that_failed_is_sent_when_it_comes_back(house):
    sign_up = house.signed_up()
    house.verified(sign_up, PHONE)
    house.queues.take(QueueName.NOTICES)
    assert not house.sign_ups.get(sign_up.id).welcomed
    send(house, NoticeKind.WELCOME, sign_up, PHONE)
    assert house.sign_ups.get(sign_up.id).welcomed


@pytest.mark.parametrize(
    ("language", "begins"),
    [(Language.NL, "Dit is Burgernet. Uw code is: "), (Language.EN, "This is Burgernet. Your code is: ")],
)
def test_who_wants_calls_only_hears_the_code_twice_in_two_halves(house, language, begins):
    sign_up = house.signed_up(
        phone="020 6123456", channels=(ChannelChoice.VOICE, ChannelChoice.EMAIL), language=language
    )
    house.deliver()
    ((number, said, spoken_in),) = house.post.calls
    code = house.codes.code(sign_up, PHONE)
    assert (number, spoken_in) == ("+31206123456", language)
    assert said.startswith(f"{begins}{code[:3]} {code[3:]}.")
    assert said.count(f"{code[:3]} {code[3:]}") == 2
    assert house.post.texts == []


def test_who_gets_texts_too_gets_the_code_as_a_text(house):
    house.signed_up(channels=(ChannelChoice.SMS, ChannelChoice.VOICE), email=None)
    house.deliver()
    assert len(house.post.texts) == 1
    assert house.post.calls == []


def test_a_welcome_by_call_says_where_to_stop_for_a_link_cannot_be_said(house):
    house.verified(house.signed_up(phone="020 6123456", email=None, channels=(ChannelChoice.VOICE,)))
    house.queues.sent = house.queues.sent[-1:]
    house.deliver()
    ((_, said, _),) = house.post.calls
    assert said.startswith("Welkom bij Burgernet.")
    assert "http" not in said
