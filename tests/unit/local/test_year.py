"""The generated year: what must come of it in plain numbers, and that the product's reports say so."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.channels.email import MemoryEmailSender
from chalicelib.staff.model import Role
from chalicelib.wiring import System
from local.year import check, expected, fill, product
from local.year.check import Table
from local.year.check_letters import check_letters, run_schedule
from local.year.inbox import of_twin
from local.year.plan import CASES, SMALL, WHOLE, Case
from local.year.story import lines, play_in_memory

# When the schedule of summaries looks: late, twice, and when the year is over.
MORNINGS = [datetime(2025, 5, 12, 9, tzinfo=UTC)] * 2 + [datetime(2025, 10, 1, 5, tzinfo=UTC)]
MORNINGS += [datetime(2026, 1, 1, 6, tzinfo=UTC)]
JUNE = [datetime(2025, 6, 1, 6, tzinfo=UTC)]


def test_the_whole_year_in_numbers():
    nation = expected.nation(WHOLE)
    assert WHOLE.alerts == nation["alerts.total"] == 8_000
    assert expected.participants(WHOLE.municipalities * 20)["participants.participants"] == 1_700_000
    assert (nation["people.matched"], nation["people.asked"]) == (20_981_200, 20_461_200)
    assert (nation["people.reached"], nation["people.spared"]) == (18_415_200, 520_000)
    assert (nation["tips"], nation["alerts.open"]) == (16_000, 400)
    assert (nation["success.successes"], nation["success.closed"]) == (2_000, 7_600)
    results = {name.removeprefix("results."): number for name, number in nation.items() if name.startswith("results.")}
    assert results == {
        "suspect_arrested": 800,
        "property_recovered": 400,
        "missing_person_found": 800,
        "none": 4_000,
        "other": 1_200,
        "unknown": 400,
    }
    contributions = {name: number for name, number in nation.items() if name.startswith("contributions.")}
    assert contributions == {
        "contributions.direct": 800,
        "contributions.indirect": 800,
        "contributions.none": 5_600,
        "contributions.unknown": 400,
    }


def test_every_area_is_a_part_of_the_one_above():
    """People add up; an alert over a border counts on both sides of it, and once in the nation."""
    nation, whole = expected.nation(WHOLE), expected.municipality(WHOLE)
    assert whole["people.reached"] * WHOLE.municipalities == nation["people.reached"]
    assert whole["alerts.total"] * WHOLE.municipalities - nation["alerts.total"] == 20 * len(WHOLE.slots)
    districts = sum((expected.district(WHOLE, number) for number in range(4)), Counter())
    del whole["cost.cents"]  # which falls to municipalities
    assert districts == whole
    for number in range(4):
        places = (expected.neighbourhood(WHOLE, place) for place in range(number * 5, number * 5 + 5))
        assert sum(it["people.reached"] for it in places) == expected.district(WHOLE, number)["people.reached"]


def test_its_days_add_up_to_it():
    whole = expected.municipality(WHOLE)
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(365)]
    assert expected.days(WHOLE, days[0], days[-1]) == whole
    assert (
        sum((expected.days(WHOLE, *some) for some in ((days[0], days[99]), (days[100], days[-1]))), Counter()) == whole
    )
    assert expected.days(WHOLE, days[20], days[29]) == Counter()


def test_half_of_the_alerts_are_shorter_and_half_longer():
    """By hand: the tenth and eleventh of twenty cases, or the eleventh of 21; tips came in 16, closed were 19."""
    assert expected.times(expected.of_nation()) == {
        "times.first_message": 90 + 570,
        "times.last_message": 1_800 + 1_140,
        "times.first_tip": 120 + 600,
        "times.closing": 3_600 + 2_700,
    }
    there = expected.times(expected.of_municipality())
    assert (there["times.first_message"], there["times.closing"]) == (90 + 540, 3_600 + 2_550)


def test_what_the_year_costs():
    """Each SMS has two parts of 12 cents, an e-mail costs the hundredth of a cent; each alert is rounded up."""
    nation = expected.nation(WHOLE)
    assert nation["cost.cents"] == 392_966_400
    exact = 24 * nation["messages.sms.sent"] + nation["messages.email.sent"] / 100
    assert exact <= nation["cost.cents"] < exact + WHOLE.alerts
    assert nation["cost.cents"] == 400 * expected.municipality(SMALL)["cost.cents"] // 3
    assert expected.municipality(SMALL, slots=2)["cost.cents"] == 1_964_832


def test_the_cases_are_of_every_sort():
    cases = [Case(number) for number in range(CASES)]
    assert Counter(case.category for case in cases).total() == CASES
    assert len({case.category for case in cases}) == 5
    assert len({case.result for case in cases}) == 7
    assert sum(case.tips for case in cases) == 40


def test_a_small_year_comes_back_exactly(tmp_path):
    said = []
    table = play_in_memory(tmp_path, SMALL, MORNINGS, said.append)
    assert table.wrong() == []
    assert len(table.must) > 1_000
    sources = {source for told in table.said.values() for source in told}
    assert sources == {
        "API", "parts", "dashboard", "cost", "CSV", "summary", "summary HTML", "rebuild", "open data", "open CSV",
    }  # fmt: skip

    assert said[0] == "120 alerts in 2 municipalities are counted."
    assert said[2] == "14 summaries have been read, as text and as HTML."
    printed = "\n".join(lines(table))
    assert "WRONG" not in printed
    assert "alerts.total" in printed


def test_the_sentence_of_a_small_year(tmp_path):
    system = product.in_memory(tmp_path)
    fill.fill(system, SMALL)
    fill.alerts(system, SMALL)
    caller = product.Caller(system, product.tokens_in(tmp_path))
    told = caller.get("/reports/areas/NL?first=2025-01-01&last=2025-12-31", Role.DISPATCHER, fill.ROOM)["sentence"]
    assert told["nl"] == (
        "In 2025 waren er in Nederland 120 spoedacties van Burgernet. Die bereikten samen 276.228 keer een deelnemer. "
        "Er was 30 keer resultaat, 24 keer met hulp van deelnemers."
    )


def test_one_alert_more_or_less_is_found(tmp_path):
    """The check can fail: a row that somebody else wrote into the table of reports."""
    system = product.in_memory(tmp_path)
    token = product.tokens_in(tmp_path)
    fill.fill(system, SMALL)
    fill.alerts(system, SMALL)
    key = next(key for key in system.parts.figures.by_month if key[0] == "NL")
    month = system.parts.figures.by_month[key]
    system.parts.figures.by_month[key] = replace(month, alerts={}, sums={})
    table = Table()
    check.check(product.Caller(system, token), SMALL, table)
    assert ("NL", "alerts.total") in table.wrong()


@dataclass(frozen=True)
class Overcharging(product.Caller):
    """In the answers whose path holds ``where`` alerts cost a cent more."""

    where: str = ""

    def get(self, path, role=None, tenant=""):
        answer = super().get(path, role, tenant)
        if self.where in path and "cost" in answer:
            answer = answer | {"cost": answer["cost"] | {"cents": answer["cost"]["cents"] + 1}}
        return answer


@pytest.mark.parametrize(
    ("where", "areas"), [("/dashboard?", {"GM9101", fill.ROOM}), ("/cost?", {"GM9101", fill.ROOM, "NL"})]
)
def test_a_wrong_cost_is_found_on_a_dashboard_and_where_it_is_told_alone(tmp_path, where, areas):
    system = product.in_memory(tmp_path)
    fill.fill(system, SMALL)
    fill.alerts(system, SMALL)
    table = Table()
    check.check_parts(Overcharging(system, product.tokens_in(tmp_path), where), SMALL, table)
    wrong = {area for area, figure in table.wrong() if figure == "cost.cents"}
    assert wrong & {"GM9101", fill.ROOM, "NL"} == areas


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    """What a small year's schedule sends in the morning of ``JUNE``; first the one to the first municipality."""
    system = product.in_memory(tmp_path_factory.mktemp("letters"))
    system = System(system.settings, replace(system.parts, email=MemoryEmailSender()))
    fill.fill(system, SMALL)
    fill.alerts(system, SMALL)
    run_schedule(system, JUNE)
    return sorted(of_twin(system.parts.email)(), key=lambda letter: letter.about != ("GM9101", "2025-05"))


def instead(part, was, now):
    """The first letter with other words."""

    def change(letters):
        text = getattr(letters[0], part)
        assert was in text
        return [replace(letters[0], **{part: text.replace(was, now, 1)}), *letters[1:]]

    return change


@pytest.mark.parametrize(
    ("change", "figure", "source"),
    [
        (instead("html", ">80<", ">81<"), "tips", "summary HTML"),
        (instead("text", "Tips: 80", "Tips: 8"), "tips", "summary"),
        (instead("text", "in april (0)", "in april (1)"), "before.alerts.total", "summary"),
        (instead("text", "€ 19.648,32", "€ 19.648,33"), "cost.cents", "summary"),
        (instead("html", "€ 19.648,32", "€ 1.964,832"), "cost.cents", "summary HTML"),
        (
            instead("text", "eerste bericht: 11 minuten", "eerste bericht: 10 minuten"),
            "minutes.first_message",
            "summary",
        ),
        (instead("text", "laatste bericht: 48 minuten", "laatste bericht: 2 uur"), "minutes.last_message", "summary"),
        (instead("text", "eerste tip: 12 minuten", "eerste tip: 1 minuut"), "minutes.first_tip", "summary"),
        (instead("html", ">103 minuten<", ">104 minuten<"), "minutes.closing", "summary HTML"),
        (instead("html", "400 per 1.000", "40 per 1.000"), "participants.per_thousand", "summary HTML"),
        (instead("text", "evenveel als aan het begin", "1 meer dan aan het begin"), "grew", "summary"),
        (instead("html", "10 keer hielp", "9 keer hielp"), "helped", "summary HTML"),
        (lambda letters: [*letters, letters[0]], "letters", "summary"),
        (lambda letters: letters[1:], "letters", "summary"),
        (instead("to", "gm9101", "gm9102"), "letters", "summary"),
    ],
)
def test_a_summary_that_is_wrong_doubled_lost_or_gone_astray_is_found(letters, change, figure, source):
    right, wrong = Table(), Table()
    check_letters(lambda: letters, SMALL, JUNE, right)
    assert right.wrong() == []
    check_letters(lambda: change(letters), SMALL, JUNE, wrong)
    assert wrong.wrong() == [("GM9101 2025-05", figure)]
    told = wrong.said["GM9101 2025-05", figure]
    assert told[source] != wrong.must["GM9101 2025-05", figure]


@pytest.mark.parametrize("said", [None, 7])
def test_a_table_knows_a_figure_that_is_missing_from_one_that_is_there(said):
    table = Table()
    table.add("API", "NL", {"tips": 8}, {"tips": said})
    table.add("CSV", "NL", {"tips": 8}, {"tips": 8})
    assert table.wrong() == [("NL", "tips")]
