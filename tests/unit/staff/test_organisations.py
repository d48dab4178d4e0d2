"""Which areas can be whose, and in which of them a member acts."""

from dataclasses import replace

import pytest

from chalicelib.platform.errors import Forbidden, InvalidInput, NotFound
from chalicelib.staff.model import KIND_OF, Kind, Organisation, Role, StaffMember
from chalicelib.staff.service import OrganisationService
from chalicelib.staff.store import MemoryOrganisationStore
from chalicelib.staff.supervisors import SupervisorBook

KNOWN = {"GM9001": "Fabelstad", "GM9002": "Nergenshuizen", "WK900101": "Centrum", "BU90010101": "Marktbuurt"}


class Names:
    def names(self, codes):
        return {code: KNOWN[code] for code in codes if code in KNOWN}

    def former(self, codes):
        return frozenset()


@pytest.fixture
def service():
    return OrganisationService(MemoryOrganisationStore(), Names())


def member(*roles, tenant="MK90"):
    return StaffMember("anna", frozenset(roles), tenant)


def room(*areas):
    return Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", areas)


@pytest.mark.parametrize(
    ("kind", "areas", "code"),
    [
        (Kind.CONTROL_ROOM, ("WK900101",), "wrong_area_level"),
        (Kind.CONTROL_ROOM, ("NL",), "wrong_area_level"),
        (Kind.MUNICIPALITY, ("GM9001", "GM9002"), "too_many_areas"),
        (Kind.MUNICIPALITY, ("BU90010101",), "wrong_area_level"),
        (Kind.POLICE_TEAM, ("GM9001", "GM9009"), "unknown_area_code"),
    ],
)
def test_areas_that_cannot_be_whose_they_are_said_to_be(service, kind, areas, code):
    with pytest.raises(InvalidInput) as refused:
        service.put(Organisation("x1", kind, "X", areas))
    assert refused.value.code == code
    assert service.all() == []


def test_only_a_control_room_has_supervisors(service):
    team = Organisation("T1", Kind.POLICE_TEAM, "Team", ("WK900101",), ("chief@burgernet.example",))
    with pytest.raises(InvalidInput, match="supervisors_of_room"):
        service.put(team)
    room = Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", (), team.supervisors)
    assert service.put(room).supervisors == team.supervisors


@pytest.mark.parametrize("kind", Kind)
def test_a_control_room_and_a_police_team_have_mailboxes_and_a_municipality_has_its_own(service, kind):
    organisation = Organisation("T1", kind, "Team", (), mailboxes=("desk@burgernet.example",))
    if kind is Kind.MUNICIPALITY:
        with pytest.raises(InvalidInput, match="mailboxes_of_municipality"):
            service.put(organisation)
    else:
        assert service.put(organisation).mailboxes == organisation.mailboxes


def test_a_control_room_is_reminded_in_its_own_mailbox_or_else_its_supervisors_are():
    rooms = MemoryOrganisationStore()
    room = Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", (), ("chief@burgernet.example",), ("desk@a.example",))
    rooms.put(room)
    rooms.put(replace(room, id="MK91", mailboxes=()))
    book = SupervisorBook(rooms, ("network@burgernet.example",))
    assert [book.room(tenant) for tenant in ("MK90", "MK91", "MK92")] == [
        ("desk@a.example",),
        ("chief@burgernet.example",),
        ("network@burgernet.example",),
    ]


def test_supervisors_are_those_of_the_control_room_or_else_of_the_network():
    rooms = MemoryOrganisationStore()
    rooms.put(Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", (), ("room@burgernet.example",)))
    rooms.put(Organisation("MK91", Kind.CONTROL_ROOM, "Buren", ()))
    book = SupervisorBook(rooms, ("network@burgernet.example",))
    assert [book.of(tenant) for tenant in ("MK90", "MK91", "MK92")] == [
        ("room@burgernet.example",),
        ("network@burgernet.example",),
        ("network@burgernet.example",),
    ]


def test_what_an_organisation_is_stays(service):
    service.put(room("GM9001"))
    with pytest.raises(InvalidInput, match="kind_fixed"):
        service.put(Organisation("MK90", Kind.MUNICIPALITY, "Fabelstad", ("GM9001",)))
    assert service.put(room()) == service.get("MK90")
    with pytest.raises(NotFound):
        service.get("MK91")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", Kind)
def test_a_role_reaches_the_areas_of_an_organisation_of_its_kind_only(service, role, kind):
    service.put(Organisation("MK90", kind, "Naam", ("GM9001",)))
    if KIND_OF.get(role) is kind:
        assert service.region(member(role)) == {"GM9001"}
    else:
        with pytest.raises(Forbidden, match="wrong_organisation"):
            service.region(member(role))


def test_of_two_roles_one_must_fit(service):
    service.put(room("GM9001"))
    assert service.region(member(Role.ADMIN, Role.DISPATCHER)) == {"GM9001"}
    with pytest.raises(Forbidden, match="wrong_organisation"):
        service.region(member(Role.DISPATCHER), (Kind.MUNICIPALITY,))


def test_who_belongs_nowhere_reaches_nothing(service):
    with pytest.raises(Forbidden, match="organisation_unknown"):
        service.region(member(Role.DISPATCHER))
