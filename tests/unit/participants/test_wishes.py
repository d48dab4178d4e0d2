"""When somebody may be asked: hours by the clock on the wall, and how they are packed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.participants.wishes import (
    DAYS,
    MAX_HOURS,
    WEEK,
    Day,
    Hours,
    Topic,
    Wishes,
    minute_of_week,
    read_wishes,
)
from chalicelib.platform.clock import AMSTERDAM

QUARTERS = st.integers(0, 95).map(lambda number: number * 15)
HOURS = st.builds(Hours, st.frozensets(st.sampled_from(Day), min_size=1), QUARTERS, QUARTERS)
WISHES = st.builds(
    Wishes,
    st.frozensets(st.sampled_from(Topic)),
    st.booleans(),
    st.lists(st.lists(HOURS, max_size=MAX_HOURS).map(tuple), max_size=5).map(tuple),
)
OFFICE = Hours(frozenset(DAYS[:5]), 9 * 60, 17 * 60)
NIGHT = Hours(frozenset({Day.SUN}), 22 * 60, 7 * 60)


def at(day, clock):
    hours, minutes = clock.split(":")
    return DAYS.index(Day(day)) * 24 * 60 + int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        (OFFICE, ["mon 9:00", "fri 16:59"], ["mon 8:59", "mon 17:00", "sat 12:00"]),
        (NIGHT, ["sun 22:00", "sun 23:59", "mon 0:00", "mon 6:59"], ["sun 21:59", "mon 7:00", "mon 22:00", "sun 6:59"]),
        (Hours(frozenset({Day.WED}), 0, 0), ["wed 0:00", "wed 23:59"], ["tue 23:59", "thu 0:00"]),
        (Hours(frozenset({Day.WED}), 12 * 60, 12 * 60), ["wed 12:00", "thu 11:59"], ["wed 11:59", "thu 12:00"]),
    ],
)
def test_hours_hold_from_their_start_until_their_end(hours, inside, outside):
    assert all(hours.hold(at(*text.split())) for text in inside)
    assert not any(hours.hold(at(*text.split())) for text in outside)


@given(HOURS, st.integers(0, WEEK - 1))
def test_hours_are_what_a_calendar_says(hours, minute):
    """Written out minute by minute over two weeks, of which the second is looked at."""
    monday = datetime(2026, 6, 1, tzinfo=UTC)
    now = monday + timedelta(days=7, minutes=minute)
    open_ = False
    for number in range(14):
        day = monday + timedelta(days=number)
        if DAYS[day.weekday()] in hours.days:
            start = day + timedelta(minutes=hours.start)
            end = day + timedelta(minutes=hours.end) + timedelta(days=hours.end <= hours.start)
            open_ = open_ or start <= now < end
    assert hours.hold(minute) == open_


@given(WISHES)
def test_wishes_are_read_back_as_they_were_packed(wishes):
    read = read_wishes(wishes.packed)
    assert (read.declined, read.exercises) == (wishes.declined, wishes.exercises)
    for rank in range(6):
        for minute in range(0, WEEK, 15):
            assert read.open(rank, minute) == wishes.open(rank, minute)
    assert not set(wishes.packed) & {" ", "#"}


def test_who_wishes_nothing_leaves_nothing():
    assert Wishes().packed == Wishes(hours=((), ())).packed == ""
    assert read_wishes("") == Wishes()


def test_two_hours_of_one_place_take_eleven_characters():
    assert len(Wishes(hours=((OFFICE, NIGHT),)).packed) == 11


def test_one_of_two_hours_is_enough_and_a_place_without_hours_is_always_open():
    wishes = Wishes(hours=((OFFICE, NIGHT), ()))
    assert wishes.open(0, at("tue", "9:30"))
    assert wishes.open(0, at("sun", "23:00"))
    assert not wishes.open(0, at("sat", "12:00"))
    assert wishes.open(1, at("sat", "12:00"))
    assert wishes.open(2, at("sat", "12:00"))


@pytest.mark.parametrize("minutes", [(7, 60), (0, 1440), (-15, 60)])
def test_hours_begin_and_end_on_a_quarter(minutes):
    with pytest.raises(ValueError, match="quarter"):
        Hours(frozenset(Day), *minutes)


@pytest.mark.parametrize(
    ("moment", "day", "clock"),
    [
        (datetime(2026, 11, 23, 20, 15, tzinfo=UTC), "mon", "21:15"),
        (datetime(2026, 7, 5, 22, 30, tzinfo=UTC), "mon", "0:30"),
        # The night of 25 October: half past two comes twice.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "sun", "2:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "sun", "2:30"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "sun", "3:00"),
    ],
)
def test_the_minute_of_the_week_is_that_of_the_clock_on_the_wall(moment, day, clock):
    assert minute_of_week(moment) == at(day, clock)
    assert minute_of_week(moment.astimezone(AMSTERDAM)) == at(day, clock)
