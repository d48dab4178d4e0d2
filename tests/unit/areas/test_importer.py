import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.areas.importer import ImportFailed, read
from chalicelib.areas.model import Level, Point

RING = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.1], [5.0, 52.0]]
GEMEENTE = {"code": "GM7000", "name": "Sevendorp", "level": "gemeente", "year": 2023, "safety_region": "VR09"}
WIJK = {"code": "WK700000", "name": "Wijk 00", "level": "wijk", "year": 2024, "gemeente": "GM7000"}
BUURT = {
    "code": "BU70000000",
    "name": "'t Hof",
    "level": "buurt",
    "year": 2024,
    "gemeente": "GM7000",
    "wijk": "WK700000",
}


def feature(properties, geometry=None):
    return {
        "type": "Feature",
        "id": properties.get("code"),
        "properties": properties,
        "geometry": geometry or {"type": "Polygon", "coordinates": [RING]},
    }


@pytest.fixture
def written(tmp_path):
    def write(*features, name="areas.geojson"):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    return write


def failure(path):
    with pytest.raises(ImportFailed) as failed:
        list(read(path))
    return failed.value.message


def test_a_municipality_a_district_and_a_neighbourhood_are_read(written):
    figures = {"inhabitants": 735, "households": None, "postcode4": "3811", "label_lon": 5.05, "label_lat": 52.05}
    municipality, district, neighbourhood = (
        it.area for it in read(written(feature(GEMEENTE), feature(WIJK), feature({**BUURT, **figures})))
    )
    assert (municipality.level, municipality.municipality, municipality.parent) == (Level.MUNICIPALITY, "GM7000", None)
    assert (municipality.safety_region, municipality.joined) == ("VR09", False)
    assert (district.level, district.district, district.parent) == (Level.DISTRICT, "WK700000", "GM7000")
    assert (neighbourhood.name, neighbourhood.year, neighbourhood.parent) == ("'t Hof", 2024, "WK700000")
    assert (neighbourhood.inhabitants, neighbourhood.households) == (735, None)
    assert neighbourhood.label == Point(5.05, 52.05)
    assert neighbourhood.bounds == (5.0, 52.0, 5.1, 52.1)


def test_coordinates_are_not_rounded(written):
    ring = [[5.000000123456789, 52.0], *RING[1:4], [5.000000123456789, 52.0]]
    (read_back,) = read(written(feature(GEMEENTE, {"type": "MultiPolygon", "coordinates": [[ring]]})))
    assert read_back.shape.polygons[0][0][0] == (5.000000123456789, 52.0)


def test_a_folder_is_read_file_by_file(written, tmp_path):
    written(feature(WIJK), name="b.geojson")
    written(feature(GEMEENTE), name="a.geojson")
    written(feature(BUURT), name="readme.json")
    assert [it.area.code for it in read(tmp_path)] == ["GM7000", "WK700000"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"code": None}, "areas.geojson, feature 0, code: is missing"),
        ({"code": "BU7000000"}, "areas.geojson, feature 0 ('BU7000000'), code: no code of a neighbourhood"),
        ({"code": 7}, "areas.geojson, feature 0, code: is no str"),
        ({"code": "GM7000"}, "areas.geojson, feature 0 ('GM7000'), code: no code of a neighbourhood"),
        ({"level": "provincie"}, "level: one of gemeente, wijk, buurt"),
        ({"level": ["buurt"]}, "level: is no str"),
        ({"name": ""}, "name: is missing"),
        ({"name": "a\u0000b"}, "name: is no str"),
        ({"name": "\ud800"}, "name: is no str"),
        ({"year": "2024"}, "year: is no int"),
        ({"year": True}, "year: is no int"),
        ({"gemeente": None}, "gemeente: is missing"),
        ({"wijk": "GM7000"}, "wijk: no code of a district"),
        ({"inhabitants": "many"}, "inhabitants: is no int"),
        ({"inhabitants": 1.5}, "inhabitants: is no int"),
        ({"label_lon": "5"}, "label_lon: is no float"),
        ({"label_lon": 5.0, "label_lat": 99.0}, "label_lon: the label lies outside"),
        ({"label_lon": 10**400, "label_lat": 52}, "label_lon: is no float"),
    ],
)
def test_a_wrong_property_is_named_with_its_file_and_feature(written, change, expected):
    assert expected in failure(written(feature({**BUURT, **change})))


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        ({"type": "Point", "coordinates": [5, 52]}, "feature 1 ('BU70000000'), geometry.type"),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, "feature 1 ('BU70000000'), geometry.coordinates.0"),
        ({"type": "Polygon", "coordinates": [[[x, y * 2] for x, y in RING]]}, "geometry.coordinates: Lon"),
        (
            {"type": "Polygon", "coordinates": [[[155_000, 463_000], *RING[1:4], [155_000, 463_000]]]},
            "coordinates: This must lie within",
        ),
    ],
)
def test_a_wrong_geometry_is_named_with_its_file_and_feature(written, geometry, expected):
    assert expected in failure(written(feature(GEMEENTE), feature(BUURT, geometry)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ("9" * 5_000, "this is not JSON"),
        ("[]", "this is no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "this is no FeatureCollection"),
        ('{"features": [[]]}', "feature 0, properties"),
        ('{"features": [{"properties": null}]}', "feature 0, properties"),
        ('{"features": [{"properties": {}}]}', "feature 0, level: is missing"),
    ],
)
def test_a_file_that_is_something_else_is_named(tmp_path, text, expected):
    path = tmp_path / "wrong.geojson"
    path.write_text(text, encoding="utf-8")
    assert failure(path).startswith("wrong.geojson")
    assert expected in failure(path)


def test_a_file_in_another_encoding_is_named(tmp_path):
    path = tmp_path / "latin.geojson"
    path.write_bytes('{"features": "é"}'.encode("latin-1"))
    assert failure(path).startswith("latin.geojson: this is not JSON")


def test_nothing_to_read_is_said(tmp_path):
    assert "there are no .geojson files here" in failure(tmp_path)
    assert "there is no such file" in failure(tmp_path / "missing.geojson")


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
wild = st.builds(
    lambda field, value: {**BUURT, "label_lon": 5.05, "label_lat": 52.05, field: value},
    st.sampled_from([*BUURT, "inhabitants", "label_lon", "safety_region"]),
    anything,
)
collections = st.one_of(
    anything,
    st.builds(
        lambda features: {"features": features}, st.lists(st.one_of(anything, st.builds(feature, wild)), max_size=2)
    ),
    st.builds(lambda geometry: {"features": [{"properties": BUURT, "geometry": geometry}]}, anything),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(collections)
def test_any_json_gives_features_or_says_what_is_wrong(tmp_path, content):
    path = tmp_path / "any.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        codes = [it.area.code for it in read(path)]
    except ImportFailed as failed:
        codes = failed.message
    assert "any.geojson" in codes or all(code.startswith("BU") for code in codes)
