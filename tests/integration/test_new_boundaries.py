"""Two municipalities merge: their people, their staff and their figures are one from then on."""

import json
from datetime import UTC, datetime

import pytest

from chalicelib.areas import importer
from chalicelib.areas.service import AreaService
from chalicelib.areas.succession import Successor
from chalicelib.delivery.model import AreaTally
from chalicelib.reports.census_model import NOBODY, counted_in
from chalicelib.reports.figures import AlertRow, Facts, Times
from chalicelib.reports.months import Months
from chalicelib.staff.model import Kind, Organisation
from local import demo_data, town
from tests.integration.conftest import BOUNDS, NOW, organise

PEOPLE, OLD, HEIR = 40, ("GM9001", "GM9002"), "GM9005"


def became(code):
    """Those of the second come behind those of the first, thirty districts on."""
    level, municipality, rest = code[:2], code[2:6], code[6:]
    if f"GM{municipality}" not in OLD:
        return code
    district = f"{int(rest[:2]) + (30 if municipality == '9002' else 0):02d}{rest[2:]}" if rest else ""
    return f"{level}9005{district}"


def merged():
    """The invented country of the a later year, and what became of its codes."""
    features, lines = {}, []
    for feature in town.build().areas["features"]:
        properties = dict(feature["properties"], year=2026)
        old = properties["code"]
        for name in ("code", "gemeente", "wijk"):
            if properties.get(name):
                properties[name] = became(properties[name])
        if old != properties["code"]:
            lines.append(Successor(2026, old, properties["code"]))
        geometry = feature["geometry"]
        if old == "GM9002":  # the merged one is both
            other = features[HEIR]["geometry"]
            geometry = {"type": "MultiPolygon", "coordinates": [*polygons(other), *polygons(geometry)]}
        features[properties["code"]] = {**feature, "properties": properties, "geometry": geometry}
    return {"type": "FeatureCollection", "features": list(features.values())}, lines


def polygons(geometry):
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


@pytest.fixture
def product(make_product, dynamo_areas, tmp_path):
    town.write(tmp_path)
    with dynamo_areas() as (store, name):
        areas = AreaService(store, BOUNDS)
        areas.load(importer.read(tmp_path / "town.geojson"))
        for code in town.JOINED:
            areas.put_municipality(code, True, (f"{code.lower()}@burgernet.example",))
        with make_product(areas=name) as product:
            organise(product.system)
            yield product


def told(product, code, token, period):
    answer = product.request("GET", f"/reports/areas/{code}/dashboard?{period}", token=token)
    assert answer.status_code == 200, answer.json_body
    return answer.json_body


def count(product, alert, opened, people):
    """As COUNT leaves it."""
    facts = Facts(alert, opened, "Actual", "alert", "robbery", "Immediate", tips=1)
    figures, by_municipality = product.system.parts.figures, {}
    for code, number in people.items():
        by_municipality.setdefault(f"GM{code[2:6]}", {})[code] = AreaTally(number, number, number)
    for area, some in by_municipality.items():
        row = AlertRow(area, facts, Times(), some, 1)
        figures.put_alert(row)
        Months(figures).include(row)


def test_two_municipalities_merge(product, token, tmp_path):
    system, store = product.system, product.system.parts.participants
    some = town.build().participants[:PEOPLE]
    store.commit([demo_data.step(it, NOW, "https://web.push.apple.com") for it in some[:20]])
    store.commit([demo_data.step(it, NOW, "https://web.push.apple.com") for it in some[20:]])
    product.settle()
    before = system.parts.census.people("NL")
    assert before.keys() >= set(OLD)
    system.organisations.put(Organisation("T1", Kind.POLICE_TEAM, "Team", ("WK900100",)))
    count(product, "0000000ab1", datetime(2025, 3, 5, 12, tzinfo=UTC), {"BU90010000": 40, "BU90020000": 50})
    count(product, "0000000ab2", datetime(2026, 1, 2, 12, tzinfo=UTC), {"BU90010000": 10})

    country, lines = merged()
    path = tmp_path / "next.geojson"
    path.write_text(json.dumps(country))
    system.areas.load(importer.read(path))
    system.areas.load_successors(lines)
    analyst = token("analyst", tenant="GM9001")
    assert product.request("GET", f"/reports/areas/{HEIR}", token=analyst).status_code == 403

    answer = product.invoke("new_boundaries", {})
    product.settle()
    assert (answer["done"], answer["missing"], answer["undecided"]) == (True, [], [])
    assert answer["moved"] > 0
    assert product.invoke("new_boundaries", {})["moved"] == 0

    # Places, and who takes part.
    after, true = system.parts.census.people("NL"), {}
    for person in system.parts.roll.page(None, 100)[0]:
        for key, numbers in counted_in(person).items():
            true[key] = true.get(key, NOBODY) + numbers
    assert {code: it for code, it in after.items() if it != NOBODY} == {
        key.area: it for key, it in true.items() if key.partition == "NL"
    }
    assert after[HEIR] == before[OLD[0]] + before[OLD[1]]
    assert not {area for key in true for area in key if area[2:6] in {"9001", "9002"}}

    # Staff.
    assert system.organisations.get("MK90").areas == ("GM9003", HEIR)
    assert system.organisations.get("T1").areas == (became("WK900100"),)
    heir = system.areas.get(HEIR)
    assert (heir.joined, heir.summary_emails) == (True, ("gm9001@burgernet.example", "gm9002@burgernet.example"))

    # Figures.
    both = told(product, HEIR, analyst, "first=2025-01-01&last=2026-12-31")
    assert (both["alerts"]["total"], both["people"]["matched"], both["tips"]) == (2, 100, 2)
    assert [it["code"] for it in both["months"]] == ["2025-03", "2026-01"]
    last_year = told(product, HEIR, analyst, "first=2025-01-01&last=2025-12-31")
    parts = {it["code"]: it["people"]["matched"] for it in last_year["parts"] if "people" in it}
    assert (parts[became("BU90010000")], parts[became("BU90020000")]) == (40, 50)
    former = told(product, "GM9001", analyst, "first=2025-01-01&last=2025-12-31")
    assert (former["area"]["until"], former["area"]["areas"]) == (2026, [HEIR])
    assert former["people"]["matched"] == 40
