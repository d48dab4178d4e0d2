"""The generated year: what must come of it in plain numbers, and that the product's reports say so."""

from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.staff.model import Role
from local.year import check, expected, fill, product
from local.year.check import Table
from local.year.plan import CASES, SMALL, WHOLE, Case
from local.year.story import lines, play_in_memory


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
    assert districts == whole
    for number in range(4):
        places = (expected.neighbourhood(WHOLE, place) for place in range(number * 5, number * 5 + 5))
        assert sum(it["people.reached"] for it in places) == expected.district(WHOLE, number)["people.reached"]


def test_the_cases_are_of_every_sort():
    cases = [Case(number) for number in range(CASES)]
    assert Counter(case.category for case in cases).total() == CASES
    assert len({case.category for case in cases}) == 5
    assert len({case.result for case in cases}) == 7
    assert sum(case.tips for case in cases) == 40


def test_a_small_year_comes_back_exactly(tmp_path):
    said = []
    table = play_in_memory(tmp_path, SMALL, said.append)
    assert table.wrong() == []
    assert len(table.must) > 1_000
    sources = {source for told in table.said.values() for source in told}
    assert sources == {"API", "parts", "dashboard", "CSV", "summary", "rebuild", "open data", "open CSV"}
    assert said[0] == "120 alerts in 2 municipalities are counted."
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


@pytest.mark.parametrize("said", [None, 7])
def test_a_table_knows_a_figure_that_is_missing_from_one_that_is_there(said):
    table = Table()
    table.add("API", "NL", {"tips": 8}, {"tips": said})
    table.add("CSV", "NL", {"tips": 8}, {"tips": 8})
    assert table.wrong() == [("NL", "tips")]
