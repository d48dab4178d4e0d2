import pytest

from chalicelib.areas.succession import Successor
from chalicelib.areas.succession_file import read
from chalicelib.platform.errors import InvalidInput


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "codes.csv"
        path.write_text(text, encoding)
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_each_line_is_read_once_in_order(file, encoding):
    text = "year;old;new\r\n2026;GM0340;GM0344\r\n2024;BU03440111;BU03440112\r\n\r\n2026;GM0340;GM0344\r\n"
    assert read(file(text, encoding)) == [
        Successor(2024, "BU03440111", "BU03440112"),
        Successor(2026, "GM0340", "GM0344"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: the first line is year;old;new"),
        ("jaar;oud;nieuw\n", "line 1"),
        ("year;old;new\n2026;GM0340\n", "line 2: 3 fields"),
        ("year;old;new\n2026;GM0340;GM0344\n26;GM0340;GM0344\n", "line 3: year"),
        ("year;old;new\n²026;GM0340;GM0344\n", "line 2: year"),
        ("year;old;new\n2026;GM340;GM0344\n", "line 2: old is no code"),
        ("year;old;new\n2026;GM0340;\n", "line 2: new is no code"),
        ("year;old;new\n2026;GM0340;WK034401\n", "line 2: old and new are areas of one level"),
    ],
)
def test_what_is_no_such_file_is_refused_by_line(file, text, why):
    with pytest.raises(InvalidInput, match=why):
        read(file(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(tmp_path / "none.csv")
