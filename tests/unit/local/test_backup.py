"""A row in a file is the row in the table."""

import pytest

from local.backup import _line, _row

ROWS = [
    {"id": {"S": "a"}, "n": {"N": "1.50"}, "gone": {"NULL": True}},
    {"b": {"S": "batch#1"}, "p": {"B": bytes(range(256))}, "B": {"S": "an attribute of that name"}},
    {"k": {"M": {"B": {"B": b"\x00"}, "list": {"L": [{"B": b"\xff"}, {"SS": ["b", "a"]}]}}}},
]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_comes_back_as_it_was(row):
    assert _line(_row(_line(row))) == _line(row)
    assert _row(_line(row)).keys() == row.keys()


def test_bytes_come_back_as_bytes():
    assert _row(_line(ROWS[1]))["p"] == ROWS[1]["p"]
    assert _row(_line(ROWS[2]))["k"]["M"]["B"] == {"B": b"\x00"}


def test_sets_have_no_order():
    assert _line({"x": {"SS": ["b", "a"]}}) == _line({"x": {"SS": ["a", "b"]}})
