from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from chalicelib.platform.errors import InvalidInput, NotFound
from chalicelib.reports.census_model import Participants, RowKey
from chalicelib.reports.model import AlertFigures, Period
from chalicelib.reports.routes import EARLIEST, LATEST, PeriodQuery


def figures(opened, alert="0000000abc"):
    return AlertFigures("GM9001", alert, opened, "Actual", "alert", "robbery", 10, 8, 7, None, None, 2, 5)


def test_a_report_is_about_this_year_unless_it_says_otherwise(service, reports, counts):
    reports.put_alert(figures(datetime(2026, 1, 1, 12, tzinfo=UTC)))
    reports.put_alert(figures(datetime(2025, 12, 31, 12, tzinfo=UTC), "0000000abd"))
    counts.count_changes(0, ["e1"], {RowKey("GM9001", "GM9001"): Participants(participants=3, home=3, work=1)}, 0)
    report = service.area("GM9001")
    assert report.period == Period(date(2026, 1, 1), date(2026, 11, 24))
    assert (report.area.name, report.figures.alerts) == ("Sluisveen", 1)
    assert (report.participants.participants, report.participants.places) == (3, 4)
    assert service.area("GM9001", date(2025, 1, 1)).figures.alerts == 2


def test_days_are_dutch_days(service, reports):
    reports.put_alert(figures(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)))
    july = date(2026, 7, 1)
    assert service.area("GM9001", july, july).figures.alerts == 1


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


def test_the_longest_period_can_be_reported(service):
    assert service.area("GM9001", EARLIEST, LATEST).figures.alerts == 0
