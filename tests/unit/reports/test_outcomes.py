"""After an alert is closed: who reads how it ended, and each only once."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Kind
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.areas.model import Area, Feature, Level
from chalicelib.areas.succession import Successor
from chalicelib.channels.model import Refusal, Refused
from chalicelib.delivery.model import AreaTally
from chalicelib.platform.batch import TryLater
from chalicelib.reports.cost import AlertCost
from chalicelib.reports.figures import AlertRow, Facts, Times
from chalicelib.reports.outcomes import Outcomes
from chalicelib.reports.postbox import LEASE_S, Postbox
from chalicelib.staff.mailing import Mailing, Summary
from chalicelib.staff.model import Kind as OrganisationKind
from chalicelib.staff.model import Organisation
from tests.unit.reports.alerts import drafted
from tests.unit.reports.conftest import SQUARE

START = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
ROOM, TEAM, COUNCIL, POLICE = (
    "meldkamer@a.example",
    "team@a.example",
    "raad@sluisveen.example",
    "politie@sluisveen.example",
)
NEIGHBOURS, CLOSED, NOTHING = "raad@molendrecht.example", Mailing(frozenset({Summary.CLOSED})), Mailing(frozenset())
TIMES = Times(12, 75, 140, 1_800)


@dataclass
class Ledger:
    """Whom the alert asked, by neighbourhood; in the place of what is counted and priced from the real one."""

    people: dict
    cents: dict

    def rows(self, alert):
        facts = Facts(
            alert.id, alert.activated_at, alert.status, alert.kind, alert.category, "Immediate", 3, alert.result,
            alert.contribution,
        )  # fmt: skip
        by = {area: {} for area in alert.municipalities}
        for code, asked in self.people.items():
            by.setdefault(f"GM{code[2:6]}", {})[code] = AreaTally(asked + 9, asked, asked - 1)
        nation = {
            area: AreaTally(sum(it.people for it in some.values()), sum(it.asked for it in some.values()),
                            sum(it.reached for it in some.values()))
            for area, some in by.items()
        }  # fmt: skip
        return [AlertRow(area, facts, TIMES, some, 1) for area, some in (*by.items(), ("NL", nation))]

    def of(self, alert):
        return AlertCost(sum(self.cents.values()), (), self.cents)


@pytest.fixture
def ledger():
    return Ledger({"BU90010101": 1_200, "BU90010201": 34}, {"GM9001": 6_170})


@pytest.fixture
def outcomes(ledger, areas, organisations, reports, mail, clock):
    for organisation, mailbox in (("MK90", ROOM), ("T1", TEAM)):
        row = replace(organisations.find(organisation), mailboxes=(mailbox,), mailing=CLOSED)
        organisations.put(row)
    return Outcomes(ledger, ledger, areas, organisations, Postbox(reports, mail, clock), "https://burgernet.example")


@pytest.fixture
def alert():
    return replace(
        drafted(START, "GM9001"),
        activated_at=START,
        closed_at=START + timedelta(minutes=30),
        result=Result.MISSING_PERSON_FOUND,
        contribution=Contribution.DIRECT,
        outcome_text=Text("Noor is gevonden in de Kerkstraat."),
    )


def addresses(mail):
    return [recipient.address for recipient, _ in mail.sent]


def test_the_control_room_the_teams_and_the_municipalities_that_it_touched_read_it_once(outcomes, mail, alert):
    outcomes.tell(alert)
    outcomes.tell(alert)
    assert addresses(mail) == [ROOM, TEAM, COUNCIL, POLICE]


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_of_what_was_not_meant_nobody_reads(outcomes, mail, alert, status):
    outcomes.tell(replace(alert, content=replace(alert.content, status=status)))
    assert mail.sent == []


def test_who_wants_none_gets_none(outcomes, mail, alert, areas, organisations):
    organisations.put(replace(organisations.find("T1"), mailing=NOTHING))
    areas.put_municipality("GM9001", True, (COUNCIL,), Mailing(frozenset({Summary.MONTHLY})))
    outcomes.tell(alert)
    assert addresses(mail) == [ROOM]


def test_a_team_reads_of_its_own_districts_alone(outcomes, ledger, mail, alert, areas):
    ledger.people = {"BU90010201": 34}
    outcomes.tell(alert)
    assert TEAM not in addresses(mail)


def test_a_neighbouring_municipality_in_which_somebody_was_asked_reads_of_its_own_part(
    outcomes, ledger, mail, alert, areas
):
    areas.put_municipality("GM9002", True, (NEIGHBOURS,))
    ledger.people["BU90020101"] = 3
    ledger.cents["GM9002"] = 15
    outcomes.tell(alert)
    texts = {recipient.address: sent.text for recipient, sent in mail.sent}
    assert "- Molendrecht: € 0,15, minder dan 5 mensen gevraagd\n" in texts[NEIGHBOURS]
    assert "Sluisveen" not in texts[NEIGHBOURS]
    assert "De oproep kwam ook in andere gemeenten: 1." in texts[NEIGHBOURS]
    assert "- Sluisveen: € 61,70, 1.234 mensen gevraagd\n- Molendrecht: € 0,15" in texts[ROOM]
    assert "andere gemeenten" not in texts[ROOM]
    assert "#/NL?period=2026-11" in texts[ROOM]


HEIR, HEIRS = Feature(Area("GM9005", "Sluisdrecht", Level.MUNICIPALITY, 2026, "GM9005"), SQUARE), "raad@a.example"
MERGER = [
    *(Successor(2026, code, "GM9005") for code in ("GM9001", "GM9002")),
    Successor(2026, "BU90010101", "BU90050101"),
    Successor(2026, "BU90010201", "BU90050201"),
    Successor(2026, "BU90020101", "BU90050301"),
    Successor(2026, "WK900101", "WK900501"),
]


def merge(areas, organisations):
    """As ``new_boundaries`` leaves it."""
    areas.put_municipality("GM9005", True, (HEIRS,))
    for code in ("GM9001", "GM9002"):
        areas.end(code, 2026)
    for name, codes in (("MK90", ("GM9005",)), ("T1", ("WK900501",))):
        organisations.put(replace(organisations.find(name), areas=codes))


def test_an_alert_over_codes_that_ended_reaches_those_who_have_what_they_became(
    outcomes, ledger, mail, alert, areas, organisations
):
    areas.load([HEIR])
    areas.load_successors(MERGER)
    merge(areas, organisations)
    organisations.put(
        Organisation("MK91", OrganisationKind.CONTROL_ROOM, "Buren", ("GM9005",), mailboxes=("b@a.example",))
    )
    ledger.people["BU90020101"] = 100
    ledger.cents["GM9002"] = 500
    outcomes.tell(alert)
    texts = {recipient.address: sent.text for recipient, sent in mail.sent}
    assert list(texts) == [ROOM, "b@a.example", TEAM, HEIRS]
    for text in texts.values():
        assert "- Sluisdrecht: € 66,70, 1.334 mensen gevraagd\n" in text
        assert not any(word in text for word in ("Sluisveen", "Molendrecht", "andere gemeenten"))
    assert "#/GM9005?period=2026-11" in texts[HEIRS]


def test_whoever_still_has_a_former_code_reads_of_what_it_became(outcomes, ledger, mail, alert, areas):
    areas.load([HEIR])
    areas.load_successors(MERGER)
    ledger.people, ledger.cents = {"BU90050101": 1_234}, {"GM9005": 6_170}
    outcomes.tell(replace(alert, content=replace(alert.content, target=Target.of({}, {}, ("GM9005",)))))
    assert addresses(mail) == [ROOM, TEAM, COUNCIL, POLICE]
    assert "- Sluisdrecht: € 61,70, 1.234 mensen gevraagd\n" in mail.sent[-1][1].text


@pytest.mark.parametrize(("district", "teams"), [("01", [TEAM]), ("02", [])])
def test_of_what_was_split_all_that_have_a_part_read_and_a_team_of_its_own_districts(
    outcomes, ledger, mail, alert, areas, organisations, district, teams
):
    areas.load([HEIR])
    areas.load_successors(
        [
            Successor(2026, "GM9001", "GM9002"),
            Successor(2026, "GM9001", "GM9005"),
            Successor(2026, "WK900101", "WK900501"),
            *(Successor(2026, f"BU9001{it}01", f"BU9005{it}01") for it in ("01", "02")),
        ]
    )
    areas.put_municipality("GM9005", True, (HEIRS,))
    areas.put_municipality("GM9002", True, (NEIGHBOURS,))
    ledger.people = {f"BU9001{district}01": 34}
    for after in (False, True):
        if after:
            areas.end("GM9001", 2026)
            organisations.put(replace(organisations.find("T1"), areas=("WK900501",)))
        outcomes.tell(replace(alert, id=f"0000000ab{after:d}"))
        gone = [] if after else [COUNCIL, POLICE]
        assert addresses(mail) == [ROOM, *teams, *gone, NEIGHBOURS, HEIRS]
        assert "- Sluisveen: € 61,70, 34 mensen gevraagd\n" in mail.sent[-1][1].text
        mail.sent.clear()


def test_an_address_of_two_gets_one_mail_and_the_room_is_first(outcomes, mail, alert, areas):
    areas.put_municipality("GM9001", True, (ROOM, COUNCIL))
    outcomes.tell(alert)
    assert addresses(mail) == [ROOM, TEAM, COUNCIL]
    assert "https://burgernet.example/console#/alerts/0000000abc" in mail.sent[0][1].html
    assert "/console" not in mail.sent[2][1].html


@pytest.mark.parametrize("reason", [Refusal.TEMPORARY, Refusal.THROTTLED])
def test_it_comes_back_for_who_does_not_have_it_and_for_nobody_else(outcomes, mail, alert, clock, reason):
    mail.refusals[TEAM] = [Refused(reason, "x")]
    with pytest.raises(TryLater):
        outcomes.tell(alert)
    with pytest.raises(TryLater):  # the lease still holds: somebody may be at it
        outcomes.tell(alert)
    clock.advance(seconds=LEASE_S + 1)
    outcomes.tell(alert)
    assert addresses(mail) == [ROOM, COUNCIL, POLICE, TEAM]


def test_an_address_that_never_takes_it_keeps_nothing_on_the_queue(outcomes, mail, alert):
    mail.refusals[TEAM] = [Refused(Refusal.PERMANENT, "x")]
    outcomes.tell(alert)
    assert addresses(mail) == [ROOM, COUNCIL, POLICE]


def test_it_says_what_when_whom_how_it_ended_how_long_and_for_how_much_and_nothing_of_anybody(outcomes, mail, alert):
    outcomes.tell(alert)
    sent = mail.sent[2][1]
    assert sent.subject == "Burgernet: vermist kind in Sluisveen is afgesloten"
    for said in (
        "Op 23 november om 21:15 uur vroeg Burgernet 1.234 mensen om uit te kijken. Vermiste gevonden. Door een",
        "Mensen gevraagd: 1.234",
        "Mensen bereikt: 1.232",
        "Tips: 3",
        "Eerste bericht na: 1 minuut",
        "Laatste bericht na: 2 minuten",
        "Eerste tip na: 3 minuten",
        "Afgesloten na: 30 minuten",
        "Kosten tot nu toe: € 61,70",
        "#/GM9001?period=2026-11",
    ):
        assert said in sent.text
    everything = f"{sent.subject} {sent.text} {sent.html}"
    assert not any(word in everything for word in ("Noor", "jas", "Kerkstraat", "anna"))
    assert set(re.findall(r"\d+", sent.text)) <= set(re.findall(r"\d+", sent.html))


def test_what_nobody_closed_says_so_and_in_english_too(outcomes, mail, alert, areas):
    areas.put_municipality("GM9001", True, (COUNCIL,), Mailing(frozenset({Summary.CLOSED}), "en"))
    outcomes.tell(replace(alert, result=Result.UNKNOWN, contribution=Contribution.UNKNOWN))
    sent = mail.sent[-1][1]
    assert sent.subject == "Burgernet: missing child in Sluisveen is closed"
    assert "asked 1,234 people to look out. Nobody reported how it ended. So Burgernet closed" in sent.text
    to_room = mail.sent[0][1].text
    assert "Vul het in bij de oproep. Binnen 6 dagen horen de deelnemers het dan ook." in to_room
    assert "Fill it in" not in sent.text  # a municipality has no console


def test_what_became_known_after_it_closed_by_itself_is_told_to_who_read_that_nobody_knew(outcomes, mail, alert, areas):
    areas.put_municipality("GM9001", True, (COUNCIL,), Mailing(frozenset({Summary.CLOSED}), "en"))
    outcomes.tell(replace(alert, result=Result.UNKNOWN, contribution=Contribution.UNKNOWN))
    mail.sent.clear()
    known = replace(alert, outcome_at=alert.closed_at + timedelta(days=2))
    outcomes.tell(known)
    outcomes.tell(known)  # the event of the closing, late
    assert addresses(mail) == [ROOM, TEAM, COUNCIL]
    room, council = mail.sent[0][1], mail.sent[2][1]
    assert room.subject == "Burgernet: de afloop van vermist kind in Sluisveen is nu bekend"
    assert "Eerst wist Burgernet niet hoe het afliep. Nu wel: Vermiste gevonden. Door een" in room.text
    assert council.subject == "Burgernet: the outcome of missing child in Sluisveen is now known"
    assert "At first Burgernet did not know how it ended. Now it does: Missing person found." in council.text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.INQUIRY, "vroeg Burgernet 1.234 mensen wat zij hadden gezien."),
        (Kind.PREVENTION, "gaf Burgernet advies aan 1.234 mensen."),
    ],
)
def test_it_says_what_people_were_asked_for(outcomes, mail, alert, kind, said):
    outcomes.tell(replace(alert, content=replace(alert.content, kind=kind)))
    assert said in mail.sent[-1][1].text


def test_of_many_municipalities_it_lists_those_with_the_most_people(outcomes, ledger, mail, alert, organisations):
    organisations.put(Organisation("MK91", OrganisationKind.CONTROL_ROOM, "Buren", (), mailboxes=("buren@a.example",)))
    ledger.people = {f"BU{9100 + number}0101": 100 + number for number in range(14)}
    ledger.cents = dict.fromkeys((f"GM{9100 + number}" for number in range(14)), 100)
    outcomes.tell(alert)
    text = mail.sent[0][1].text
    assert addresses(mail) == [ROOM, COUNCIL, POLICE]
    assert text.count("mensen gevraagd") == 10
    assert "GM9113, GM9112 en 13 andere gemeenten" in mail.sent[0][1].subject
    assert "De oproep kwam ook in andere gemeenten: 5." in text
    assert "Kosten tot nu toe: € 14,00" in text
