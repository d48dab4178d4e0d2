import pytest

from chalicelib.platform.once import TRANSACTION, lots
from chalicelib.reports.census import Census, change_of
from chalicelib.reports.census_model import Participants

HOME, WORK = "BU90010101", "BU90020101"


@pytest.fixture
def census(counts, clock):
    return Census(counts, clock)


def image(*areas, active=True):
    return {"active": {"BOOL": active}, "areas": {"L": [{"S": area} for area in areas]}}


def record(event_id, old=None, new=None):
    images = {"OldImage": old, "NewImage": new}
    return {"eventID": event_id, "dynamodb": {name: given for name, given in images.items() if given}}


def test_somebody_counts_once_as_participant_and_with_each_place(census, counts):
    census.count({"Records": [record("e1", new=image(HOME, WORK))]})
    assert counts.participants(HOME) == Participants(1, 1)
    assert counts.participants("GM9001") == Participants(1, 1)
    assert counts.participants(WORK) == Participants(0, 1)
    assert counts.participants("NL") == Participants(1, 2)


@pytest.mark.parametrize("gone", [None, image(HOME, WORK, active=False)])
def test_who_leaves_or_pauses_counts_no_more(census, counts, gone):
    census.count({"Records": [record("e1", new=image(HOME, WORK)), record("e2", old=image(HOME, WORK), new=gone)]})
    assert {area: sums for area, sums in counts.counted.items() if sums != Participants()} == {}


def test_a_change_that_moves_nobody_is_nothing_to_count():
    assert change_of(record("e1", image(HOME), image(HOME))["dynamodb"]) == {}


def test_records_that_come_again_in_another_lot_are_counted_once(census, counts):
    first, second = record("e1", new=image(HOME)), record("e2", new=image(HOME))
    census.count({"Records": [first]})
    census.count({"Records": [first, second]})
    census.count({"Records": [first, second]})
    assert counts.participants(HOME) == Participants(2, 2)


def test_the_largest_change_of_one_participant_fits_in_a_transaction():
    before = image(*(f"BU9{n:03d}0101" for n in range(5)))
    after = image(*(f"BU8{n:03d}0101" for n in range(5)))
    ((ids, sums),) = lots([("e1", change_of({"OldImage": before, "NewImage": after}))])
    assert len(ids) + len(sums) <= TRANSACTION
