from datetime import UTC, date, datetime

import pytest

from chalicelib.reports.census_model import Participants, RowKey, Snapshot
from chalicelib.reports.census_snapshot import Snapshots

ONE = Participants(participants=1, home=1)


@pytest.fixture
def snapshots(areas, counts, clock):
    return Snapshots(areas, counts, clock)


def add(counts, municipality, number):
    area = f"BU{municipality[2:]}0101"
    counts.count_changes(
        0, [f"{municipality}.{number}"], {RowKey(municipality, area): ONE, RowKey("NL", municipality): ONE}, 0
    )


def test_the_first_call_after_midnight_in_amsterdam_keeps_the_day_before(snapshots, counts, clock):
    add(counts, "GM9001", 1)
    clock.at = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert snapshots.run({}) == {"kept": 2}
    clock.at = datetime(2026, 11, 30, 23, 1, tzinfo=UTC)
    assert snapshots.run({}) == {"kept": 2}
    november = date(2026, 11, 29), date(2026, 11, 30)
    assert [counts.day("GM9001", day, day).people for day in november] == 2 * [{"BU90010101": ONE}]
    assert counts.day("NL", *november).people == {"GM9001": ONE}


def test_of_every_day_there_is_one_row(snapshots, counts, clock):
    for number, hour in enumerate((1, 2, 3), 1):
        clock.at = datetime(2026, 12, 1, hour, tzinfo=UTC)
        add(counts, "GM9001", number)
        snapshots.run({})
    clock.at = datetime(2026, 12, 2, 1, tzinfo=UTC)
    snapshots.run({})
    assert {day for where, day in counts.days if where == "GM9001"} == {date(2026, 11, 30), date(2026, 12, 1)}
    days = (counts.day("GM9001", day, day) for day in (date(2026, 11, 30), date(2026, 12, 1)))
    assert [it.people["BU90010101"].participants for it in days] == [1, 3]


def test_who_takes_part_without_anybody_has_a_row_and_so_has_who_has_people_without_taking_part(snapshots, counts):
    add(counts, "GM9002", 1)
    add(counts, "GM9009", 1)
    assert snapshots.run({}) == {"kept": 4}
    yesterday = date(2026, 11, 23)
    assert counts.day("GM9001", yesterday, yesterday) == Snapshot("GM9001", yesterday, 2024, {})
    assert counts.day("GM9009", yesterday, yesterday).year == 2024


def test_a_call_that_died_half_way_is_made_good_by_the_next(snapshots, counts, clock):
    add(counts, "GM9001", 1)
    yesterday = date(2026, 11, 23)
    counts.keep(Snapshot("GM9001", yesterday, 2024, {}))
    assert snapshots.run({}) == {"kept": 2}
    assert counts.day("GM9001", yesterday, yesterday).people == {}
    assert counts.day("NL", yesterday, yesterday).people == {"GM9001": ONE}
