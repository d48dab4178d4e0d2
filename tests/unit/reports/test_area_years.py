"""What a participant is told of a year where they live: the neighbourhood, unless it is too small to be told of."""

from datetime import UTC, datetime

import pytest

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.delivery.model import AreaTally
from chalicelib.participants.area_year import AreaYear
from chalicelib.reports.area_years import AreaYears
from chalicelib.reports.census_model import Participants, RowKey
from chalicelib.reports.figures import AlertRow, Facts, Times
from chalicelib.reports.months import Months
from tests.unit.reports.conftest import SQUARE

HOME, NEXT = "BU90010101", "BU90010102"


@pytest.fixture
def years(areas, service, clock, counts):
    for code, level in (("WK900101", Level.DISTRICT), (HOME, Level.NEIGHBOURHOOD), (NEXT, Level.NEIGHBOURHOOD)):
        areas.load([Feature(Area(code, f"Name of {code}", level, 2024, "GM9001"), SQUARE)])
    for code, number in ((HOME, 40), (NEXT, 60)):
        counts.count_changes(0, [code], {RowKey("GM9001", code): Participants(participants=number)}, 0)
    return AreaYears(areas, service, clock)


@pytest.fixture
def happened(figures):
    def happened(month, people, result=None, contribution=None, year=2025):
        opened = datetime(year, month, 10, 12, tzinfo=UTC)
        name = f"{len(figures.rows):010d}"
        facts = Facts(name, opened, "Actual", "alert", "robbery", "Immediate", 0, result, contribution)
        row = AlertRow("GM9001", facts, Times(), {code: AreaTally(n, n, n) for code, n in people.items()}, 1)
        figures.put_alert(row)
        Months(figures).include(row)

    return happened


def test_it_is_of_the_calendar_year_before_this_one(years, happened):
    for month, year in ((12, 2024), (1, 2025), (12, 2025), (1, 2026)):
        happened(month, {HOME: 40, NEXT: 60}, year=year)
    assert years.of(HOME) == AreaYear(f"Name of {HOME}", 2025, 2, 0, 0, 40)


def test_it_says_what_came_of_it(years, happened):
    happened(5, {HOME: 40}, "suspect_arrested", "direct")
    happened(6, {HOME: 40, NEXT: 60}, "other", "indirect")
    happened(7, {HOME: 40, NEXT: 60}, "property_recovered", "none")
    assert years.of(HOME) == AreaYear(f"Name of {HOME}", 2025, 3, 2, 2, 40)


def test_of_a_neighbourhood_with_few_people_it_tells_of_the_municipality(years, happened):
    happened(5, {NEXT: 60})
    happened(6, {HOME: 3, NEXT: 60})
    assert years.of(HOME) == AreaYear("Sluisveen", 2025, 2, 0, 0, 100)
    assert years.of(NEXT).place == "Sluisveen"  # the other would show by what is left


def test_where_nothing_happened_or_few_take_part_it_tells_of_the_municipality_and_of_how_many_not(years, counts):
    assert years.of(HOME) == AreaYear("Sluisveen", 2025, 0, 0, 0, 100)
    counts.count_changes(0, ["less"], {RowKey("GM9001", NEXT): Participants(participants=-60)}, 0)
    counts.count_changes(0, ["fewer"], {RowKey("GM9001", HOME): Participants(participants=-36)}, 0)
    assert years.of(HOME) == AreaYear("Sluisveen", 2025, 0, 0, 0, None)


def test_of_an_area_that_is_no_more_it_tells_of_its_municipality_or_nothing(years):
    assert years.of("BU90019999").place == "Sluisveen"
    assert years.of("BU99999999") is None
