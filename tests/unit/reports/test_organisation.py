import csv
import io
from datetime import UTC, date, datetime

import pytest

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.areas.succession import Successor
from chalicelib.platform.errors import Forbidden
from chalicelib.reports import organisation
from chalicelib.reports.bodies import ReportedGrowth, area_body, dashboard_body, parts_body
from chalicelib.reports.census_figures import PeopleTold, together
from chalicelib.reports.census_model import NOBODY, Participants, RowKey, Snapshot, total
from chalicelib.reports.figures import Times
from chalicelib.reports.statistics import Growth
from chalicelib.reports.table import BOM, as_csv
from chalicelib.staff.model import Kind, Organisation, Role, StaffMember
from tests.unit.reports.conftest import SQUARE
from tests.unit.reports.counted import MAY, alert

DISPATCHER = StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")
TEAM = StaffMember("tom", frozenset({Role.POLICE_TEAM}), "T1")


def test_a_control_room_counts_an_alert_over_its_border_once(service, figures):
    alert(figures, MAY, BU90010101=40, BU90020101=50)
    alert(figures, MAY, "0000000abd", BU77010101=30)
    report = service.read(DISPATCHER, "MK90")
    assert (report.area.name, report.area.level, report.figures.alerts) == ("Meldkamer", "control_room", 1)
    assert report.area.areas == ("GM9001", "GM9002")
    assert (report.figures.people, report.times) == (90, Times(5, 60))


def test_a_police_team_sees_its_own_districts(service, figures):
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    alert(figures, MAY, "0000000abd", BU90010201=30)
    report = service.read(TEAM, "T1")
    assert (report.area.name, report.figures.alerts, report.figures.people) == ("Team Oost", 1, 40)


def test_a_police_team_is_told_nothing_of_a_few_people(service, figures):
    alert(figures, MAY, BU90010101=4, BU90010201=50)
    assert service.read(TEAM, "T1").figures is None


def test_what_is_told_of_whole_municipalities_alone_is_not_told_of_a_police_team(service, figures):
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    team, room = area_body(service.read(TEAM, "T1")), area_body(service.read(DISPATCHER, "MK90"))
    assert (team.people.reached, team.people.spared, team.sentence) == (38, None, None)
    assert (room.people.reached, room.people.spared) == (86, 4)
    assert room.sentence.en.startswith("From 1 January 2026 up to and including 24 November 2026 there was 1 urgent")


def test_the_nations_rows_tell_a_control_room_what_those_of_municipalities_do(service, figures, counts, monkeypatch):
    alert(figures, MAY, BU90010101=40, BU90020101=50)
    alert(figures, MAY, "0000000abd", BU90010101=3, BU77010101=30)
    counts.count_changes(0, ["e1"], {RowKey("NL", "GM9001"): Participants(participants=3, home=3)}, 0)
    found = service.dashboard(DISPATCHER, "MK90")
    monkeypatch.setattr(organisation, "MANY", 1)
    assert service.dashboard(DISPATCHER, "MK90") == found
    assert (found.whole.figures.alerts, found.whole.figures.people, found.whole.participants.participants) == (2, 93, 3)


def test_an_alert_over_a_border_lasts_from_the_first_message_on_either_side_to_the_last():
    assert Times(5, 60, None, 900).joined(Times(4, 50, 30, 900)) == Times(4, 60, 30, 900)
    assert Times().joined(Times(None, None, None, 9)) == Times(None, None, None, 9)


def test_the_parts_of_a_control_room_are_its_municipalities(service, figures, counts):
    alert(figures, MAY, BU90010101=40, BU90020101=50)
    counts.count_changes(0, ["e1"], {RowKey("NL", "GM9002"): Participants(participants=7)}, 0)
    parts = service.parts(DISPATCHER, "MK90").parts
    assert [(it.code, it.name, it.figures.people, it.participants.participants) for it in parts] == [
        ("GM9001", "Sluisveen", 40, 0),
        ("GM9002", "Molendrecht", 50, 7),
    ]
    assert [it.people.spared for it in parts_body(service.parts(DISPATCHER, "MK90")).parts] == [2, 2]


def test_the_parts_of_a_police_team_are_told_as_far_as_they_are_by_themselves(service, figures, organisations):
    organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team Oost", ("BU90010101", "WK900102")))
    alert(figures, MAY, BU90010101=4, BU90010103=30, BU90010201=50)
    team = service.parts(TEAM, "T1").parts
    assert [(it.code, it.figures and it.figures.people) for it in team] == [("BU90010101", None), ("WK900102", 50)]
    assert service.parts(TEAM, "T1", date(2026, 5, 1), date(2026, 5, 31)).parts[1].figures is None
    assert service.read(TEAM, "T1").figures is None
    assert service.months(TEAM, "T1").parts == ()


def test_the_months_of_a_control_room_come_as_wholes(service, figures):
    alert(figures, datetime(2026, 3, 2, tzinfo=UTC), "0000000ab1", BU90010101=40, BU90020101=50)
    alert(figures, datetime(2026, 5, 30, tzinfo=UTC), "0000000ab2")
    alert(figures, datetime(2026, 6, 30, tzinfo=UTC), "0000000ab3", BU77010101=9)
    days = date(2026, 3, 31), date(2026, 6, 1)
    found = service.months(DISPATCHER, "MK90", *days)
    assert [(it.code, it.figures.alerts, it.figures.people) for it in found.parts] == [
        ("2026-03", 1, 90),
        ("2026-05", 1, 40),
    ]
    assert (found.period.first, found.period.last) == days
    body = dashboard_body(service.dashboard(DISPATCHER, "MK90", *days))
    assert (body.alerts.total, [it.code for it in body.months], len(body.parts)) == (1, ["2026-05"], 2)


def test_the_table_of_an_organisation_holds_its_areas(service, figures):
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    for member, spared in ((DISPATCHER, ["4", "4", ""]), (TEAM, ["", ""])):
        text = as_csv(service.read(member, member.tenant), service.parts(member, member.tenant), ";").removeprefix(BOM)
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert [row["spared"] for row in rows] == spared
    assert [(row["code"], row["people"], row["sms_failed"]) for row in rows] == [
        ("T1", "40", ""),
        ("WK900101", "40", ""),
    ]


def test_another_organisation_is_refused_like_another_area(service):
    for ask in (service.read, service.parts, service.months, service.days, service.dashboard):
        with pytest.raises(Forbidden, match="not_your_area"):
            ask(TEAM, "MK90")


def test_participants_of_several_areas_are_held_back_where_one_of_them_is():
    some, few = PeopleTold(participants=7, home=8, work=2), PeopleTold(participants=9, home=None, work=1)
    both = together([some, few])
    assert (both.participants, both.home, both.work, both.places) == (16, None, 3, None)
    assert together([]) == PeopleTold()


def lives(areas, code, inhabitants, level=Level.NEIGHBOURHOOD):
    areas.load([Feature(Area(code, code, level, 2024, f"GM{code[2:6]}", inhabitants=inhabitants), SQUARE)])


def counted(counts, day=None, **people):
    """By neighbourhood, after a day or now."""
    rows = {code: Participants(participants=number, home=number) for code, number in people.items()}
    if day:
        by_municipality = {}
        for code, numbers in rows.items():
            by_municipality.setdefault(f"GM{code[2:6]}", {})[code] = numbers
        for municipality, some in by_municipality.items():
            counts.keep(Snapshot(municipality, day, 2024, some))
        counts.keep(Snapshot("NL", day, 2024, {code: total(it.values()) for code, it in by_municipality.items()}))
        return
    keys = {RowKey(f"GM{code[2:6]}", code): numbers for code, numbers in rows.items()}
    nation = {}
    for key, numbers in keys.items():
        nation[RowKey("NL", key.partition)] = nation.get(RowKey("NL", key.partition), NOBODY) + numbers
    counts.count_changes(0, ["e1"], {**keys, **nation}, 0)


EVE = date(2025, 12, 31)


def test_participants_of_a_control_room_have_grown_and_are_told_per_thousand_inhabitants(service, counts, areas):
    lives(areas, "GM9001", 4_000, Level.MUNICIPALITY)
    lives(areas, "GM9002", 1_000, Level.MUNICIPALITY)
    counted(counts, EVE, BU90010101=40, BU90020101=3, BU77010101=80)
    counted(counts, BU90010101=48, BU90020101=2, BU77010101=90)
    told = area_body(service.read(DISPATCHER, "MK90"))
    assert (told.area.inhabitants, told.area.year) == (5_000, 2024)
    assert (told.participants.participants, told.participants.per_thousand) == (50, 10)
    assert told.participants.growth == ReportedGrowth(before=43, after=50, net=7, share=0.1628)
    assert [it.participants.per_thousand for it in parts_body(service.parts(DISPATCHER, "MK90")).parts] == [12, 2]
    text = as_csv(service.read(DISPATCHER, "MK90"), service.parts(DISPATCHER, "MK90"), ";").removeprefix(BOM)
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["per_thousand"] for row in rows] == ["10.0", "12.0", "2.0"]
    assert [(row["participants_before"], row["participants_after"]) for row in rows] == [
        ("43", "50"),
        ("", ""),
        ("", ""),
    ]


def test_where_cbs_gives_no_inhabitants_of_one_area_nothing_is_told_per_thousand(service, counts, areas):
    lives(areas, "GM9001", 4_000, Level.MUNICIPALITY)
    counted(counts, BU90010101=48, BU90020101=20)
    told = area_body(service.read(DISPATCHER, "MK90"))
    assert (told.participants.participants, told.participants.per_thousand, told.area.inhabitants) == (68, None, None)


@pytest.mark.parametrize(("then", "now"), [(3, 40), (40, 3), (3, 4)])
def test_a_team_that_is_one_small_area_is_told_nothing_that_the_area_is_not(
    service, counts, areas, organisations, then, now
):
    organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team Oost", ("BU90010101",)))
    lives(areas, "BU90010101", 100)
    counted(counts, EVE, BU90010101=then, BU90010102=50, BU90010103=60)
    counted(counts, BU90010101=now, BU90010102=50, BU90010103=60)
    team = area_body(service.read(TEAM, "T1")).participants
    area = area_body(service.area("BU90010101")).participants
    assert team == area
    assert team.growth is None
    assert (team.participants is None, team.per_thousand is None) == (now < 5, now < 5)


def test_who_is_held_back_cannot_be_had_from_a_team_less_its_other_areas(service, counts, areas, organisations):
    """Of one neighbourhood there are 3, so the next larger is held back too: the third is told, and no sum of both."""
    codes = ("BU90010101", "BU90010102", "BU90010103")
    for code in codes:
        lives(areas, code, 100)
    counted(counts, EVE, BU90010101=30, BU90010102=50, BU90010103=60)
    counted(counts, BU90010101=3, BU90010102=50, BU90010103=60)
    told = {}
    for some in (codes, codes[:2], codes[1:], codes[2:]):
        organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team Oost", some))
        found = area_body(service.read(TEAM, "T1")).participants
        told[some] = found.participants, found.per_thousand, found.growth and found.growth.net
    assert told == {
        codes: (None, None, None),
        codes[:2]: (None, None, None),
        codes[1:]: (None, None, None),
        codes[2:]: (60, 600, 0),
    }


def test_who_lives_in_an_area_and_in_a_part_of_it_counts_once(service, figures, counts, areas, organisations):
    organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team Oost", ("BU90010101", "WK900101")))
    lives(areas, "BU90010101", 100)
    lives(areas, "WK900101", 300, Level.DISTRICT)
    counted(counts, EVE, BU90010101=30, BU90010102=50)
    counted(counts, BU90010101=40, BU90010102=50)
    alert(figures, MAY, BU90010101=40, BU90010102=50)
    report = service.read(TEAM, "T1")
    assert (report.participants.participants, report.area.inhabitants, report.figures.people) == (90, 300, 90)
    assert report.trend.growth == Growth(80, 90)
    assert [part.participants.participants for part in service.parts(TEAM, "T1").parts] == [40, 90]


def test_growth_of_many_municipalities_reads_the_nations_day_alone(service, counts, monkeypatch):
    counted(counts, EVE, BU90010101=40, BU90020101=30)
    counted(counts, date(2026, 3, 31), BU90010101=41, BU90020101=32)
    asked, day = [], counts.day
    monkeypatch.setattr(counts, "day", lambda *given: asked.append(given[0]) or day(*given), raising=False)
    report = service.read(DISPATCHER, "MK90", date(2026, 1, 1), date(2026, 3, 31))
    assert (report.trend.growth, asked) == (Growth(70, 73), ["NL", "NL"])


def test_who_lived_in_a_municipality_that_was_split_did_not_leave(service, counts, areas):
    """Until an administrator has said what its control room has instead."""
    lives(areas, "GM9001", 4_000, Level.MUNICIPALITY)
    lives(areas, "GM9002", 1_000, Level.MUNICIPALITY)
    areas.load_successors([Successor(2025, "GM9001", "GM9005"), Successor(2025, "GM9001", "GM9006")])
    areas.end("GM9001", 2025)
    counted(counts, EVE, BU90010101=40, BU90020101=3)
    counted(counts, BU90050101=48, BU90020101=20)
    told = area_body(service.read(DISPATCHER, "MK90"))
    assert (told.participants.participants, told.participants.growth) == (20, None)
    assert (told.area.inhabitants, told.participants.per_thousand) == (None, None)
    days = service.days(DISPATCHER, "MK90", date(2026, 11, 23), date(2026, 11, 24))
    assert [day.participants for day in days.parts] == [None, None]
