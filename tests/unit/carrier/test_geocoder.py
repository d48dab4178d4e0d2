import json
import os

import pytest

ADDRESSES = [
    {"weergavenaam": "Lindelaan 121, 9001AB Eikenrode", "centroide_ll": "POINT(5.1 52.1)", "gemeentecode": "9001"},
    {"weergavenaam": "Lindelaan 12, 9001AB Eikenrode", "centroide_ll": "POINT(5.2 52.2)", "gemeentecode": "9001"},
    {"weergavenaam": "Café-straat 3, 9002CD Ærum", "centroide_ll": "POINT(5.3 52.3)", "buurtcode": "BU90020001"},
]


@pytest.fixture
def find(carrier):
    write(carrier, ADDRESSES)
    return lambda **query: carrier.http.get("/geocoder/free", params=query).json()["response"]


def write(carrier, addresses, stamp=0):
    path = carrier.files / "addresses.json"
    path.write_text(json.dumps(addresses))
    os.utime(path, (stamp, stamp))


def names(answer):
    return [doc["weergavenaam"].split(",")[0] for doc in answer["docs"]]


def test_an_address_in_the_shape_of_pdok(find):
    answer = find(q="lindelaan 121")
    assert answer == {
        "numFound": 1,
        "start": 0,
        "maxScore": 1.0,
        "numFoundExact": True,
        "docs": [{"type": "adres", "score": 1.0, **ADDRESSES[0]}],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Lindelaan 12", ["Lindelaan 12", "Lindelaan 121"]),
        ("LINDE 12 eiken", ["Lindelaan 12", "Lindelaan 121"]),
        ("9001 ab 12", ["Lindelaan 12", "Lindelaan 121"]),
        ("9001AB 121", ["Lindelaan 121"]),
        ("cafe straat", ["Café-straat 3"]),
        ("Bestaat niet 1", []),
        ("", ["Lindelaan 121", "Lindelaan 12", "Café-straat 3"]),
    ],
)
def test_words_are_found_by_how_they_begin_and_whole_words_come_first(find, query, found):
    assert names(find(q=query)) == found


def test_rows_and_start_page_through(find):
    answer = find(q="lindelaan", rows=1, start=1)
    assert (answer["numFound"], names(answer)) == (2, ["Lindelaan 12"])


def test_more_than_a_hundred_rows_are_refused(carrier):
    assert carrier.http.get("/geocoder/free", params={"q": "x", "rows": 101}).status_code == 400


def test_a_changed_file_is_read_again(carrier, find):
    write(carrier, ADDRESSES[2:], stamp=1)
    assert find(q="lindelaan")["numFound"] == 0


def test_a_file_that_is_being_written_leaves_the_old_one(carrier, find):
    find(q="lindelaan")
    (carrier.files / "addresses.json").write_text('[{"weerg')
    assert find(q="lindelaan")["numFound"] == 2


def test_keys_are_those_of_the_file_and_none_without_one(carrier):
    assert carrier.http.get("/.well-known/jwks.json").json() == {"keys": []}
    (carrier.files / "jwks.json").write_text('{"keys": [{"kid": "1"}]}')
    assert carrier.http.get("/.well-known/jwks.json").json() == {"keys": [{"kid": "1"}]}
