import struct

import pytest

from chalicelib.areas.model import Point
from chalicelib.participants.place_rows import PlaceRow, encode, found, rounded, texts

POINT = Point(5.1234567, 52.1234567)
ROW = PlaceRow(
    "0123456789ab0", 0, POINT, (), "+31612345678", "jan.de.vries@example.org", "nl", "BU03440101", 1_764_000_000_000
)


def billed(item):
    """Bytes of a row as DynamoDB counts them: names and values; a number takes half its digits and one."""
    total = 0
    for name, value in item.items():
        ((kind, content),) = value.items()
        if kind == "N":
            total += len(name) + (len(content.replace(".", "").replace("-", "").strip("0")) + 1) // 2 + 1
            total += content.startswith("-")
        else:
            total += len(name) + len(content if kind == "B" else content.encode())
    return total


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        ROW._replace(phone=None),
        ROW._replace(rank=1, earlier=(POINT,), version=7),
        ROW._replace(rank=4, earlier=(POINT,) * 4, version=123),
        ROW._replace(rank=1, earlier=(POINT,), later=(POINT,), wishes="re@1hxc0,,2k4c0"),
    ],
)
def test_a_row_takes_100_to_150_bytes(row):
    assert 90 <= billed(encode(row)) <= 150
    if row.phone and row.email:
        assert billed(encode(row)) >= 100


def test_a_row_by_sms_only_is_smaller_still():
    assert billed(encode(ROW._replace(email=None))) < 100


def test_a_key_is_geohash_participant_rank_and_version():
    assert ROW._replace(rank=2, version=31).key == ("u178s", "u178s8fc1hw4#0123456789ab0#2.31")


def test_a_channel_that_was_not_chosen_leaves_nothing():
    assert encode(ROW._replace(phone=None, email=None))["d"] == {"S": "1764000000000 nl BU03440101 "}


def test_a_line_says_by_letters_what_follows():
    line = "1764000000000 nl BU03440101 smpw +31612345678 jan.de.vries@example.org re"
    assert encode(ROW._replace(push=True, wishes="re"))["d"] == {"S": line}
    assert list(texts("smpw")) == [("s", 4), ("m", 5), ("p", 0), ("w", 6)]


def test_an_ended_row_may_be_forgotten_after_a_day():
    item = encode(ROW._replace(valid_until_ms=1_764_000_060_500))
    assert item["u"] == {"N": "1764000060500"}
    assert item["ttl"] == {"N": "1764086460"}
    assert "ttl" not in encode(ROW)


@pytest.mark.parametrize("point", [(5.123456749, 52.1), (-180, -90), (180, 90), (0.1 + 0.2, 1e-7), (6.95 / 7, 53)])
def test_a_place_is_the_same_point_in_its_own_row_and_as_an_earlier_place(point):
    """Or a place on the border could be inside for one row and outside for the other."""
    point = Point(*point)
    assert found(ROW._replace(rank=1, point=rounded(point), earlier=(rounded(point),))).points == (rounded(point),) * 2
    assert found(ROW._replace(rank=1, point=point, earlier=(point,))).points == (point, point)


def test_a_point_takes_eight_bytes_and_one_that_was_not_rounded_sixteen():
    earlier = Point(-5.5, -0.0000001)
    packed = encode(ROW._replace(rank=1, earlier=(earlier,)))["x"]["B"]
    assert packed == struct.pack(">4i", 51234567, 521234567, -55000000, -1)
    assert encode(ROW._replace(point=Point(5 / 7, 52.1)))["x"]["B"] == struct.pack(">x2d", 5 / 7, 52.1)


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        ROW._replace(phone=None, email=None),
        ROW._replace(email="s@m.example"),
        ROW._replace(rank=4, earlier=(POINT, Point(5 / 7, 52), POINT, POINT), version=12, valid_until_ms=1),
        ROW._replace(rank=1, earlier=(POINT,), later=(Point(6, 52), POINT), wishes="pe"),
        ROW._replace(phone=None, email=None, later=(Point(6, 52),), wishes="@1hxc0"),
    ],
)
def test_what_is_found_is_the_row(row):
    assert found(row).row == row
    assert (found(row).point, found(row).earlier, found(row).rank) == (row.point, row.earlier, row.rank)
    assert (found(row).later, found(row).wishes) == (row.later, row.wishes)
    assert found(row).first == (row.rank == 0)


def test_a_row_is_safe_to_print():
    assert f"{found(ROW)}" == "FoundPlace(0123456789ab0 0.1)"
    assert f"{ROW} {ROW!r} {[ROW]}" == " ".join(["PlaceRow(0123456789ab0 0.1)"] * 2 + ["[PlaceRow(0123456789ab0 0.1)]"])
