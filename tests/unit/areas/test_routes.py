import json

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client

from chalicelib.areas.geocoder import Address, MemoryGeocoder
from chalicelib.areas.model import Point
from chalicelib.areas.routes import AreaRoutes
from chalicelib.areas.succession import Successor
from chalicelib.platform import http
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.idempotency import MemoryIdempotency
from tests.unit.areas.conftest import municipality


class Broken:
    def find(self, query, limit=5):
        raise Unavailable("geocoder_unavailable", "Not now.")


@pytest.fixture
def geocoders():
    return [MemoryGeocoder([Address("Dorpsstraat 1, Sevendorp", Point(5.05, 52.05), "GM7000")])]


@pytest.fixture
def ask(service, geocoders):
    app = Chalice("test", configure_logs=False)

    @app.authorizer()
    def staff(request):
        return AuthResponse(
            routes=["*"], principal_id="x", context={"user": "x", "roles": request.token, "tenant": "t"}
        )

    routes = AreaRoutes(lambda: service, lambda: geocoders[-1])
    http.mount(app, routes.endpoints(), authorizer=staff, idempotency=MemoryIdempotency)
    client = Client(app)

    def ask(method, path, body=None, roles=None):
        headers = {"Content-Type": "application/json"} | ({"Authorization": roles} if roles else {})
        answer = client.http.request(method, path, headers=headers, body=json.dumps(body).encode() if body else b"")
        return answer.status_code, json.loads(answer.body)

    return ask


def refused(answer):
    status, body = answer
    return status, body["error"]["code"], [field["field"] for field in body["error"]["fields"]]


def test_anyone_sees_which_municipalities_take_part(ask):
    status, body = ask("GET", "/municipalities")
    assert status == 200
    assert body["municipalities"] == [
        {"code": "GM7000", "name": "Name of GM7000", "joined": True},
        {"code": "GM8000", "name": "Name of GM8000", "joined": False},
    ]


@pytest.mark.parametrize(("joined", "code"), [("true", "GM7000"), ("false", "GM8000")])
def test_municipalities_can_be_narrowed(ask, joined, code):
    _, body = ask("GET", f"/municipalities?joined={joined}")
    assert [it["code"] for it in body["municipalities"]] == [code]


def test_anyone_finds_an_address(ask):
    status, body = ask("GET", "/addresses?q=dorpsstraat")
    assert status == 200
    address = {"label": "Dorpsstraat 1, Sevendorp", "point": {"lon": 5.05, "lat": 52.05}, "municipality": "GM7000"}
    assert body == {"addresses": [address]}


def test_anyone_may_draw_the_areas_inside_another(ask):
    status, body = ask("GET", "/outlines/WK700000/neighbourhood")
    assert (status, body["type"], len(body["features"])) == (200, "FeatureCollection", 2)
    first = body["features"][0]
    assert (first["type"], first["id"]) == ("Feature", "BU70000000")
    assert first["properties"] == {
        "name": "Name of BU70000000",
        "level": "neighbourhood",
        "district": "WK700000",
        "label": {"lon": 5.05, "lat": 52.025},
    }
    assert first["geometry"]["type"] == "MultiPolygon"
    assert [5.1, 52.05] in first["geometry"]["coordinates"][0][0]


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("NL/municipality", ["GM7000", "GM8000"]),
        ("GM7000/district", ["WK700000", "WK700001"]),
        ("GM7000/neighbourhood", ["BU70000000", "BU70000001", "BU70000100", "BU70000101"]),
        ("WK700001/neighbourhood", ["BU70000100", "BU70000101"]),
    ],
)
def test_outlines_of_a_level_are_those_inside_the_area(ask, path, codes):
    _, body = ask("GET", f"/outlines/{path}")
    assert [it["id"] for it in body["features"]] == codes


@pytest.mark.parametrize(
    "path", ["NL/district", "GM7000/municipality", "WK700000/district", "BU70000000/neighbourhood", "GM7999/district"]
)
def test_no_outlines_where_no_such_level_lies_inside(ask, path):
    assert refused(ask("GET", f"/outlines/{path}")) == (404, "area_not_found", [])


def test_a_geocoder_that_fails_is_said_to(ask, geocoders):
    geocoders.append(Broken())
    assert refused(ask("GET", "/addresses?q=dorpsstraat")) == (503, "geocoder_unavailable", [])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/addresses", "q"),
        ("/addresses?q=ab", "q"),
        (f"/addresses?q={'a' * 201}", "q"),
        ("/municipalities?joined=perhaps", "joined"),
        ("/municipalities?other=1", "other"),
        ("/areas?parent=XX12", "parent"),
        (f"/areas?parent={'G' * 5000}", "parent"),
    ],
)
def test_a_wrong_query_names_its_field(ask, path, field):
    assert refused(ask("GET", path, roles="analyst")) == (422, "invalid_fields", [field])


@pytest.mark.parametrize("role", ["dispatcher", "approver", "analyst", "admin"])
def test_every_member_of_staff_walks_down_the_areas(ask, role):
    codes = []
    for path in ("/areas", "/areas?parent=GM7000", "/areas?parent=WK700001"):
        status, body = ask("GET", path, roles=role)
        assert status == 200
        codes.append([area["code"] for area in body["areas"]])
    assert codes == [["GM7000", "GM8000"], ["WK700000", "WK700001"], ["BU70000100", "BU70000101"]]


def test_a_list_of_areas_says_which_of_them_grew_and_when(ask, service):
    service.load_successors([Successor(2023, "GM7001", "GM7000"), Successor(2025, "GM7002", "GM7000")])
    _, body = ask("GET", "/areas", roles="analyst")
    assert {area["code"]: area.get("grown_in") for area in body["areas"]} == {"GM7000": 2025, "GM8000": None}


def test_one_area_comes_with_its_boundary_and_without_addresses(ask):
    status, body = ask("GET", "/areas/GM7000", roles="analyst")
    assert status == 200
    assert body["geometry"]["type"] == "MultiPolygon"
    assert body["bounds"] == [5.0, 52.0, 5.2, 52.1]
    assert (body["level"], body["joined"], body["safety_region"]) == ("municipality", True, "VR09")
    assert "summary_emails" not in body


@pytest.mark.parametrize(
    "path", ["/areas/GM9999", "/areas/x", "/areas/%00", "/areas/municipalities", "/areas?parent=GM9999"]
)
def test_an_unknown_area_is_not_found(ask, path):
    assert refused(ask("GET", path, roles="analyst")) == (404, "area_not_found", [])


def test_an_admin_lets_a_municipality_take_part(ask):
    update = {
        "joined": True,
        "summary_emails": ["achtendorp@example.org"],
        "summaries": ["weekly", "closed"],
        "summary_language": "en",
    }
    status, body = ask("PUT", "/municipalities/GM8000", update, roles="admin")
    assert status == 200
    assert body == {"code": "GM8000", "name": "Name of GM8000", **update}
    _, listed = ask("GET", "/municipalities?joined=true")
    assert len(listed["municipalities"]) == 2


def test_a_municipality_gets_its_months_and_its_alerts_in_dutch_unless_somebody_says_otherwise(ask):
    _, body = ask("PUT", "/municipalities/GM8000", {"joined": True}, roles="admin")
    assert (body["summaries"], body["summary_language"]) == (["monthly", "closed"], "nl")
    _, body = ask("PUT", "/municipalities/GM8000", {"joined": True, "summaries": []}, roles="admin")
    assert body["summaries"] == []


@pytest.mark.parametrize("role", ["dispatcher", "approver", "analyst", "dispatcher,approver"])
def test_nobody_else_does(ask, role):
    assert refused(ask("PUT", "/municipalities/GM8000", {"joined": True}, roles=role)) == (403, "role_missing", [])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"summary_emails": []}, "joined"),
        ({"joined": "yes"}, "joined"),
        ({"joined": True, "summary_emails": ["not an address"]}, "summary_emails.0"),
        ({"joined": True, "summary_emails": ["a@b.nl\r\nBcc: c@d.nl"]}, "summary_emails.0"),
        ({"joined": True, "summary_emails": ["a@b.nl"] * 21}, "summary_emails"),
        ({"joined": True, "summaries": ["daily"]}, "summaries.0"),
        ({"joined": True, "summaries": ["weekly"] * 4}, "summaries"),
        ({"joined": True, "summary_language": "fy"}, "summary_language"),
        ({"joined": True, "name": "Other"}, "name"),
    ],
)
def test_a_wrong_update_names_its_field_and_changes_nothing(ask, body, field):
    assert refused(ask("PUT", "/municipalities/GM8000", body, roles="admin")) == (422, "invalid_fields", [field])
    _, listed = ask("GET", "/municipalities?joined=true")
    assert len(listed["municipalities"]) == 1


@pytest.fixture
def split(service):
    """Sevendorp is parts of Achtendorp and Negendorp now."""
    service.load(municipality(9000, 5.4))
    service.load_successors(Successor(2026, "GM7000", heir) for heir in ("GM8000", "GM9000"))
    service.end("GM7000", 2026)


def test_an_admin_says_who_gets_what_a_split_municipality_had(ask, split):
    for _ in range(2):
        status, body = ask("PUT", "/municipalities/GM7000/heirs", {"heirs": ["GM9000", "GM8000"]}, roles="admin")
        assert status == 200
        assert [(it["code"], it["joined"], it["summary_emails"]) for it in body["municipalities"]] == [
            (code, True, ["council@sevendorp.example"]) for code in ("GM8000", "GM9000")
        ]
    again = ask("PUT", "/municipalities/GM7000/heirs", {"heirs": ["GM8000"]}, roles="admin")
    assert refused(again) == (409, "heirs_decided", [])


@pytest.mark.parametrize(
    ("code", "heirs", "answer"),
    [
        ("GM8000", [], (409, "area_not_ended", [])),
        ("GM7999", [], (404, "area_not_found", [])),
        ("WK700000", [], (404, "area_not_found", [])),
        ("GM7000", ["GM8000", "GM7999"], (422, "not_a_part", ["heirs"])),
        ("GM7000", ["Achtendorp"], (422, "invalid_fields", ["heirs.0"])),
        ("GM7000", "GM8000", (422, "invalid_fields", ["heirs"])),
    ],
)
def test_only_parts_of_a_municipality_that_has_ended_get_what_it_had(ask, split, service, code, heirs, answer):
    assert refused(ask("PUT", f"/municipalities/{code}/heirs", {"heirs": heirs}, roles="admin")) == answer
    assert service.undecided("GM7000")


def test_an_unknown_municipality_cannot_take_part(ask):
    assert refused(ask("PUT", "/municipalities/GM9999", {"joined": True}, roles="admin")) == (404, "area_not_found", [])
