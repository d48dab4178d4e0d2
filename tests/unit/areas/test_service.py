import json
from dataclasses import replace

import pytest

from chalicelib.areas.cover import cover
from chalicelib.areas.model import Area, CircleShape, Feature, Level, Location, Point, shape_from_json
from chalicelib.areas.service import FEW, AreaService
from chalicelib.areas.store_memory import MemoryAreaStore
from chalicelib.platform.errors import InvalidInput, NotFound

SEVEN = Location("BU70000000", "WK700000", "GM7000", "Name of GM7000", joined=True)
BOUNDS = (3.2, 50.7, 7.3, 53.7)


def rectangle(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"geometry": {"type": "Polygon", "coordinates": [ring]}}


def circle(lon, lat, radius):
    return {"circle": {"center": [lon, lat], "radius_m": radius}}


def refusal(service, spec, **more):
    with pytest.raises(InvalidInput) as refused:
        service.resolve(spec, **more)
    return refused.value.code, refused.value.fields[0].field


def loaded(features):
    service = AreaService(MemoryAreaStore(), BOUNDS)
    service.load(features)
    return service


# Where is a point?


def test_a_point_is_located_down_to_the_neighbourhood(service):
    assert service.locate(Point(5.05, 52.02)) == SEVEN
    eight = Location("BU80000101", "WK800001", "GM8000", "Name of GM8000", joined=False)
    assert service.locate(Point(5.35, 52.07)) == eight


def test_a_point_outside_every_area_is_nowhere(service):
    assert service.locate(Point(4.99, 52.02)) is None
    assert service.locate(Point(-120, -30)) is None


def test_a_point_on_a_border_belongs_to_the_lowest_code(service):
    assert service.locate(Point(5.0, 52.0)) == SEVEN
    assert service.locate(Point(5.05, 52.05)) == SEVEN
    assert service.locate(Point(5.2, 52.02)).municipality == "GM7000"


def test_where_a_border_point_belongs_does_not_hang_on_the_order_of_import(features):
    corners = [Point(5.1, 52.05), Point(5.2, 52.05), Point(5.2, 52.0), Point(5.1, 52.1)]
    there, back = loaded(features), loaded(features[::-1])
    assert [there.locate(point) for point in corners] == [back.locate(point) for point in corners]


def test_without_neighbourhoods_the_district_tells_and_without_those_the_municipality(features):
    point = Point(5.05, 52.02)
    no_neighbourhoods = [it for it in features if it.area.level is not Level.NEIGHBOURHOOD]
    assert loaded(no_neighbourhoods).locate(point) == replace(SEVEN, neighbourhood=None, joined=False)
    municipalities = [it for it in features if it.area.level is Level.MUNICIPALITY]
    assert loaded(municipalities).locate(point) == replace(SEVEN, neighbourhood=None, district=None, joined=False)


def test_a_municipality_that_was_never_imported_does_not_take_part(features):
    neighbourhoods = [it for it in features if it.area.level is Level.NEIGHBOURHOOD]
    assert loaded(neighbourhoods).locate(Point(5.05, 52.02)) == replace(SEVEN, municipality_name="GM7000", joined=False)


# What is there?


def test_areas_come_with_what_is_above_and_below_them(service):
    assert service.get("BU70000001").district == "WK700000"
    assert [area.code for area in service.children("GM7000")] == ["WK700000", "WK700001"]
    assert [area.code for area in service.children("WK700001")] == ["BU70000100", "BU70000101"]
    assert service.children("BU70000001") == []


def test_a_neighbourhood_without_a_district_stands_right_below_its_municipality(features):
    alone = [
        replace(it, area=replace(it.area, district=None)) if it.area.level is Level.NEIGHBOURHOOD else it
        for it in features
        if it.area.level is not Level.DISTRICT
    ]
    codes = ["BU70000000", "BU70000001", "BU70000100", "BU70000101"]
    assert [area.code for area in loaded(alone).children("GM7000")] == codes


def test_every_area_says_whether_its_municipality_takes_part(service):
    assert service.get("BU70000001").joined
    assert not service.get("WK800000").joined
    assert all(area.joined for area in service.children("GM7000"))


@pytest.mark.parametrize("code", ["GM9999", "BU99999999", "", "GM7000\x00", "gm7000", "municipalities", "x" * 3000])
def test_unknown_codes_are_not_found(service, code):
    for act in (service.get, service.children, service.shape, lambda it: service.put_municipality(it, True, ())):
        with pytest.raises(NotFound, match="area_not_found"):
            act(code)


def test_a_neighbourhood_cannot_be_made_to_take_part(service):
    with pytest.raises(NotFound, match="area_not_found"):
        service.put_municipality("BU70000001", True, ())


def test_municipalities_join_and_leave(service):
    assert [area.code for area in service.municipalities(joined_only=True)] == ["GM7000"]
    service.put_municipality("GM7000", False, ())
    service.put_municipality("GM8000", True, ("eight@example.org",))
    assert [area.code for area in service.municipalities(joined_only=True)] == ["GM8000"]
    assert [area.summary_emails for area in service.municipalities()] == [(), ("eight@example.org",)]


# What does an alert ask for?


def test_a_drawn_area_becomes_its_shape(service):
    shape = service.resolve(rectangle(5.05, 52.02, 5.06, 52.03))
    assert shape.contains(Point(5.055, 52.025))
    assert not shape.contains(Point(5.065, 52.025))


def test_a_circle_stays_a_circle(service):
    assert service.resolve(circle(5.05, 52.05, 500)) == CircleShape(Point(5.05, 52.05), 500)


def test_codes_become_the_union_of_their_areas(service):
    shape = service.resolve({"codes": ["BU70000000", "BU70000001", "WK700000"]})
    assert all(shape.contains(point) for point in [Point(5.05, 52.05), Point(5.0, 52.1), Point(5.1, 52.02)])
    assert not shape.contains(Point(5.11, 52.05))


def test_a_border_inside_a_union_of_codes_leaves_no_gap_in_the_cover(service):
    whole, parts = service.resolve({"codes": ["GM7000"]}), service.resolve({"codes": ["WK700000", "WK700001"]})
    assert len(parts.border) < len(parts.polygons[0][0]) * 2
    assert cover(parts) == cover(whole)


def test_a_big_union_is_read_back_as_it_was(service, features):
    shape = service.resolve({"codes": [it.area.code for it in features]})
    assert shape_from_json(json.loads(json.dumps(shape.to_json()))) == shape


@pytest.mark.parametrize(
    "spec",
    [
        rectangle(5.25, 52.02, 5.26, 52.03),  # in the one that does not take part
        rectangle(5.2, 52.02, 5.26, 52.03),  # and no more than its border with the one that does
        rectangle(6.0, 52.02, 6.1, 52.03),  # in none
        circle(5.3, 52.05, 5_000),
        {"codes": ["GM8000", "BU80000000"]},
    ],
)
def test_an_area_outside_the_municipalities_that_take_part_is_refused(service, spec):
    assert refusal(service, spec) == ("area_outside_joined", "area")


@pytest.mark.parametrize(
    "spec",
    [
        rectangle(5.19, 52.02, 5.3, 52.03),
        rectangle(4.0, 51.0, 6.0, 53.0),  # all around it
        circle(5.3, 52.05, 8_000),
        {"codes": ["GM8000", "BU70000000"]},
    ],
)
def test_an_area_may_reach_beyond_them(service, spec):
    assert service.resolve(spec).contains(Point(5.21, 52.025))


def test_unknown_codes_are_named(service):
    assert refusal(service, {"codes": ["GM7000", "GM9999"]}) == ("unknown_area_code", "area.codes")
    with pytest.raises(InvalidInput, match="GM9999"):
        service.resolve({"codes": ["GM7000", "GM9999"]})


def test_a_refusal_says_where_in_the_body_the_area_stood(service):
    assert refusal(service, {"codes": ["x"]}, field="content.area") == ("unknown_area_code", "content.area.codes.0")


def test_the_municipalities_of_a_shape_are_those_it_overlaps(service):
    def codes(spec):
        return [area.code for area in service.municipalities_in(service.resolve(spec))]

    assert codes(rectangle(5.05, 52.02, 5.06, 52.03)) == ["GM7000"]
    assert codes(rectangle(5.15, 52.02, 5.25, 52.03)) == ["GM7000", "GM8000"]
    assert codes({"codes": ["GM7000"]}) == ["GM7000"]
    assert codes(circle(5.2, 52.05, 100)) == ["GM7000", "GM8000"]


def test_areas_below_another_that_overlap_a_shape_are_found_at_every_depth(service):
    whole = service.resolve({"codes": ["GM7000"]})
    found = service.below_in("GM7000", whole)
    assert found
    below = [area.code for area in service.children("GM7000")]
    assert [code for code in found if code.startswith("WK")] == below
    assert {code for code in found if code.startswith("BU")} == {
        area.code for district in below for area in service.children(district)
    }
    for code in (it for it in found if it.startswith("BU")):
        district = next(it for it in below if code in {area.code for area in service.children(it)})
        assert service.below_in("GM7000", service.shape(code)) == [district, code]
    assert service.below_in("GM8000", whole) == []


# Import


def test_an_import_counts_and_reports_its_progress(features):
    told = []
    counts = AreaService(MemoryAreaStore(), BOUNDS).load(features, told.append)
    assert counts == {Level.MUNICIPALITY: 2, Level.DISTRICT: 4, Level.NEIGHBOURHOOD: 8}
    assert told[-1] == 14


def test_a_second_import_changes_areas_but_not_who_takes_part(service, features):
    service.load([replace(it, area=replace(it.area, name="New", year=2025)) for it in features])
    area = service.get("GM7000")
    assert (area.name, area.year, area.joined, area.summary_emails) == (
        "New",
        2025,
        True,
        ("council@sevendorp.example",),
    )


def test_a_code_that_comes_twice_is_refused(features):
    with pytest.raises(InvalidInput, match="duplicate_area: GM7000"):
        loaded([*features, features[0]])


# Many at once.


@pytest.mark.parametrize("count", [1, FEW, FEW + 5])
def test_many_municipalities_are_named_and_listed_as_few_are(count):
    codes = [f"GM{8000 + number}" for number in range(count)]
    shape = shape_from_json(rectangle(5, 52, 5.1, 52.1)["geometry"])
    service = loaded([Feature(Area(code, f"Name of {code}", Level.MUNICIPALITY, 2026, code), shape) for code in codes])
    service.end(codes[0], 2027)
    asked = [*codes, "GM7999", "WK800000"]
    assert service.names(asked) == {code: f"Name of {code}" for code in codes}
    assert {code: (area.code, area.name, area.until) for code, area in service.listed(asked).items()} == {
        code: (code, f"Name of {code}", 2027 if code == codes[0] else None) for code in codes
    }


def test_what_lies_in_many_municipalities_is_asked_once(service, monkeypatch):
    asked = []
    monkeypatch.setattr(service.store, "revision", lambda: asked.append(1) or 0, raising=False)
    assert service.lying_in(["GM7000", "GM8000"]) == {"GM7000": {"GM7000"}, "GM8000": {"GM8000"}}
    assert len(asked) == 1
