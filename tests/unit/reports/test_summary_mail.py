"""What a summary says, to whoever reads it and with whatever."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from chalicelib.alerts.text import Language
from chalicelib.channels.model import Channel
from chalicelib.delivery.model import AreaTally, Messages
from chalicelib.reports.calendar import named
from chalicelib.reports.census_model import Participants, Snapshot
from chalicelib.reports.figures import AlertRow, Facts, MonthRow, Times
from chalicelib.reports.money_store import Share
from chalicelib.reports.report import THE_NATION, Place
from chalicelib.reports.summary import SummaryMaker
from chalicelib.reports.summary_mail import summary_mail

NL, EN = Language.NL, Language.EN
WEB = "https://burgernet.example"
ENDS = ("suspect_arrested", "direct"), ("missing_person_found", "indirect"), ("none", "none"), (None, None)


def tally(asked):
    return AreaTally(asked + 10, asked, asked - 1, 0, {Channel.SMS: Messages(asked, asked - 1)})


@pytest.fixture
def happened(figures, money):
    """``ends``: result and contribution of an alert each, on the days of a month from the 12th on."""

    def happened(month, ends, asked=1_234, tips=3):
        rows = []
        for number, (result, contribution) in enumerate(ends):
            opened = datetime(2026, month, 12 + number % 17, 20, 15, tzinfo=UTC)
            name = f"{month:02d}{number:08d}"
            facts = Facts(
                name, opened, "Actual", "alert", "residential_burglary", "Immediate", tips, result, contribution
            )
            for area, people in (("GM9001", {"BU90010101": tally(asked)}), ("NL", {"GM9001": tally(asked)})):
                row = AlertRow(area, facts, Times(12, 75, 140, 1_800 if result else None), people, 1)
                figures.put_alert(row)
                rows.append(row)
            money.put_share(Share("GM9001", name, opened, 1_250, real=True, version=1))
        for area in ("GM9001", "NL"):
            figures.put_month(MonthRow.of(area, f"2026-{month:02d}", 1, [row for row in rows if row.area == area]))

    return happened


@pytest.fixture
def read(areas, service, figures):
    def read(period="2026-10", language=NL, code="GM9001"):
        place = THE_NATION if code == "NL" else Place.of(areas.get(code))
        mail = summary_mail(SummaryMaker(service).make(place, named(period)), language, WEB)
        assert spoken(mail.text) == spoken(seen(mail.html))
        return mail

    return read


def seen(html):
    """What somebody reads of it, and where its links lead."""
    body = re.sub(r'<a href="([^"]*)"', r"\1<a", html.partition("<body")[2])
    return unescape(re.sub(r"<[^>]*>", " ", body.partition(">")[2]))


def spoken(text):
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize(
    ("ends", "dutch", "english"),
    [
        ([], "vroeg Burgernet in Sluisveen niet om hulp.", "Burgernet did not ask for help in Sluisveen."),
        (ENDS[:1], "één keer om hulp; daarbij hielp een deelnemer.", "once; a participant helped."),
        (ENDS[2:3], "één keer om hulp; daarbij hielp geen deelnemer.", "once; no participant helped."),
        (ENDS[2:], "2 keer om hulp; geen enkele keer hielp een deelnemer.", "2 times; no participant helped."),
        (ENDS[1:], "3 keer om hulp; één keer hielp een deelnemer.", "3 times; once a participant helped."),
        (ENDS, "4 keer om hulp; 2 keer hielp een deelnemer.", "4 times; 2 times a participant helped."),
    ],
)
def test_it_begins_with_what_it_yielded(happened, read, ends, dutch, english):
    happened(10, ends)
    assert read().text.split("\n\n")[1].startswith("In oktober ")
    assert read().text.split("\n\n")[1].endswith(dutch)
    assert read(language=EN).text.split("\n\n")[1].startswith("In October Burgernet ")
    assert read(language=EN).text.split("\n\n")[1].endswith(english)


@pytest.mark.parametrize(
    ("then", "note", "english"),
    [
        (1, "meer dan in september (1)", "more than in September (1)"),
        (4, "evenveel als in september", "as many as in September"),
        (5, "minder dan in september (5)", "fewer than in September (5)"),
    ],
)
def test_each_figure_is_compared_in_words_with_the_period_before(happened, read, then, note, english):
    happened(9, [(None, None)] * then)
    happened(10, ENDS)
    assert f"- Oproepen: 4, {note}\n" in read().text
    assert f"- Alerts: 4, {english}\n" in read(language=EN).text


def test_of_few_alerts_it_tells_no_share_and_of_many_between_which(happened, read):
    happened(9, ENDS[:3])
    happened(10, [*[ENDS[0]] * 5, *[ENDS[2]] * 27])
    assert "- Spoedoproepen die goed afliepen: 2 van 3, te weinig voor een percentage" in read("2026-09").text
    text = "- Spoedoproepen die goed afliepen: 5 van 32, 16 %, waarschijnlijk tussen 7 % en 32 %"
    assert text in read("2026-10").text
    assert "ended well: 5 of 32, 16%, probably between 7% and 32%" in read(language=EN).text


def test_bars_have_their_number_beside_them_and_are_as_long_as_it_says(happened, read):
    happened(10, [*[ENDS[0]] * 4, ENDS[2]])
    html = read().html
    bars = re.findall(r'width="(\d+)%" bgcolor', html)
    assert bars == ["100", "100", "25", "100", "25"]
    assert "- Verdachte aangehouden: 4\n- Zonder resultaat: 1" in read().text
    assert "<img" not in html


def test_each_alert_is_told_with_its_day_and_end_and_of_many_the_latest(happened, read):
    happened(10, ENDS)
    text = read().text
    assert (
        "- 12 oktober: woninginbraak. 1.234 mensen gevraagd, 3 tips. Verdachte aangehouden. Door een deelnemer." in text
    )
    assert "- 15 oktober: woninginbraak. 1.234 mensen gevraagd, 3 tips. Nog niet afgesloten." in text
    assert "nog niet" not in text.split("De oproepen")[0].split("Wat deelnemers")[1]
    happened(11, [ENDS[0]] * 27, asked=3, tips=1)
    text = read("2026-11").text
    assert text.count("november: woninginbraak. minder dan 5 mensen gevraagd, 1 tip.") == 25
    assert "De laatste 25 oproepen\n" in text
    assert "Er waren er nog 2. Die staan op het dashboard." in text
    assert read("2026-11", EN).text.count("fewer than 5 people asked, 1 tip. Suspect arrested. Thanks to") == 25


def test_it_tells_times_cost_and_how_many_take_part(happened, read, counts, clock):
    happened(10, ENDS[:2])
    for day, people in ((date(2026, 9, 30), 100), (date(2026, 10, 31), 112)):
        counts.keep(Snapshot("GM9001", day, 2024, {"BU90010101": Participants(participants=people)}))
        counts.keep(Snapshot("NL", day, 2024, {"GM9001": Participants(participants=people)}))
    text = read().text
    for line in (
        "- Tijd tot het eerste bericht: 1 minuut, bij de helft van de oproepen korter",
        "- Tijd tot het afsluiten: 30 minuten, bij de helft van de oproepen korter",
        "- Kosten: € 25,00, van deze oproepen, tot nu toe",
        "- Deelnemers: 112, 12 meer dan aan het begin",
    ):
        assert line in text
    assert "- Cost: €25.00, of these alerts, so far" in read(language=EN).text


def test_a_week_and_the_year_of_the_network_say_which(happened, read):
    happened(10, ENDS)
    week = read("2026-W42")
    assert week.subject == "Burgernet in Sluisveen: week 42 (12 tot en met 18 oktober 2026)"
    assert "In week 42 vroeg Burgernet in Sluisveen 4 keer om hulp" in week.text
    assert "meer dan in week 41 (0)" in week.text
    year = read("2026", code="NL")
    assert year.subject == "Burgernet in Nederland: 2026"
    assert "In 2026 vroeg Burgernet in Nederland 4 keer om hulp; 2 keer hielp een deelnemer." in year.text
    assert "12 oktober" not in year.text
    assert f"{WEB}/dashboard#/NL?period=2026" in year.html


@pytest.mark.parametrize(
    ("week", "dutch", "english"),
    [
        ("2026-W40", "28 september tot en met 4 oktober 2026", "28 September to 4 October 2026"),
        ("2026-W53", "28 december 2026 tot en met 3 januari 2027", "28 December 2026 to 3 January 2027"),
    ],
)
def test_of_a_week_its_days_are_told(read, week, dutch, english):
    assert read(week).subject.endswith(f"({dutch})")
    assert read(week, EN).subject.endswith(f"({english})")


def test_where_nothing_happened_twice_no_rows_of_nothing_are_told(happened, read):
    happened(9, ENDS)
    assert "- Oproepen: 0, minder dan in september (4)\n- Mensen gevraagd: 0, minder" in read().text
    assert "- Oproepen: 0, evenveel als in oktober\n" in read("2026-11").text
    assert "Mensen gevraagd" not in read("2026-11").text


def test_a_name_is_no_markup_and_no_placeholder(happened, read, areas):
    feature = areas.store.features["GM9001"]
    areas.store.features["GM9001"] = replace(feature, area=replace(feature.area, name="<b>{{x}}</b>"))
    mail = read()
    assert "<b>" not in mail.html
    assert "{{" not in f"{mail.subject}{mail.text}{mail.html}"


def test_a_screen_that_is_dark_is_and_a_narrow_one_has_no_wide_cell(happened, read):
    happened(10, ENDS)
    html = read().html
    assert "prefers-color-scheme:dark" in html
    assert re.findall(r'width="?(\d+)(?:px)?[";]', html) == []
    assert '<html lang="nl">' in html
