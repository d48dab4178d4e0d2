"""From whom an alert would reach to what a dispatcher is told."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from chalicelib.alerts.bands import BANDS, band
from chalicelib.alerts.budget import BudgetWarning, Strain
from chalicelib.alerts.cap import Status
from chalicelib.alerts.content import Kind, Occasion
from chalicelib.alerts.forecast import MOST_LISTED, SMALLEST, AreaForecast, Forecaster
from chalicelib.alerts.reach import Group, Reach
from chalicelib.alerts.text import Language
from chalicelib.areas.model import CircleShape, Level, Point
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import ANYWHERE, MICROS_PER_CENT, shipped
from chalicelib.platform.clock import ManualClock

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
SHAPE = CircleShape(Point(5.2, 52.5), 500)
BOTH = (Channel.SMS, Channel.EMAIL)
DUTCH, ENGLISH = Group(Channel.SMS, Language.NL, "NL"), Group(Channel.SMS, Language.EN, "BE")
ABOUT = Occasion(Kind.ALERT, None, Status.ACTUAL)
MAIL = Group(Channel.EMAIL, Language.NL, ANYWHERE)


@dataclass
class Known:
    """Always this reach."""

    found: Reach

    def reach(self, shape, channels, occasion):
        return self.found


@pytest.fixture
def told(purse):
    """The forecast of a reach."""

    def told(reach, channels=BOTH, parts=None, rates=None):
        def names(codes):
            return {code: f"Name of {code}" for code in codes if not code.endswith("99")}

        rates = rates or dict.fromkeys(Channel, 10.0)
        return Forecaster(Known(reach), names, rates, shipped(), purse, ManualClock(NOW)).forecast(
            SHAPE, channels, ABOUT, parts
        )

    return told


def reach(people=100, areas=None, messages=None, exact=True):
    return Reach(exact, people, areas or {"BU90010101": people}, messages or {DUTCH: people, MAIL: people // 2})


def cents(channel, country, messages):
    return -(-shipped().price(channel, country, NOW.date()).micros * messages // MICROS_PER_CENT)


def test_each_channel_tells_its_people_its_time_and_its_cost(told):
    rates = {**dict.fromkeys(Channel, 10.0), Channel.EMAIL: 7.0}
    forecast = told(reach(100), parts={Language.NL: 2, Language.EN: 3}, rates=rates)
    sms, mail = forecast.channels
    assert (sms.channel, sms.people, sms.seconds, sms.cents) == (Channel.SMS, 100, 10, cents(Channel.SMS, "NL", 200))
    assert (mail.channel, mail.people, mail.seconds, mail.cents) == (Channel.EMAIL, 50, 8, 1)
    assert (forecast.people, forecast.seconds, forecast.currency) == (100, 10, "EUR")
    assert sms.cents <= forecast.cents <= sms.cents + mail.cents


def test_an_sms_costs_what_its_language_takes_and_its_country_asks(told):
    parts = {Language.NL: 2, Language.EN: 3}
    forecast = told(reach(12, messages={DUTCH: 10, ENGLISH: 2}), channels=(Channel.SMS,), parts=parts)
    assert forecast.cents == cents(Channel.SMS, "NL", 20) + cents(Channel.SMS, "BE", 6)
    assert (forecast.sms_parts, forecast.assumed) == (parts, False)


def test_without_a_text_the_parts_are_assumed_and_said_to_be(told):
    forecast = told(reach())
    assert forecast.assumed
    assert set(forecast.sms_parts) == set(Language)
    assert forecast.cents >= cents(Channel.SMS, "NL", 100 * forecast.sms_parts[Language.NL])


def test_what_goes_by_email_only_has_no_parts(told):
    forecast = told(reach(messages={MAIL: 100}), channels=(Channel.EMAIL,))
    assert (forecast.sms_parts, [it.channel for it in forecast.channels]) == (None, [Channel.EMAIL])


def test_whether_it_is_exact_is_passed_on(told):
    assert not told(reach(60_000, exact=False)).exact
    assert told(reach(60)).exact


@pytest.mark.parametrize("people", range(SMALLEST))
def test_of_fewer_than_five_nothing_is_said_that_tells_one_from_another(told, people):
    nobody = told(reach(0, areas={}, messages={}))
    assert told(reach(people)) == nobody
    assert (nobody.people, nobody.channels, nobody.cents, nobody.seconds, nobody.areas) == (None, (), None, None, None)


def test_areas_add_up_and_the_small_ones_are_not_named(told):
    areas = {"BU90010101": 7, "BU90010102": 5, "BU90010201": 4, "BU90020101": 3, "GM9003": 6, "elsewhere": 9}
    listed = told(reach(34, areas=areas)).areas
    assert {level: [(it.code, it.people) for it in found] for level, found in listed.items()} == {
        Level.MUNICIPALITY: [("GM9001", 16), ("GM9003", 6)],
        Level.DISTRICT: [("WK900101", 12)],
        Level.NEIGHBOURHOOD: [("BU90010101", 7), ("BU90010102", 5)],
    }
    assert listed[Level.DISTRICT][0].name == "Name of WK900101"


def test_an_area_without_a_name_keeps_its_code(told):
    assert told(reach(9, areas={"BU90010199": 9})).areas[Level.NEIGHBOURHOOD] == (
        AreaForecast("BU90010199", "BU90010199", 9),
    )


def test_a_level_with_too_many_areas_is_left_out(told):
    many = {f"BU{number // 100:06d}{number % 100:02d}": 5 for number in range(100, 101 + MOST_LISTED)}
    listed = told(reach(5_005, areas=many)).areas
    assert Level.NEIGHBOURHOOD not in listed
    assert sum(it.people for it in listed[Level.DISTRICT]) == 5_005


def test_bands_follow_upon_each_other_without_a_gap():
    assert (BANDS[0].least, BANDS[-1].most) == (0, None)
    assert [it.least for it in BANDS[1:]] == [it.most + 1 for it in BANDS[:-1]]


@pytest.mark.parametrize(
    ("people", "code"),
    [
        (0, "fewer_than_ten"),
        (9, "fewer_than_ten"),
        (10, "tens"),
        (999, "hundreds"),
        (1_000, "thousands"),
        (99_999, "tens_of_thousands"),
        (1_700_000, "millions"),
    ],
)
def test_a_number_has_its_band(people, code):
    assert band(people).code == code


def warning(code, strain=Strain.OVER):
    return BudgetWarning(code, f"Name of {code}", strain, 1_000, 900, 200)


def test_budgets_are_asked_with_the_cost_that_is_told(told, purse):
    purse.found = [warning("GM9001")]
    forecast = told(reach(100))
    assert forecast.budget == (warning("GM9001"),)
    assert purse.asked == [(forecast.cents, {"BU90010101": 100})]


def test_a_municipality_with_few_people_is_not_warned_of(told, purse):
    purse.found = [warning("GM9001"), warning("GM9002")]
    forecast = told(reach(104, areas={"BU90010101": 100, "BU90020101": 2, "GM9002": 2}))
    assert [it.code for it in forecast.budget] == ["GM9001"]


def test_of_few_people_budgets_are_not_even_asked(told, purse):
    assert told(reach(SMALLEST - 1)).budget is None
    assert purse.asked == []


def test_budgets_that_cannot_be_read_are_not_told_and_hinder_nothing(told, purse):
    purse.broken = True
    forecast = told(reach(100))
    assert (forecast.people, forecast.budget) == (100, None)
