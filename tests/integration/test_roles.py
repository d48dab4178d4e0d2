"""Every route, in every role, for the own organisation and for another one: what docs/roles.md says, and nothing else.

What is expected is taken from the routes' own declarations; a new route needs a line in ``BODIES`` where it takes a
body, and nothing more.
"""

import json

import pytest

from chalicelib import wiring
from chalicelib.staff.model import KIND_OF, Kind, Organisation, Role
from chalicelib.staff.policy import PUBLIC, Scope
from chalicelib.tips.model import ID_CHARACTERS
from local.scenarios import BURGLARY, MISSING_CHILD

ENDPOINTS = wiring.endpoints()
STAFF = [endpoint for endpoint in ENDPOINTS if endpoint.roles]
FABELSTAD, LUCHTKASTEEL, CENTRUM = "GM9001", "GM9003", "WK900100"
OWN = {Kind.CONTROL_ROOM: "MK90", Kind.MUNICIPALITY: FABELSTAD, Kind.POLICE_TEAM: "TEAM"}
FOREIGN = {Kind.CONTROL_ROOM: "MK91", Kind.MUNICIPALITY: LUCHTKASTEEL, Kind.POLICE_TEAM: "TEAM91"}

# Bodies that would be taken; those of changes to an alert name no version that there is, so that it stays as it is.
BODIES = {
    "post_alerts": MISSING_CHILD.alert,
    "post_alerts_preview": MISSING_CHILD.alert,
    "patch_alerts_alert": {"version": 99},
    "post_alerts_alert_approve": {"version": 99},
    "post_alerts_alert_break_glass": {"version": 99, "reach": "tientallen", "reason": "nu"},
    "post_alerts_alert_proof": {},
    "post_alerts_alert_return": {"reason": "nog eens"},
    "post_alerts_alert_updates": {"type": "update", "text": {"nl": "Hij draagt nu een pet."}},
    "post_alerts_alert_waves": {"action": "hold"},
    "post_alerts_alert_close": BURGLARY.closing,
    "post_alerts_alert_outcome": BURGLARY.closing,
    "patch_alerts_alert_tips_tip": {"status": "read"},
    "put_alerts_alert_photo": {"version": 1, "image": None},
    "put_alerts_alert_recording": {"version": 1, "wav": None},
    "put_municipalities_code": {"joined": True, "summary_emails": ["gm9001@burgernet.example"]},
    "put_municipalities_code_heirs": {"heirs": []},
    "put_municipalities_code_budget": {"year": 2026, "cents": 1_000_000},
    "put_organisations_id": {"kind": "municipality", "name": "Fabelstad", "areas": [FABELSTAD]},
}


@pytest.fixture(scope="module")
def product(make_product):
    with make_product() as product:
        for organisation in (
            Organisation("MK90", Kind.CONTROL_ROOM, "Meldkamer", (FABELSTAD, "GM9002")),
            Organisation("MK91", Kind.CONTROL_ROOM, "Buren", (LUCHTKASTEEL,)),
            Organisation("TEAM", Kind.POLICE_TEAM, "Team", (CENTRUM, "BU90010101")),
            Organisation("TEAM91", Kind.POLICE_TEAM, "Team", ("WK900300",)),
        ):
            product.system.organisations.put(organisation)
        yield product


@pytest.fixture(scope="module")
def alert(product, token):
    """Submitted, of control room MK90, in Fabelstad: nobody next door sees it."""
    anna = token("dispatcher", "anna")
    drafted = product.request("POST", "/alerts", MISSING_CHILD.alert, token=anna).json_body
    assert drafted["municipalities"] == [FABELSTAD]
    return product.request("POST", f"/alerts/{drafted['id']}/submit", {}, token=anna).json_body


@pytest.fixture
def ask(product, token, alert):
    def ask(endpoint, role, tenants):
        path = endpoint.path.replace("{alert}", alert["id"]).replace("{tip}", "0" * ID_CHARACTERS)
        path = path.replace("{code}", FABELSTAD if endpoint.method == "PUT" else CENTRUM).replace("{id}", FABELSTAD)
        assert "{" not in path, "say what to put there"
        tenant = tenants.get(KIND_OF.get(role), "network")
        response = product.request(
            endpoint.method, path, BODIES.get(endpoint.name), token=token(role, f"eva-{role}", tenant)
        )
        error = (response.json_body or {}).get("error", {})  # a table is no JSON
        return response.status_code, error.get("code"), [field["code"] for field in error.get("fields", [])]

    return ask


def standing(product, alert):
    stored = product.system.alerts.get(alert["id"])
    return stored.version, stored.state, len(product.system.alerts.store.page(limit=100).alerts)


def test_every_route_says_who_may_call_it():
    scopes = set(Scope)
    for endpoint in ENDPOINTS:
        route = f"{endpoint.method} {endpoint.path}"
        assert (route in PUBLIC) == (not endpoint.roles and not endpoint.link), route
        assert (endpoint.scope in scopes) == bool(endpoint.roles), route
        assert endpoint.roles <= set(Role), route
    assert {f"{endpoint.method} {endpoint.path}" for endpoint in ENDPOINTS} >= PUBLIC


def test_every_route_with_a_body_is_tried_with_one_that_it_takes():
    assert {endpoint.name for endpoint in STAFF if endpoint.body} == BODIES.keys()
    for endpoint in STAFF:
        if endpoint.body:
            endpoint.body.model_validate_json(json.dumps(BODIES[endpoint.name]))


@pytest.mark.parametrize("endpoint", STAFF, ids=lambda endpoint: endpoint.name)
def test_a_role_that_is_not_named_is_refused_everywhere(product, ask, alert, endpoint):
    before = standing(product, alert)
    for role in set(Role) - endpoint.roles:
        for tenants in (OWN, FOREIGN):
            assert ask(endpoint, role, tenants)[:2] == (403, "role_missing"), role
    assert standing(product, alert) == before


@pytest.mark.parametrize("endpoint", STAFF, ids=lambda endpoint: endpoint.name)
def test_a_role_that_is_named_is_held_to_its_organisation(product, ask, alert, endpoint):
    before = standing(product, alert)
    for role in endpoint.roles:
        status, code, fields = ask(endpoint, role, FOREIGN)
        if endpoint.scope == Scope.NETWORK:
            assert (status, code) in {(200, None), (409, "area_not_ended")}, role
        elif endpoint.scope == Scope.OWN_AREAS:
            assert (status, code) == (403, "not_your_area"), role
        elif "{alert}" in endpoint.path:
            assert (status, code) == (404, "alert_not_found"), role
        elif endpoint.method == "GET":
            assert status == 200, role
        else:
            assert (status, fields) == (422, ["outside_region"]), role
    assert standing(product, alert) == before


@pytest.mark.parametrize("endpoint", STAFF, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize(
    "tenants", [{}, dict(zip(OWN, [*list(OWN.values())[1:], "MK90"], strict=True))], ids=["unknown", "another-kind"]
)
def test_a_role_without_an_organisation_of_its_kind_reaches_nothing(product, ask, alert, endpoint, tenants):
    before = standing(product, alert)
    for role in endpoint.roles if endpoint.scope != Scope.NETWORK else ():
        status, code, _ = ask(endpoint, role, tenants)
        assert (status, code) in {(403, "organisation_unknown"), (403, "wrong_organisation")}, role
    assert standing(product, alert) == before


@pytest.mark.parametrize("endpoint", STAFF, ids=lambda endpoint: endpoint.name)
def test_a_role_that_is_named_gets_through_in_its_own_organisation(ask, alert, endpoint):
    """Not refused for who they are: it works, or the alert is not in a state for it."""
    for role in endpoint.roles:
        status, code, _ = ask(endpoint, role, OWN)
        assert status in {200, 201, 409} or code == "tip_not_found", (role, status, code)


def test_a_list_holds_only_what_may_be_seen(product, token, alert):
    def listed(tenant):
        answer = product.request("GET", "/alerts", token=token("dispatcher", "eva", tenant)).json_body
        return alert["id"] in [row["id"] for row in answer["alerts"]]

    assert (listed("MK90"), listed("MK91")) == (True, False)
