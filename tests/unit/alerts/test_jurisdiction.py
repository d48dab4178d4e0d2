"""The own region, its border, and other people's alerts."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from chalicelib.alerts.approval import Sight
from chalicelib.alerts.jurisdiction import MAX_BEYOND, Jurisdiction
from chalicelib.alerts.messages import UpdateType
from chalicelib.alerts.outcome import Contribution, Result
from chalicelib.alerts.target import Target
from chalicelib.alerts.text import Text
from chalicelib.alerts.waves import Waves
from chalicelib.areas.model import Location, Point
from chalicelib.platform.errors import Forbidden, InvalidInput, NotFound
from chalicelib.staff.model import Kind as OrganisationKind
from chalicelib.staff.model import Organisation

HERE, THERE, SEA = Point(5.2, 52.5), Point(5.9, 52.5), Point(4.0, 52.5)


class Map:
    def locate(self, point):
        code = {HERE: "GM9001", THERE: "GM9003"}.get(point)
        return Location(None, None, code, "", joined=True) if code else None


@pytest.fixture
def jurisdiction(service):
    return Jurisdiction(service.jurisdiction.regions, Map())


@pytest.fixture
def eva(anna, organisations):
    """A dispatcher of the room next door."""
    organisations.put(Organisation("MK91", OrganisationKind.CONTROL_ROOM, "Buren", ("GM9003",)))
    return replace(anna, user="eva", tenant="MK91")


def others(count):
    return [f"GM80{n:02}" for n in range(count)]


@pytest.mark.parametrize("incident", [None, HERE, THERE, SEA])
def test_anywhere_in_the_own_region(jurisdiction, anna, incident):
    jurisdiction.check_area(anna, ("GM9001",), incident)


@pytest.mark.parametrize(
    ("municipalities", "incident", "code"),
    [
        ((), HERE, "outside_region"),
        (("GM9003",), HERE, "outside_region"),
        (("GM9001", "GM9003"), None, "outside_region"),
        (("GM9001", "GM9003"), THERE, "outside_region"),
        (("GM9001", "GM9003"), SEA, "outside_region"),
        (("GM9001", *others(MAX_BEYOND + 1)), HERE, "too_far_over_border"),
    ],
)
def test_outside_it_or_too_far_over_its_border(jurisdiction, anna, municipalities, incident, code):
    with pytest.raises(InvalidInput) as refused:
        jurisdiction.check_area(anna, municipalities, incident)
    assert refused.value.code == code
    assert refused.value.fields[0].field == "area"


def test_over_the_border_from_an_incident_on_this_side(jurisdiction, anna):
    jurisdiction.check_area(anna, ("GM9001", *others(MAX_BEYOND)), HERE)


def alert(tenant="MK91", municipalities=("GM9001", "GM9003"), approved_at=None):
    return SimpleNamespace(tenant=tenant, municipalities=municipalities, approved_at=approved_at)


def test_a_neighbours_alert_is_seen_once_it_is_approved_and_comes_here(jurisdiction, anna):
    jurisdiction.check_sees(anna, alert("MK90"))
    jurisdiction.check_sees(anna, alert(approved_at="now"))
    for hidden in (alert(), alert(municipalities=("GM9003",), approved_at="now")):
        with pytest.raises(NotFound, match="alert_not_found"):
            jurisdiction.check_sees(anna, hidden)


def test_who_sees_a_neighbours_alert_cannot_touch_it_and_is_told_whose_it_is(jurisdiction, anna):
    jurisdiction.check_acts(anna, alert("MK90"))
    with pytest.raises(Forbidden, match="MK91"):
        jurisdiction.check_acts(anna, alert(approved_at="now"))
    with pytest.raises(NotFound, match="alert_not_found"):
        jurisdiction.check_acts(anna, alert())


def test_every_change_by_another_room_is_refused_and_leaves_nothing(service, store, content, anna, eva):
    mine = service.create(content(), anna)
    changes = {
        "edit": lambda: service.edit(mine.id, lambda it: replace(it, call_number="112"), eva, 1),
        "submit": lambda: service.submit(mine.id, eva),
        "approve": lambda: service.approve(mine.id, eva, 1),
        "return": lambda: service.return_to_draft(mine.id, eva, "zomaar"),
        "stop": lambda: service.stop(mine.id, eva),
        "update": lambda: service.update(mine.id, eva, None, Text("Nee")),
        "wave": lambda: service.begin_wave(mine.id, eva, None),
        "hold": lambda: service.hold_waves(mine.id, eva),
        "close": lambda: service.close(mine.id, eva, Result.OTHER, Contribution.NONE, None),
        "read": lambda: service.read(mine.id, eva),
    }
    for change in changes.values():
        with pytest.raises(NotFound, match="alert_not_found"):
            change()
    assert store.get(mine.id) == mine
    assert [row.id for row in service.page(eva, limit=10).alerts] == []
    assert [row.id for row in service.page(anna, limit=10).alerts] == [mine.id]


def test_the_region_is_looked_at_at_every_step_towards_sending(service, store, content, organisations, anna, bram):
    mine = Organisation("MK90", OrganisationKind.CONTROL_ROOM, "Meldkamer", ("GM9001",))

    def refused(act):
        organisations.put(replace(mine, areas=()))
        with pytest.raises(InvalidInput, match="outside_region"):
            act()
        organisations.put(mine)

    refused(lambda: service.create(content(), anna))
    drafted = service.create(content(), anna)
    refused(lambda: service.edit(drafted.id, lambda it: replace(it, call_number="112"), anna, 1))
    refused(lambda: service.submit(drafted.id, anna))
    submitted = service.submit(drafted.id, anna)
    refused(lambda: service.approve(submitted.id, bram, submitted.version, Sight(typed="fewer than ten")))
    assert store.get(submitted.id) == submitted


def test_an_organisation_without_areas_reaches_nobody_by_an_alert_that_is_out(
    service, store, content, organisations, clock, anna, bram
):
    """As an administrator leaves it whose accounts may be in other hands."""
    drafted = service.create(content(waves=Waves((500,), 5)), anna)
    submitted = service.submit(drafted.id, anna)
    service.approve(drafted.id, bram, submitted.version, Sight(typed="fewer than ten"))
    clock.advance(seconds=service.countdown_s)
    active = service.begin(drafted.id)
    room = organisations.find("MK90")
    organisations.put(replace(room, areas=()))
    changes = [
        lambda: service.update(drafted.id, anna, UpdateType.UPDATE, Text("Gele jas.")),
        lambda: service.begin_wave(drafted.id, anna, None),
        lambda: service.close(drafted.id, anna, Result.OTHER, Contribution.NONE, None),
    ]
    for change in changes:
        with pytest.raises(Forbidden, match="no_areas"):
            change()
    assert store.get(drafted.id) == active
    assert service.stop(drafted.id, anna).stopped_at
    organisations.put(room)
    assert service.close(drafted.id, anna, Result.OTHER, Contribution.NONE, None).closed_at


def test_a_stop_asks_for_no_region(service, content, organisations, anna):
    alert = service.create(content(), anna)
    organisations.rows.clear()
    assert service.stop(alert.id, anna).cancelled_by == "anna"


def test_what_has_no_place_stays_within_the_region(service, content, anna):
    over = Target.of({}, {"type": "MultiPolygon", "coordinates": []}, ("GM9001", "GM9003"))
    with pytest.raises(InvalidInput, match="outside_region"):
        service.create(content(target=over, incident_point=None), anna)
