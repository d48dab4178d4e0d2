from datetime import UTC, datetime

import pytest

from chalicelib.channels.model import Refusal, Refused
from chalicelib.platform.errors import InvalidInput
from chalicelib.reports.summaries import LEASE_S, Summaries

COUNCIL, POLICE = "raad@sluisveen.example", "politie@sluisveen.example"


@pytest.fixture
def summaries(areas, service, reports, mail, clock):
    return Summaries(areas, service, reports, mail, clock)


def addresses(mail):
    return [recipient.address for recipient, _ in mail.sent]


def test_every_address_of_a_municipality_that_takes_part_gets_the_week_before_once(summaries, mail):
    assert summaries.run({}) == {"sent": 2, "failed": 0}
    assert summaries.run({}) == {"sent": 0, "failed": 0}
    assert addresses(mail) == [COUNCIL, POLICE]
    assert mail.sent[0][1].subject == "Burgernet in Sluisveen: week 47"


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (datetime(2026, 11, 23, 5, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), 2),
        (datetime(2026, 7, 6, 4, 59, tzinfo=UTC), 0),
        (datetime(2026, 7, 6, 5, 0, tzinfo=UTC), 2),
    ],
)
def test_the_week_is_due_from_seven_on_monday_in_dutch_time(summaries, clock, moment, sent):
    clock.at = moment
    assert summaries.run({})["sent"] == sent


def test_an_address_that_is_refused_for_now_is_tried_again_without_writing_to_the_others(summaries, mail, clock):
    mail.refusals[COUNCIL] = [Refused(Refusal.TEMPORARY, "TRANSIENT_FAILURE")]
    assert summaries.run({}) == {"sent": 1, "failed": 1}
    clock.advance(seconds=LEASE_S + 1)
    assert summaries.run({}) == {"sent": 1, "failed": 0}
    assert addresses(mail) == [POLICE, COUNCIL]


@pytest.mark.parametrize("reason", [Refusal.PERMANENT, Refusal.UNKNOWN])
def test_what_is_refused_for_good_or_may_have_been_taken_is_not_sent_every_hour(summaries, mail, clock, reason):
    mail.refusals[COUNCIL] = [Refused(reason, "MESSAGE_REJECTED")]
    assert summaries.run({}) == {"sent": 1, "failed": 1}
    clock.advance(hours=1)
    assert summaries.run({}) == {"sent": 0, "failed": 0}
    assert addresses(mail) == [POLICE]


def test_while_one_is_sending_another_does_not(summaries, reports, mail, clock):
    mail.refusals[COUNCIL] = [Refused(Refusal.THROTTLED, "ACCOUNT_THROTTLED")]
    summaries.run({})
    clock.advance(seconds=LEASE_S - 1)
    assert summaries.run({}) == {"sent": 0, "failed": 0}


def test_by_hand_any_week_can_be_sent_and_sent_again(summaries, mail):
    assert summaries.run({"period": "2026-W07"})["sent"] == 2
    assert summaries.run({"period": "2026-W7"})["sent"] == 0
    assert summaries.run({"period": "2026-W07", "again": True})["sent"] == 2
    assert {sent.subject for _, sent in mail.sent} == {"Burgernet in Sluisveen: week 07"}


@pytest.mark.parametrize("period", ["2026", "2026-W54", "week 47", 47])
def test_what_is_no_week_is_refused(summaries, period):
    with pytest.raises(InvalidInput, match="not_a_week"):
        summaries.run({"period": period})


def test_an_address_is_nowhere_in_the_marks(summaries, reports):
    summaries.run({})
    assert "@" not in str(reports.summaries)
