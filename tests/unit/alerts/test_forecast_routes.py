"""Previews over HTTP: of a draft, and of a form that is not filled in yet."""

import json

import pytest
from chalice.app import AuthResponse, Chalice
from chalice.test import Client

from chalicelib.alerts.forecast import Forecaster
from chalicelib.alerts.forecast_routes import ForecastRoutes
from chalicelib.alerts.reach import Group, Reach
from chalicelib.alerts.text import Language
from chalicelib.channels.model import Channel
from chalicelib.channels.prices import shipped
from chalicelib.platform import http
from chalicelib.platform.idempotency import MemoryIdempotency

SPEC = {"geometry": {"type": "Polygon", "coordinates": [[[5.19, 52.49], [5.21, 52.49], [5.21, 52.51], [5.19, 52.49]]]}}
TEXTS = {
    "headline": {"nl": "Beroving Kerkstraat"},
    "description": {"nl": "Een man is beroofd."},
    "instruction": {"nl": "Ziet u hem? Bel 112."},
}


class Everywhere:
    """57 people with a phone, whatever is asked; ``asked`` keeps what was."""

    def __init__(self):
        self.asked = []

    def reach(self, shape, channels, occasion):
        self.asked.append((shape.bounds, tuple(channels)))
        return Reach(True, 57, {"BU90010101": 57}, {Group(Channel.SMS, Language.NL, "NL"): 57})


@pytest.fixture
def everywhere():
    return Everywhere()


@pytest.fixture
def call(service, everywhere, purse, clock):
    rates = dict.fromkeys(Channel, 20.0)
    forecaster = Forecaster(everywhere, lambda codes: dict.fromkeys(codes, "Oost"), rates, shipped(), purse, clock)
    app = Chalice("alerts", configure_logs=False)

    @app.authorizer()
    def guard(request):
        user, _, roles = request.token.partition(" ")
        return AuthResponse(routes=["*"], principal_id=user, context={"user": user, "roles": roles, "tenant": "MK90"})

    routes = ForecastRoutes(lambda: service, lambda: forecaster)
    http.mount(app, routes.endpoints(), authorizer=guard, idempotency=MemoryIdempotency)
    with Client(app) as client:

        def call(path, body=None, by="anna dispatcher"):
            headers = {"Authorization": by, "Content-Type": "application/json"}
            raw = json.dumps(body).encode() if body is not None else b""
            return client.http.request("POST", path, headers=headers, body=raw)

        yield call


@pytest.mark.parametrize("by", ["anna dispatcher", "bram approver"])
def test_a_draft_is_previewed_with_its_own_texts_by_the_whole_control_room(call, service, content, anna, by):
    alert = service.create(content(), anna)
    response = call(f"/alerts/{alert.id}/preview", by=by)
    assert response.status_code == 200
    assert response.json_body == {
        "people": 57,
        "exact": True,
        "band": {"code": "tens", "at_least": 10, "at_most": 99, "label": {"nl": "tientallen", "en": "tens"}},
        "channels": [
            {"channel": "sms", "people": 57, "seconds": 3, "cost_cents": 1026},
            {"channel": "email", "people": 0, "seconds": 0, "cost_cents": 0},
        ],
        "sms_parts": {"nl": 2, "en": 2},
        "sms_parts_assumed": False,
        "seconds": 3,
        "cost": {"cents": 1026, "currency": "EUR"},
        "municipalities": [{"code": "GM9001", "name": "Oost", "people": 57}],
        "districts": [{"code": "WK900101", "name": "Oost", "people": 57}],
        "neighbourhoods": [{"code": "BU90010101", "name": "Oost", "people": 57}],
        "budget": [],
        "advice": [{"concern": "no_caution", "field": "instruction"}],
    }


def test_of_an_area_alone_the_parts_are_assumed(call, everywhere):
    response = call("/alerts/preview", {"area": SPEC})
    assert (response.status_code, response.json_body["people"]) == (200, 57)
    assert response.json_body["sms_parts_assumed"] is True
    assert everywhere.asked == [((5.19, 52.49, 5.21, 52.51), tuple(Channel))]


def test_channels_are_those_that_were_chosen_else_those_of_the_kind(call, everywhere):
    call("/alerts/preview", {"area": SPEC, "channels": ["email"]})
    call("/alerts/preview", {"area": SPEC, "kind": "prevention"})
    assert [channels for _, channels in everywhere.asked] == [(Channel.EMAIL,), (Channel.EMAIL,)]


def test_a_form_with_its_texts_is_worded_as_the_alert_will_be(call, store):
    response = call("/alerts/preview", {"area": SPEC, **TEXTS})
    assert response.json_body["sms_parts_assumed"] is False
    assert response.json_body["sms_parts"]["nl"] == 1
    assert store.rows == {}


def test_the_whole_form_of_an_alert_is_taken(call):
    form = {"kind": "alert", "category": "robbery", "status": "Exercise", "area": SPEC, "channels": ["sms"], **TEXTS}
    assert call("/alerts/preview", form).status_code == 200


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "area", "missing"),
        ({"area": {"circle": {}}}, "area", "unknown_type"),
        ({"area": SPEC, "channels": ["pigeon"]}, "channels.0", "enum"),
        ({"area": SPEC, "surprise": 1}, "surprise", "extra_forbidden"),
        ({"area": SPEC, **TEXTS, "kind": "prevention", "category": "theft", "channels": ["sms"]}, "channels", None),
        ({"area": SPEC, **TEXTS, "description": {"nl": "x" * 1_500}}, "description", "sms_too_long"),
    ],
)
def test_what_an_alert_would_be_refused_for_a_preview_is_refused_for(call, body, field, code):
    response = call("/alerts/preview", body)
    named = [(item["field"], item["code"]) for item in response.json_body["error"]["fields"]]
    assert response.status_code == 422
    assert field in [name for name, _ in named]
    assert code is None or (field, code) in named


@pytest.mark.parametrize("name", ["0000000abc", "x", "preview"])
def test_of_an_alert_that_is_not_there_there_is_no_preview(call, name):
    response = call(f"/alerts/{name}/preview")
    assert (response.status_code, response.json_body["error"]["code"]) == (404, "alert_not_found")


@pytest.mark.parametrize("path", ["/alerts/preview", "/alerts/0000000abc/preview"])
@pytest.mark.parametrize("role", ["analyst", "admin"])
def test_only_the_control_room_may_look(call, path, role):
    assert call(path, {"area": SPEC}, by=f"carla {role}").status_code == 403
