"""The mission in a sentence, read by people."""

from dataclasses import replace
from datetime import date

from chalicelib.reports.figures import Sums
from chalicelib.reports.model import Period
from chalicelib.reports.sentence import sentence

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
MANY = Sums(
    alerts=8_100,
    by_kind={"alert": 8_000, "prevention": 100},
    reached=2_000_000,
    reached_urgent=1_234_567,
    successes=1_600,
    helped=1,
)


def test_a_year_of_the_nation():
    said = sentence(MANY, "NL", "Nederland", YEAR)
    assert said.nl == (
        "In 2025 waren er in Nederland 8.000 spoedacties van Burgernet. Die bereikten samen 1.234.567 keer een "
        "deelnemer. Er was 1.600 keer resultaat, 1 keer met hulp van deelnemers."
    )
    assert said.en == (
        "In 2025 there were 8,000 urgent Burgernet alerts in the Netherlands. Together they reached a participant "
        "1,234,567 times. There was a result 1,600 times, once with help from participants."
    )


def test_one_alert_without_a_result_in_part_of_a_year():
    one = Sums(alerts=1, by_kind={"alert": 1}, reached_urgent=40)
    said = sentence(one, "GM9001", "Sluisveen", replace(YEAR, last=date(2025, 3, 9)))
    assert said.nl == (
        "Van 1 januari 2025 tot en met 9 maart 2025 was er in Sluisveen 1 spoedactie van Burgernet. Die bereikte 40 "
        "keer een deelnemer. Er was nog geen resultaat."
    )
    assert said.en == (
        "From 1 January 2025 up to and including 9 March 2025 there was 1 urgent Burgernet alert in Sluisveen. It "
        "reached a participant 40 times. There was no result yet."
    )


def test_where_nothing_was_urgent():
    said = sentence(Sums(alerts=3, by_kind={"prevention": 3}, reached=90), "GM9001", "Sluisveen", YEAR)
    assert said.nl == "In 2025 waren er in Sluisveen geen spoedacties van Burgernet."
    assert said.en == "In 2025 there were no urgent Burgernet alerts in Sluisveen."
