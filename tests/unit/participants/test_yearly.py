"""Once a year people are asked whether they are still there; who never answers goes in the end. By a fake clock."""

import re
from dataclasses import fields
from datetime import timedelta

import pytest

from chalicelib.participants.area_year import AreaYear
from chalicelib.participants.bodies import Me
from chalicelib.participants.consents import CURRENT
from chalicelib.participants.guard import Limit, Limits
from chalicelib.participants.model import ChannelChoice, Suppression, SuppressionReason
from chalicelib.participants.service import ChangeRequest
from chalicelib.participants.yearly import MOST, Yearly
from chalicelib.platform.errors import InvalidInput, NotFound
from chalicelib.platform.queues import QueueName

NOBODY = {"asked": 0, "paused": 0, "gone": 0}


@pytest.fixture
def token(house):
    token = house.joined()
    house.deliver()
    house.post.mails.clear()
    house.post.texts.clear()
    return token


@pytest.fixture
def year(house):
    """A year goes by; what is due is done, and the notices go out."""

    def year():
        house.clock.advance(days=365)
        done = Yearly(house.participants, house.queues, house.clock).run()
        house.deliver()
        return {what: number for what, number in done.items() if number}

    return year


def in_mail(house):
    """The token of the link in the newest mail."""
    return re.search(r"/manage#(\w+)", house.post.mails[-1][2])[1]


def test_nobody_is_asked_before_a_year_has_gone_by(house, token):
    house.clock.advance(days=364)
    assert Yearly(house.participants, house.queues, house.clock).run() == NOBODY


def test_everybody_is_asked_once_a_year_by_mail_where_that_works(house, token, year):
    assert year() == {"asked": 1}
    ((to, subject, text, _),) = house.post.mails
    assert (to, subject) == ("Jan@example.org", "Burgernet: kloppen uw adressen nog?")
    assert house.participant_service.get(in_mail(house)).id == house.only_participant().id
    assert in_mail(house) in text
    assert Yearly(house.participants, house.queues, house.clock).run() == NOBODY
    assert house.only_participant().active


def test_the_mail_also_says_what_became_of_the_year_where_they_live_and_only_that_mail(house, token, year):
    told = AreaYear("Oudekerk", 2025, 12, 3, 2, 1_234)
    house.years.told[house.only_participant().places[0].area] = told
    year()
    text, page = house.post.mails[-1][2:]
    said = (
        "In 2025 vroeg Burgernet in Oudekerk 12 keer om hulp. 3 keer liep het goed af: een verdachte "
        "aangehouden, een vermiste gevonden of spullen terug. 2 keer hielp een deelnemer mee. Daar doen nu 1.234 "
        "mensen mee. Dank u wel dat u een van hen bent."
    )
    assert said in text
    assert said in page
    year()
    assert year() == {"paused": 1}
    assert "Oudekerk" not in house.post.mails[-1][2]


def test_one_press_answers_for_a_year(house, token, year):
    year()
    assert house.participant_service.confirm(in_mail(house)).asked == 0
    again = house.only_participant()
    assert house.participant_service.confirm(in_mail(house)) == again
    assert year() == {"asked": 1}
    house.participant_service.change(in_mail(house), ChangeRequest(exercises=True))
    assert house.only_participant().asked == 0


def test_who_never_answers_is_paused_and_then_gone(house, token, year):
    assert [year(), year()] == [{"asked": 1}, {"asked": 1}]
    assert house.only_participant().active
    assert year() == {"paused": 1}
    assert house.post.mails[-1][1] == "Burgernet: u krijgt nu geen berichten meer"
    assert (house.only_participant().resting, house.only_participant().paused) == (True, False)
    assert house.valid_rows() == {}
    assert year() == {"gone": 1}
    assert house.participants.rows == house.participants.owner_of == {}
    assert year() == {}
    with pytest.raises(NotFound):
        house.participant_service.get(token)


def test_who_answers_in_the_end_takes_part_again(house, token, year):
    year(), year(), year()
    with pytest.raises(NotFound, match="link_expired"):
        house.participant_service.confirm(token)  # of three years ago
    after = house.participant_service.confirm(in_mail(house))
    assert (after.active, after.asked) == (True, 0)


def test_who_paused_themselves_stays_paused(house, token, year):
    house.participant_service.change(token, ChangeRequest(paused=True))
    year()
    assert house.participant_service.confirm(token).paused


def test_who_paused_themselves_stays_paused_though_they_answer_after_the_question_has_too(house, token, year):
    house.participant_service.change(token, ChangeRequest(paused=True))
    assert [year(), year(), year()] == [{"asked": 1}, {"asked": 1}, {"paused": 1}]
    after = house.participant_service.confirm(in_mail(house))
    assert (after.paused, after.active, after.asked) == (True, False, 0)
    year(), year(), year()
    assert not house.participant_service.change(in_mail(house), ChangeRequest(exercises=True)).active
    assert house.participant_service.change(in_mail(house), ChangeRequest(paused=False)).active


def test_who_ended_the_mail_that_was_all_they_had_stays_paused_too(house, year):
    house.joined(phone=None, channels=(ChannelChoice.EMAIL,))
    house.deliver()
    house.clock.advance(seconds=1)
    house.participant_service.unsubscribe(house.unsubscribe_token())
    year(), year(), year()
    assert not house.participant_service.confirm(in_mail(house)).active
    assert house.valid_rows() == {}


def test_whoever_rests_is_told_so_and_starts_again_by_the_same_button(house, token, year):
    assert not Me.of(house.only_participant()).paused
    year(), year(), year()
    shown = Me.of(house.only_participant())
    assert (shown.paused, shown.active, shown.still_here_asked) == (True, False, True)
    after = house.participant_service.change(in_mail(house), ChangeRequest(paused=not shown.paused))
    assert (after.paused, after.active, after.asked) == (False, True, 0)


def test_signing_up_again_is_an_answer(house, token, year):
    year()
    house.joined()
    assert (house.only_participant().asked, house.only_participant().confirmed_at) == (0, house.clock.now())


def test_where_the_mail_does_not_work_the_phone_is_asked(house, token, year):
    before = house.only_participant()
    broken = Suppression(ChannelChoice.EMAIL, SuppressionReason.BOUNCED, house.clock.now())
    house.participants.rows[before.id] = before.suppressing(broken)
    year()
    assert house.post.mails == []
    assert "kloppen uw adressen nog?" in house.post.texts[0][1]


def test_a_day_on_which_nobody_looked_is_done_later(house, token):
    house.clock.advance(days=365 + 20)
    assert Yearly(house.participants, house.queues, house.clock).run()["asked"] == 1


def test_only_so_many_at_one_go_and_spread_over_it(house):
    house.limits = Limits(**{scope.name: Limit(10 * MOST, 60) for scope in fields(Limits)})
    for number in range(MOST + 5):
        house.joined(phone=f"+316123{number:05d}", email=None, channels=(ChannelChoice.SMS,))
    house.queues.sent.clear()
    house.clock.advance(days=365)
    yearly = Yearly(house.participants, house.queues, house.clock)
    assert yearly.run()["asked"] == MOST
    delays = [delay for queue, _, delay in house.queues.sent if queue is QueueName.NOTICES]
    assert (min(delays), max(delays)) == (0, 896)
    assert yearly.run()["asked"] == 5


def test_a_new_text_is_agreed_to_and_the_old_consent_is_kept(house, token):
    before = house.only_participant()
    house.clock.advance(days=3)
    after = house.participant_service.consent(token, CURRENT)
    assert (after.consent.version, after.consent.given_at) == (CURRENT, house.clock.now())
    assert after.earlier_consents == (before.consent,)
    assert house.participant_service.consent(token, CURRENT) == after
    with pytest.raises(InvalidInput, match="consent_not_current"):
        house.participant_service.consent(token, "2019-01")


def test_who_signs_up_again_keeps_what_they_agreed_to_before(house, token):
    first = house.only_participant().consent
    house.clock.advance(days=30)
    house.joined(consent_version=CURRENT)
    assert house.only_participant().earlier_consents == (first,)


def test_a_sign_up_that_has_ended_counts_as_gone_whatever_the_table_still_has(house):
    house.joined()
    token = house.verified(house.signed_up(email=None, channels=(ChannelChoice.SMS,)))
    assert len(house.participant_service.export(token).sign_ups) == 2
    house.clock.advance(seconds=int(timedelta(hours=24).total_seconds()))
    assert len(house.sign_ups.rows) == 2
    assert house.participant_service.export(token).sign_ups == ()
