"""The table that counts answers and bills as DynamoDB says it does."""

import json

import pytest

from bench.billing import PAGE_BYTES, item_bytes, read_units
from bench.matching.count_table import CountTable
from bench.matching.inputs import BadInput, read_areas, read_places
from bench.matching.play import play
from bench.matching.rows import place_rows, reference, who_of
from chalicelib.areas.model import Point
from chalicelib.participants.place_rows import PlaceRow
from chalicelib.participants.places import read_places as read_page

ROW = PlaceRow("0123456789ab0", 0, Point(5.09, 52.03), (), "+31612345678", "jan@example.org", "nl", "BU03560101", 1_000)
LONG = ROW._replace(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.nl")


def query(table, first="", last="~", start=None, **more):
    values = {":c": {"S": ROW.key[0]}, ":first": {"S": ROW.key[0] + first}, ":last": {"S": ROW.key[0] + last}}
    request = {
        "KeyConditionExpression": "c = :c AND k BETWEEN :first AND :last",
        **more,
        "ExpressionAttributeValues": values,
        **({"ExclusiveStartKey": start} if start else {}),
    }
    return table.query(request)


@pytest.mark.parametrize(("size", "units"), [(0, 0.5), (1, 0.5), (4_096, 0.5), (4_097, 1.0), (1_000_000, 122.5)])
def test_a_page_is_billed_in_half_units_of_four_kilobytes(size, units):
    assert read_units(size) == units


def test_an_item_is_billed_for_names_and_values():
    item = {"c": {"S": "u178s"}, "x": {"B": b"\0" * 8}, "u": {"N": "1764000000000"}, "t": {"N": "-1.25"}}
    assert item_bytes(item) == (1 + 5) + (1 + 8) + (1 + 2 + 1) + (1 + 2 + 1 + 1)


def test_a_long_range_comes_in_pages_of_a_megabyte_each_row_once():
    rows = [LONG._replace(participant=f"{number:013d}") for number in range(8_000)]
    table = CountTable(rows)
    pages, start = [], None
    while not pages or start:
        pages.append(read_page(query(table, start=start)))
        start = pages[-1].last_evaluated_key
    found = [place.participant for page in pages for place in page.items]
    assert found == [row.participant for row in rows]
    assert len(pages) == -(-len(rows) // int(PAGE_BYTES / table.mean_bytes)) > 2
    assert pages[0].consumed_capacity.capacity_units == pytest.approx(PAGE_BYTES / 8192, rel=0.01)


def test_a_range_has_the_rows_between_its_ends_and_an_empty_one_costs_the_least():
    points = [Point(5.09 + n * 1e-4, 52.03) for n in range(50)]
    table = CountTable(ROW._replace(participant=f"{n:013d}", point=point) for n, point in enumerate(points))
    codes = sorted(
        ROW._replace(point=point).key[1][5:12] for point in points if ROW._replace(point=point).key[0] == ROW.key[0]
    )
    middle = json.loads(query(table, codes[10], codes[20] + "~"))
    assert middle["Count"] == len(middle["Items"]) == 11
    nothing = json.loads(query(table, "zzzz", "zzzz~"))
    assert (nothing["Items"], nothing["ConsumedCapacity"]["CapacityUnits"]) == ([], 0.5)


def test_a_limit_is_a_page():
    rows = [ROW._replace(participant=f"{number:013d}") for number in range(5)]
    first = read_page(query(CountTable(rows), Limit=2))
    assert [place.participant for place in first.items] == [row.participant for row in rows[:2]]
    rest = read_page(query(CountTable(rows), start=first.last_evaluated_key, Limit=9))
    assert [place.participant for place in rest.items] == [row.participant for row in rows[2:]]
    assert rest.last_evaluated_key is None


def test_a_query_without_a_projection_gives_the_partition_key_too():
    table = CountTable([ROW])
    (all_of_it,) = json.loads(query(table))["Items"]
    (shown,) = json.loads(query(table, ProjectionExpression="k, x, d, u"))["Items"]
    assert all_of_it == {"c": {"S": ROW.key[0]}, **shown}


def test_places_are_read_in_any_order_and_know_each_other(tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("place_id,participant_id,rank,lon,lat\n1,b,1,5.2,52.2\n2,a,0,5.123456789,52\n3,b,0,5.1,52.1\n")
    places = read_places(file)
    first, second, third = place_rows(places)
    assert [places.ids[who_of(row.participant)] for row in (first, second, third)] == ["b", "b", "a"]
    assert (second.rank, second.point, second.earlier) == (1, Point(5.2, 52.2), (Point(5.1, 52.1),))
    assert (first.later, third.point) == ((Point(5.2, 52.2),), Point(5.123456789, 52))
    assert who_of(reference(12_345)) == 12_345


HEADER = "place_id,participant_id,rank,lon,lat\n"


def test_ranks_that_are_left_out_leave_no_hole(tmp_path):
    file = tmp_path / "places.csv"
    file.write_text(f"{HEADER}1,a,4,5.2,52.2\n2,a,1,5.1,52.1\n")
    first, second = place_rows(read_places(file))
    assert (first.rank, first.point, second.rank, second.earlier) == (0, Point(5.1, 52.1), 1, (Point(5.1, 52.1),))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,lon\n",
        *(HEADER.encode() + line for line in (b"1,a,0,5.1\n", b"1,a,0,x,52\n", b"1,a,0,nan,52\n", b"1,a,0,181,52\n")),
        *(HEADER.encode() + line for line in (b"1,a,-1,5,52\n", b"1,a,0,5,52\n2,a,0,6,52\n", b"1,\xe9,0,5,52\n")),
    ],
)
def test_a_file_that_is_not_places_is_refused_with_its_name(tmp_path, content):
    file = tmp_path / "places.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"places\.csv"):
        read_places(file)


SQUARE = [[5, 52], [6, 52], [6, 53], [5, 53], [5, 52]]


def feature(kind="Polygon", coordinates=(SQUARE,), **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "{}",
        json.dumps({"features": []}),
        *(
            json.dumps({"features": [one]})
            for one in (
                None,
                {"properties": {"name": "a"}, "geometry": None},
                feature("LineString", SQUARE),
                feature(coordinates=[]),
                feature(coordinates=[SQUARE[:-1]]),
                feature(coordinates=[[[5, 52], [6, 52], [5, 52]]]),
                feature(coordinates=[[[5, 52], [6, 52], [6, 91], [5, 52]]]),
                feature("MultiPolygon", [[]]),
                feature(circle=[]),
                feature(circle=[5, 52]),
                feature(circle=["x", 52, 500]),
                feature(circle=[5, 52, -1]),
                feature(circle=[5, 52, 90_000]),
                feature(circle={"lon": 5}),
            )
        ),
        json.dumps({"features": [feature(name="a"), feature(name="a")]}),
    ],
)
def test_a_file_that_is_not_areas_is_refused_with_its_name(tmp_path, content):
    file = tmp_path / "areas.geojson"
    file.write_text(content)
    with pytest.raises(BadInput, match=r"areas\.geojson"):
        read_areas(file)


def test_bad_input_ends_with_a_status_of_its_own(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        play(tmp_path / "none.csv", tmp_path / "none.geojson", None, "count", [], None)
    assert ended.value.code == 2
    assert "none.csv" in capsys.readouterr().err


def test_areas_have_a_name_and_circles_are_circles(tmp_path):
    file = tmp_path / "areas.geojson"
    features = [
        {"type": "Feature", "properties": {"name": "round", "circle": [5.1, 52.1, 500]}, "geometry": None},
        {
            "type": "Feature",
            "properties": {"name": "square"},
            "geometry": {"type": "Polygon", "coordinates": [[[5, 52], [6, 52], [6, 53], [5, 53], [5, 52]]]},
        },
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    circle, square = read_areas(file)
    assert (circle.name, circle.shape.radius_m) == ("round", 500)
    assert square.shape.contains(Point(5.5, 52.5))
