"""Two municipalities, of which one takes part, and reports in memory."""

from datetime import UTC, datetime

import pytest

from chalicelib.areas.model import Area, Feature, Level, PolygonShape
from chalicelib.areas.service import AreaService
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.channels.email import MemoryEmailSender
from chalicelib.platform.clock import ManualClock
from chalicelib.reports.budgets import Budgets
from chalicelib.reports.census_store_memory import MemoryCensusStore
from chalicelib.reports.figures_store import MemoryFiguresStore
from chalicelib.reports.money_store import MemoryMoneyStore
from chalicelib.reports.service import ReportService
from chalicelib.reports.spending import Spending
from chalicelib.reports.store import MemoryReportStore
from chalicelib.staff.model import Kind, Organisation
from chalicelib.staff.service import OrganisationService
from chalicelib.staff.store import MemoryOrganisationStore

TUESDAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SQUARE = PolygonShape((((((5.0, 52.0), (5.1, 52.0), (5.1, 52.1), (5.0, 52.1), (5.0, 52.0)),)),))


@pytest.fixture
def clock():
    return ManualClock(TUESDAY)


@pytest.fixture
def areas():
    service = AreaService(MemoryAreaStore(), (3.2, 50.7, 7.3, 53.7))
    service.load(
        Feature(Area(code=code, name=name, level=Level.MUNICIPALITY, year=2024, municipality=code), SQUARE)
        for code, name in (("GM9001", "Sluisveen"), ("GM9002", "Molendrecht"))
    )
    service.put_municipality("GM9001", True, ("raad@sluisveen.example", "politie@sluisveen.example"))
    return service


@pytest.fixture
def reports():
    return MemoryReportStore()


@pytest.fixture
def figures():
    return MemoryFiguresStore()


@pytest.fixture
def counts():
    return MemoryCensusStore()


@pytest.fixture
def organisations():
    rows = (
        Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", ("GM9001", "GM9002")),
        Organisation("GM9001", Kind.MUNICIPALITY, "Sluisveen", ("GM9001",)),
        Organisation("T1", Kind.POLICE_TEAM, "Team Oost", ("WK900101",)),
    )
    return MemoryOrganisationStore({row.id: row for row in rows})


@pytest.fixture
def money():
    return MemoryMoneyStore()


@pytest.fixture
def service(areas, figures, counts, clock, organisations, money):
    spending = Spending(money, Budgets(money, areas.names, areas.lying_in, clock))
    return ReportService(areas, figures, counts, clock, OrganisationService(organisations, areas), spending)


@pytest.fixture
def mail():
    return MemoryEmailSender()
