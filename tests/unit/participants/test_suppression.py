"""A contact that will never work is not tried any more; its owner hears it elsewhere, and can mend it."""

import pytest

from chalicelib.participants.model import ChannelChoice, ContactKind, Language, SuppressionReason
from chalicelib.participants.suppression import Suppress, Suppressor
from chalicelib.platform.batch import Record
from chalicelib.platform.errors import Conflict
from chalicelib.platform.queues import QueueName

SMS, MAIL = ChannelChoice.SMS, ChannelChoice.EMAIL
BOUNCED, OPTED_OUT = SuppressionReason.BOUNCED, SuppressionReason.OPTED_OUT


@pytest.fixture
def token(house):
    """Of a participant with a phone and an e-mail address, both proved."""
    token = house.joined()
    house.queues.sent.clear()
    house.post.texts.clear()
    house.post.mails.clear()
    return token


def suppress(house, channel, reason=BOUNCED, reference=None, participants=None):
    body = Suppress(reference=reference or house.only_participant().reference, channel=channel, reason=reason)
    suppressor = Suppressor(participants or house.participants, house.queues, house.clock)
    suppressor.suppress(Record("m", 1, house.clock.now(), Suppress.model_validate(body.body(), strict=False)))


def contacts(house):
    return {(row.phone, row.email) for row in house.valid_rows().values()}


def test_later_alerts_do_not_try_the_channel_and_the_other_one_goes_on(house, token):
    house.clock.advance(seconds=1)
    suppress(house, MAIL)
    assert contacts(house) == {("+31612345678", None)}
    assert house.only_participant().channels == (SMS,)
    assert house.only_participant().contact(ContactKind.EMAIL)


def test_the_participant_is_told_where_it_works_with_a_link_to_mend_it(house, token):
    suppress(house, MAIL)
    house.deliver()
    ((to, text),) = house.post.texts
    assert (to, house.post.mails) == ("+31612345678", [])
    assert text.startswith("Burgernet kan u niet meer bereiken per e-mail. ")
    assert token in text


def test_who_is_told_by_mail_reads_it_in_their_language(house):
    house.joined(language=Language.EN)
    house.queues.sent.clear()
    house.post.mails.clear()
    suppress(house, SMS, OPTED_OUT)
    house.deliver()
    ((_, subject, text, html),) = house.post.mails
    assert subject == "Burgernet cannot reach you by SMS any more"
    assert "sign up again" in text
    assert '<html lang="en">' in html


def test_however_often_it_comes_it_is_told_once(house, token):
    for _ in range(3):
        suppress(house, MAIL)
    house.deliver()
    assert len(house.post.texts) == 1
    assert len(house.only_participant().suppressed) == 1


def test_with_no_contact_left_nobody_can_be_told_and_no_alert_tries(house, token):
    suppress(house, MAIL)
    house.queues.sent.clear()
    house.clock.advance(seconds=1)
    suppress(house, SMS, OPTED_OUT)
    assert house.queues.sent == []
    assert contacts(house) == set()
    assert not house.only_participant().active


def test_proving_the_contact_again_lifts_it(house, token):
    suppress(house, MAIL)
    house.clock.advance(seconds=1)
    house.joined()
    house.clock.advance(seconds=1)
    assert house.only_participant().suppressed == ()
    assert {email is None for _, email in contacts(house)} == {False}


def test_changing_something_else_does_not_lift_it(house, token):
    suppress(house, MAIL)
    me = house.participant_service.get(token)
    assert [(held.channel, held.reason, held.at) for held in me.suppressed] == [(MAIL, BOUNCED, house.clock.now())]


def test_news_of_a_contact_from_before_they_signed_up_again_is_let_go(house, token):
    old = house.only_participant().reference
    house.joined()
    suppress(house, MAIL, reference=old)
    assert house.only_participant().suppressed == ()


def test_news_of_somebody_who_left_is_let_go(house, token):
    old = house.only_participant().reference
    house.participant_service.leave(token)
    suppress(house, MAIL, reference=old)
    assert house.queues.take(QueueName.NOTICES) == []


def test_killed_between_telling_and_writing_it_is_done_again(house, token):
    def rival():
        raise Conflict("changed_meanwhile", "another was first")

    with pytest.raises(Conflict):
        suppress(house, MAIL, participants=house.overtaken(rival))
    assert house.only_participant().suppressed == ()
    suppress(house, MAIL)
    assert [held.channel for held in house.only_participant().suppressed] == [MAIL]
