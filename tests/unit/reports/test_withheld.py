"""Which areas are told of. That nothing can be found by subtraction is tested in ``test_suppression``."""

from datetime import UTC, datetime

from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.reports.figures import AlertRow, Facts, MonthRow, Times
from chalicelib.reports.withheld import is_whole, told_of

FACTS = Facts("0000000abc", datetime(2026, 11, 23, tzinfo=UTC), "Actual", "alert", "robbery", "Immediate")


def month(people, by_channel=None, name="2026-11"):
    tallies = {
        code: AreaTally(number, number, number, 0, {Channel.SMS: Messages(*[(by_channel or people)[code]] * 2)})
        for code, number in people.items()
    }
    return MonthRow.of("GM9001", name, 1, [AlertRow("GM9001", FACTS, Times(), tallies, 1)])


def test_where_everybody_is_many_everything_is_told():
    told = told_of([month({"BU90010101": 40, "BU90010201": 50})])
    assert told.areas == {"BU90010101", "BU90010201", "WK900101", "WK900102", "GM9001"}
    assert told.messages == told.areas


def test_a_few_people_take_another_area_with_them():
    told = told_of([month({"BU90010101": 3, "BU90010102": 50, "BU90010103": 60})])
    assert not told.area("BU90010101")
    assert not told.area("BU90010102")
    assert told.area("BU90010103")
    assert told.area("WK900101")


def test_a_month_with_few_people_does_not_hide_the_year():
    many, few = {"BU90010101": 40, "BU90010102": 50}, {"BU90010101": 2, "BU90010102": 50}
    told = told_of([month(many, name="2026-10"), month(few, name="2026-11")])
    assert told.area("BU90010101")


def test_what_is_held_back_in_one_year_is_so_in_two():
    many, few = {"BU90010101": 40, "BU90010102": 50}, {"BU90010101": 2, "BU90010102": 50}
    told = told_of([month(many, name="2025-11"), month(few, name="2026-11")])
    assert not told.area("BU90010101")
    assert not told.area("BU90010102")


def test_few_messages_on_one_channel_hold_back_channels_alone():
    people = {"BU90010101": 40, "BU90010102": 50}
    told = told_of([month(people, by_channel={"BU90010101": 1, "BU90010102": 50})])
    assert told.area("BU90010101")
    assert not told.by_channel("BU90010101")


def test_few_delivered_messages_hold_back_channels_too():
    some = {
        "BU90010101": AreaTally(40, 40, 40, 0, {Channel.SMS: Messages(40, 2), Channel.EMAIL: Messages(40, 40)}),
        "BU90010102": AreaTally(50, 50, 50, 0, {Channel.SMS: Messages(50, 50)}),
    }
    told = told_of([MonthRow.of("GM9001", "2026-11", 1, [AlertRow("GM9001", FACTS, Times(), some, 1)])])
    assert told.area("BU90010101")
    assert not told.by_channel("BU90010101")


def test_a_municipality_and_the_nation_are_always_told():
    told = told_of([month({"BU90010101": 1})])
    assert told.area("GM9001")
    assert told.by_channel("NL")
    assert [is_whole(code) for code in ("NL", "GM9001", "WK900101", "BU90010101")] == [True, True, False, False]


def test_of_no_month_nothing_is_told_below_a_municipality():
    assert not told_of([]).area("WK900101")
