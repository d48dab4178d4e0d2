"""What is told of participants, with what is held back; and growth, over the codes of other years."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.areas.model import Area, Level
from chalicelib.areas.succession import Successor
from chalicelib.reports.bodies import ReportedGrowth, area_body
from chalicelib.reports.census_figures import PeopleTold, people_told
from chalicelib.reports.census_model import Participants, RowKey, Snapshot
from chalicelib.reports.model import Period
from chalicelib.reports.report import Place
from chalicelib.reports.statistics import Growth
from chalicelib.reports.trend import Trend, Trends

A, B, C = "BU90010101", "BU90010102", "BU90010103"
TOWN = Area("GM9001", "Sluisveen", Level.MUNICIPALITY, 2026, "GM9001")
DISTRICT = Area("WK900101", "Kern", Level.DISTRICT, 2026, "GM9001", "WK900101")
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
BEFORE, AFTER = date(2026, 2, 28), date(2026, 3, 31)


def people(number, **more):
    return Participants(**{"participants": number, "home": number, "sms": number, **more})


@pytest.fixture
def trend(areas, counts, clock):
    trends = Trends(areas, counts, clock)
    return lambda area, period, now=None: trends.of({area.code: area.year}, now, period)


def kept(counts, day, year, **partitions):
    for partition, rows in partitions.items():
        counts.keep(Snapshot(partition, day, year, rows))


def test_every_level_is_the_sum_of_its_smallest_areas():
    rows = {A: people(20, work=5), B: people(30, paused=6), "BU90010201": people(7, email=7)}
    found = people_told(rows, [A, "WK900101", "GM9001"])
    assert found[A] == PeopleTold(20, 0, 20, 5, {"sms": 20, "voice": 0, "email": 0, "push": 0})
    assert (found["WK900101"].participants, found["WK900101"].places) == (50, 55)
    assert found["GM9001"] == PeopleTold(57, 6, 57, 5, {"sms": 57, "voice": 0, "email": 7, "push": 0})


def test_the_nation_is_the_sum_of_municipalities_however_small():
    assert people_told({"GM9001": people(3), "GM9002": people(9)}, ["NL"])["NL"].participants == 12


def test_where_participants_are_held_back_so_are_their_channels_and_places_where_a_part_is():
    rows = {A: people(3), B: people(8), C: people(20, work=2)}
    found = people_told(rows, [A, B, C])
    assert [found[area].participants for area in (A, B, C)] == [None, None, 20]
    assert [found[area].by_channel["sms"] for area in (A, B, C)] == [None, None, 20]
    assert [found[area].work for area in (A, B, C)] == [None, None, None]  # 2 in all: not told of any part
    assert found[C].home == 20
    assert found[C].places is None


def test_where_nobody_ever_was_there_is_nobody_unless_that_would_tell_of_others():
    empty = "BU90010199"
    assert people_told({A: people(20)}, [empty])[empty].participants == 0
    assert people_told({A: people(3), B: people(9)}, [empty])[empty].participants is None


def test_asking_for_one_area_or_for_many_tells_the_same():
    rows = {A: people(4), B: people(4), C: people(9), "BU90010201": people(0), "WK900101": people(1)}
    codes = [*rows, "BU90010199", "GM9001"]
    together = people_told(rows, codes)
    assert together == {code: people_told(rows, [code])[code] for code in codes}


def test_growth_up_to_now(trend, counts):
    kept(counts, date(2025, 12, 31), 2026, GM9001={A: people(40)})
    assert trend(TOWN, Period(date(2026, 1, 1), date(2026, 11, 24)), 50) == Trend(Growth(40, 50))


def test_of_a_period_that_has_ended_the_last_day_counts_and_a_missed_one_is_stood_in_for(trend, counts):
    kept(counts, date(2026, 2, 25), 2026, GM9001={A: people(10)})
    kept(counts, AFTER, 2026, GM9001={A: people(12)})
    assert trend(TOWN, MARCH, 99).growth == Growth(10, 12)


def test_without_a_count_near_a_day_there_is_nothing_to_tell(trend, counts):
    kept(counts, date(2026, 2, 20), 2026, GM9001={A: people(10)})
    assert trend(TOWN, MARCH, 10) == Trend()


def test_the_nation_grows_too(clock, areas, counts):
    kept(counts, BEFORE, 2026, NL={"GM9001": people(10), "GM9002": people(2)})
    kept(counts, AFTER, 2026, NL={"GM9001": people(11), "GM9002": people(3)})
    assert Trends(areas, counts, clock).of({"NL": None}, 99, MARCH) == Trend(Growth(12, 14))


def test_growth_is_told_only_where_both_ends_are(trend, counts):
    other = {"BU90010201": people(50)}
    kept(counts, BEFORE, 2026, GM9001={A: people(3), **other})
    kept(counts, AFTER, 2026, GM9001={A: people(9), **other})
    assert trend(DISTRICT, MARCH).growth is None
    assert trend(TOWN, MARCH).growth == Growth(53, 59)


def test_of_an_area_that_had_ended_nobody_was_counted_rather_than_nobody_was_there(trend, areas, counts):
    areas.load_successors([Successor(2026, "GM9001", "GM9005"), Successor(2026, "GM9001", "GM9006")])
    was = replace(TOWN, year=2025)
    kept(counts, date(2025, 12, 31), 2025, GM9001={A: people(30)}, NL={})
    kept(counts, AFTER, 2026, GM9005={"BU90050101": people(31)}, NL={})
    assert trend(was, Period(date(2026, 1, 1), date(2026, 3, 31))) == Trend()


def test_what_became_of_codes_is_asked_once_for_all_areas(clock, areas, counts, monkeypatch):
    asked = []
    real = areas.succession
    monkeypatch.setattr(type(areas), "succession", lambda self: asked.append(1) or real())
    kept(counts, date(2025, 12, 31), 2025, NL={"GM9001": people(10), "GM9002": people(20)})
    kept(counts, date(2026, 3, 31), 2025, NL={"GM9001": people(11), "GM9002": people(21)})
    together = Trends(areas, counts, clock).of({"GM9001": 2026, "GM9002": 2026}, None, Period(date(2026, 1, 1), AFTER))
    assert (together, len(asked)) == (Trend(Growth(30, 32)), 1)


def test_two_municipalities_that_merged_grow_as_one(trend, areas, counts):
    areas.load_successors([Successor(2026, "GM9001", "GM9009"), Successor(2026, "GM9002", "GM9009")])
    merged = replace(TOWN, code="GM9009", municipality="GM9009")
    kept(counts, date(2025, 12, 31), 2025, GM9001={A: people(30)}, GM9002={"BU90020101": people(12)}, NL={})
    kept(counts, AFTER, 2026, GM9009={"BU90090101": people(45)}, NL={})
    report = trend(merged, Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert report.growth == Growth(42, 45)


def test_one_that_takes_in_another_and_keeps_its_code_has_the_history_of_both(trend, areas, counts):
    areas.load_successors([Successor(2026, "GM9002", "GM9001")])
    kept(counts, date(2025, 12, 31), 2025, GM9001={A: people(30)}, GM9002={"BU90020101": people(12)})
    kept(counts, AFTER, 2026, GM9001={A: people(45)})
    assert trend(TOWN, Period(date(2026, 1, 1), date(2026, 3, 31))).growth == Growth(42, 45)


def test_a_neighbourhood_that_was_numbered_anew_keeps_its_history(trend, areas, counts):
    areas.load_successors([Successor(2026, A, C)])
    new = Area(C, "Haven", Level.NEIGHBOURHOOD, 2026, "GM9001", "WK900101")
    kept(counts, date(2025, 12, 31), 2025, GM9001={A: people(30), B: people(50)})
    kept(counts, AFTER, 2026, GM9001={C: people(33), B: people(50)})
    assert trend(new, Period(date(2026, 1, 1), date(2026, 3, 31))).growth == Growth(30, 33)


def test_a_neighbourhood_that_was_split_is_not_compared_with_what_it_was(trend, areas, counts):
    areas.load_successors([Successor(2026, A, A), Successor(2026, A, C)])
    half = Area(A, "Haven-West", Level.NEIGHBOURHOOD, 2026, "GM9001", "WK900101")
    kept(counts, date(2025, 12, 31), 2025, GM9001={A: people(30)})
    kept(counts, AFTER, 2026, GM9001={A: people(16), C: people(17)})
    report = trend(half, Period(date(2026, 1, 1), date(2026, 3, 31)))
    assert (report.growth, report.comparable_from) == (None, 2026)
    assert trend(DISTRICT, Period(date(2026, 1, 1), date(2026, 3, 31))).growth == Growth(30, 33)


def test_a_report_tells_growth_and_the_rate_per_inhabitant(service, counts):
    key = RowKey("GM9001", A)
    counts.count_changes(0, ["p.1"], {key: people(50)}, 0)
    kept(counts, date(2025, 12, 31), 2024, GM9001={A: people(40)})
    report = replace(service.area("GM9001"), area=Place("GM9001", "Sluisveen", "municipality", 2024, 2_000))
    told = area_body(report).participants
    assert (told.participants, told.per_thousand, told.comparable_from) == (50, 25.0, None)
    assert told.growth == ReportedGrowth(before=40, after=50, net=10, share=0.25)
    assert area_body(replace(report, area=replace(report.area, inhabitants=None))).participants.per_thousand is None
