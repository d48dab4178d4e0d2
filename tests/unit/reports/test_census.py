import pytest

from chalicelib.participants.model import ChannelChoice
from chalicelib.participants.places import MemoryPlaceStore
from chalicelib.participants.store_memory import MemoryParticipantStore, MemoryRoll, MemorySignUpStore
from chalicelib.platform.once import TRANSACTION, lots
from chalicelib.reports.census import Census, Change
from chalicelib.reports.census_model import NOBODY, Participants
from tests.unit.reports.people import record, somebody

HOME, WORK = "BU90010101", "BU90020101"
ONE = Participants(participants=1, home=1, sms=1)


@pytest.fixture
def census(counts, clock):
    return Census(MemoryRoll(MemoryParticipantStore(MemoryPlaceStore(), MemorySignUpStore())), counts, clock)


def count(census, *records):
    census.count({"Records": list(records)})


def test_somebody_counts_once_as_participant_and_with_each_place(census, counts):
    count(census, record(new=somebody(HOME, work=[WORK])))
    assert counts.people("GM9001") == {HOME: ONE}
    assert counts.people("GM9002") == {WORK: Participants(work=1)}
    assert counts.people("NL") == {"GM9001": ONE, "GM9002": Participants(work=1)}


def test_each_channel_counts_where_somebody_is_a_participant(census, counts):
    channels = (ChannelChoice.SMS, ChannelChoice.EMAIL)
    count(census, record(new=somebody(HOME, "BU90010102", channels=channels)))
    assert counts.people("GM9001") == {
        HOME: Participants(participants=1, home=1, sms=1, email=1),
        "BU90010102": Participants(home=1),
    }


def test_who_pauses_is_counted_apart_and_with_no_place(census, counts):
    before, after = somebody(HOME, work=[WORK]), somebody(HOME, work=[WORK], paused=True, version=2)
    count(census, record(new=before), record(before, after))
    assert counts.people("GM9001") == {HOME: Participants(paused=1)}
    assert counts.people("GM9002") == {WORK: NOBODY}


def test_who_leaves_counts_no_more(census, counts):
    count(census, record(new=somebody(HOME)), record(old=somebody(HOME)))
    assert counts.people("GM9001") == {HOME: NOBODY}
    assert counts.people("NL") == {"GM9001": NOBODY}


def test_a_change_that_moves_nobody_writes_nothing(census, counts):
    count(census, record(somebody(HOME), somebody(HOME, version=2)))
    assert (counts.rows, counts.changes) == ({}, set())


def test_records_that_come_again_in_another_lot_and_late_are_counted_once(census, counts):
    joined, moved = somebody(HOME), somebody("BU90010102", version=2)
    first, second = record(new=joined), record(joined, moved)
    count(census, second)
    count(census, first)
    count(census, first, second)
    count(census, second, first)
    assert counts.people("GM9001") == {HOME: NOBODY, "BU90010102": ONE}


def test_the_largest_change_of_one_participant_fits_in_a_transaction():
    before = somebody(*(f"BU9{n:03d}0101" for n in range(5)))
    after = somebody(*(f"BU8{n:03d}0101" for n in range(5)), version=2)
    change = Change.of(record(before, after)["dynamodb"])
    ((ids, sums),) = lots([(change.id, change.deltas)])
    assert len(ids) + len(sums) <= TRANSACTION
