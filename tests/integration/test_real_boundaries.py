"""The story on real Dutch boundaries: an alert over the border of Nieuwegein and Utrecht."""

import json
import re

import pytest
from shapely.geometry import Point, shape

from chalicelib.areas import importer
from chalicelib.areas.service import AreaService

UTRECHT, NIEUWEGEIN, BAARN = "GM0344", "GM0356", "GM0308"
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[5.062, 52.036], [5.118, 52.032], [5.126, 52.078], [5.098, 52.092], [5.07, 52.081], [5.062, 52.036]]
    ],
}
EVERY = 5  # every fifth neighbourhood has a neighbour who signs up


@pytest.fixture(scope="module")
def product(make_product, boundaries, dynamo_areas):
    with dynamo_areas() as (store, table):
        areas = AreaService(store, (3.2, 50.7, 7.3, 53.7))
        loaded = areas.load(importer.read(boundaries))
        assert sum(loaded.values()) >= 700
        for code in (UTRECHT, NIEUWEGEIN):
            areas.put_municipality(code, True, ())
    with make_product(table) as product:
        yield product


@pytest.fixture(scope="module")
def neighbourhoods(boundaries):
    features = json.loads((boundaries / "buurten_sample.geojson").read_text())["features"]
    chosen = [f for f in features if f["properties"]["gemeente"] in (UTRECHT, NIEUWEGEIN)][::EVERY]
    return [(f["properties"]["code"], f["properties"]["label_lon"], f["properties"]["label_lat"]) for f in chosen]


def sign_up(product, lon, lat, phone):
    body = {
        "phone": phone,
        "places": [{"kind": "home", "point": {"lon": lon, "lat": lat}}],
        "channels": ["sms"],
        "language": "nl",
        "birth_year": 1980,
        "consent": {"version": "1"},
        "source": "letter",
    }
    response = product.request("POST", "/sign-ups", body)
    if response.status_code != 202:
        return response
    product.settle()
    code = re.search(r"\b\d{6}\b", next(text for to, text in reversed(product.sms.sent) if to == phone))[0]
    return product.request(
        "POST", f"/sign-ups/{response.json_body['id']}/verification", {"contact": "phone", "code": code}
    )


def test_exactly_the_people_on_both_sides_of_the_border_are_asked(product, neighbourhoods, token):
    people = {f"+316230{n:05d}": place for n, place in enumerate(neighbourhoods)}
    for phone, (_, lon, lat) in people.items():
        assert sign_up(product, lon, lat, phone).status_code == 200
    product.settle()
    product.sms.sent.clear()

    body = {
        "kind": "alert",
        "category": "missing_person",
        "status": "Actual",
        "headline": {"nl": "Vermist: man, 82 jaar"},
        "description": {"nl": "Grijze jas, loopt met een stok."},
        "instruction": {"nl": "Ziet u hem? Bel 112."},
        "area": {"geometry": AREA},
        "channels": ["sms"],
    }
    alert = product.request("POST", "/alerts", body, token=token("dispatcher", "anna")).json_body
    assert alert["municipalities"] == [UTRECHT, NIEUWEGEIN]
    path = f"/alerts/{alert['id']}"
    alert = product.request("POST", f"{path}/submit", {}, token=token("dispatcher", "anna")).json_body
    told = product.request("POST", f"{path}/preview", {}, token=token("approver", "bram")).json_body
    approval = {"version": alert["version"], "reach": told["band"]["label"]["nl"]}
    product.request("POST", f"{path}/approve", approval, token=token("approver", "bram"))
    product.settle()

    area = shape(AREA)
    expected = {phone: code for phone, (code, lon, lat) in people.items() if area.covers(Point(lon, lat))}
    assert {code[2:6] for code in expected.values()} == {"0344", "0356"}
    assert sorted(to for to, _ in product.sms.sent) == sorted(expected)
    progress = product.request("GET", path, token=token("dispatcher", "anna")).json_body["progress"]["call"]
    assert {item["code"] for item in progress["areas"]} == set(expected.values())
    for municipality in (UTRECHT, NIEUWEGEIN):
        report = product.request(
            "GET", f"/reports/areas/{municipality}", token=token("analyst", tenant=municipality)
        ).json_body
        assert report["people"]["asked"] == sum(code[2:6] == municipality[2:] for code in expected.values())
        assert report["participants"]["participants"] == sum(c[2:6] == municipality[2:] for c, _, _ in neighbourhoods)


def test_who_lives_in_a_municipality_that_has_not_joined_is_told_which(product):
    response = sign_up(product, 5.2877, 52.2120, "+31623099999")
    assert (response.status_code, response.json_body["error"]["code"]) == (422, "municipality_not_joined")
    assert "Baarn" in response.body.decode()
