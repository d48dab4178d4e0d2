"""Sizes by the examples of DynamoDB's developer guide, units by its rules."""

import base64

import pytest

from bench.write_units import size, units


@pytest.mark.parametrize(
    ("item", "size_in_bytes"),
    [
        ({"a": {"S": "é"}}, 3),
        ({"n": {"N": "1798056900"}}, 1 + 5),
        ({"n": {"N": "0"}}, 1 + 1),
        ({"b": {"B": base64.b64encode(bytes(100)).decode()}}, 1 + 100),
        ({"t": {"BOOL": True}}, 1 + 1),
        ({"m": {"M": {"st": {"S": "new"}}}}, 1 + 3 + 1 + 2 + 3),
        ({"l": {"L": [{"S": "ab"}, {"N": "12"}]}}, 1 + 3 + 1 + 2 + 1 + 2),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
    ],
)
def test_an_item_is_its_names_and_values(item, size_in_bytes):
    assert size(item) == size_in_bytes


def test_the_larger_of_before_and_after_counts_in_whole_kilobytes():
    small, large = {"a": {"S": "x" * 1_000}}, {"a": {"S": "x" * 1_024}}
    assert [units(None, small), units(small, large), units(large, small), units(large, None)] == [1, 2, 2, 2]
    assert units(None, None) == 1
