"""Whatever is sent to a route: a 4xx in the one error shape, never a fault of ours, and nothing half-written."""

import json

import pytest

from chalicelib import wiring
from chalicelib.platform import aws
from local.in_process import CONSUMERS, sqs_event
from local.scenarios import BURGLARY

ENDPOINTS = wiring.endpoints()
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
WITH_BODY = sorted(name for name, endpoint in BY_NAME.items() if endpoint.body)
FOR_STAFF = sorted(name for name, endpoint in BY_NAME.items() if endpoint.roles)
IDS = ["x", "0000000abc", "0" * 10, "%00", "a" * 500, "..", "é", "' OR 1=1", "GM9001", "{}"]


@pytest.fixture(scope="module")
def product(make_product):
    """One for all tests here: nothing that they send may leave anything behind."""
    with make_product() as product:
        yield product


def filled(path, value="0000000abc"):
    return "/".join(value if word.startswith("{") else word for word in path.split("/"))


def call(product, token, endpoint, body=None, path=None, headers=None):
    caller = token(sorted(endpoint.roles)[-1], "anna") if endpoint.roles else ""
    caller = caller or ("0" * 25 if endpoint.link else "")
    headers = {"Content-Type": endpoint.takes[0], **(headers or {})}
    return product.request(endpoint.method, path or filled(endpoint.path), body, token=caller, headers=headers)


def refused(response):
    """The status, after checking that it is a 4xx in the one error shape."""
    body = response.json_body
    assert 400 <= response.status_code < 500, (response.status_code, body)
    assert set(body) == {"error"}, body
    assert set(body["error"]) == {"code", "message", "fields", "request_id"}
    assert all(set(item) == {"field", "code", "message"} for item in body["error"]["fields"])
    assert "Traceback" not in response.body.decode()
    return response.status_code


def rows(product):
    client = aws.client("dynamodb")
    return {
        kind: client.scan(TableName=name, Select="COUNT")["Count"]
        for kind, name in product.settings.tables.items()
        if kind != "areas"
    }


@pytest.mark.parametrize("name", WITH_BODY)
def test_a_wrong_body_is_refused_by_every_route_and_writes_nothing(product, token, name):
    endpoint = BY_NAME[name]
    before = rows(product)
    wrong = [b"", b"{", b"[]", b"null", b"0", b'"text"', b"\xff", b"NaN", b'{"a": NaN}', b"[" * 50_000]
    wrong += [json.dumps({"unknown": 1}).encode()]
    for body in wrong:
        assert refused(call(product, token, endpoint, body)) in {400, 404, 409, 422}
    assert refused(call(product, token, endpoint, b'{"a": "' + b"x" * endpoint.largest + b'"}')) == 413
    assert refused(call(product, token, endpoint, b"{}", headers={"Content-Type": "text/plain"})) == 415
    assert rows(product) == before


@pytest.mark.parametrize("name", WITH_BODY)
def test_every_field_of_every_body_refuses_every_wrong_type(product, token, name):
    endpoint = BY_NAME[name]
    for field in endpoint.body.model_fields:
        for value in (0, -1, 1.5, True, "", "x" * 10_000, [], [[]], {}, {"a": 1}, [None], "\x00", 10**400):
            response = call(product, token, endpoint, {field: value})
            assert refused(response) in {404, 409, 422, 400}


@pytest.mark.parametrize("name", sorted(name for name, endpoint in BY_NAME.items() if "{" in endpoint.path))
def test_an_id_that_is_none_is_refused_by_every_route(product, token, name):
    endpoint = BY_NAME[name]
    for value in IDS:
        path = filled(endpoint.path, value)
        body = {} if endpoint.body else None
        with_id = value.isascii() and value.isalnum()
        response = call(product, token, endpoint, body, path=path) if with_id else None
        if response is not None and response.status_code != 200:
            assert refused(response) in {403, 404, 409, 410, 422}
        else:
            assert response is None or value == "GM9001"


@pytest.mark.parametrize("name", FOR_STAFF)
def test_no_staff_route_lets_in_who_has_no_or_a_bad_token_or_another_role(product, token, name):
    endpoint = BY_NAME[name]
    path = filled(endpoint.path)
    for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic x"}, {"Authorization": ""}):
        assert product.request(endpoint.method, path, {}, headers=headers).status_code in {401, 403}
    for role in {"dispatcher", "approver", "analyst", "admin"} - endpoint.roles:
        assert refused(product.request(endpoint.method, path, {}, token=token(role))) == 403


def area(**changes):
    return {**BURGLARY.alert, "area": changes}


def ring(*points):
    return {"geometry": {"type": "Polygon", "coordinates": [list(map(list, points))]}}


SQUARE = [(5.43, 52.775), (5.44, 52.775), (5.44, 52.78), (5.43, 52.78), (5.43, 52.775)]


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (ring(*SQUARE[:-1]), "ring_not_closed"),
        (ring((5.43, 52.775), (5.44, 52.78), (5.44, 52.775), (5.43, 52.78), (5.43, 52.775)), "self_intersection"),
        (ring(*((lat, lon) for lon, lat in SQUARE)), "coordinates_swapped"),
        (ring(*((lon - 20, lat) for lon, lat in SQUARE)), "outside_bounds"),
        (ring(*SQUARE[:2], SQUARE[0]), "too_few_points"),
        (ring(*([SQUARE[0]] * 2_100)), "too_many_vertices"),
        (ring((5.43, 52.775), (5.435, 52.775), (5.44, 52.775), (5.43, 52.775)), "area_empty"),
        (ring(*((lon - 1, lat) for lon, lat in SQUARE)), "area_outside_joined"),
        ({"circle": {"center": [5.43, 52.775], "radius_m": 5}}, "radius_out_of_range"),
        ({"codes": ["BU99999999"]}, "unknown_area_code"),
    ],
)
def test_each_defect_of_an_area_has_a_code_of_its_own(product, token, spec, code):
    response = product.request("POST", "/alerts", area(**spec), token=token("dispatcher"))
    assert refused(response) == 422
    assert response.json_body["error"]["code"] == code


def test_nan_in_a_geometry_has_its_own_code(product, token):
    body = json.dumps(area(**ring(*SQUARE))).replace("5.43,", "NaN,", 1).encode()
    response = product.request("POST", "/alerts", body, token=token("dispatcher"))
    assert refused(response) == 422
    assert response.json_body["error"]["code"] == "coordinates_not_finite"


@pytest.mark.parametrize("function", sorted(set(CONSUMERS.values())))
def test_a_malformed_queue_message_comes_back_for_the_dead_letter_queue(product, caplog, function):
    secret = "+31612345678"
    bodies = ["", "{", "null", "[]", json.dumps({"phone": secret}), json.dumps({"alert": secret})]
    event = sqs_event(bodies, product.clock.now())
    answer = product.invoke(function, event)
    assert len(answer["batchItemFailures"]) == len(bodies)
    assert not any(secret in str(vars(record)) for record in caplog.records)
