import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from chalicelib.areas.model import Area, Feature, Level
from chalicelib.platform.errors import Forbidden, InvalidInput, NotFound
from chalicelib.reports.bodies import area_body, cost_body, dashboard_body, parts_body
from chalicelib.reports.census_model import Participants, RowKey
from chalicelib.reports.figures import Times
from chalicelib.reports.model import Period
from chalicelib.reports.money_store import Share
from chalicelib.reports.report import THE_NATION
from chalicelib.reports.routes import EARLIEST, LATEST, PeriodQuery
from chalicelib.reports.spending import Spent
from chalicelib.reports.table import BOM, COLUMNS, as_csv
from chalicelib.staff.model import Role, StaffMember
from tests.unit.reports.conftest import SQUARE
from tests.unit.reports.counted import MAY, alert

ANALYST = StaffMember("eva", frozenset({Role.ANALYST}), "GM9001")
DISPATCHER = StaffMember("anna", frozenset({Role.DISPATCHER}), "MK90")
TEAM = StaffMember("tom", frozenset({Role.POLICE_TEAM}), "T1")
JANUARY, DECEMBER = date(2026, 1, 1), date(2026, 12, 31)


def test_a_report_is_about_this_year_unless_it_says_otherwise(service, figures, counts):
    alert(figures, datetime(2026, 1, 1, 12, tzinfo=UTC))
    alert(figures, datetime(2025, 12, 31, 12, tzinfo=UTC), "0000000abd")
    counts.count_changes(0, ["e1"], {RowKey("GM9001", "GM9001"): Participants(participants=3, home=3, work=1)}, 0)
    report = service.area("GM9001")
    assert report.period == Period(date(2026, 1, 1), date(2026, 11, 24))
    assert (report.area.name, report.figures.alerts) == ("Sluisveen", 1)
    assert (report.participants.participants, report.participants.places) == (3, 4)
    assert service.area("GM9001", date(2025, 1, 1)).figures.alerts == 2


def test_days_are_dutch_days(service, figures):
    alert(figures, datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    july = date(2026, 7, 1)
    assert service.area("GM9001", july, july).figures.alerts == 1
    assert service.area("GM9001", date(2026, 6, 1), date(2026, 6, 30)).figures.alerts == 0


def test_months_and_the_days_around_them_are_added_up(service, figures):
    for number, day in enumerate(("2026-03-30", "2026-03-31", "2026-04-15", "2026-05-01", "2026-05-02")):
        alert(figures, datetime.fromisoformat(f"{day}T12:00:00Z"), f"000000000{number}", Times(number, 10 * number))
    report = service.area("GM9001", date(2026, 3, 31), date(2026, 5, 1))
    assert (report.figures.alerts, report.figures.tips) == (3, 6)
    assert report.times == Times(2, 20)


def test_the_nation_is_an_area_for_everybody_who_may_see_figures(service, figures):
    alert(figures, MAY, BU90010101=40, BU90020101=50)
    report = service.read(ANALYST, "NL")
    assert (report.area, report.figures.alerts, report.figures.people) == (replace(THE_NATION, year=2024), 1, 90)
    assert [part.code for part in service.parts(ANALYST, "NL").parts] == ["GM9001"]
    assert [part.code for part in service.parts(DISPATCHER, "NL").parts] == ["GM9001", "GM9002"]


@pytest.mark.parametrize("code", ["GM9002", "GM9999", "BU90020101"])
def test_other_areas_are_refused_whether_they_exist_or_not(service, code):
    for ask in (service.read, service.dashboard, service.cost, service.parts, service.months, service.days):
        with pytest.raises(Forbidden, match="not_your_area"):
            ask(ANALYST, code)


def test_parts_are_the_districts_and_neighbourhoods_below(service, figures, areas):
    name = Area(code="WK900101", name="Centrum", level=Level.DISTRICT, year=2024, municipality="GM9001")
    areas.load([Feature(name, SQUARE)])
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    parts = service.parts(ANALYST, "GM9001").parts
    assert [(part.code, part.name, part.figures.people) for part in parts] == [
        ("BU90010101", "BU90010101", 40),
        ("BU90010201", "BU90010201", 50),
        ("WK900101", "Centrum", 40),
        ("WK900102", "WK900102", 50),
    ]
    assert [part.code for part in service.parts(ANALYST, "WK900101").parts] == ["BU90010101"]


def test_of_a_few_people_nothing_is_told_but_in_the_municipality(service, figures, areas):
    name = Area(code="BU90010101", name="Kade", level=Level.NEIGHBOURHOOD, year=2024, municipality="GM9001")
    areas.load([Feature(name, SQUARE)])
    alert(figures, MAY, BU90010101=3, BU90010102=50, BU90010103=60)
    assert [part.code for part in service.parts(ANALYST, "GM9001").parts] == ["BU90010103", "WK900101"]
    body = area_body(service.read(ANALYST, "BU90010101")).model_dump(exclude_none=True)
    assert set(body) == {"area", "period", "participants"}
    assert service.read(ANALYST, "GM9001").figures.people == 113


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (MAY.date(), MAY.date()),
        (date(2026, 5, 1), date(2026, 5, 31)),
        (date(2025, 6, 1), date(2026, 5, 31)),
        (date(2026, 1, 1), date(2026, 11, 23)),
    ],
)
def test_below_a_municipality_nothing_is_told_but_of_calendar_years(service, figures, first, last):
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    assert service.parts(ANALYST, "GM9001", first, last).parts == ()
    assert service.read(ANALYST, "GM9001", first, last).figures.people == 90


def test_below_a_municipality_no_month_is_told_of(service, figures, areas):
    areas.load([Feature(Area("WK900101", "Haven", Level.DISTRICT, 2024, "GM9001"), SQUARE)])
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    assert service.months(ANALYST, "WK900101").parts == ()
    assert service.dashboard(ANALYST, "WK900101").months == ()
    assert service.dashboard(ANALYST, "WK900101").whole.figures.people == 40


def test_months_come_one_by_one_each_as_a_whole(service, figures):
    alert(figures, datetime(2026, 3, 2, tzinfo=UTC), "0000000ab1")
    alert(figures, datetime(2026, 5, 30, tzinfo=UTC), "0000000ab2")
    parts = service.months(ANALYST, "GM9001", date(2026, 3, 31), date(2026, 5, 1)).parts
    assert [(part.code, part.figures.alerts) for part in parts] == [("2026-03", 1), ("2026-05", 1)]


def test_a_dashboard_reads_months_and_people_once_and_tells_what_the_report_tells(
    service, figures, counts, monkeypatch
):
    alert(figures, datetime(2026, 3, 2, tzinfo=UTC), "0000000ab1", BU90010101=40, BU90010201=50)
    alert(figures, MAY, "0000000ab2", BU90010101=40, BU90010201=50)
    asked = []
    for name in ("months", "alerts"):
        query = getattr(figures, name)
        monkeypatch.setattr(figures, name, lambda *given, it=query: asked.append(given) or it(*given), raising=False)
    people = counts.people
    monkeypatch.setattr(counts, "people", lambda *given: asked.append(given) or people(*given), raising=False)
    found = service.dashboard(ANALYST, "GM9001")
    assert len(asked) == 2
    assert found.whole == service.read(ANALYST, "GM9001")
    assert found.parts == service.parts(ANALYST, "GM9001").parts
    monthly = [(it.code, it.figures, it.times) for it in service.months(ANALYST, "GM9001").parts]
    assert [(it.code, it.figures, it.times) for it in found.months] == monthly[:2]
    body = dashboard_body(found)
    assert (body.alerts.total, len(body.parts), [it.code for it in body.months]) == (2, 4, ["2026-03", "2026-05"])


def test_what_became_of_codes_is_asked_as_often_for_many_parts_as_for_few(service, figures, areas, monkeypatch):
    asked = []
    revision = areas.store.revision
    monkeypatch.setattr(areas.store, "revision", lambda: asked.append(1) or revision(), raising=False)

    def parts(count):
        alert(figures, MAY, f"00000000{count:02}", **{f"BU900101{number:02}": 40 for number in range(count)})
        asked.clear()
        return len(service.dashboard(ANALYST, "GM9001").parts), len(asked)

    (few, before), (many, after) = parts(2), parts(30)
    assert many > few + 20
    assert before == after


def test_the_sentence_is_said_where_it_cannot_tell_of_a_few_people(service, figures, areas):
    areas.load([Feature(Area("WK900101", "Haven", Level.DISTRICT, 2024, "GM9001"), SQUARE)])
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    told = {code: area_body(service.read(ANALYST, code)).sentence for code in ("NL", "GM9001", "WK900101")}
    assert told["NL"].nl.startswith("Van 1 januari 2026 tot en met 24 november 2026 was er in Nederland 1 spoedactie")
    assert " in Sluisveen. " in told["GM9001"].en
    assert told["WK900101"] is None


def test_a_body_says_how_sure_a_share_is(service, figures):
    alert(figures, MAY)
    body = area_body(service.read(ANALYST, "GM9001"))
    assert (body.success.closed, body.success.share, body.success.too_few) == (0, None, True)
    assert body.messages["sms"].model_dump() == {"sent": 40, "delivered": 38, "failed": 1, "parts": 40}
    assert (body.people.spared, body.times.last_message) == (2, 60)
    part = parts_body(service.parts(ANALYST, "GM9001")).parts[0]
    assert part.people.spared is None
    assert part.messages["sms"].model_dump(exclude_none=True) == {"sent": 40, "delivered": 38}
    assert parts_body(service.months(ANALYST, "GM9001")).parts[0].people.spared == 2


def whole_and_parts(service, *days):
    return service.read(ANALYST, "GM9001", *days), service.parts(ANALYST, "GM9001", *days)


@pytest.mark.parametrize("separator", [";", ","])
def test_a_table_holds_the_area_and_its_parts_and_no_formula(service, figures, areas, separator):
    name = Area(code="WK900101", name='=HYPERLINK("x";"y"),', level=Level.DISTRICT, year=2024, municipality="GM9001")
    areas.load([Feature(name, SQUARE)])
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    text = as_csv(*whole_and_parts(service, JANUARY, DECEMBER), separator)
    assert text.startswith(BOM)
    header, *rows = csv.reader(io.StringIO(text.removeprefix(BOM)), delimiter=separator)
    assert tuple(header) == COLUMNS
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert list(found) == ["GM9001", "BU90010101", "BU90010201", "WK900101", "WK900102"]
    assert found["WK900101"]["name"] == '\'=HYPERLINK("x";"y"),'
    assert (found["GM9001"]["people"], found["GM9001"]["spared"], found["GM9001"]["sms_sent"]) == ("90", "4", "90")
    assert (found["BU90010101"]["people"], found["BU90010101"]["spared"]) == ("40", "")
    assert [found["BU90010101"][f"sms_{name}"] for name in ("sent", "delivered", "failed")] == ["40", "38", ""]
    assert (found["GM9001"]["email_sent"], found["GM9001"]["last_day"]) == ("0", "2026-12-31")
    assert {row["kind_alert"] for row in found.values()} == {"1"}
    assert {row["kind_inquiry"] for row in found.values()} == {"0"}
    assert (found["GM9001"]["seconds_to_last_message"], found["BU90010101"]["seconds_to_last_message"]) == ("60", "")


def test_parts_hold_everybody_who_takes_part_and_do_not_say_whether_an_alert_was_there(service, figures, counts):
    alert(figures, MAY, BU90010101=3, BU90010102=50, BU90010103=60)
    rows = {RowKey("GM9001", f"BU9001010{n}"): Participants(participants=10 + n) for n in range(1, 5)}
    counts.count_changes(0, ["e1"], rows, 0)
    report, parts = whole_and_parts(service)
    assert {part.code: (part.participants.participants, part.figures is not None) for part in parts.parts} == {
        "BU90010101": (11, False),
        "BU90010102": (12, False),
        "BU90010103": (13, True),
        "BU90010104": (14, False),
        "WK900101": (50, True),
    }
    rows = list(csv.DictReader(io.StringIO(as_csv(report, parts, ";").removeprefix(BOM)), delimiter=";"))
    assert [(row["participants"], row["alerts"]) for row in rows[:3]] == [("50", "1"), ("11", ""), ("12", "")]
    bodies = parts_body(parts).model_dump(exclude_none=True)["parts"]
    assert set(bodies[0]) == {"code", "name", "participants"}


def test_an_area_with_nothing_to_tell_is_not_named_so_that_its_name_says_nothing(service, figures, counts):
    rows = {RowKey("GM9001", f"BU9001010{n}"): Participants(participants=1, home=1) for n in range(1, 6)}
    rows[RowKey("GM9001", "BU90010106")] = Participants(participants=40, home=40)
    counts.count_changes(0, ["e1"], rows, 0)
    assert [part.code for part in service.parts(ANALYST, "GM9001").parts] == ["BU90010106", "WK900101"]
    alert(figures, MAY, BU90010101=20, BU90010106=30)
    (found, *_) = service.parts(ANALYST, "GM9001").parts
    assert (found.code, found.figures.people, found.participants.participants) == ("BU90010101", 20, None)


def test_participants_are_told_per_thousand_inhabitants(service, counts, areas):
    counts.count_changes(0, ["e1"], {RowKey("GM9001", "GM9001"): Participants(participants=300)}, 0)
    area = Area(code="GM9001", name="S", level=Level.MUNICIPALITY, year=2024, municipality="GM9001", inhabitants=4_000)
    areas.load([Feature(area, SQUARE)])
    assert area_body(service.read(ANALYST, "GM9001")).participants.per_thousand == 75


def test_messages_of_a_few_are_empty_in_a_table(service, figures):
    alert(figures, MAY, BU90010101=40, BU90010201=50)
    report, parts = whole_and_parts(service, JANUARY, DECEMBER)
    hidden = replace(parts, parts=tuple(replace(part, by_channel=False) for part in parts.parts))
    rows = list(csv.DictReader(io.StringIO(as_csv(report, hidden, ";").removeprefix(BOM)), delimiter=";"))
    assert [row["sms_sent"] for row in rows] == ["90", "", "", "", ""]


def test_a_district_knows_how_long_its_own_alerts_took_where_its_figures_are_told(service, figures, areas):
    areas.load(
        Feature(Area(code, code, level, 2024, "GM9001"), SQUARE)
        for code, level in (
            ("WK900101", Level.DISTRICT),
            ("BU90010101", Level.NEIGHBOURHOOD),
            ("BU90010102", Level.NEIGHBOURHOOD),
        )
    )
    for number, first in enumerate((10, 10, 20, 30, 50), 1):
        alert(figures, MAY, f"0000000ab{number}", Times(first, 60), BU90010101=40, BU90010201=50)
    alert(figures, MAY, "0000000ab6", Times(90, 90), BU90010201=50)
    alert(figures, MAY, "0000000ab7", Times(40, 70), BU90010102=30)
    assert service.read(ANALYST, "GM9001").times == Times(30, 60)
    assert service.read(ANALYST, "WK900101").times == Times(25, 60)
    assert service.read(ANALYST, "BU90010101").times == Times(20, 60)
    assert service.read(ANALYST, "BU90010102").figures.alerts == 1
    assert service.read(ANALYST, "BU90010102").times is None, "they are those of one alert, whose day they would tell"
    assert service.read(ANALYST, "WK900101", MAY.date(), MAY.date()).times is None
    assert service.dashboard(ANALYST, "WK900101").whole.times == Times(25, 60)


def test_a_period_that_ends_before_it_begins_is_refused(service):
    with pytest.raises(InvalidInput, match="period_backwards"):
        service.area("GM9001", date(2026, 2, 1), date(2026, 1, 31))


def test_an_unknown_area_is_not_found(service):
    with pytest.raises(NotFound, match="area_not_found"):
        service.area("GM9999")


@pytest.mark.parametrize("field", ["first", "last"])
@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2200-01-01", "9999-12-31"])
def test_days_that_no_calendar_here_can_reckon_with_are_refused(field, day):
    with pytest.raises(ValidationError):
        PeriodQuery.model_validate_strings({field: day})


@pytest.mark.parametrize("first", [EARLIEST, date(2023, 3, 1), date(2024, 2, 29)])
def test_five_years_can_be_reported_and_no_more(service, first):
    last = first.replace(year=first.year + 5, day=1) - timedelta(days=1)
    assert service.area("GM9001", first, last).figures.alerts == 0
    with pytest.raises(InvalidInput, match="period_too_long"):
        service.read(DISPATCHER, "MK90", first, last + timedelta(days=30))


def test_a_period_of_centuries_is_refused(service):
    with pytest.raises(InvalidInput, match="period_too_long"):
        service.area("GM9001", EARLIEST, LATEST)


def test_a_municipality_is_told_what_alerts_cost_it(service, money):
    money.put_share(Share("GM9001", "0000000abc", MAY, 1_234, real=True, version=1))
    money.put_share(Share("GM9001", "0000000abd", MAY, 100, real=False, version=1))
    money.put_share(Share("GM9002", "0000000abc", MAY, 66, real=True, version=1))
    money.put_budget("GM9001", 2026, 5_000)
    assert area_body(service.read(ANALYST, "GM9001")).cost.model_dump(exclude_none=True) == {
        "cents": 1_334,
        "exercises_cents": 100,
        "currency": "EUR",
        "budget": {"year": 2026, "cents": 5_000, "spent_cents": 1_334},
    }
    assert service.read(DISPATCHER, "MK90").cost == Spent(1_400, 100)
    assert service.read(ANALYST, "NL").cost == Spent(1_400, 100)
    assert service.read(TEAM, "T1").cost is None
    for member, code in ((ANALYST, "GM9001"), (DISPATCHER, "MK90"), (ANALYST, "NL"), (TEAM, "T1")):
        report = service.read(member, code)
        alone = service.cost(member, code)
        assert cost_body(alone).cost == area_body(report).cost
        assert (alone.code, alone.period) == (code, report.period)
        assert service.dashboard(member, code).whole.cost == (None if code == "NL" else report.cost)


def test_the_nations_dashboard_is_its_report_and_says_which_municipalities_are_ones_own(service, figures):
    alert(figures, MAY, BU90010101=40, BU90020101=50)
    for member, own in ((ANALYST, ("GM9001",)), (DISPATCHER, ("GM9001", "GM9002"))):
        found, report = service.dashboard(member, "NL"), service.read(member, "NL")
        assert found.whole == replace(report, cost=None, area=replace(report.area, areas=own))
        assert tuple(part.code for part in found.parts) == own
