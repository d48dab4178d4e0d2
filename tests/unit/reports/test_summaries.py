"""Who gets which summary when, and each only once."""

from datetime import UTC, datetime

import pytest

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.channels.model import Refusal, Refused
from chalicelib.platform.errors import InvalidInput, NotFound
from chalicelib.reports.postbox import LEASE_S, Postbox
from chalicelib.reports.summaries import NotAllMade, Summaries
from chalicelib.reports.summary import SummaryMaker
from chalicelib.staff.mailing import Mailing, Summary

COUNCIL, POLICE, MINISTRY = "raad@sluisveen.example", "politie@sluisveen.example", "ministerie@burgernet.example"
WEEK = "Burgernet in Sluisveen: week 47 (16 tot en met 22 november 2026)"
JANUARY = datetime(2027, 1, 12, 8, tzinfo=UTC)


@pytest.fixture
def summaries(areas, service, figures, reports, mail, clock):
    maker = SummaryMaker(service)
    post = Postbox(reports, mail, clock)
    return Summaries(areas, maker, post, clock, (MINISTRY,), "https://burgernet.example")


@pytest.fixture
def wishing(areas):
    """The council of Sluisveen wants these."""

    def wishing(*kinds, language="nl"):
        areas.put_municipality("GM9001", True, (COUNCIL,), Mailing(frozenset(kinds), language))

    return wishing


def told(mail):
    return [(recipient.address, sent.subject) for recipient, sent in mail.sent]


def test_unless_it_says_otherwise_a_municipality_gets_its_month_and_the_network_its_year(summaries, mail):
    assert summaries.run({}) == {"sent": 3, "failed": 0}
    assert summaries.run({}) == {"sent": 0, "failed": 0}
    assert told(mail) == [
        (COUNCIL, "Burgernet in Sluisveen: oktober 2026"),
        (POLICE, "Burgernet in Sluisveen: oktober 2026"),
        (MINISTRY, "Burgernet in Nederland: 2025"),
    ]


@pytest.mark.parametrize(
    ("kinds", "subjects"),
    [
        ((), []),
        ((Summary.CLOSED,), []),
        ((Summary.WEEKLY,), [WEEK]),
        (
            Summary,
            [
                WEEK,
                "Burgernet in Sluisveen: oktober 2026",
            ],
        ),
    ],
)
def test_it_gets_what_it_wants(summaries, mail, wishing, kinds, subjects):
    wishing(*kinds)
    summaries.run({})
    assert [subject for address, subject in told(mail) if address == COUNCIL] == subjects


def test_it_gets_it_in_its_language(summaries, mail, wishing):
    wishing(Summary.MONTHLY, language="en")
    summaries.run({})
    assert told(mail)[0] == (COUNCIL, "Burgernet in Sluisveen: October 2026")
    assert '<html lang="en">' in mail.sent[0][1].html


def test_an_hour_that_was_missed_loses_nothing(summaries, mail, clock):
    clock.at = datetime(2026, 12, 31, 22, tzinfo=UTC)
    summaries.run({})
    clock.at = JANUARY
    summaries.run({})
    assert [subject for address, subject in told(mail) if address in (COUNCIL, MINISTRY)] == [
        "Burgernet in Sluisveen: november 2026",
        "Burgernet in Nederland: 2025",
        "Burgernet in Sluisveen: december 2026",
        "Burgernet in Nederland: 2026",
    ]


def test_an_address_that_is_refused_for_now_is_tried_again_without_writing_to_the_others(summaries, mail, clock):
    mail.refusals[COUNCIL] = [Refused(Refusal.TEMPORARY, "TRANSIENT_FAILURE")]
    assert summaries.run({}) == {"sent": 2, "failed": 1}
    clock.advance(seconds=LEASE_S + 1)
    assert summaries.run({}) == {"sent": 1, "failed": 0}
    assert [address for address, _ in told(mail)] == [POLICE, MINISTRY, COUNCIL]


@pytest.mark.parametrize("reason", [Refusal.PERMANENT, Refusal.UNKNOWN])
def test_what_is_refused_for_good_or_may_have_been_taken_is_not_sent_every_hour(summaries, mail, clock, reason):
    mail.refusals[COUNCIL] = [Refused(reason, "MESSAGE_REJECTED")]
    assert summaries.run({}) == {"sent": 2, "failed": 1}
    clock.advance(hours=1)
    assert summaries.run({}) == {"sent": 0, "failed": 0}


def test_while_one_is_sending_another_does_not(summaries, reports, mail, clock):
    mail.refusals[COUNCIL] = [Refused(Refusal.THROTTLED, "ACCOUNT_THROTTLED")]
    summaries.run({})
    clock.advance(seconds=LEASE_S - 1)
    assert summaries.run({}) == {"sent": 0, "failed": 0}


def test_one_that_was_killed_between_two_addresses_goes_on_where_it_was(summaries, mail, clock, monkeypatch):
    class Killed(BaseException):
        pass

    send = type(mail).send

    def killed(self, message, to):
        if to[0].address == POLICE:
            raise Killed
        return send(self, message, to)

    with monkeypatch.context() as patch:
        patch.setattr(type(mail), "send", killed)
        with pytest.raises(Killed):
            summaries.run({})
    clock.advance(seconds=LEASE_S + 1)
    summaries.run({})
    assert [address for address, _ in told(mail)] == [COUNCIL, POLICE, MINISTRY]


def test_one_that_cannot_be_made_keeps_no_other_from_going_out_and_is_tried_again(
    summaries, areas, mail, clock, monkeypatch
):
    areas.put_municipality("GM9002", True, ("raad@molendrecht.example",))
    make = SummaryMaker.make

    def broken(self, place, of):
        if place.code == "GM9001":
            raise RuntimeError("a row that nobody can read")
        return make(self, place, of)

    with monkeypatch.context() as patch:
        patch.setattr(SummaryMaker, "make", broken)
        with pytest.raises(NotAllMade, match="1 summaries"):
            summaries.run({})
    assert [address for address, _ in told(mail)] == ["raad@molendrecht.example", MINISTRY]
    clock.advance(seconds=LEASE_S + 1)
    assert summaries.run({}) == {"sent": 2, "failed": 0}


@pytest.mark.parametrize(("period", "sent"), [("2026-W07", 2), ("2026-07", 2), ("2024", 1)])
def test_by_hand_any_can_be_sent_and_sent_again_whoever_wants_it(summaries, mail, wishing, areas, period, sent):
    areas.put_municipality("GM9001", True, (COUNCIL, POLICE), Mailing(frozenset()))
    assert [summaries.run({"period": period})["sent"] for _ in range(2)] == [sent, 0]
    assert summaries.run({"period": period, "again": True})["sent"] == sent


@pytest.mark.parametrize("area", ["GM9001", "GM9002", "NL"])
@pytest.mark.parametrize("period", ["2026-W07", "2026-07", "2026"])
def test_one_is_shown_and_not_sent(summaries, mail, period, area):
    shown = summaries.run({"period": period, "area": area, "show": True})
    assert shown["subject"] in shown["text"]
    assert shown["subject"] in shown["html"]
    assert f"https://burgernet.example/dashboard#/{area}?period={period}" in shown["html"]
    assert mail.sent == []


@pytest.mark.parametrize("period", ["2026-W54", "week 47", 47, None])
def test_what_is_no_period_is_refused(summaries, period):
    with pytest.raises(InvalidInput, match="not_a_period"):
        summaries.run({"period": period})


@pytest.mark.parametrize("period", ["2026-W49", "2026-12", "2027"])
def test_what_has_not_begun_is_refused(summaries, mail, period):
    for event in ({"period": period}, {"period": period, "show": True}):
        with pytest.raises(InvalidInput, match="period_not_begun"):
            summaries.run(event)
    assert mail.sent == []


def test_what_is_sent_before_its_period_is_over_says_so_and_does_not_stand_in_for_the_summary(summaries, mail, clock):
    assert summaries.run({"period": "2026-11"}) == {"sent": 2, "failed": 0}
    assert "\n\nNovember is nog niet voorbij: dit zijn de cijfers tot nu toe.\n\n" in mail.sent[0][1].text
    mail.sent.clear()
    clock.at = datetime(2026, 12, 1, 7, tzinfo=UTC)
    summaries.run({})
    november = [sent.text for to, sent in mail.sent if to.address == COUNCIL and "november" in sent.subject]
    assert len(november) == 1
    assert "nog niet voorbij" not in november[0]


def test_an_area_of_which_there_is_no_summary_is_refused(summaries, areas):
    areas.load(
        [Feature(Area("WK900101", "Oost", Level.DISTRICT, 2024, "GM9001"), areas.store.features["GM9001"].shape)]
    )
    with pytest.raises(InvalidInput, match="not_a_municipality"):
        summaries.run({"period": "2026", "area": "WK900101", "show": True})
    with pytest.raises(NotFound):
        summaries.run({"period": "2026", "area": "GM9999", "show": True})


def test_an_address_is_nowhere_in_the_marks(summaries, reports):
    summaries.run({})
    assert reports.sent
    assert "@" not in str(reports)
